/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-pair.h"

#include <math.h>

#define FOUR_WEEKS_NS (28 * 86400 * FAKE_S) /* the age of keys */

#define S FAKE_S

/* ---- Replies ---- */

static void
test_once (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();

  fake_pair_ask (pair);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_SAMPLE);
  g_assert_cmpuint (pair->association.jar.count, ==, NTS_COOKIES_MAX);
  g_assert_cmpuint (pair->association.reach, ==, 1);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_NOTHING);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_PACKET_UNEXPECTED);
  g_assert_cmpuint (pair->association.jar.count, ==, NTS_COOKIES_MAX);

  /* The reply to the request before. */
  FakeAnswer old = pair->answer;
  fake_pair_ask (pair);
  pair->answer = old;
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_NOTHING);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_ORIGIN_MISMATCH);
}

static void
test_late (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();

  fake_pair_ask (pair);
  pair->now_ns += 5 * S;
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_NOTHING);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_PACKET_LATE);
}

/* Sixteen forgeries cost sixteen openings, and the genuine reply still counts after fifteen. */
static void
test_forgeries (void)
{
  for (guint forgeries = 15; forgeries <= 17; forgeries++)
    {
      g_autoptr (FakePair) pair = fake_pair_new ();
      fake_pair_ask (pair);
      for (guint i = 0; i < forgeries; i++)
        {
          pair->answer.packets[0][pair->answer.lengths[0] - 1] ^= 1;
          NtpHeard heard = fake_pair_hear (pair, 0);
          pair->answer.packets[0][pair->answer.lengths[0] - 1] ^= 1;
          g_assert_cmpint (heard, ==, NTP_HEARD_NOTHING);
          g_assert_cmpint (pair->association.reason, ==,
                           i < 16 ? NTP_REASON_AUTHENTICATION_FAILED
                                  : NTP_REASON_TOO_MANY_FORGERIES);
        }
      g_assert_cmpint (fake_pair_hear (pair, 0), ==,
                       forgeries < 16 ? NTP_HEARD_SAMPLE : NTP_HEARD_NOTHING);
      fake_pair_ask (pair);
      g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_SAMPLE);
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
      g_autoptr (FakePair) pair = fake_pair_new ();
      pair->server.leap = cases[i].leap;
      pair->server.stratum = cases[i].stratum;
      pair->server.root_dispersion_s = cases[i].root_dispersion_s;
      fake_pair_ask (pair);
      g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_ANSWER);
      g_assert_cmpint (pair->association.reason, ==, cases[i].reason);
      g_assert_cmpuint (pair->association.jar.count, ==, NTS_COOKIES_MAX);
      g_assert_cmpuint (pair->association.reach, ==, 1);
      g_assert_true (pair->association.unsynchronised == cases[i].unsynchronised);
    }
}

/* ---- Kiss codes ---- */

/* RFC 8915 §5.7: keep listening; a genuine reply to the same request makes the NTSN void. */
static void
test_nak_race (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();

  fake_pair_set_kiss (pair, NTP_KISS_NTSN, FALSE);
  pair->server.kiss_before = TRUE;
  fake_pair_ask (pair);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_HINT);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_HINT);
  g_assert_cmpuint (pair->association.naks, ==, 1);
  g_assert_cmpint (fake_pair_hear (pair, 1), ==, NTP_HEARD_SAMPLE);
  ntp_association_poll_due (&pair->association);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), >=, FOUR_WEEKS_NS);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_NONE);
}

static void
test_nak (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();

  fake_pair_ask (pair);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_SAMPLE);
  pair->server.forget_keys = TRUE;
  fake_pair_ask (pair);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_HINT);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), >=, FOUR_WEEKS_NS);
  ntp_association_poll_due (&pair->association);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), <=, pair->now_ns);
  g_assert_true (ntp_association_can_ask (&pair->association)); /* with the cookies left */

  fake_pair_renew (pair);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), >=, FOUR_WEEKS_NS);
  g_assert_cmpuint (pair->association.key_exchanges, ==, 2);

  /* A genuine answer to a later request clears it, too. */
  fake_pair_set_kiss (pair, NTP_KISS_NTSN, FALSE);
  fake_pair_ask (pair);
  fake_pair_hear (pair, 0);
  fake_pair_set_kiss (pair, 0, FALSE);
  fake_pair_ask (pair);
  g_assert_true (pair->association.stale);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_SAMPLE);
  g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), >=, FOUR_WEEKS_NS);
}

/* RFC 8633 §5.4: one step at a time, held for four polls, never copied from the packet. */
static void
test_rate_sealed (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();
  NtpOptions options = ntp_options_default;
  NtpAssociation *association = &pair->association;

  fake_pair_set_kiss (pair, NTP_KISS_RATE, TRUE);
  fake_pair_ask (pair);
  g_assert_cmpuint (association->burst, ==, NTP_BURST);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_ANSWER);
  g_assert_cmpint (association->reason, ==, NTP_REASON_KISS_RATE);
  g_assert_cmpuint (association->burst, ==, 0);
  ntp_association_burst (association, pair->now_ns); /* a click costs it one packet, not four */
  g_assert_cmpuint (association->burst, ==, 1);
  g_assert_cmpfloat (ntp_association_poll_s (association, 64, &options), ==, 128);
  g_assert_cmpuint (association->jar.count, ==, NTS_COOKIES_MAX);
  for (guint i = 0; i < 20; i++)
    {
      fake_pair_ask (pair);
      fake_pair_hear (pair, 0);
      g_assert_cmpfloat (ntp_association_poll_s (association, 64, &options), ==,
                         ldexp (1, MIN (8 + i, 10)));
    }
  /* Where polls are as rare by themselves, at most to 2^13 s. */
  for (guint i = 0; i < 20; i++)
    {
      fake_pair_ask (pair);
      fake_pair_hear (pair, 0);
      g_assert_cmpfloat (ntp_association_poll_s (association, 1024, &options), <=, 8192);
    }
  g_assert_cmpfloat (ntp_association_poll_s (association, 16384, &options), ==, 16384);

  /* A forged one makes it no better. */
  fake_pair_set_kiss (pair, NTP_KISS_RATE, TRUE);
  for (guint i = 0; i < 2; i++)
    {
      ntp_association_poll_s (association, 64, &options);
      fake_pair_ask (pair);
      fake_pair_hear (pair, 0);
    }
  fake_pair_set_kiss (pair, NTP_KISS_RATE, FALSE);
  fake_pair_ask (pair);
  fake_pair_hear (pair, 0);
  g_assert_cmpfloat (ntp_association_poll_s (association, 64, &options), ==, 256);

  /* Then it comes back, not before four polls. */
  ntp_association_poll_s (association, 16384, &options); /* forgets the steps */
  fake_pair_set_kiss (pair, NTP_KISS_RATE, TRUE);
  fake_pair_ask (pair);
  fake_pair_hear (pair, 0);
  g_assert_cmpfloat (ntp_association_poll_s (association, 64, &options), ==, 128);
  fake_pair_set_kiss (pair, 0, FALSE);
  guint answers = 0;
  while (ntp_association_poll_s (association, 64, &options) > 64)
    {
      fake_pair_ask (pair);
      g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_SAMPLE);
      g_assert_cmpuint (++answers, <, 10);
    }
  g_assert_cmpuint (answers, >=, 4);
}

static void
test_rate_unsealed (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();
  NtpOptions options = ntp_options_default;

  fake_pair_set_kiss (pair, NTP_KISS_RATE, FALSE);
  for (guint i = 0; i < 5; i++)
    {
      fake_pair_ask (pair);
      g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_HINT);
      g_assert_cmpfloat (ntp_association_poll_s (&pair->association, 64, &options), ==, 128);
    }
  fake_pair_set_kiss (pair, 0, FALSE);
  fake_pair_ask (pair);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_SAMPLE);
  g_assert_cmpfloat (ntp_association_poll_s (&pair->association, 64, &options), ==, 64);
}

static void
test_deny_sealed (void)
{
  static const uint32_t kisses[] = { NTP_KISS_DENY, NTP_KISS_RSTR };

  for (guint i = 0; i < G_N_ELEMENTS (kisses); i++)
    {
      g_autoptr (FakePair) pair = fake_pair_new ();
      fake_pair_set_kiss (pair, kisses[i], TRUE);
      fake_pair_ask (pair);
      g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_ANSWER);
      g_assert_cmpint (ntp_association_state (&pair->association), ==, NTP_SERVER_FAILED);
      g_assert_cmpint (pair->association.reason, ==,
                       i == 0 ? NTP_REASON_KISS_DENY : NTP_REASON_KISS_RSTR);
      g_assert_cmpint (pair->association.next_poll_ns, >=, pair->now_ns + 86400 * S);
      g_assert_cmpint (ntp_association_ke_due_ns (&pair->association), >=, FOUR_WEEKS_NS);
      ntp_association_burst (&pair->association, pair->now_ns); /* somebody asks for it */
      g_assert_cmpint (pair->association.next_poll_ns, <=, pair->now_ns);
      g_assert_cmpint (ntp_association_state (&pair->association), ==, NTP_SERVER_POLLING);
    }
}

/* CVE-2015-7704: one forged packet must not switch a server off. */
static void
test_deny_unsealed (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();
  NtpOptions options = ntp_options_default;

  fake_pair_set_kiss (pair, NTP_KISS_DENY, FALSE);
  pair->server.ke_cookies = NTS_COOKIES_MAX;
  fake_pair_ask (pair);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_HINT);
  g_assert_cmpint (ntp_association_state (&pair->association), !=, NTP_SERVER_FAILED);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_KISS_DENY);
  for (guint i = 0; i < 7; i++)
    {
      g_assert_cmpfloat (ntp_association_poll_s (&pair->association, 64, &options), ==, 64);
      fake_pair_ask (pair);
    }
  fake_pair_renew (pair);
  fake_pair_ask (pair);
  g_assert_cmpfloat (ntp_association_poll_s (&pair->association, 64, &options), ==, 1024);
  fake_pair_set_kiss (pair, 0, FALSE);
  fake_pair_ask (pair);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_SAMPLE);
  g_assert_cmpfloat (ntp_association_poll_s (&pair->association, 64, &options), ==, 64);
}

static void
test_unknown_kiss (void)
{
  g_autoptr (FakePair) pair = fake_pair_new ();

  fake_pair_set_kiss (pair, 0x58414243, TRUE); /* XABC */
  fake_pair_ask (pair);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_ANSWER);
  g_assert_cmpint (pair->association.reason, ==, NTP_REASON_KISS_UNKNOWN);
  g_assert_cmpuint (pair->association.rate_steps, ==, 0);
  g_assert_false (pair->association.denied);
  fake_pair_set_kiss (pair, 0x58414243, FALSE);
  fake_pair_ask (pair);
  g_assert_cmpint (fake_pair_hear (pair, 0), ==, NTP_HEARD_NOTHING);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-reply/one-reply-per-request", test_once);
  g_test_add_func ("/ntp-reply/late-reply", test_late);
  g_test_add_func ("/ntp-reply/sixteen-forgeries", test_forgeries);
  g_test_add_func ("/ntp-reply/useless-reply-keeps-its-cookies", test_useless);
  g_test_add_func ("/ntp-reply/ntsn-loses-to-genuine-reply", test_nak_race);
  g_test_add_func ("/ntp-reply/ntsn-until-next-poll", test_nak);
  g_test_add_func ("/ntp-reply/rate-sealed", test_rate_sealed);
  g_test_add_func ("/ntp-reply/rate-unsealed", test_rate_unsealed);
  g_test_add_func ("/ntp-reply/deny-sealed", test_deny_sealed);
  g_test_add_func ("/ntp-reply/deny-unsealed", test_deny_unsealed);
  g_test_add_func ("/ntp-reply/unknown-kiss", test_unknown_kiss);
  return g_test_run ();
}
