/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-poll.h"

#include <math.h>

#define NS_PER_S 1e9
#define JITTER   0.05 /* of the interval, to both sides */
#define SURPLUS                                                                                    \
  (1 / 48.0) /* the interval is longer by this, so that on average, with bursts and                \
                early polls, nobody is asked more often than it says */

static double
interval_s (const NtpPollPlan *plan)
{
  return plan->interval_s * (1 + SURPLUS);
}

int64_t
ntp_poll_turn_ns (const NtpPollPlan *plan)
{
  double whole_s = interval_s (plan);
  double wait_s = plan->n > 1 ? whole_s / 2 : whole_s;

  if (plan->queue_end_ns != NTP_POLL_NONE)
    {
      double queue_s = (double) (plan->queue_end_ns - plan->last_ns) / NS_PER_S;
      wait_s = queue_s + whole_s / plan->n;
      wait_s = fmax (whole_s / 2, fmin (whole_s * 3 / 2, wait_s));
    }
  return plan->last_ns + llround (wait_s * NS_PER_S);
}

int64_t
ntp_poll_jitter_ns (const NtpPollPlan *plan, double random)
{
  return llround (JITTER * (2 * random - 1) * interval_s (plan) * NS_PER_S);
}
