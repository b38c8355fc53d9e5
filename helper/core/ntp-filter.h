/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The last samples of one server, and which of them says most about now (RFC 5905 §10). What the
 * clock is set by comes from the estimator, which has all samples of all servers; this is for
 * judging the server. Times are free time, see clock-discipline.h. */

#pragma once

#include "clock-estimator.h"

#define NTP_FILTER_STAGES 8 /* RFC 5905 §10, NSTAGE */

typedef struct
{
  unsigned n;
  unsigned newest;
  unsigned best;   /* has the narrowest interval */
  uint8_t waiting; /* bit i: samples[i] has not gone to the estimator */
  ClockSample samples[NTP_FILTER_STAGES];
} NtpFilter;

/* Half the width of the interval around the offset of @sample that holds the truth at @at_ns, when
 * the free clock may run off by @drift (s/s) unforeseen: the root distance of RFC 5905 §11.2.3. */
double ntp_filter_distance_s (const ClockSample *sample, double drift, int64_t at_ns);

/* Forgets all samples. */
void ntp_filter_clear (NtpFilter *filter);

/* Keeps @sample as the newest. Older ones that contradict it go: whether the server or our clock
 * has moved, they tell nothing about now; then false. @frequency, @drift: of the free clock, and
 * how far that may be wrong, s/s. */
bool ntp_filter_add (NtpFilter *filter, const ClockSample *sample, double frequency, double drift);

/* The sample with the narrowest interval of those not older than @since_ns, or NULL. */
const ClockSample *ntp_filter_best (const NtpFilter *filter, int64_t since_ns);

/* RMS of the samples against the best one, s; 0 when there are fewer than two. */
double ntp_filter_jitter_s (const NtpFilter *filter);
