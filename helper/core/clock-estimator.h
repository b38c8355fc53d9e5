/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The samples of all believable servers → offset, frequency and uncertainty of our one oscillator.
 *
 * The estimator knows only the "free" clock: ours less everything that was ever added to it (see
 * clock_discipline_correction_s ()). Steps and slews, ours and others', therefore never disturb it.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_SOURCE_DELAYS 64 /* delays kept per source, for the minimum and the mean excess */

/* What is remembered of one server's path. Lives in its association. */
typedef struct
{
  float delays_s[CLOCK_SOURCE_DELAYS];
  unsigned n_delays; /* kept */
  unsigned next;     /* to be overwritten */
  uint64_t samples;  /* taken altogether */
} ClockSource;

/* One authenticated measurement of the free clock. */
typedef struct
{
  int64_t at_ns;   /* monotonic, when the reply came */
  double offset_s; /* server − free clock */
  double delay_s;  /* round trip, above 0 */
  double error_s;  /* what the server says of itself: root delay / 2 + root dispersion, and
                      precisions */
} ClockSample;

typedef struct
{
  double offset_s;      /* of the free clock, positive = slow */
  double offset_sd_s;   /* one standard deviation */
  double uncertainty_s; /* the truth lies within offset ± this in at least 99 % of all seconds */
  double frequency_ppm; /* positive = runs slow by itself */
  double frequency_sd_ppm;
} ClockEstimate;

typedef struct ClockEstimator ClockEstimator;

/* @frequency_ppm ± @frequency_sd_ppm: what is known before the first sample. */
void
clock_estimator_init (ClockEstimator *estimator, double frequency_ppm, double frequency_sd_ppm);
void clock_source_init (ClockSource *source);

/* Takes in a sample; samples come in the order of time. False when it was put down as an outlier.
 */
bool
clock_estimator_add (ClockEstimator *estimator, ClockSource *source, const ClockSample *sample);

/* False before the first sample. @at_ns may lie in the future. */
bool clock_estimator_at (const ClockEstimator *estimator, int64_t at_ns, ClockEstimate *estimate);

/* The offset may have moved by about @offset_sd_s unseen (suspend, a pause of the virtual machine).
 */
void clock_estimator_widen (ClockEstimator *estimator, double offset_sd_s);

/* The exponent of the poll interval, log2 s, at which @n_sources servers should be polled now so
 * that the predicted uncertainty stays where the path allows; between the two bounds. */
int clock_estimator_poll_log2 (const ClockEstimator *estimator, unsigned n_sources,
                               int minimum_log2, int maximum_log2);
