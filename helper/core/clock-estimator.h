/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The samples of all believable servers → offset, frequency and uncertainty of our one oscillator.
 *
 * The estimator knows only the free clock: ours less everything that was ever added to it, read in
 * its own time (clock_discipline_free_ns ()). Steps and slews, ours and others', therefore never
 * disturb it. How it works is told in estimator.md. */

#pragma once

#include "clock-source.h"

#define CLOCK_FILTERS 7 /* hypotheses of how much the oscillator wanders */

/* One authenticated measurement of the free clock. clock_discipline_sample () makes it. */
typedef struct
{
  int64_t at_ns;     /* free time of the middle of the exchange */
  int64_t offset_ns; /* server − free clock */
  double delay_s;    /* round trip; below a microsecond counts as one */
  double error_s;    /* what the server says of itself: root delay / 2 + root dispersion, and
                        precisions */
} ClockSample;

/* clock_discipline_offset_s () gives the offset of our clock that follows from it. */
typedef struct
{
  int64_t at_ns;        /* free time */
  int64_t offset_ns;    /* of the free clock, positive = slow */
  double offset_sd_s;   /* one standard deviation */
  double uncertainty_s; /* the truth lies within offset ± this in at least 99 % of all seconds */
  double frequency_ppm; /* positive = runs slow by itself */
  double frequency_sd_ppm;
  double watched_s; /* for so long the clock was looked at; a pause counts no longer than what
                       was watched before it, and a minute */
} ClockEstimate;

/* A Kalman filter that believes in one strength of the oscillator's random walk. */
typedef struct
{
  double offset_s;  /* above the estimator's base */
  double frequency; /* s/s */
  double p_oo;      /* covariance of the two */
  double p_of;
  double p_ff;
  double log_likelihood; /* recent; of the best filter 0 */
} ClockFilter;

/* Samples in a row that contradict the estimate and agree with each other. */
typedef struct
{
  unsigned n;
  double residual_s; /* of the first one */
  double half_width_s;
} ClockContradiction;

/* Private, and here only so that it can be a member of others. */
typedef struct
{
  ClockFilter filters[CLOCK_FILTERS];
  int64_t base_ns;
  int64_t at_ns;      /* free time of the filters */
  int64_t started_ns; /* of the first sample */
  double watched_s;
  bool started;
  ClockContradiction contradiction;

  /* Of all servers; recent sums, weighted as each sample deserves. */
  double weight;
  double residual;
  double bias_square; /* of the servers' biases */
  double share;       /* of the server's weight in that of all */

  /* Recent means. */
  double queueing_s;
  double asymmetry_s;
  double error_s;
} ClockEstimator;

/* @frequency_ppm ± @frequency_sd_ppm: what is known before the first sample. */
void clock_estimator_init (ClockEstimator *estimator, double frequency_ppm,
                           double frequency_sd_ppm);

/* Takes in a sample; samples come in the order of time (an older one counts as of now). False when
 * it contradicts what was known and weighs next to nothing, or is no number. */
bool clock_estimator_add (ClockEstimator *estimator, ClockSource *source,
                          const ClockSample *sample);

/* A server is believed no more, or gone: what it said of its bias no longer counts against the
 * others'. (What is known of its path stays; clock_source_init () forgets that, too, but must come
 * after.) */
void clock_estimator_forget (ClockEstimator *estimator, ClockSource *source);

/* False before the first sample. @at_ns: free time, may lie in the future. */
bool clock_estimator_at (const ClockEstimator *estimator, int64_t at_ns, ClockEstimate *estimate);

/* The offset may have moved by about @offset_sd_s unseen (suspend, a pause of the virtual machine).
 */
void clock_estimator_widen (ClockEstimator *estimator, double offset_sd_s);

/* The interval at which each server should be polled now, s, between the two bounds, which are
 * positive. Spread the polls of different servers evenly over it: the estimator gains from each. */
double clock_estimator_poll_s (const ClockEstimator *estimator, double minimum_s, double maximum_s);
