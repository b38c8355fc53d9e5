/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-poll.h"

#include <glib.h>

#define S       G_GINT64_CONSTANT (1000000000)
#define SURPLUS (1 + 1 / 48.0) /* every interval is longer by this */

static double
wait_s (const NtpPollPlan *plan, double random)
{
  return (double) (ntp_poll_turn_ns (plan) + ntp_poll_jitter_ns (plan, random) - plan->last_ns)
         * 1e-9;
}

static void
test_alone (void)
{
  NtpPollPlan plan = {
    .interval_s = 64, .n = 1, .last_ns = 1234 * S, .queue_end_ns = NTP_POLL_NONE
  };

  g_assert_cmpfloat_with_epsilon (wait_s (&plan, 0.5), 64 * SURPLUS, 1e-6);
  plan.interval_s = 0.25;
  g_assert_cmpfloat_with_epsilon (wait_s (&plan, 0.5), 0.25 * SURPLUS, 1e-6);
}

static gint64
queue_end (const gint64 *next, guint n, guint self)
{
  gint64 end = NTP_POLL_NONE;

  for (guint i = 0; i < n; i++)
    if (i != self)
      end = MAX (end, next[i]);
  return end;
}

/* Whoever's turn it is is asked, and plans its next poll. */
static guint
ask_next (gint64 *next, guint n, double interval_s)
{
  guint due = 0;

  for (guint i = 0; i < n; i++)
    if (next[i] < next[due])
      due = i;
  NtpPollPlan plan = {
    .interval_s = interval_s, .n = n, .last_ns = next[due], .queue_end_ns = queue_end (next, n, due)
  };
  next[due] = ntp_poll_turn_ns (&plan);
  g_assert_cmpfloat (wait_s (&plan, 0.5), >=, interval_s * SURPLUS * 0.499);
  g_assert_cmpfloat (wait_s (&plan, 0.5), <=, interval_s * SURPLUS * 1.501);
  return due;
}

/* However they begin, and again when the interval has changed, the polls of n servers come to lie
 * evenly in it, each after one interval. */
static void
test_spread (void)
{
  for (guint n = 2; n <= 7; n++)
    {
      gint64 next[7];
      for (guint i = 0; i < n; i++)
        next[i] = 1234 * S + (gint64) (i % 3) * S;
      for (double interval_s = 64; interval_s <= 1024; interval_s *= 2)
        {
          gint64 period_ns = (gint64) (interval_s * SURPLUS * 1e9);
          for (guint i = 0; i < 5 * n; i++)
            ask_next (next, n, interval_s);
          for (guint i = 0; i < n; i++)
            {
              gint64 last = next[ask_next (next, n, interval_s)];
              g_assert_cmpint (ABS (last - queue_end (next, n, n)), <=, n);
              gint64 first = next[0];
              for (guint j = 1; j < n; j++)
                first = MIN (first, next[j]);
              g_assert_cmpint (ABS (last - first - period_ns * (n - 1) / n), <=, n);
            }
        }
    }
}

/* As many servers as are allowed, each asked up to 5 % early or late: on average each after one
 * interval. */
static void
test_many (void)
{
  enum
  {
    N = 256,
    ROUNDS = 20
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  gint64 turns[N], polls[N];
  guint asked = 0;

  for (guint i = 0; i < N; i++)
    turns[i] = polls[i] = i;
  while (TRUE)
    {
      guint due = 0;
      for (guint i = 0; i < N; i++)
        if (polls[i] < polls[due])
          due = i;
      if (polls[due] > ROUNDS * 64 * S)
        break;
      NtpPollPlan plan = {
        .interval_s = 64, .n = N, .last_ns = polls[due], .queue_end_ns = queue_end (turns, N, due)
      };
      turns[due] = ntp_poll_turn_ns (&plan);
      polls[due] = turns[due] + ntp_poll_jitter_ns (&plan, g_rand_double (rand));
      asked++;
    }
  g_assert_cmpuint (asked, >=, N * (ROUNDS - 1));
  g_assert_cmpuint (asked, <=, N * (ROUNDS + 1));
}

/* The first of several does not wait for a whole interval, so that the others can follow within it.
 */
static void
test_first (void)
{
  NtpPollPlan plan = {
    .interval_s = 64, .n = 4, .last_ns = 1234 * S, .queue_end_ns = NTP_POLL_NONE
  };

  g_assert_cmpfloat_with_epsilon (wait_s (&plan, 0.5), 32 * SURPLUS, 1e-6);
}

static void
test_jitter (void)
{
  NtpPollPlan plan = { .interval_s = 1024, .n = 1, .queue_end_ns = NTP_POLL_NONE };
  double middle_s = wait_s (&plan, 0.5);

  g_assert_cmpfloat_with_epsilon (wait_s (&plan, 0), 0.95 * middle_s, 1e-6);
  g_assert_cmpfloat_with_epsilon (wait_s (&plan, 1), 1.05 * middle_s, 1e-6);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-poll/alone", test_alone);
  g_test_add_func ("/ntp-poll/servers-spread-evenly", test_spread);
  g_test_add_func ("/ntp-poll/many-servers", test_many);
  g_test_add_func ("/ntp-poll/first-of-several", test_first);
  g_test_add_func ("/ntp-poll/jitter-of-five-per-cent", test_jitter);
  return g_test_run ();
}
