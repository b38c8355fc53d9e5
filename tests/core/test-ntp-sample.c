/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-sample.h"

#include <glib.h>
#include <math.h>

#define T0    G_GUINT64_CONSTANT (0xeeae275400000000) /* some time in 2026 */
#define MS_NS G_GINT64_CONSTANT (1000000)

static NtpTimestamp
after_ms (double ms)
{
  return ntp_timestamp_add_ns (T0, llround (ms * MS_NS));
}

typedef struct
{
  NtpHeader header;
  NtpExchange exchange;
} Case;

/* T1 = 0, T2 = 130 ms, T3 = 132 ms, T4 = 42 ms: by RFC 5905 §8 offset 110 ms, delay 40 ms. */
static Case
good_case (void)
{
  return (Case){ .header = { .version = 4,
                             .mode = 4,
                             .stratum = 1,
                             .precision_log2 = -20,
                             .root_delay = ntp_short_from_s (0.25),
                             .root_dispersion = ntp_short_from_s (0.125),
                             .reference = after_ms (-10000),
                             .receive = after_ms (130),
                             .transmit = after_ms (132) },
                 .exchange = { .sent = after_ms (0),
                               .received = after_ms (42),
                               .asked = { .monotonic_ns = 5000 * MS_NS, .realtime = after_ms (0) },
                               .heard = { .monotonic_ns = 5042 * MS_NS, .realtime = after_ms (42) },
                               .precision_log2 = -10 } };
}

static NtpReason
judge (const Case *c)
{
  NtpSample sample;
  return ntp_sample_judge (&c->header, &c->exchange, &sample);
}

static void
test_values (void)
{
  Case c = good_case ();
  NtpSample sample;

  g_assert_cmpint (ntp_sample_judge (&c.header, &c.exchange, &sample), ==, NTP_REASON_NONE);
  g_assert_cmpint (ABS (sample.offset_ns - 110 * MS_NS), <=, 2);
  g_assert_cmpfloat_with_epsilon (sample.delay_s, 0.040, 1e-8);
  g_assert_cmpfloat_with_epsilon (
      sample.error_s, 0.125 + 0.125 + ldexp (1, -10) + ldexp (1, -20) + 15e-6 * 0.042, 1e-8);
}

static void
test_server (void)
{
  static const struct
  {
    guint8 leap, stratum;
    NtpReason reason;
  } cases[] = { { 3, 1, NTP_REASON_SERVER_UNSYNCHRONISED },
                { 0, 16, NTP_REASON_STRATUM },
                { 0, 17, NTP_REASON_STRATUM },
                { 0, 255, NTP_REASON_STRATUM },
                { 0, 15, NTP_REASON_NONE },
                { 1, 1, NTP_REASON_NONE },
                { 2, 2, NTP_REASON_NONE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Case c = good_case ();
      c.header.leap = cases[i].leap;
      c.header.stratum = cases[i].stratum;
      g_assert_cmpint (judge (&c), ==, cases[i].reason);
    }
}

/* A precision of 2^-20 s leaves twelve bits of the fraction to noise (RFC 5905 §6). */
static void
test_noise_below_precision (void)
{
  Case c = good_case ();
  c.header.reference = c.header.transmit + 0xfff;
  g_assert_cmpint (judge (&c), ==, NTP_REASON_NONE);
  c.header.reference = c.header.transmit + 0x1001;
  g_assert_cmpint (judge (&c), ==, NTP_REASON_SERVER_TIMES_DISORDERED);
  c = good_case ();
  c.header.transmit = c.header.receive - 0xfff;
  g_assert_cmpint (judge (&c), ==, NTP_REASON_NONE);
  c.header.transmit = c.header.receive - 0x1001;
  g_assert_cmpint (judge (&c), ==, NTP_REASON_SERVER_TIMES_DISORDERED);
  /* Whatever it says of its precision, a millisecond is no noise. */
  c = good_case ();
  c.header.precision_log2 = -2;
  c.header.transmit = after_ms (128);
  g_assert_cmpint (judge (&c), ==, NTP_REASON_SERVER_TIMES_DISORDERED);
}

static void
test_timestamps (void)
{
  Case c = good_case ();
  c.header.receive = 0;
  g_assert_cmpint (judge (&c), ==, NTP_REASON_TIMESTAMP_MISSING);
  c = good_case ();
  c.header.transmit = 0;
  g_assert_cmpint (judge (&c), ==, NTP_REASON_TIMESTAMP_MISSING);
  c = good_case ();
  c.header.reference = after_ms (133);
  g_assert_cmpint (judge (&c), ==, NTP_REASON_SERVER_TIMES_DISORDERED);
  c = good_case ();
  c.header.reference = 0; /* unknown */
  g_assert_cmpint (judge (&c), ==, NTP_REASON_NONE);
  c = good_case ();
  c.header.transmit = after_ms (129);
  g_assert_cmpint (judge (&c), ==, NTP_REASON_SERVER_TIMES_DISORDERED);
  c = good_case ();
  c.header.transmit = after_ms (130 + 50); /* longer than the round trip */
  g_assert_cmpint (judge (&c), ==, NTP_REASON_SERVER_TIMES_DISORDERED);
}

static Case
case_lasting (double ms)
{
  Case c = good_case ();
  c.exchange.received = after_ms (ms);
  c.exchange.heard.realtime = after_ms (ms);
  c.exchange.heard.monotonic_ns = c.exchange.asked.monotonic_ns + llround (ms * MS_NS);
  return c;
}

static void
test_spans (void)
{
  Case c = case_lasting (4900);
  c.header.transmit = after_ms (130 + 4500); /* 4.5 s in the server */
  g_assert_cmpint (judge (&c), ==, NTP_REASON_SERVER_TIMES_DISORDERED);
  c = case_lasting (3100);
  g_assert_cmpint (judge (&c), ==, NTP_REASON_DELAY_TOO_LARGE);
  c = case_lasting (2900);
  g_assert_cmpint (judge (&c), ==, NTP_REASON_NONE);
}

static void
test_root_distance (void)
{
  static const struct
  {
    guint32 delay, dispersion;
    NtpReason reason;
  } cases[] = { { 0x80000000, 0, NTP_REASON_ROOT_DISTANCE },
                { 0, 0xffffffff, NTP_REASON_ROOT_DISTANCE },
                { 0, 16 << 16, NTP_REASON_ROOT_DISTANCE },
                { 32 << 16, 0, NTP_REASON_ROOT_DISTANCE },
                { 2 << 16, 1 << 16, NTP_REASON_NONE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Case c = good_case ();
      c.header.root_delay = cases[i].delay;
      c.header.root_dispersion = cases[i].dispersion;
      g_assert_cmpint (judge (&c), ==, cases[i].reason);
    }
}

static void
test_precision (void)
{
  Case c = good_case ();
  NtpSample sample;

  c.header.precision_log2 = 5;
  g_assert_cmpint (judge (&c), ==, NTP_REASON_PRECISION);
  c.header.precision_log2 = 127;
  g_assert_cmpint (judge (&c), ==, NTP_REASON_PRECISION);
  c.header.precision_log2 = -128;
  g_assert_cmpint (ntp_sample_judge (&c.header, &c.exchange, &sample), ==, NTP_REASON_NONE);
  g_assert_cmpfloat (sample.error_s, <, 0.26);
}

/* Both faces of our clock must agree about how long it took. */
static void
test_clock_changed (void)
{
  static const double steps_ms[] = { -5000, -20, -3, 3, 20, 5000 };

  for (guint i = 0; i < G_N_ELEMENTS (steps_ms); i++)
    {
      Case c = good_case ();
      c.exchange.received = after_ms (42 + steps_ms[i]);
      c.exchange.heard.realtime = after_ms (42 + steps_ms[i]);
      g_assert_cmpint (judge (&c), ==, NTP_REASON_CLOCK_CHANGED_MEANWHILE);
    }
  Case c = good_case ();
  c.exchange.received = after_ms (45); /* a stamp from after it was read */
  g_assert_cmpint (judge (&c), ==, NTP_REASON_CLOCK_CHANGED_MEANWHILE);
}

/* Authentic is not true: that is for selection to find out. Nothing may overflow. */
static void
test_far_away (void)
{
  Case c = good_case ();
  NtpSample sample;

  c.header.receive += (NtpTimestamp) 1000 << 32;
  c.header.transmit += (NtpTimestamp) 1000 << 32;
  c.header.reference += (NtpTimestamp) 1000 << 32;
  g_assert_cmpint (ntp_sample_judge (&c.header, &c.exchange, &sample), ==, NTP_REASON_NONE);
  g_assert_cmpint (ABS (sample.offset_ns - G_GINT64_CONSTANT (1000110000000)), <=, 2);

  c = good_case ();
  c.header.receive += (NtpTimestamp) 1 << 63;
  c.header.transmit += (NtpTimestamp) 1 << 63;
  c.header.reference += (NtpTimestamp) 1 << 63;
  g_assert_cmpint (ntp_sample_judge (&c.header, &c.exchange, &sample), ==, NTP_REASON_NONE);
  g_assert_cmpfloat_with_epsilon (fabs ((double) sample.offset_ns * 1e-9), 2147483648.0, 1);
}

/* A server on the same machine can seem to answer before it was asked, by the clocks' grain. */
static void
test_least_delay (void)
{
  Case c = case_lasting (0.1);
  NtpSample sample;

  c.header.transmit = after_ms (130.2);
  g_assert_cmpint (ntp_sample_judge (&c.header, &c.exchange, &sample), ==, NTP_REASON_NONE);
  g_assert_cmpfloat_with_epsilon (sample.delay_s, ldexp (1, -10), 1e-12);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-sample/values-as-in-rfc-5905", test_values);
  g_test_add_func ("/ntp-sample/unsynchronised-server", test_server);
  g_test_add_func ("/ntp-sample/missing-or-disordered-timestamps", test_timestamps);
  g_test_add_func ("/ntp-sample/noise-below-precision", test_noise_below_precision);
  g_test_add_func ("/ntp-sample/too-long-in-server-or-network", test_spans);
  g_test_add_func ("/ntp-sample/root-distance", test_root_distance);
  g_test_add_func ("/ntp-sample/precision-is-clamped", test_precision);
  g_test_add_func ("/ntp-sample/clock-stepped-meanwhile", test_clock_changed);
  g_test_add_func ("/ntp-sample/far-away-does-not-overflow", test_far_away);
  g_test_add_func ("/ntp-sample/delay-is-at-least-our-precision", test_least_delay);
  return g_test_run ();
}
