/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-time.h"

#include <glib.h>
#include <math.h>

#define NS G_GINT64_CONSTANT (1000000000)

/* RFC 5905 Figure 4 gives these days; the NTP era and era offset of each are from there. */
static const struct
{
  gint64 unix_s;
  guint32 era_offset;
} days[] = {
  { 0, 2208988800u },         /* 1970-01-01, first day of Unix, era 0 */
  { 63072000, 2272060800u },  /* 1972-01-01, first day of UTC */
  { 946598400, 3155587200u }, /* 1999-12-31, last day of the 20th century */
  { 2085978496, 0 },          /* 2036-02-07 06:28:16, first day of era 1 */
  { -2208988800, 0 },         /* 1900-01-01, first day of era 0 */
};

static void
knows_the_days_of_rfc5905 (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      NtpTimestamp timestamp = ntp_timestamp_from_unix_ns (days[i].unix_s * NS);
      g_assert_cmpuint ((guint32) (timestamp >> 32), ==, days[i].era_offset);
      g_assert_cmpint (ntp_timestamp_to_unix_ns ((guint64) days[i].era_offset << 32,
                                                 days[i].unix_s * NS + 5 * NS),
                       ==, days[i].unix_s * NS);
    }
}

static void
never_calls_a_known_time_unknown (void)
{
  g_assert_cmpuint (ntp_timestamp_from_unix_ns (2085978496 * NS), ==, 1);
}

static void
keeps_nanoseconds_there_and_back (void)
{
  for (gint64 ns = 1790000000 * NS; ns < 1790000000 * NS + 100003 * 9973; ns += 9973)
    {
      NtpTimestamp timestamp = ntp_timestamp_from_unix_ns (ns);
      g_assert_cmpint (ntp_timestamp_to_unix_ns (timestamp, ns + 1000 * NS), ==, ns);
      g_assert_cmpint (ntp_timestamp_to_unix_ns (timestamp, ns - 60 * 31536000 * NS), ==, ns);
    }
}

static void
takes_the_era_nearest_to_the_pivot (void)
{
  /* 2100-01-01 00:00:00 UTC in era 1. */
  NtpTimestamp timestamp = ntp_timestamp_from_unix_ns (4102444800 * NS);

  g_assert_cmpint (ntp_timestamp_to_unix_ns (timestamp, 4000000000 * NS), ==, 4102444800 * NS);
  g_assert_cmpint (ntp_timestamp_to_unix_ns (timestamp, 0), ==,
                   (4102444800 - G_GINT64_CONSTANT (4294967296)) * NS);
}

static void
does_not_overflow_at_the_ends_of_time (void)
{
  g_assert_cmpint (ntp_timestamp_to_unix_ns (ntp_timestamp_from_unix_ns (G_MAXINT64)
                                                 + (G_GUINT64_CONSTANT (1) << 62),
                                             G_MAXINT64),
                   ==, G_MAXINT64);
  g_assert_cmpint (ntp_timestamp_to_unix_ns (ntp_timestamp_from_unix_ns (G_MININT64)
                                                 - (G_GUINT64_CONSTANT (1) << 62),
                                             G_MININT64),
                   ==, G_MININT64);
  g_assert_cmpint (ntp_difference_ns (0, G_GUINT64_CONSTANT (1) << 63), ==,
                   -G_GINT64_CONSTANT (2147483648) * NS);
}

static void
takes_differences_across_the_era (void)
{
  NtpTimestamp before = G_GUINT64_CONSTANT (0xffffffff80000000); /* half a second before era 1 */
  NtpTimestamp after = G_GUINT64_CONSTANT (0x0000000140000000);  /* 1.25 s into it */

  g_assert_cmpfloat (ntp_difference_s (after, before), ==, 1.75);
  g_assert_cmpfloat (ntp_difference_s (before, after), ==, -1.75);
  g_assert_cmpint (ntp_difference_ns (after, before), ==, 1750000000);
  g_assert_cmpint (ntp_difference_ns (before, after), ==, -1750000000);
  g_assert_cmpuint (ntp_timestamp_add_ns (before, 1750000000), ==, after);
  g_assert_cmpuint (ntp_timestamp_add_ns (after, -1750000000), ==, before);
}

static void
converts_short_seconds (void)
{
  g_assert_cmpfloat (ntp_short_to_s (0x00018000), ==, 1.5);
  g_assert_cmpfloat (ntp_short_to_s (0xffffffff), <, 65536);
  g_assert_cmphex (ntp_short_from_s (1.5), ==, 0x00018000);
  g_assert_cmphex (ntp_short_from_s (1e-9), ==, 1);
  g_assert_cmphex (ntp_short_from_s (0), ==, 0);
  g_assert_cmphex (ntp_short_from_s (-3), ==, 0);
  g_assert_cmphex (ntp_short_from_s (65536), ==, 0xffffffff);
  g_assert_cmphex (ntp_short_from_s (INFINITY), ==, 0xffffffff);
  g_assert_cmphex (ntp_short_from_s (NAN), ==, 0);
}

/* Our clock 2.5 s slow, 30 ms out, 10 ms in the server, 20 ms back. */
static void
gives_offset_and_delay_their_signs (void)
{
  NtpTimestamp t1 = G_GUINT64_CONSTANT (0xffffffff00000000);
  NtpTimestamp t2 = ntp_timestamp_add_ns (t1, 2530000000);
  NtpTimestamp t3 = ntp_timestamp_add_ns (t1, 2540000000);
  NtpTimestamp t4 = ntp_timestamp_add_ns (t1, 60000000);

  g_assert_cmpfloat_with_epsilon (ntp_offset_s (t1, t2, t3, t4), 2.505, 1e-9);
  g_assert_cmpfloat_with_epsilon (ntp_delay_s (t1, t2, t3, t4), 0.05, 1e-9);
  g_assert_cmpfloat_with_epsilon (ntp_delay_s (t1, t2, t3, t3), 2.53, 1e-9);
  g_assert_cmpfloat_with_epsilon (ntp_delay_s (t1, t2, ntp_timestamp_add_ns (t2, NS), t4), -0.94,
                                  1e-9);
}

/* The two halves of the formula must not wrap apart and cancel out. */
static void
sees_half_an_era_as_far_away (void)
{
  NtpTimestamp t1 = G_GUINT64_CONSTANT (0x1000000000000000);
  NtpTimestamp t2 = t1 + (G_GUINT64_CONSTANT (1) << 63) - 1;
  NtpTimestamp t4 = ntp_timestamp_add_ns (t1, 50000000);

  g_assert_cmpfloat (fabs (ntp_offset_s (t1, t2, t2, t4)), >, 2147483000.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-time/knows-the-days-of-rfc5905", knows_the_days_of_rfc5905);
  g_test_add_func ("/ntp-time/never-calls-a-known-time-unknown", never_calls_a_known_time_unknown);
  g_test_add_func ("/ntp-time/keeps-nanoseconds-there-and-back", keeps_nanoseconds_there_and_back);
  g_test_add_func ("/ntp-time/takes-the-era-nearest-to-the-pivot",
                   takes_the_era_nearest_to_the_pivot);
  g_test_add_func ("/ntp-time/does-not-overflow-at-the-ends-of-time",
                   does_not_overflow_at_the_ends_of_time);
  g_test_add_func ("/ntp-time/takes-differences-across-the-era", takes_differences_across_the_era);
  g_test_add_func ("/ntp-time/converts-short-seconds", converts_short_seconds);
  g_test_add_func ("/ntp-time/gives-offset-and-delay-their-signs",
                   gives_offset_and_delay_their_signs);
  g_test_add_func ("/ntp-time/sees-half-an-era-as-far-away", sees_half_an_era_as_far_away);
  return g_test_run ();
}
