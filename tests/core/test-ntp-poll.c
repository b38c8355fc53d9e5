/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-poll.h"

#include <glib.h>

#define S G_GINT64_CONSTANT (1000000000)

static void
test_intervals (void)
{
  g_assert_cmpint (ntp_poll_interval_ns (6), ==, 64 * S);
  g_assert_cmpint (ntp_poll_interval_ns (0), ==, S);
  g_assert_cmpint (ntp_poll_interval_ns (-2), ==, S / 4);
  g_assert_cmpint (ntp_poll_interval_ns (17), ==, 131072 * S);
}

/* Whenever they begin, the polls of n servers come to lie evenly in the interval. */
static void
test_spread (void)
{
  for (guint n = 1; n <= 7; n++)
    for (guint rank = 0; rank < n; rank++)
      {
        NtpPollPlan plan = { .interval_log2 = 6, .epoch_ns = 1234 * S, .rank = rank, .n = n };
        gint64 next = 1234 * S + 3 * S;
        for (guint i = 0; i < 5; i++)
          {
            gint64 last = next;
            next = ntp_poll_next_ns (&plan, last, 0.5);
            g_assert_cmpint (next - last, >=, 65 * S / 2);
            g_assert_cmpint (next - last, <=, 65 * S * 3 / 2);
            g_assert_cmpint ((next - 1234 * S) % (65 * S), ==, 65 * S * rank / n);
          }
      }
}

static void
test_jitter (void)
{
  NtpPollPlan plan = { .interval_log2 = 10, .epoch_ns = 0, .rank = 0, .n = 1 };
  gint64 middle = ntp_poll_next_ns (&plan, 5000 * S, 0.5);

  g_assert_cmpint (ABS (ntp_poll_next_ns (&plan, 5000 * S, 0) - middle + 1040 * S / 20), <, S);
  g_assert_cmpint (ABS (ntp_poll_next_ns (&plan, 5000 * S, 1) - middle - 1040 * S / 20), <, S);
  /* It does not add up. */
  gint64 next = 5000 * S;
  for (guint i = 0; i < 100; i++)
    next = ntp_poll_next_ns (&plan, next, 1);
  g_assert_cmpint (ABS (next - 5000 * S - 100 * 1040 * S), <, 1040 * S);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-poll/intervals", test_intervals);
  g_test_add_func ("/ntp-poll/servers-spread-evenly", test_spread);
  g_test_add_func ("/ntp-poll/jitter-of-five-per-cent", test_jitter);
  return g_test_run ();
}
