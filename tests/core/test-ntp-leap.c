/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-leap.h"

#include <glib.h>

static NtpTimestamp
at (int year, int month, int day, int hour, int minute, int second)
{
  g_autoptr (GDateTime) time = g_date_time_new_utc (year, month, day, hour, minute, second);
  return ntp_timestamp_from_unix_ns (g_date_time_to_unix (time) * 1000000000);
}

/* Every day of a century. */
static void
test_days (void)
{
  const NtpLeapVotes votes = { .insert = 3, .all = 3 };
  g_autoptr (GDateTime) day = g_date_time_new_utc (1972, 1, 1, 0, 0, 0);

  while (g_date_time_get_year (day) < 2100)
    {
      int month = g_date_time_get_month (day), of_month = g_date_time_get_day_of_month (day);
      gboolean expected = (month == 6 && of_month == 30) || (month == 12 && of_month == 31);
      NtpTimestamp first = ntp_timestamp_from_unix_ns (g_date_time_to_unix (day) * 1000000000);
      NtpTimestamp last = first + ((NtpTimestamp) 86399 << 32);
      g_assert_cmpint (ntp_leap_decide (&votes, first), ==,
                       expected ? NTP_LEAP_INSERT : NTP_LEAP_NONE);
      g_assert_cmpint (ntp_leap_decide (&votes, last), ==,
                       expected ? NTP_LEAP_INSERT : NTP_LEAP_NONE);
      GDateTime *next = g_date_time_add_days (day, 1);
      g_date_time_unref (day);
      day = next;
    }
}

static void
test_votes (void)
{
  static const struct
  {
    NtpLeapVotes votes;
    uint8_t leap;
  } cases[] = { { { 2, 0, 3 }, NTP_LEAP_INSERT }, { { 1, 0, 3 }, NTP_LEAP_NONE },
                { { 2, 0, 4 }, NTP_LEAP_NONE },   { { 0, 2, 3 }, NTP_LEAP_DELETE },
                { { 2, 2, 4 }, NTP_LEAP_NONE },   { { 0, 0, 0 }, NTP_LEAP_NONE },
                { { 1, 0, 1 }, NTP_LEAP_INSERT } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (ntp_leap_decide (&cases[i].votes, at (2016, 12, 31, 12, 0, 0)), ==,
                     cases[i].leap);
}

static void
test_near (void)
{
  g_assert_true (ntp_leap_near (at (2016, 12, 31, 23, 59, 56)));
  g_assert_true (ntp_leap_near (at (2017, 1, 1, 0, 0, 3)));
  g_assert_true (ntp_leap_near (at (2015, 6, 30, 23, 59, 59)));
  g_assert_true (ntp_leap_near (at (2015, 7, 1, 0, 0, 0)));
  g_assert_false (ntp_leap_near (at (2016, 12, 31, 23, 59, 50)));
  g_assert_false (ntp_leap_near (at (2017, 1, 1, 0, 0, 10)));
  g_assert_false (ntp_leap_near (at (2016, 12, 31, 0, 0, 1)));
  g_assert_false (ntp_leap_near (at (2016, 11, 30, 23, 59, 59)));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-leap/only-last-of-june-and-december", test_days);
  g_test_add_func ("/ntp-leap/by-majority", test_votes);
  g_test_add_func ("/ntp-leap/near-midnight", test_near);
  return g_test_run ();
}
