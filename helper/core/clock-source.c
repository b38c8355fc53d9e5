/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-source.h"

#include <math.h>

#define GAMMA_MEDIAN                                                                               \
  1.678 /* of q₁ + q₂, in units of J: the median of the gamma distribution of shape 2 */
#define UNSEEN     2.0 /* the shortest of n delays is at most 2 J/√n too long, in 86 of 100 cases */
#define BLUR       0.1  /* of J; for what is not exponential, stamps and the like */
#define STAMP_SD_S 1e-7 /* at the very best */

#define SEEN_MOST 100000
#define LONE_CHANCE                                                                                \
  1e-3 /* a delay so far below all others that queueing leaves such a gap less often is wrong */

#define TREND_SAMPLES  128.0 /* remembered, about */
#define TREND_LEAST    10.0  /* before it is believed */
#define TREND_BELIEVED 2.0   /* standard errors: to be acted upon, */
#define TREND_FEARED   1.0   /* and to be reckoned with */
#define TREND_STEEPEST 0.49  /* 0.5 would be queueing in one direction only */
#define TILT_LEAST     0.01
#define FIXED_PART     0.1 /* of asymmetric queueing is as much again in the fixed delays */

void
clock_source_init (ClockSource *source)
{
  *source = (ClockSource){ 0 };
}

static void
remember_delay (ClockSource *source, float delay_s)
{
  source->delays_s[source->next] = delay_s;
  source->next = (source->next + 1) % CLOCK_SOURCE_DELAYS;
  if (source->n_delays < CLOCK_SOURCE_DELAYS)
    source->n_delays++;
  if (source->n_seen < SEEN_MOST)
    source->n_seen++;
}

static void
sort_delays (const ClockSource *source, float *sorted)
{
  for (unsigned i = 0; i < source->n_delays; i++)
    {
      float delay_s = source->delays_s[i];
      unsigned j = i;
      for (; j > 0 && sorted[j - 1] > delay_s; j--)
        sorted[j] = sorted[j - 1];
      sorted[j] = delay_s;
    }
}

/* Which of the sorted delays the path's shortest is. None is shorter than possible, but a stamp may
 * be late, and what it makes too short would rule for as long as it is remembered. If the first
 * were right, all others would have queued for longer than the gap to the second. */
static unsigned
find_shortest (const ClockSource *source, const float *sorted)
{
  if (source->n_delays < 3)
    return 0;
  double gap_s = (double) (sorted[1] - sorted[0]);
  double queueing_s = (double) (sorted[source->n_delays / 2] - sorted[0]) / GAMMA_MEDIAN;
  double gap = queueing_s > 0 ? gap_s / queueing_s : 0;
  double log_chance = (source->n_delays - 1) * (log1p (gap) - gap);
  return log_chance < log (LONE_CHANCE) ? 1 : 0;
}

/* The median and not the mean, because bursts say nothing about the quiet times, which matter. One
 * imagined delay that is all queueing, J = D/4 each way and as much of fixed delay, stands for what
 * is not known at first: after one sample the error may be up to half the delay. */
ClockReading
clock_source_read (ClockSource *source, double offset_s, double delay_s)
{
  float sorted[CLOCK_SOURCE_DELAYS];
  remember_delay (source, (float) delay_s);
  sort_delays (source, sorted);

  double n = source->n_delays, n_seen = source->n_seen;
  double shortest_s = (double) sorted[find_shortest (source, sorted)];
  double median_s = (double) sorted[source->n_delays / 2];
  double seen_s = (median_s - shortest_s) / GAMMA_MEDIAN;
  double queueing_s = seen_s + (shortest_s / 2 - seen_s) / n_seen;
  double excess_s = fabs ((double) (float) delay_s - shortest_s);
  double surprise_s = fmax (0, source->floor_s - delay_s) / 2;
  double unseen_s = UNSEEN * queueing_s / sqrt (n);
  double bound_s = (excess_s + unseen_s) / 2;
  source->floor_s = shortest_s - unseen_s;
  return (ClockReading){
    .offset_s = offset_s,
    .half_width_s = bound_s,
    .bound_s = bound_s,
    .noise_s = hypot (BLUR * queueing_s, STAMP_SD_S),
    .queueing_s = queueing_s,
    .excess_s = excess_s,
    .surprise_s = surprise_s,
  };
}

/* A line through the samples. */
typedef struct
{
  double slope;
  double spread; /* sum of squares of e about its mean */
} Line;

/* The slope of residuals on excess delays is (J₁² − J₂²) / 2(J₁² + J₂²) in the long run. Two
 * imagined samples without any draw it to 0; the variance of e is 2 J². */
static Line
trend_line (const ClockTrend *trend, double queueing_s)
{
  if (trend->n < 1)
    return (Line){ 0 };
  double ee = fmax (0, trend->ee - trend->e * trend->e / trend->n);
  double eu = trend->eu - trend->e * trend->u / trend->n;
  return (Line){ .slope = eu / (ee + 4 * queueing_s * queueing_s), .spread = ee };
}

/* What of the slope is left when one of @sigma standard errors, √scatter / spread, counts as none.
 */
static double
trend_slope (const ClockTrend *trend, const Line *line, double sigma)
{
  double seen = line->slope * line->slope * line->spread * line->spread;
  double doubt = sigma * sigma * trend->scatter;
  if (trend->n < TREND_LEAST || seen <= doubt)
    return 0;
  double slope = line->slope * (1 - doubt / seen);
  return fmax (-TREND_STEEPEST, fmin (TREND_STEEPEST, slope));
}

static void
trend_add (ClockTrend *trend, const Line *line, double e, double u)
{
  const double keep = 1 - 1 / TREND_SAMPLES;
  if (trend->n >= 1)
    {
      double aside = e - trend->e / trend->n;
      double misfit = aside * (u - trend->u / trend->n - line->slope * aside);
      trend->scatter = keep * trend->scatter + misfit * misfit;
    }
  trend->n = keep * trend->n + 1;
  trend->e = keep * trend->e + e;
  trend->u = keep * trend->u + u;
  trend->ee = keep * trend->ee + e * e;
  trend->eu = keep * trend->eu + e * u;
}

static double
queueing_ratio (double slope)
{
  return sqrt ((1 + 2 * slope) / (1 - 2 * slope)); /* J₁/J₂ */
}

/* With J₁ ≠ J₂ the errors u within ±w have the density exp (−λu), λ = 1/J₁ − 1/J₂. The interval is
 * replaced by the one of the same mean and variance: with x = λw the mean of u is −w (coth x − 1/x)
 * and its variance w² (1/x² − 1/sinh² x). */
static void
tilt (ClockReading *reading, double slope)
{
  double ratio = queueing_ratio (slope);
  double back_s = 2 * reading->queueing_s / (1 + ratio);
  double x = (1 / ratio - 1) / back_s * reading->half_width_s;
  if (fabs (x) < TILT_LEAST)
    return;

  x = fmax (-100, fmin (100, x));
  double variance = 1 / (x * x) - 1 / (sinh (x) * sinh (x));
  reading->offset_s += reading->half_width_s * (1 / tanh (x) - 1 / x);
  reading->half_width_s *= sqrt (3 * variance);
}

/* (J₁ − J₂)/2 */
static double
asymmetry_s (const ClockReading *reading, double ratio)
{
  return reading->queueing_s * (ratio - 1) / (ratio + 1);
}

void
clock_source_straighten (ClockSource *source, ClockReading *reading, double expected_s, double sd_s)
{
  double offset_s = reading->offset_s;
  double residual_s = offset_s - expected_s;
  Line line = trend_line (&source->trend, reading->queueing_s);
  double ratio = queueing_ratio (trend_slope (&source->trend, &line, TREND_FEARED));
  double slope = trend_slope (&source->trend, &line, TREND_BELIEVED);
  reading->asymmetry_s = asymmetry_s (reading, ratio);
  if (sd_s < reading->queueing_s && fabs (residual_s) < reading->half_width_s + 4 * sd_s)
    trend_add (&source->trend, &line, reading->excess_s, residual_s);
  if (fabs (slope) > 0)
    {
      reading->offset_s -= FIXED_PART * asymmetry_s (reading, queueing_ratio (slope));
      tilt (reading, slope);
    }
  reading->straightened_s = offset_s - reading->offset_s;
}
