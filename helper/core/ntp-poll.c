/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-poll.h"

#include <math.h>

#define NS_PER_S 1e9
#define JITTER   0.05 /* of the interval, to both sides */
#define SURPLUS                                                                                    \
  (1 / 48.0) /* the interval is longer by this, so that on average, with bursts and                \
                early polls, nobody is asked more often than it says */

int64_t
ntp_poll_next_ns (const NtpPollPlan *plan, double random)
{
  double interval_s = plan->interval_s * (1 + SURPLUS);
  double wait_s = plan->n > 1 ? interval_s / 2 : interval_s;
  if (plan->queue_end_ns != NTP_POLL_NONE)
    {
      double queue_s = (double) (plan->queue_end_ns - plan->last_ns) / NS_PER_S;
      wait_s = queue_s + interval_s / plan->n;
      wait_s = fmax (interval_s / 2, fmin (interval_s * 3 / 2, wait_s));
    }
  wait_s += JITTER * (2 * random - 1) * interval_s;
  return plan->last_ns + llround (wait_s * NS_PER_S);
}
