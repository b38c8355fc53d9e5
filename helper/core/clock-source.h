/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of the path to one server, and what a sample that came over it therefore says.
 *
 * A packet takes at least a fixed time each way, and queues for q₁ on the way there and q₂ on the
 * way back, mostly briefly and sometimes long: exponentially, with means J₁ and J₂. Of a sample we
 * see delay = D + q₁ + q₂ and offset = truth + bias + (q₁ − q₂)/2. So when D is known, the excess
 * e = delay − D bounds the error to ±e/2, and where J₁ = J₂ every error within is equally likely:
 * a sample says "the truth is in this interval", no more and no less. */

#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_SOURCE_DELAYS 64 /* kept per source */

/* Sums of a regression of residuals u on excess delays e; old samples fade. */
typedef struct
{
  double n;
  double e;
  double u;
  double ee;
  double eu;
  double scatter; /* of what the line does not explain, for the error of the slope */
} ClockTrend;

typedef struct
{
  float delays_s[CLOCK_SOURCE_DELAYS];
  unsigned n_delays; /* kept */
  unsigned next;     /* to be overwritten */
  unsigned n_seen;   /* in all, as far as that matters */
  double floor_s;    /* shorter than this no delay can be, the samples so far have claimed */
  ClockTrend trend;
  double weight;    /* of the samples in residual */
  double residual;  /* weighted sum of offset − estimate */
  int64_t faded_ns; /* free time up to which these two have faded */
} ClockSource;

/* The truth is within offset ± half_width, both edges blurred by noise (one standard deviation). */
typedef struct
{
  double offset_s;
  double half_width_s;
  double noise_s;
  double bound_s; /* what half_width_s was before the reading was straightened: the delay allows
                     for no more, */
  double straightened_s; /* and what offset_s was then, less offset_s */
  double queueing_s;     /* J, mean of both directions */
  double excess_s;       /* e */
  double surprise_s;     /* by how much the earlier samples claimed too much for themselves */
  double asymmetry_s; /* (J₁ − J₂)/2; nobody can see whether the fixed delays differ as much */
} ClockReading;

void clock_source_init (ClockSource *source);

/* Reads a sample of @offset_s and @delay_s, which must be above 0, and remembers its delay. */
ClockReading clock_source_read (ClockSource *source, double offset_s, double delay_s);

/* Learns from a reading whether the queueing is asymmetric, and takes what is known of that out of
 * it. @expected_s: the offset as the estimator foresaw it, with standard deviation @sd_s. */
void clock_source_straighten (ClockSource *source, ClockReading *reading, double expected_s,
                              double sd_s);
