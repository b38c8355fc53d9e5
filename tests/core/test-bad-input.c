/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every parser of octets from the network gets good input with something broken in it, some hundred
 * thousand times: it may refuse or accept, but must not read or write beyond, and what it accepts
 * must be sound. Always the same input; the variable SEED makes another run. */

#include "nts-fields.h"
#include "nts-ke.h"

#include "ntp-address.h"

#include "captured.h"
#include "../dice.h"

static guint64 state;

static guint
draw (guint below)
{
  return dice_draw (&state, below);
}

static void
start (const char *salt)
{
  const char *seed = g_getenv ("SEED");

  state = g_ascii_strtoull (seed != NULL ? seed : "1", NULL, 10) + g_str_hash (salt) + 1;
  g_test_message ("SEED=%s", seed != NULL ? seed : "1");
}

static void
overwrite (GByteArray *octets)
{
  static const guint8 values[] = { 0, 1, 2, 3, 4, 5, 7, 15, 16, 28, 0x7f, 0x80, 0xfc, 0xff };

  if (octets->len > 0)
    octets->data[draw (octets->len)] = values[draw (G_N_ELEMENTS (values))];
}

static void
insert (GByteArray *octets)
{
  guint8 more[8];
  guint count = 1 + draw (sizeof more);
  guint at = draw (octets->len + 1);
  g_autoptr (GByteArray) tail = g_byte_array_new ();

  for (guint i = 0; i < count; i++)
    more[i] = (guint8) draw (256);
  g_byte_array_append (tail, octets->data + at, octets->len - at);
  g_byte_array_set_size (octets, at);
  g_byte_array_append (octets, more, count);
  g_byte_array_append (octets, tail->data, tail->len);
}

/* A new array like @original, with one to three things broken. */
static GByteArray *
mutate (const GByteArray *original)
{
  GByteArray *octets = g_byte_array_new ();

  g_byte_array_append (octets, original->data, original->len);
  for (guint faults = 1 + draw (3); faults > 0; faults--)
    switch (draw (8))
      {
      case 0:
        g_byte_array_set_size (octets, draw (octets->len + 1));
        break;
      case 1:
        insert (octets);
        break;
      case 2:
        if (octets->len > 4)
          g_byte_array_remove_range (octets, draw (octets->len - 4), 1 + draw (4));
        break;
      case 3:
      case 4:
        if (octets->len > 0)
          octets->data[draw (octets->len)] ^= (guint8) (1 << draw (8));
        break;
      default:
        overwrite (octets);
        break;
      }
  return octets;
}

/* The octets in memory of exactly their length, so that reading beyond is noticed. */
static guint8 *
exactly (const GByteArray *octets)
{
  return g_memdup2 (octets->data, octets->len);
}

/* ---- Key exchange ---- */

#define KE_RESPONSE                                                                                \
  "800100020000"                                                                                   \
  "80040002000f"                                                                                   \
  "0005000c0102030405060708090a0b0c"                                                               \
  "4abc000378797a"                                                                                 \
  "0006000f3139322e3136382e3130302e323030"                                                         \
  "80070002007b"                                                                                   \
  "00050010f102030405060708090a0b0c0d0e0ff0"                                                       \
  "80000000"

static void
assert_offer_is_sound (const NtsKeOffer *offer)
{
  g_assert_cmpuint (offer->aead, ==, 15);
  g_assert_cmpuint (offer->port, !=, 0);
  g_assert_cmpuint (offer->n_cookies, >=, 1);
  g_assert_cmpuint (offer->n_cookies, <=, NTS_COOKIES_MAX);
  for (guint i = 0; i < offer->n_cookies; i++)
    g_assert_true (nts_cookie_usable (offer->cookie_lengths[i]));
  if (offer->server[0] != '\0')
    g_assert_true (
        nts_ke_server_name_valid ((const guint8 *) offer->server, strlen (offer->server)));
}

/* True when it was accepted. */
static gboolean
feed_key_exchange (const GByteArray *octets)
{
  static NtsKeResponse whole, parts;
  g_autofree guint8 *data = exactly (octets);
  NtsKeVerdict verdict;

  nts_ke_response_begin (&whole);
  nts_ke_response_feed (&whole, data, octets->len);
  verdict = nts_ke_response_end (&whole);

  nts_ke_response_begin (&parts);
  for (guint fed = 0, portion; fed < octets->len; fed += portion)
    {
      portion = 1 + draw (40);
      portion = MIN (portion, octets->len - fed);
      nts_ke_response_feed (&parts, data + fed, portion);
    }
  g_assert_cmpint (nts_ke_response_end (&parts), ==, verdict);
  g_assert_cmpint (parts.reason, ==, whole.reason);

  g_assert_cmpint (verdict, !=, NTS_KE_MORE);
  g_assert_true ((verdict == NTS_KE_COMPLETE) == (whole.reason == NTP_REASON_NONE));
  if (verdict == NTS_KE_COMPLETE)
    assert_offer_is_sound (nts_ke_response_offer (&whole));
  return verdict == NTS_KE_COMPLETE;
}

static void
key_exchange (void)
{
  g_autoptr (GByteArray) good = hex (KE_RESPONSE);
  guint complete = 0;

  start (G_STRFUNC);
  for (guint length = 0; length < good->len; length++)
    {
      g_autoptr (GByteArray) cut = g_byte_array_new ();
      g_byte_array_append (cut, good->data, length);
      g_assert_false (feed_key_exchange (cut));
    }
  for (guint i = 0; i < 50000; i++)
    {
      g_autoptr (GByteArray) bad = mutate (good);
      complete += feed_key_exchange (bad);
    }
  g_assert_cmpuint (complete, >, 1000);
}

/* ---- Replies ---- */

static NtpReason
open_reply (const Captured *asked, const GByteArray *octets, NtsReply *reply)
{
  g_autofree guint8 *packet = exactly (octets);
  g_autofree guint8 *plaintext = g_malloc (NTS_REPLY_MAX);
  NtpReason reason = nts_reply_open (packet, octets->len, asked->request.transmit,
                                     asked->request.unique_id, &asked->keys, reply, plaintext);

  g_assert_cmpuint (reply->n_cookies, <=, NTS_COOKIES_MAX);
  for (guint i = 0; i < reply->n_cookies; i++)
    {
      const NtsSpan *cookie = &reply->cookies[i];
      g_assert_true (nts_cookie_usable (cookie->length));
      g_assert_true (cookie->data >= plaintext);
      g_assert_true (cookie->data + cookie->length <= plaintext + octets->len);
    }
  return reason;
}

/* Nothing that was changed on the way is authentic. */
static void
replies (void)
{
  g_autoptr (GByteArray) good = hex (CAPTURED_RESPONSE);
  NtsReply reply;
  Captured asked;

  start (G_STRFUNC);
  captured_init (&asked);
  for (guint i = 0; i < 30000; i++)
    {
      g_autoptr (GByteArray) bad = mutate (good);
      gboolean same = bad->len == good->len && memcmp (bad->data, good->data, good->len) == 0;
      NtpReason reason = open_reply (&asked, bad, &reply);
      g_assert_true (same == (reason == NTP_REASON_NONE && reply.authenticated));
    }
}

static void
kisses (void)
{
  g_autoptr (GByteArray) good = hex (CAPTURED_NAK);
  NtsReply reply;
  Captured asked;

  start (G_STRFUNC);
  captured_init (&asked);
  captured_ask (&asked, CAPTURED_NAK_REQUEST);
  for (guint i = 0; i < 30000; i++)
    {
      g_autoptr (GByteArray) bad = mutate (good);
      NtpReason reason = open_reply (&asked, bad, &reply);
      g_assert_false (reply.authenticated);
      if (reason == NTP_REASON_NONE)
        g_assert_cmpuint (reply.header.stratum, ==, 0);
    }
}

/* What a server with the right key may have sealed. */
static void
encrypted_fields (void)
{
  static const guint8 nonce[NTS_AEAD_NONCE_LENGTH];
  g_autoptr (GByteArray) fields = hex ("02040010000102030405060708090a0b"
                                       "77770008aabbccdd"
                                       "02040014000102030405060708090a0b0c0d0e0f"
                                       "02040004");
  g_autoptr (GByteArray) start_of_reply = hex (CAPTURED_RESPONSE);
  guint opened = 0;
  NtsReply reply;
  Captured asked;

  start (G_STRFUNC);
  captured_init (&asked);
  for (guint i = 0; i < 10000; i++)
    {
      g_autoptr (GByteArray) bad = mutate (fields);
      g_autoptr (GByteArray) packet = g_byte_array_new ();
      g_byte_array_set_size (packet, 400);
      memcpy (packet->data, start_of_reply->data, 84);
      BytesWriter writer = bytes_writer (packet->data, packet->len);
      writer.length = 84;
      nts_authenticator_write (&writer, asked.keys.aead, asked.keys.s2c, nonce, sizeof nonce,
                               bad->data, bad->len);
      g_assert_false (writer.failed);
      g_byte_array_set_size (packet, (guint) writer.length);
      NtpReason reason = open_reply (&asked, packet, &reply);
      g_assert_true (reason == NTP_REASON_NONE || reason == NTP_REASON_ENCRYPTED_FIELD_MALFORMED);
      opened += reason == NTP_REASON_NONE;
    }
  g_assert_cmpuint (opened, >, 1000);
}

/* ---- Fields and names ---- */

static void
fields_and_authenticators (void)
{
  g_autoptr (GByteArray) good = hex (CAPTURED_RESPONSE);

  start (G_STRFUNC);
  g_byte_array_remove_range (good, 0, NTP_HEADER_LENGTH);
  for (guint i = 0; i < 50000; i++)
    {
      g_autoptr (GByteArray) bad = mutate (good);
      g_autofree guint8 *data = exactly (bad);
      BytesReader reader = bytes_reader (data, bad->len);
      NtsAuthenticator authenticator;
      NtpField field;
      gsize end = 0;

      while (ntp_field_read (&reader, NTP_FIELD_MINIMUM, &field))
        {
          g_assert_cmpuint (field.start, ==, end);
          end = field.start + NTP_FIELD_HEADER_LENGTH + field.body_length;
          g_assert_cmpuint (end, <=, bad->len);
          if (nts_authenticator_read (&field, &authenticator))
            g_assert_cmpuint (4 + authenticator.nonce.length + authenticator.sealed.length, <=,
                              field.body_length);
        }
    }
}

static void
names_and_addresses (void)
{
  static const char *const names[] = { "ntp7.example.net.", "192.168.100.200",
                                       "2001:db8::ffff:192.0.2.7", "xn--bcher-kva.example" };
  NtpAddress address;

  start (G_STRFUNC);
  for (guint i = 0; i < 50000; i++)
    {
      const char *name = names[i % G_N_ELEMENTS (names)];
      g_autoptr (GByteArray) good = g_byte_array_new ();
      g_byte_array_append (good, (const guint8 *) name, (guint) strlen (name));
      g_autoptr (GByteArray) bad = mutate (good);
      g_autofree guint8 *data = exactly (bad);
      gboolean valid = nts_ke_server_name_valid (data, bad->len);
      g_autofree char *text = g_strndup ((const char *) bad->data, bad->len);

      if (valid)
        g_assert_true (g_regex_match_simple ("^[A-Za-z0-9.:-]+$", text, G_REGEX_DOLLAR_ENDONLY, 0));
      if (strlen (text) == bad->len && ntp_address_from_literal (text, &address))
        g_assert_true (valid);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bad-input/key-exchange", key_exchange);
  g_test_add_func ("/bad-input/replies", replies);
  g_test_add_func ("/bad-input/kisses", kisses);
  g_test_add_func ("/bad-input/encrypted-fields", encrypted_fields);
  g_test_add_func ("/bad-input/fields-and-authenticators", fields_and_authenticators);
  g_test_add_func ("/bad-input/names-and-addresses", names_and_addresses);
  return g_test_run ();
}
