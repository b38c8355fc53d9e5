/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-poll.h"

#define NANOSECONDS_PER_S INT64_C (1000000000)
#define JITTER            0.05 /* of the interval, to both sides */
#define SURPLUS                                                                                    \
  64 /* the interval is longer by 1/64, so that on average, with bursts and                        \
        early polls, nobody is asked more often than it says */

int64_t
ntp_poll_interval_ns (int interval_log2)
{
  return interval_log2 >= 0 ? NANOSECONDS_PER_S << interval_log2
                            : NANOSECONDS_PER_S >> -interval_log2;
}

int64_t
ntp_poll_next_ns (const NtpPollPlan *plan, int64_t last_ns, double random)
{
  int64_t interval = ntp_poll_interval_ns (plan->interval_log2);
  interval += interval / SURPLUS;
  int64_t phase = interval * plan->rank / plan->n;
  int64_t since_epoch = last_ns + interval - plan->epoch_ns - phase;
  int64_t turn = (since_epoch + interval / 2) / interval;
  double jitter = JITTER * (2 * random - 1) * (double) interval;
  return plan->epoch_ns + phase + turn * interval + (int64_t) jitter;
}
