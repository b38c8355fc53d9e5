/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "captured.h"
#include "fake-pair.h"

#define FOUR_WEEKS_NS (28 * 86400 * FAKE_S) /* the age of keys */
#include "hex.h"

#define S FAKE_S

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
                                         &now, FAKE_PRECISION, &sample),
                   ==, NTP_HEARD_SAMPLE);
  /* T3 − T2 = 0x62e65 / 2^32 s = 94.3 µs: offset −10 ms + 47 µs, delay 40 ms − 94 µs */
  g_assert_cmpint (ABS (sample.offset_ns - (-10000000 + 47170)), <=, 1000);
  g_assert_cmpfloat_with_epsilon (sample.delay_s, 0.0399057, 1e-6);
  g_assert_cmpuint (association.jar.count, ==, NTS_COOKIES_MAX);
  for (guint i = 0; i < NTS_COOKIES_MAX; i++)
    length = nts_cookies_take (&association.jar, cookie);
  g_assert_cmpmem (cookie, length, new_cookie->data, new_cookie->len);
}

/* Our own step moves T1 with it. */
static void
test_stepped (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();
  NtpSample sample;

  fake_pair_ask (pair);
  ntp_association_stepped (&pair->association, 3 * S);
  NtpNow now = fake_pair_now (pair);
  now.realtime = ntp_timestamp_add_ns (now.realtime, 3 * S);
  g_assert_cmpint (ntp_association_hear (&pair->association, pair->answer.packets[0],
                                         pair->answer.lengths[0], now.realtime, &now,
                                         FAKE_PRECISION, &sample),
                   ==, NTP_HEARD_SAMPLE);
  g_assert_cmpint (ABS (sample.offset_ns + 3 * S + S / 100), <=, 1000);
}

/* Stamps of sending replace each other only if they can be true. */
static void
test_sent (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();

  fake_pair_ask (pair);
  NtpTimestamp made = pair->association.request.asked.realtime;
  ntp_association_sent (&pair->association, ntp_timestamp_add_ns (made, 5000));
  ntp_association_sent (&pair->association, ntp_timestamp_add_ns (made, 9000));
  g_assert_cmpint (ntp_difference_ns (pair->association.request.sent, made), ==, 9000);
  ntp_association_sent (&pair->association, ntp_timestamp_add_ns (made, S));
  ntp_association_sent (&pair->association, ntp_timestamp_add_ns (made, -S));
  g_assert_cmpint (ntp_difference_ns (pair->association.request.sent, made), ==, 9000);
}

/* ---- Cookies ---- */

/* RFC 8915 §5.7: as many placeholders as cookies are missing, after k losses k. */
static void
test_placeholders (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();

  fake_pair_ask (pair);
  fake_pair_hear (pair, 0);
  for (guint lost = 0; lost < 6; lost++)
    {
      fake_pair_ask (pair);
      g_assert_cmpuint (pair->server.placeholders, ==, lost);
    }
  fake_pair_hear (pair, 0);
  g_assert_cmpuint (pair->association.jar.count, ==, NTS_COOKIES_MAX);
  fake_pair_ask (pair);
  g_assert_cmpuint (pair->server.placeholders, ==, 0);
}

/* When new keys never bring an answer, the network may drop long packets. */
static void
test_filtered (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();
  static const guint expected[] = { 0, 1, 2, 3, 0, 0, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      fake_pair_ask (pair);
      g_assert_cmpuint (pair->server.placeholders, ==, expected[i]);
    }
}

/* Without cookies nothing is sent, and eight silences ask for new keys. */
static void
test_silence (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();

  for (guint i = 0; i < 7; i++)
    fake_pair_ask (pair);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), >=, FOUR_WEEKS_NS);
  fake_pair_ask (pair);
  g_assert_false (ntp_association_can_ask (&pair->association));
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), <, INT64_MAX);
}

/* Cookies of other keys are worth nothing. */
static void
test_renew (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();

  pair->server.ke_cookies = 3;
  fake_pair_renew (pair);
  g_assert_cmpuint (pair->association.jar.count, ==, 3);
  for (guint i = 0; i < 3; i++)
    fake_pair_ask (pair); /* asserts that the server knows them */
}

static void
test_without_nts (void)
{
  const NtpServerConfig config = { .nts = false };
  const NtpAddress address = { .family = 4, .port = 123 };
  NtpAssociation association;
  NtpEntropy entropy = { { 1, 2, 3, 4, 5, 6, 7, 8 } };
  NtpNow now = { .monotonic_ns = 0, .realtime = ntp_timestamp_from_unix_ns (FAKE_BEGIN_NS) };
  guint8 packet[NTS_REQUEST_MAX];
  NtpSample sample;

  ntp_association_init (&association, &config, NULL, NULL, NULL);
  association.enabled = true;
  g_assert_false (ntp_association_can_ask (&association));
  ntp_association_renew (&association, NULL, NULL, &address, NULL, 0);
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
      ntp_association_hear (&association, packet, 48, now.realtime, &now, FAKE_PRECISION, &sample),
      ==, NTP_HEARD_NOTHING);
  packet[31] ^= 1;
  g_assert_cmpint (
      ntp_association_hear (&association, packet, 48, now.realtime, &now, FAKE_PRECISION, &sample),
      ==, NTP_HEARD_SAMPLE);
  g_assert_false (association.authenticated);
  g_assert_false (association.ever_authentic);

  /* Silence asks for another look-up. */
  for (guint i = 0; i < 8; i++)
    {
      g_assert_cmpint (ntp_association_ke_due_ns (&association), >=, FOUR_WEEKS_NS);
      ntp_association_ask (&association, &entropy, &now, packet);
    }
  g_assert_cmpint (ntp_association_ke_due_ns (&association), <, INT64_MAX);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-association/as-chronyd-octet-by-octet", test_captured);
  g_test_add_func ("/ntp-association/own-step-does-not", test_stepped);
  g_test_add_func ("/ntp-association/stamps-of-sending", test_sent);
  g_test_add_func ("/ntp-association/placeholders-for-lost-cookies", test_placeholders);
  g_test_add_func ("/ntp-association/short-requests-when-nothing-comes", test_filtered);
  g_test_add_func ("/ntp-association/silence-asks-for-keys", test_silence);
  g_test_add_func ("/ntp-association/new-keys-replace-all", test_renew);
  g_test_add_func ("/ntp-association/without-nts", test_without_nts);
  return g_test_run ();
}
