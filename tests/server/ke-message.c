/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key exchange messages after a script, words separated by spaces:
 *
 *   P       Next Protocol: NTPv4           A       AEAD: AES-SIV-CMAC-256
 *   N       the port of NTP                E       End of Message
 *   C, Cn   as many cookies as the server is told to give, or n
 *   D       the same cookie twice          rL      a New Cookie record of L octets of noise
 *   sTEXT   NTPv4 Server: TEXT             zL      an unknown record, not critical, of L zeros
 *   xHEX    these octets */

#include "nts-server.h"

#include <openssl/rand.h>

#define MESSAGE_MAX    200000
#define UNKNOWN_RECORD 0x4abc /* of the range for private use, RFC 8915 §7.6 */

static void
write_number (BytesWriter *writer, uint16_t type, bool critical, uint16_t value)
{
  uint8_t body[2] = { (uint8_t) (value >> 8), (uint8_t) value };
  nts_ke_record_write (writer, type, critical, body, sizeof body);
}

static void
write_cookies (BytesWriter *writer, const NtsServer *server, const NtsKeys *keys, guint count,
               guint repeats)
{
  uint8_t cookie[NTS_COOKIE_MAX];
  for (guint i = 0; i < count; i++)
    {
      cookie_seal (&server->cookie_key, keys, cookie, server->cookie_length);
      for (guint r = 0; r < repeats; r++)
        nts_ke_record_write (writer, NTS_KE_NEW_COOKIE, false, cookie, server->cookie_length);
    }
}

static void
write_filled (BytesWriter *writer, uint16_t type, gsize length, gboolean noise)
{
  g_autofree uint8_t *body = g_malloc0 (length + 1);
  if (noise)
    g_assert_cmpint (RAND_bytes (body, (int) length), ==, 1);
  nts_ke_record_write (writer, type, false, body, length);
}

static void
write_hex (BytesWriter *writer, const char *hex)
{
  for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2)
    bytes_write_u8 (writer,
                    (uint8_t) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1])));
}

static void
write_word (BytesWriter *writer, const NtsServer *server, const NtsKeys *keys, const char *word)
{
  const char *argument = word + 1;
  guint number = (guint) g_ascii_strtoull (argument, NULL, 10);
  switch (word[0])
    {
    case 'P':
      write_number (writer, NTS_KE_NEXT_PROTOCOL, true, NTS_KE_PROTOCOL_NTPV4);
      break;
    case 'A':
      write_number (writer, NTS_KE_AEAD, true, NTS_AEAD_AES_SIV_CMAC_256);
      break;
    case 'N':
      write_number (writer, NTS_KE_PORT_RECORD, false, server->ntp_port);
      break;
    case 'E':
      nts_ke_record_write (writer, NTS_KE_END_OF_MESSAGE, true, NULL, 0);
      break;
    case 'C':
      write_cookies (writer, server, keys, argument[0] != '\0' ? number : server->cookies, 1);
      break;
    case 'D':
      write_cookies (writer, server, keys, 1, 2);
      break;
    case 'r':
      write_filled (writer, NTS_KE_NEW_COOKIE, number, TRUE);
      break;
    case 'z':
      write_filled (writer, UNKNOWN_RECORD, number, FALSE);
      break;
    case 's':
      nts_ke_record_write (writer, NTS_KE_SERVER, false, (const uint8_t *) argument,
                           strlen (argument));
      break;
    case 'x':
      write_hex (writer, argument);
      break;
    default:
      g_error ("no such word in a key exchange message: %s", word);
    }
}

GByteArray *
ke_message_build (NtsServer *server, const char *script, const NtsKeys *keys)
{
  g_autofree uint8_t *buffer = g_malloc (MESSAGE_MAX);
  BytesWriter writer = bytes_writer (buffer, MESSAGE_MAX);
  g_auto (GStrv) words = g_strsplit (script, " ", -1);
  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      write_word (&writer, server, keys, *word);
  g_assert_false (writer.failed);
  GByteArray *message = g_byte_array_new ();
  return g_byte_array_append (message, buffer, (guint) writer.length);
}
