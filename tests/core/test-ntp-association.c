/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-association.h"

#include <glib.h>

#include "captured.h"
#include "fake-server.h"
#include "hex.h"

#define S         G_GINT64_CONSTANT (1000000000)
#define BEGIN_NS  (G_GINT64_CONSTANT (1780000000) * S)
#define PRECISION (-24)

/* One association and its server; the round trip takes no time. */
typedef struct
{
  NtpAssociation association;
  FakeServer server;
  gint64 now_ns;
  guint8 dice;
  FakeAnswer answer;
} Pair;

static NtpNow
now_of (const Pair *pair)
{
  return (NtpNow){ .monotonic_ns = pair->now_ns,
                   .realtime = ntp_timestamp_from_unix_ns (BEGIN_NS + pair->now_ns) };
}

static void
renew (Pair *pair)
{
  const NtpAddress address = { .family = 4, .octets = { 192, 0, 2, 1 }, .port = 123 };
  g_autofree NtsKeOffer *offer = g_new0 (NtsKeOffer, 1);
  NtsKeys keys;

  ntp_ke_retry_started (&pair->association.retry, pair->now_ns);
  fake_server_make_offer (&pair->server, &keys, offer);
  ntp_association_renew (&pair->association, &keys, offer, &address, pair->now_ns);
}

static Pair *
pair_new (void)
{
  const NtpServerConfig config = { .nts = true, .operator_id = 1 };
  Pair *pair = g_new0 (Pair, 1);

  fake_server_init (&pair->server, 0);
  ntp_association_init (&pair->association, &config, NULL, NULL, NULL);
  pair->association.enabled = true;
  pair->association.poll_log2 = 6;
  renew (pair);
  return pair;
}

static void
pair_free (Pair *pair)
{
  fake_server_clear (&pair->server);
  g_free (pair);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

/* The server's answers are in pair->answer. */
static void
ask (Pair *pair)
{
  guint8 packet[NTS_REQUEST_MAX];
  NtpEntropy entropy;
  NtpNow now = now_of (pair);

  memset (entropy.octets, ++pair->dice, sizeof entropy.octets);
  ntp_association_poll_due (&pair->association);
  gsize length = ntp_association_ask (&pair->association, &entropy, &now, packet);
  g_assert_cmpuint (length, >, 0);
  fake_server_answer (&pair->server, TRUE, packet, length, BEGIN_NS + pair->now_ns, &pair->answer);
  pair->now_ns += S / 50;
}

static NtpHeard
hear (Pair *pair, guint index)
{
  NtpNow now = now_of (pair);
  NtpSample sample;

  g_assert_cmpuint (index, <, pair->answer.n);
  return ntp_association_hear (&pair->association, pair->answer.packets[index],
                               pair->answer.lengths[index], now.realtime, &now, PRECISION, &sample);
}

static void
set_kiss (Pair *pair, uint32_t kiss, gboolean sealed)
{
  pair->server.kiss = kiss;
  pair->server.kiss_sealed = sealed;
}

/* ---- An exchange of Debian's chronyd with itself ---- */

static void
test_captured (void)
{
  g_autoptr (GByteArray) c2s = hex (CAPTURED_C2S);
  g_autoptr (GByteArray) s2c = hex (CAPTURED_S2C);
  g_autoptr (GByteArray) request = hex (CAPTURED_REQUEST);
  g_autoptr (GByteArray) response = hex (CAPTURED_RESPONSE);
  g_autoptr (GByteArray) new_cookie = hex (CAPTURED_NEW_COOKIE);
  const NtpServerConfig config = { .nts = true };
  const NtpAddress address = { .family = 4, .port = 123 };
  NtsKeys keys = { .aead = NTS_AEAD_AES_SIV_CMAC_256 };
  NtsCookies jar = { .count = 0 };
  NtpAssociation association;
  NtpEntropy entropy = { { 0 } };
  guint8 packet[NTS_REQUEST_MAX], cookie[NTS_COOKIE_MAX];
  NtpSample sample;

  memcpy (keys.c2s, c2s->data, c2s->len);
  memcpy (keys.s2c, s2c->data, s2c->len);
  for (guint8 i = 0; i < NTS_COOKIES_MAX; i++) /* a full jar: no placeholders */
    {
      g_assert_cmpuint (request->data[88], ==, 0xe8);
      memcpy (cookie, request->data + 88, 100);
      cookie[99] = (guint8) (cookie[99] + i);
      nts_cookies_put (&jar, cookie, 100);
    }
  ntp_association_init (&association, &config, &keys, &jar, &address);
  memcpy (entropy.octets, request->data + 40, 8);        /* transmit */
  memcpy (entropy.octets + 8, request->data + 52, 32);   /* unique identifier */
  memcpy (entropy.octets + 40, request->data + 196, 16); /* nonce */

  /* T2 = ...1841e49f, T3 = ...18481304; we ask 10 ms before and hear 30 ms after T2. */
  NtpTimestamp received = G_GUINT64_CONSTANT (0xeeae27541841e49f);
  NtpNow now = { .monotonic_ns = 5 * S, .realtime = ntp_timestamp_add_ns (received, -10000000) };
  gsize length = ntp_association_ask (&association, &entropy, &now, packet);
  g_assert_cmpmem (packet, length, request->data, request->len);
  g_assert_cmpuint (association.jar.count, ==, NTS_COOKIES_MAX - 1);

  now.monotonic_ns += 40000000;
  now.realtime = ntp_timestamp_add_ns (received, 30000000);
  g_assert_cmpint (ntp_association_hear (&association, response->data, response->len, now.realtime,
                                         &now, PRECISION, &sample),
                   ==, NTP_HEARD_SAMPLE);
  /* T3 − T2 = 0x62e65 / 2^32 s = 94.3 µs: offset −10 ms + 47 µs, delay 40 ms − 94 µs */
  g_assert_cmpint (ABS (sample.offset_ns - (-10000000 + 47170)), <=, 1000);
  g_assert_cmpfloat_with_epsilon (sample.delay_s, 0.0399057, 1e-6);
  g_assert_cmpuint (association.jar.count, ==, NTS_COOKIES_MAX);
  for (guint i = 0; i < NTS_COOKIES_MAX; i++)
    length = nts_cookies_take (&association.jar, cookie);
  g_assert_cmpmem (cookie, length, new_cookie->data, new_cookie->len);
}

/* ---- Replies ---- */

static void
test_once (void)
{
  g_autoptr (Pair) pair = pair_new ();

  ask (pair);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_SAMPLE);
  g_assert_cmpuint (pair->association.jar.count, ==, NTS_COOKIES_MAX);
  g_assert_cmpuint (pair->association.reach, ==, 1);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_NOTHING);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_PACKET_UNEXPECTED);
  g_assert_cmpuint (pair->association.jar.count, ==, NTS_COOKIES_MAX);

  /* The reply to the request before. */
  FakeAnswer old = pair->answer;
  ask (pair);
  pair->answer = old;
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_NOTHING);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_ORIGIN_MISMATCH);
}

static void
test_late (void)
{
  g_autoptr (Pair) pair = pair_new ();

  ask (pair);
  pair->now_ns += 5 * S;
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_NOTHING);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_PACKET_LATE);
}

/* Sixteen forgeries cost sixteen openings, and the genuine reply still counts after fifteen. */
static void
test_forgeries (void)
{
  for (guint forgeries = 15; forgeries <= 17; forgeries++)
    {
      g_autoptr (Pair) pair = pair_new ();
      ask (pair);
      for (guint i = 0; i < forgeries; i++)
        {
          pair->answer.packets[0][pair->answer.lengths[0] - 1] ^= 1;
          NtpHeard heard = hear (pair, 0);
          pair->answer.packets[0][pair->answer.lengths[0] - 1] ^= 1;
          g_assert_cmpint (heard, ==, NTP_HEARD_NOTHING);
          g_assert_cmpint (pair->association.reason, ==,
                           i < 16 ? NTP_REASON_AUTHENTICATION_FAILED
                                  : NTP_REASON_TOO_MANY_FORGERIES);
        }
      g_assert_cmpint (hear (pair, 0), ==, forgeries < 16 ? NTP_HEARD_SAMPLE : NTP_HEARD_NOTHING);
      ask (pair);
      g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_SAMPLE);
      g_assert_cmpint (pair->association.reason, ==, NTP_REASON_NONE);
    }
}

/* Useless, but authentic: the cookies are ours and the server is there. */
static void
test_useless (void)
{
  static const struct
  {
    guint8 leap, stratum;
    double root_dispersion_s;
    NtpReason reason;
    gboolean unsynchronised;
  } cases[] = { { 3, 1, 0, NTP_REASON_SERVER_UNSYNCHRONISED, TRUE },
                { 0, 16, 0, NTP_REASON_STRATUM, TRUE },
                { 0, 1, 20, NTP_REASON_ROOT_DISTANCE, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Pair) pair = pair_new ();
      pair->server.leap = cases[i].leap;
      pair->server.stratum = cases[i].stratum;
      pair->server.root_dispersion_s = cases[i].root_dispersion_s;
      ask (pair);
      g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_ANSWER);
      g_assert_cmpint (pair->association.reason, ==, cases[i].reason);
      g_assert_cmpuint (pair->association.jar.count, ==, NTS_COOKIES_MAX);
      g_assert_cmpuint (pair->association.reach, ==, 1);
      g_assert_true (pair->association.unsynchronised == cases[i].unsynchronised);
    }
}

static void
test_spoiled (void)
{
  g_autoptr (Pair) pair = pair_new ();

  ask (pair);
  pair->association.request.spoiled = true;
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_ANSWER);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_CLOCK_CHANGED_MEANWHILE);
  ask (pair);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_SAMPLE);
}

/* Our own step moves T1 with it. */
static void
test_stepped (void)
{
  g_autoptr (Pair) pair = pair_new ();
  NtpSample sample;

  ask (pair);
  ntp_association_stepped (&pair->association, 3 * S);
  NtpNow now = now_of (pair);
  now.realtime = ntp_timestamp_add_ns (now.realtime, 3 * S);
  g_assert_cmpint (ntp_association_hear (&pair->association, pair->answer.packets[0],
                                         pair->answer.lengths[0], now.realtime, &now, PRECISION,
                                         &sample),
                   ==, NTP_HEARD_SAMPLE);
  g_assert_cmpint (ABS (sample.offset_ns + 3 * S + S / 100), <=, 1000);
}

/* Stamps of sending replace each other only if they can be true. */
static void
test_sent (void)
{
  g_autoptr (Pair) pair = pair_new ();

  ask (pair);
  NtpTimestamp made = pair->association.request.asked.realtime;
  ntp_association_sent (&pair->association, ntp_timestamp_add_ns (made, 5000));
  ntp_association_sent (&pair->association, ntp_timestamp_add_ns (made, 9000));
  g_assert_cmpint (ntp_difference_ns (pair->association.request.sent, made), ==, 9000);
  ntp_association_sent (&pair->association, ntp_timestamp_add_ns (made, S));
  ntp_association_sent (&pair->association, ntp_timestamp_add_ns (made, -S));
  g_assert_cmpint (ntp_difference_ns (pair->association.request.sent, made), ==, 9000);
}

/* ---- Kiss codes ---- */

/* RFC 8915 §5.7: keep listening; a genuine reply to the same request makes the NTSN void. */
static void
test_nak_race (void)
{
  g_autoptr (Pair) pair = pair_new ();

  set_kiss (pair, NTP_KISS_NTSN, FALSE);
  pair->server.kiss_before = TRUE;
  ask (pair);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_HINT);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_HINT);
  g_assert_cmpuint (pair->association.naks, ==, 1);
  g_assert_cmpint (hear (pair, 1), ==, NTP_HEARD_SAMPLE);
  ntp_association_poll_due (&pair->association);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), ==, INT64_MAX);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_NONE);
}

static void
test_nak (void)
{
  g_autoptr (Pair) pair = pair_new ();

  ask (pair);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_SAMPLE);
  pair->server.forget_keys = TRUE;
  ask (pair);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_HINT);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), ==, INT64_MAX);
  ntp_association_poll_due (&pair->association);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), <=, pair->now_ns);
  g_assert_true (ntp_association_can_ask (&pair->association)); /* with the cookies left */

  renew (pair);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), ==, INT64_MAX);
  g_assert_cmpuint (pair->association.key_exchanges, ==, 2);
}

/* RFC 8633 §5.4: one step at a time, held for four polls, never copied from the packet. */
static void
test_rate_sealed (void)
{
  g_autoptr (Pair) pair = pair_new ();
  NtpOptions options = ntp_options_default;
  NtpAssociation *association = &pair->association;

  set_kiss (pair, NTP_KISS_RATE, TRUE);
  ask (pair);
  g_assert_cmpuint (association->burst, ==, NTP_BURST);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_ANSWER);
  g_assert_cmpint (association->reason, ==, NTP_REASON_KISS_RATE);
  g_assert_cmpuint (association->burst, ==, 0);
  g_assert_cmpint (ntp_association_poll_log2 (association, 6, &options), ==, 7);
  g_assert_cmpuint (association->jar.count, ==, NTS_COOKIES_MAX);
  for (guint i = 0; i < 20; i++)
    {
      ask (pair);
      hear (pair, 0);
      g_assert_cmpint (ntp_association_poll_log2 (association, 6, &options), ==, MIN (8 + i, 10));
    }
  /* Where polls are as rare by themselves, at most to 2^13 s. */
  for (guint i = 0; i < 20; i++)
    {
      ask (pair);
      hear (pair, 0);
      g_assert_cmpint (ntp_association_poll_log2 (association, 10, &options), <=, 13);
    }
  g_assert_cmpint (ntp_association_poll_log2 (association, 14, &options), ==, 14);

  /* Then it comes back, not before four polls. */
  ask (pair);
  hear (pair, 0);
  g_assert_cmpint (ntp_association_poll_log2 (association, 6, &options), ==, 7);
  set_kiss (pair, 0, FALSE);
  guint answers = 0;
  while (ntp_association_poll_log2 (association, 6, &options) == 7)
    {
      ask (pair);
      g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_SAMPLE);
      g_assert_cmpuint (++answers, <, 10);
    }
  g_assert_cmpuint (answers, >=, 4);
}

static void
test_rate_unsealed (void)
{
  g_autoptr (Pair) pair = pair_new ();
  NtpOptions options = ntp_options_default;

  set_kiss (pair, NTP_KISS_RATE, FALSE);
  for (guint i = 0; i < 5; i++)
    {
      ask (pair);
      g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_HINT);
      g_assert_cmpint (ntp_association_poll_log2 (&pair->association, 6, &options), ==, 7);
    }
  set_kiss (pair, 0, FALSE);
  ask (pair);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_SAMPLE);
  g_assert_cmpint (ntp_association_poll_log2 (&pair->association, 6, &options), ==, 6);
}

static void
test_deny_sealed (void)
{
  static const uint32_t kisses[] = { NTP_KISS_DENY, NTP_KISS_RSTR };

  for (guint i = 0; i < G_N_ELEMENTS (kisses); i++)
    {
      g_autoptr (Pair) pair = pair_new ();
      set_kiss (pair, kisses[i], TRUE);
      ask (pair);
      g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_ANSWER);
      g_assert_cmpint (ntp_association_state (&pair->association), ==, NTP_SERVER_FAILED);
      g_assert_cmpint (pair->association.reason, ==,
                       i == 0 ? NTP_REASON_KISS_DENY : NTP_REASON_KISS_RSTR);
      g_assert_cmpint (pair->association.next_poll_ns, >=, pair->now_ns + 86400 * S);
      g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), ==, INT64_MAX);
      ntp_association_burst (&pair->association, pair->now_ns); /* somebody asks for it */
      g_assert_cmpint (pair->association.next_poll_ns, <=, pair->now_ns);
      g_assert_cmpint (ntp_association_state (&pair->association), ==, NTP_SERVER_POLLING);
    }
}

/* CVE-2015-7704: one forged packet must not switch a server off. */
static void
test_deny_unsealed (void)
{
  g_autoptr (Pair) pair = pair_new ();
  NtpOptions options = ntp_options_default;

  set_kiss (pair, NTP_KISS_DENY, FALSE);
  pair->server.ke_cookies = NTS_COOKIES_MAX;
  ask (pair);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_HINT);
  g_assert_cmpint (ntp_association_state (&pair->association), !=, NTP_SERVER_FAILED);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_KISS_DENY);
  for (guint i = 0; i < 7; i++)
    {
      g_assert_cmpint (ntp_association_poll_log2 (&pair->association, 6, &options), ==, 6);
      ask (pair);
    }
  renew (pair);
  ask (pair);
  g_assert_cmpint (ntp_association_poll_log2 (&pair->association, 6, &options), ==, 10);
  set_kiss (pair, 0, FALSE);
  ask (pair);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_SAMPLE);
  g_assert_cmpint (ntp_association_poll_log2 (&pair->association, 6, &options), ==, 6);
}

static void
test_unknown_kiss (void)
{
  g_autoptr (Pair) pair = pair_new ();

  set_kiss (pair, 0x58414243, TRUE); /* XABC */
  ask (pair);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_ANSWER);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_KISS_UNKNOWN);
  g_assert_cmpuint (pair->association.rate_steps, ==, 0);
  g_assert_false (pair->association.denied);
  set_kiss (pair, 0x58414243, FALSE);
  ask (pair);
  g_assert_cmpint (hear (pair, 0), ==, NTP_HEARD_NOTHING);
}

/* ---- Cookies ---- */

/* RFC 8915 §5.7: as many placeholders as cookies are missing, after k losses k. */
static void
test_placeholders (void)
{
  g_autoptr (Pair) pair = pair_new ();

  ask (pair);
  hear (pair, 0);
  for (guint lost = 0; lost < 6; lost++)
    {
      ask (pair);
      g_assert_cmpuint (pair->server.placeholders, ==, lost);
    }
  hear (pair, 0);
  g_assert_cmpuint (pair->association.jar.count, ==, NTS_COOKIES_MAX);
  ask (pair);
  g_assert_cmpuint (pair->server.placeholders, ==, 0);
}

/* When new keys never bring an answer, the network may drop long packets. */
static void
test_filtered (void)
{
  g_autoptr (Pair) pair = pair_new ();
  static const guint expected[] = { 0, 1, 2, 3, 0, 0, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      ask (pair);
      g_assert_cmpuint (pair->server.placeholders, ==, expected[i]);
    }
}

/* Without cookies nothing is sent, and eight silences ask for new keys. */
static void
test_silence (void)
{
  g_autoptr (Pair) pair = pair_new ();

  for (guint i = 0; i < 7; i++)
    ask (pair);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), ==, INT64_MAX);
  ask (pair);
  g_assert_false (ntp_association_can_ask (&pair->association));
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), <, INT64_MAX);
}

static void
test_without_nts (void)
{
  const NtpServerConfig config = { .nts = false };
  const NtpAddress address = { .family = 4, .port = 123 };
  NtpAssociation association;
  NtpEntropy entropy = { { 1, 2, 3, 4, 5, 6, 7, 8 } };
  NtpNow now = { .monotonic_ns = 0, .realtime = ntp_timestamp_from_unix_ns (BEGIN_NS) };
  guint8 packet[NTS_REQUEST_MAX];
  NtpSample sample;

  ntp_association_init (&association, &config, NULL, NULL, NULL);
  association.enabled = true;
  g_assert_false (ntp_association_can_ask (&association));
  ntp_association_renew (&association, NULL, NULL, &address, 0);
  gsize length = ntp_association_ask (&association, &entropy, &now, packet);
  g_autoptr (GByteArray) expected =
      hex ("23000020000000000000000000000000000000000000000000000000000000000000000000000000"
           "0102030405060708");
  g_assert_cmpmem (packet, length, expected->data, expected->len);

  packet[0] = 0x24; /* mode 4 */
  packet[1] = 1;
  packet[3] = 0xe8;
  memcpy (packet + 24, packet + 40, 8);
  BytesWriter times = bytes_writer (packet + 32, 16);
  bytes_write_u64 (&times, now.realtime);
  bytes_write_u64 (&times, now.realtime);
  now.monotonic_ns += S / 100;
  now.realtime = ntp_timestamp_add_ns (now.realtime, S / 100);
  packet[31] ^= 1;
  g_assert_cmpint (
      ntp_association_hear (&association, packet, 48, now.realtime, &now, PRECISION, &sample), ==,
      NTP_HEARD_NOTHING);
  packet[31] ^= 1;
  g_assert_cmpint (
      ntp_association_hear (&association, packet, 48, now.realtime, &now, PRECISION, &sample), ==,
      NTP_HEARD_SAMPLE);
  g_assert_false (association.authenticated);
  g_assert_false (association.ever_authentic);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-association/as-chronyd-octet-by-octet", test_captured);
  g_test_add_func ("/ntp-association/one-reply-per-request", test_once);
  g_test_add_func ("/ntp-association/late-reply", test_late);
  g_test_add_func ("/ntp-association/sixteen-forgeries", test_forgeries);
  g_test_add_func ("/ntp-association/useless-reply-keeps-its-cookies", test_useless);
  g_test_add_func ("/ntp-association/foreign-step-spoils-the-request", test_spoiled);
  g_test_add_func ("/ntp-association/own-step-does-not", test_stepped);
  g_test_add_func ("/ntp-association/stamps-of-sending", test_sent);
  g_test_add_func ("/ntp-association/ntsn-loses-to-genuine-reply", test_nak_race);
  g_test_add_func ("/ntp-association/ntsn-until-next-poll", test_nak);
  g_test_add_func ("/ntp-association/rate-sealed", test_rate_sealed);
  g_test_add_func ("/ntp-association/rate-unsealed", test_rate_unsealed);
  g_test_add_func ("/ntp-association/deny-sealed", test_deny_sealed);
  g_test_add_func ("/ntp-association/deny-unsealed", test_deny_unsealed);
  g_test_add_func ("/ntp-association/unknown-kiss", test_unknown_kiss);
  g_test_add_func ("/ntp-association/placeholders-for-lost-cookies", test_placeholders);
  g_test_add_func ("/ntp-association/short-requests-when-nothing-comes", test_filtered);
  g_test_add_func ("/ntp-association/silence-asks-for-keys", test_silence);
  g_test_add_func ("/ntp-association/without-nts", test_without_nts);
  return g_test_run ();
}
