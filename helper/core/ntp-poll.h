/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When a server is asked next in regular running: the polls of all servers are spread evenly over
 * the interval, so that the clock is looked at as often as possible with the same packets, and
 * jittered, so that the world's clients do not come together. */

#pragma once

#include <stdint.h>

typedef struct
{
  int interval_log2; /* log2 s, −10…17 */
  int64_t epoch_ns;  /* intervals are counted from here */
  unsigned rank;     /* this server is the rank-th, from 0, */
  unsigned n;        /* of n, at least 1 */
} NtpPollPlan;

int64_t ntp_poll_interval_ns (int interval_log2);

/* The time for this server that lies one interval after @last_ns, give or take half an interval
 * while the server falls into step, and 5 %. @random: from 0 to 1. */
int64_t ntp_poll_next_ns (const NtpPollPlan *plan, int64_t last_ns, double random);
