/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scripts for replies are words separated by spaces. What is written:
 *
 *   H, H(…)  the header, with changes separated by commas: FIELD=HEX sets one, TIME+S moves it by
 *            S seconds, TIME*S by S seconds for every request there was
 *   U, Un    the unique identifier of the request, or its first n octets
 *   V        another one
 *   [ … ]    the authenticator, with what is between in the ciphertext. [n: a nonce of n octets;
 *            ]n: n octets of padding; ]c: sealed with the client's key; ]z: zeros for a tag
 *   C, Cn    as many cookies as were asked for, or n
 *   D        the same cookie twice             rL     a cookie field of L octets of noise
 *   zL       an unknown field of L zeros       nL     L octets of noise
 *   xHEX     these octets
 *   R        the request as it came            O      the last reply that went
 *
 * What is done to the packet so far:
 *
 *   ~N       the lowest bit of octet N is flipped; N < 0 counts from the end
 *   /N       cut to N octets
 *   *N       sent N times     >N  sent N ms late     @  sent from another port
 *   ;        begins the next packet */

#include "ntp-reply.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#define PACKET_MAX    8192
#define UNKNOWN_FIELD 0x2f2f

typedef struct
{
  NtsServer *server;
  const NtpRequest *request;
  uint8_t header[NTP_HEADER_LENGTH]; /* of a good reply */
  uint8_t packet_octets[PACKET_MAX];
  uint8_t inner_octets[PACKET_MAX];
  BytesWriter packet;
  BytesWriter inner;
  BytesWriter *writer; /* packet or inner */
  uint16_t nonce_length;
  guint copies;
  guint late_ms;
  gboolean other_port;
} Builder;

static const struct
{
  const char *name;
  guint offset, size;
} header_fields[] = { { "first", 0, 1 },     { "stratum", 1, 1 },    { "poll", 2, 1 },
                      { "precision", 3, 1 }, { "rootdelay", 4, 4 },  { "rootdispersion", 8, 4 },
                      { "refid", 12, 4 },    { "reference", 16, 8 }, { "origin", 24, 8 },
                      { "receive", 32, 8 },  { "transmit", 40, 8 } };

static void
write_noise (BytesWriter *writer, gsize length)
{
  uint8_t *room = bytes_write_room (writer, length);
  g_assert_nonnull (room);
  g_assert_cmpint (RAND_bytes (room, (int) length), ==, 1);
}

static void
change_header (const Builder *builder, uint8_t *header, const char *change)
{
  char name[16], operation, value[24];
  int found = sscanf (change, "%15[a-z]%c%23s", name, &operation, value);
  g_assert_cmpint (found, ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (header_fields); i++)
    if (g_str_equal (header_fields[i].name, name))
      {
        uint8_t *field = header + header_fields[i].offset;
        guint size = header_fields[i].size;
        BytesReader reader = bytes_reader (field, size);
        guint64 number = bytes_read_uint (&reader, size);
        double ns = g_ascii_strtod (value, NULL) * 1e9;
        if (operation == '*')
          ns *= builder->server->n_requests;
        number = operation == '=' ? g_ascii_strtoull (value, NULL, 16)
                                  : ntp_timestamp_add_ns (number, (gint64) ns);
        BytesWriter writer = bytes_writer (field, size);
        bytes_write_uint (&writer, number, size);
        return;
      }
  g_error ("no such field in the header: %s", change);
}

static void
write_header (Builder *builder, const char *changes)
{
  uint8_t header[NTP_HEADER_LENGTH];
  memcpy (header, builder->header, sizeof header);
  if (changes[0] == '(')
    {
      g_autofree char *inside = g_strndup (changes + 1, strlen (changes) - 2);
      g_auto (GStrv) all = g_strsplit (inside, ",", -1);
      for (char **change = all; *change != NULL; change++)
        change_header (builder, header, *change);
    }
  bytes_write_span (builder->writer, header, sizeof header);
}

static void
write_cookies (Builder *builder, guint count, guint repeats)
{
  uint8_t cookie[NTS_COOKIE_MAX];
  gsize length = builder->server->cookie_length;
  for (guint i = 0; i < count; i++)
    {
      cookie_seal (&builder->server->cookie_key, &builder->request->keys, cookie, length);
      for (guint r = 0; r < repeats; r++)
        ntp_field_write (builder->writer, NTP_FIELD_COOKIE, cookie, length);
    }
}

static void
begin_sealed (Builder *builder, const char *argument)
{
  builder->nonce_length = argument[0] != '\0' ? (uint16_t) atoi (argument) : NTS_AEAD_NONCE_LENGTH;
  builder->inner = bytes_writer (builder->inner_octets, sizeof builder->inner_octets);
  builder->writer = &builder->inner;
}

static void
end_sealed (Builder *builder, const char *argument)
{
  const NtsKeys *keys = &builder->request->keys;
  gsize sealed_length = builder->inner.length + NTS_AEAD_TAG_LENGTH;
  g_autofree uint8_t *body = g_malloc0 (PACKET_MAX);
  BytesWriter writer = bytes_writer (body, PACKET_MAX);
  bytes_write_u16 (&writer, builder->nonce_length);
  bytes_write_u16 (&writer, (uint16_t) sealed_length);
  const uint8_t *nonce = body + writer.length;
  write_noise (&writer, builder->nonce_length);
  bytes_write_zeros (&writer, (4 - writer.length % 4) % 4);
  uint8_t *sealed = bytes_write_room (&writer, sealed_length);
  NtsSpan associated[] = { { builder->packet_octets, builder->packet.length },
                           { nonce, builder->nonce_length } };
  bool done = nts_aead_seal (keys->aead, argument[0] == 'c' ? keys->c2s : keys->s2c, associated, 2,
                             builder->inner_octets, builder->inner.length, sealed);
  g_assert_true (done);
  if (argument[0] == 'z')
    memset (sealed, 0, NTS_AEAD_TAG_LENGTH);
  bytes_write_zeros (&writer, g_ascii_strtoull (argument, NULL, 10));
  builder->writer = &builder->packet;
  ntp_field_write (builder->writer, NTP_FIELD_AUTHENTICATOR, body, writer.length);
}

static void
write_filled_field (Builder *builder, uint16_t type, gsize length, gboolean noise)
{
  g_autofree uint8_t *body = g_malloc0 (length + 1);
  if (noise)
    g_assert_cmpint (RAND_bytes (body, (int) length), ==, 1);
  ntp_field_write (builder->writer, type, body, length);
}

static void
write_hex (BytesWriter *writer, const char *hex)
{
  for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2)
    bytes_write_u8 (writer,
                    (uint8_t) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1])));
}

/* FALSE when @word is none of those that write something. */
static gboolean
write_word (Builder *builder, const char *word)
{
  const NtpRequest *request = builder->request;
  const GByteArray *last = builder->server->last_reply;
  const char *argument = word + 1;
  guint number = (guint) g_ascii_strtoull (argument, NULL, 10);
  switch (word[0])
    {
    case 'H':
      write_header (builder, argument);
      return TRUE;
    case 'U':
      ntp_field_write (builder->writer, NTP_FIELD_UNIQUE_ID, request->unique_id.data,
                       number > 0 ? number : request->unique_id.length);
      return TRUE;
    case 'V':
      write_filled_field (builder, NTP_FIELD_UNIQUE_ID, NTS_UNIQUE_ID_LENGTH, TRUE);
      return TRUE;
    case '[':
      begin_sealed (builder, argument);
      return TRUE;
    case ']':
      end_sealed (builder, argument);
      return TRUE;
    case 'C':
      write_cookies (builder, argument[0] != '\0' ? number : 1 + request->placeholders, 1);
      return TRUE;
    case 'D':
      write_cookies (builder, 1, 2);
      return TRUE;
    case 'r':
      write_filled_field (builder, NTP_FIELD_COOKIE, number, TRUE);
      return TRUE;
    case 'z':
      write_filled_field (builder, UNKNOWN_FIELD, number, FALSE);
      return TRUE;
    case 'n':
      write_noise (builder->writer, number);
      return TRUE;
    case 'x':
      write_hex (builder->writer, argument);
      return TRUE;
    case 'R':
      bytes_write_span (builder->writer, request->octets, request->length);
      return TRUE;
    case 'O':
      bytes_write_span (builder->writer, last->data, last->len);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
treat_word (Builder *builder, const char *word)
{
  int number = atoi (word + 1);
  gsize length = builder->packet.length;
  switch (word[0])
    {
    case '~':
      g_assert_true (ABS (number) < (int) length);
      builder->packet_octets[number >= 0 ? (gsize) number : length - (gsize) -number] ^= 1;
      break;
    case '/':
      builder->packet.length = MIN (length, (gsize) number);
      break;
    case '*':
      builder->copies = (guint) number;
      break;
    case '>':
      builder->late_ms = (guint) number;
      break;
    case '@':
      builder->other_port = TRUE;
      break;
    default:
      g_error ("no such word in a reply: %s", word);
    }
}

static void
free_packet (gpointer data)
{
  NtpReplyPacket *packet = data;
  g_byte_array_unref (packet->octets);
  g_free (packet);
}

static void
begin_packet (Builder *builder)
{
  builder->packet = bytes_writer (builder->packet_octets, sizeof builder->packet_octets);
  builder->writer = &builder->packet;
  builder->copies = 1;
  builder->late_ms = 0;
  builder->other_port = FALSE;
}

static void
end_packet (Builder *builder, GPtrArray *packets)
{
  g_assert_false (builder->packet.failed);
  if (builder->packet.length > 0)
    {
      NtpReplyPacket *packet = g_new0 (NtpReplyPacket, 1);
      packet->octets = g_byte_array_append (g_byte_array_new (), builder->packet_octets,
                                            (guint) builder->packet.length);
      packet->copies = builder->copies;
      packet->late_ms = builder->late_ms;
      packet->other_port = builder->other_port;
      g_ptr_array_add (packets, packet);
    }
  begin_packet (builder);
}

GPtrArray *
ntp_reply_build (NtsServer *server, const char *script, const NtpRequest *request,
                 NtpTimestamp receive, NtpTimestamp transmit)
{
  NtpHeader header = { .version = NTP_VERSION,
                       .mode = NTP_MODE_SERVER,
                       .stratum = (uint8_t) server->stratum,
                       .poll_log2 = request->header.poll_log2,
                       .precision_log2 = -23,
                       .root_delay = ntp_short_from_s (server->stratum > 1 ? 0.0005 : 0),
                       .root_dispersion = ntp_short_from_s (0.0001),
                       .reference_id = server->stratum > 1 ? 0x7f7f0101 : 0x50505300, /* "PPS" */
                       .reference = ntp_timestamp_add_ns (transmit, -8 * 1000000000LL),
                       .origin = request->header.transmit,
                       .receive = receive,
                       .transmit = transmit };
  g_autofree Builder *builder = g_new0 (Builder, 1);
  builder->server = server;
  builder->request = request;
  BytesWriter writer = bytes_writer (builder->header, sizeof builder->header);
  ntp_header_write (&header, &writer);

  GPtrArray *packets = g_ptr_array_new_with_free_func (free_packet);
  begin_packet (builder);
  g_auto (GStrv) words = g_strsplit (script, " ", -1);
  for (char **word = words; *word != NULL; word++)
    if (g_str_equal (*word, ";"))
      end_packet (builder, packets);
    else if (**word != '\0' && !write_word (builder, *word))
      treat_word (builder, *word);
  end_packet (builder, packets);
  return packets;
}
