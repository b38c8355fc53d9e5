/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-server.h"

#include <string.h>

void
fake_server_init (FakeServer *server, guint index)
{
  *server = (FakeServer){ .delay_s = 0.02,
                          .ke_s = 0.12,
                          .ke_cookies = NTS_COOKIES_MAX,
                          .stratum = 1,
                          .last_request_ns = -1,
                          .shortest_gap_ns = G_MAXINT64 };
  server->cookies = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  server->next_cookie = (guint64) index << 32;
}

void
fake_server_clear (FakeServer *server)
{
  g_hash_table_unref (server->cookies);
}

/* A cookie is its number and zeros. */
static void
make_cookie (FakeServer *server, guint8 cookie[FAKE_COOKIE_LENGTH])
{
  guint64 number = ++server->next_cookie;

  memset (cookie, 0, FAKE_COOKIE_LENGTH);
  memcpy (cookie, &number, sizeof number);
  g_hash_table_add (server->cookies, g_memdup2 (&number, sizeof number));
}

void
fake_server_make_offer (FakeServer *server, NtsKeys *keys, NtsKeOffer *offer)
{
  *keys = (NtsKeys){ .aead = NTS_AEAD_AES_SIV_CMAC_256 };
  memset (keys->c2s, (int) ++server->key_exchanges, 32);
  memset (keys->s2c, (int) (server->key_exchanges + 100), 32);
  server->keys = *keys;
  server->forget_keys = server->always_nak;
  g_hash_table_remove_all (server->cookies);

  memset (offer, 0, sizeof *offer);
  offer->aead = keys->aead;
  offer->port = NTP_PORT;
  offer->n_cookies = server->ke_cookies;
  for (guint i = 0; i < server->ke_cookies; i++)
    {
      offer->cookie_lengths[i] = FAKE_COOKIE_LENGTH;
      make_cookie (server, offer->cookies[i]);
    }
}

typedef struct
{
  NtpHeader header;
  NtpField unique_id;
  NtpField cookie;
  guint placeholders;
} Request;

/* What NTPsec's server insists on (nothing after the authenticator, which is over an empty
 * plaintext; the cookie before it; placeholders of the cookie's length) is asserted. */
static void
read_request (FakeServer *server, const guint8 *octets, gsize length, Request *request)
{
  BytesReader reader = bytes_reader (octets, length);
  NtpField field;
  NtsAuthenticator authenticator;
  guint8 nothing[1];
  guint64 number;

  g_assert_cmpuint (length, <=, NTS_REQUEST_MAX);
  g_assert_true (ntp_header_read (&request->header, &reader));
  g_assert_true (ntp_field_read (&reader, NTP_FIELD_MINIMUM, &request->unique_id));
  g_assert_cmpuint (request->unique_id.type, ==, NTP_FIELD_UNIQUE_ID);
  g_assert_true (ntp_field_read (&reader, NTP_FIELD_MINIMUM, &request->cookie));
  g_assert_cmpuint (request->cookie.type, ==, NTP_FIELD_COOKIE);
  for (request->placeholders = 0;; request->placeholders++)
    {
      g_assert_true (ntp_field_read (&reader, NTP_FIELD_MINIMUM, &field));
      if (field.type != NTP_FIELD_PLACEHOLDER)
        break;
      g_assert_cmpuint (field.body_length, ==, request->cookie.body_length);
    }
  g_assert_cmpuint (field.type, ==, NTP_FIELD_AUTHENTICATOR);
  g_assert_cmpuint (bytes_left (&reader), ==, 0);

  memcpy (&number, request->cookie.body, sizeof number);
  g_assert_true (g_hash_table_remove (server->cookies, &number));
  if (server->forget_keys)
    return;
  g_assert_true (nts_authenticator_read (&field, &authenticator));
  const NtsSpan associated[] = { { octets, field.start }, authenticator.nonce };
  g_assert_true (nts_aead_open (server->keys.aead, server->keys.c2s, associated, 2,
                                authenticator.sealed.data, authenticator.sealed.length, nothing));
}

static void
seal (FakeServer *server, const Request *request, BytesWriter *packet)
{
  static const guint8 nonce[NTS_AEAD_NONCE_LENGTH] = { 1, 2, 3 };
  guint8 plaintext[NTS_REPLY_MAX], cookie[FAKE_COOKIE_LENGTH];
  BytesWriter inner = bytes_writer (plaintext, sizeof plaintext);

  for (guint i = 0; i <= request->placeholders; i++)
    {
      make_cookie (server, cookie);
      ntp_field_write (&inner, NTP_FIELD_COOKIE, cookie, sizeof cookie);
    }
  nts_authenticator_write (packet, server->keys.aead, server->keys.s2c, nonce, sizeof nonce,
                           plaintext, inner.length);
}

static void
write_reply (FakeServer *server, gboolean nts, const Request *request, gint64 unix_ns,
             uint32_t kiss, gboolean sealed, FakeAnswer *answer)
{
  guint8 *octets = answer->packets[answer->n];
  BytesWriter packet = bytes_writer (octets, NTS_REPLY_MAX);
  NtpTimestamp now = ntp_timestamp_from_unix_ns (unix_ns);
  NtpHeader header = { .leap = server->leap,
                       .version = NTP_VERSION,
                       .mode = NTP_MODE_SERVER,
                       .stratum = server->stratum,
                       .precision_log2 = -25,
                       .root_dispersion = ntp_short_from_s (server->root_dispersion_s),
                       .reference_id = server->reference_id,
                       .reference = now - ((NtpTimestamp) 10 << 32),
                       .origin = request->header.transmit,
                       .receive = now,
                       .transmit = now };

  if (kiss != 0)
    header = (NtpHeader){ .leap = NTP_LEAP_UNKNOWN,
                          .version = NTP_VERSION,
                          .mode = NTP_MODE_SERVER,
                          .reference_id = kiss,
                          .origin = request->header.transmit };
  ntp_header_write (&header, &packet);
  if (nts)
    ntp_field_write (&packet, NTP_FIELD_UNIQUE_ID, request->unique_id.body,
                     request->unique_id.body_length);
  if (nts && sealed)
    seal (server, request, &packet);
  g_assert_false (packet.failed);
  answer->lengths[answer->n++] = packet.length;
}

void
fake_server_answer (FakeServer *server, gboolean nts, const guint8 *octets, gsize length,
                    gint64 unix_ns, FakeAnswer *answer)
{
  Request request = { 0 };
  BytesReader reader = bytes_reader (octets, length);

  answer->n = 0;
  server->requests++;
  server->largest_request = MAX (server->largest_request, (guint) length);
  if (nts)
    read_request (server, octets, length, &request);
  else
    g_assert_true (ntp_header_read (&request.header, &reader));
  server->placeholders = request.placeholders;
  if (server->lose_next > 0)
    {
      server->lose_next--;
      return;
    }
  if (server->silent || (server->lose_one_of > 0 && server->requests % server->lose_one_of == 0))
    return;

  if (server->forget_keys)
    write_reply (server, nts, &request, unix_ns, NTP_KISS_NTSN, FALSE, answer);
  else if (server->kiss != 0 && server->kiss_before)
    {
      write_reply (server, nts, &request, unix_ns, server->kiss, FALSE, answer);
      write_reply (server, nts, &request, unix_ns, 0, TRUE, answer);
    }
  else
    write_reply (server, nts, &request, unix_ns, server->kiss,
                 server->kiss == 0 || server->kiss_sealed, answer);
}
