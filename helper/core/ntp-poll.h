/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When a server is asked next in regular running. The servers are asked in turn, evenly spread, so
 * that the clock is looked at as often as possible with the same packets; and jittered, so that the
 * world's clients do not come together. */

#pragma once

#include <stdint.h>

#define NTP_POLL_NONE INT64_MIN

typedef struct
{
  double interval_s;    /* from one poll of this server to its next */
  unsigned n;           /* servers that are asked in turn, with this one; 1 = it is asked alone */
  int64_t last_ns;      /* its last poll */
  int64_t queue_end_ns; /* the latest turn that is planned of the others; NTP_POLL_NONE = none is */
} NtpPollPlan;

/* The end of the queue: the n-th part of the interval after the last turn in it, which is an
 * interval after @last_ns once all are in step, and meanwhile up to half an interval earlier or
 * later. */
int64_t ntp_poll_turn_ns (const NtpPollPlan *plan);

/* When the server is asked whose turn it is then: 5 % of the interval earlier or later. Turns are
 * counted without that, for the latest of many would always be one that is late. @random: from 0 to
 * 1. */
int64_t ntp_poll_jitter_ns (const NtpPollPlan *plan, double random);
