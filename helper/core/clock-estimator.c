/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-estimator.h"

#include <math.h>

/* The random walk of the frequency, s/s per √s, of the first filter and from one to the next: from
 * a rubidium clock's to a cheap crystal's in the sun. */
#define WANDER_FIRST 3.16e-11
#define WANDER_RATIO 3.16227766

#define FORGETTING        0.98 /* a filter's likelihood fades to 1/e in fifty samples */
#define OUTLIER_SIGMA     4.0
#define OUTLIERS_MOST     7    /* in a row; then it is the clock that moved and not the samples */
#define STAMP_SD_S        1e-7 /* of reading clocks, at the very best */
#define DELAY_LEAST_S     1e-6
#define DELAY_MOST_S      16.0  /* RFC 5905 §7.2, MAXDISP */
#define FREQUENCY_LARGEST 1e-3  /* beyond this an oscillator is broken */
#define OFFSET_LARGEST_S  4.2e9 /* differences of NTP timestamps end at 2^31 s */
#define UNCERTAINTY_SIGMA 2.8
#define NS_PER_S          1e9

void
clock_source_init (ClockSource *source)
{
  *source = (ClockSource){ 0 };
}

static void
source_add_delay (ClockSource *source, double delay_s)
{
  source->delays_s[source->next] = (float) delay_s;
  source->next = (source->next + 1) % CLOCK_SOURCE_DELAYS;
  if (source->n_delays < CLOCK_SOURCE_DELAYS)
    source->n_delays++;
}

/* With exponential queueing in both directions, the error of an offset whose delay is e above the
 * shortest possible is uniform within ±e/2. That shortest one is below the shortest seen, by J/n
 * in the mean, where J is the mean of the queueing of one direction. Before anything is known of
 * the queueing, all of the delay may be queueing. */
static double
source_variance (const ClockSource *source, double delay_s)
{
  double n = source->n_delays;
  double minimum_s = delay_s;
  double sum_s = 0;
  for (unsigned i = 0; i < source->n_delays; i++)
    {
      minimum_s = fmin (minimum_s, (double) source->delays_s[i]);
      sum_s += (double) source->delays_s[i];
    }

  double queueing_s = (minimum_s / 4 + (sum_s - n * minimum_s) / 2) / n;
  double width_s = delay_s - minimum_s + 4 * queueing_s / n;
  return width_s * width_s / 12 + 0.0225 * queueing_s * queueing_s + STAMP_SD_S * STAMP_SD_S;
}

void
clock_estimator_init (ClockEstimator *estimator, double frequency_ppm, double frequency_sd_ppm)
{
  double frequency = fmax (-FREQUENCY_LARGEST, fmin (FREQUENCY_LARGEST, frequency_ppm * 1e-6));
  double sd = fmin (FREQUENCY_LARGEST, frequency_sd_ppm * 1e-6);
  *estimator = (ClockEstimator){ 0 };
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    estimator->filters[i] = (ClockFilter){
      .frequency = frequency,
      .p_ff = sd * sd,
    };
}

/* x ← F x, P ← F P Fᵀ + Q with F = [1 t; 0 1] and Q = q² [t³/3 t²/2; t²/2 t]. */
static void
filter_predict (ClockFilter *filter, double wander, double t)
{
  double q = wander * wander * t;
  filter->offset_s += filter->frequency * t;
  filter->p_oo += t * (2 * filter->p_of + t * filter->p_ff) + q * t * t / 3;
  filter->p_of += t * filter->p_ff + q * t / 2;
  filter->p_ff += q;
}

static void
filters_predict (ClockFilter filters[], double t)
{
  double wander = WANDER_FIRST;
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    {
      filter_predict (&filters[i], wander, t);
      wander *= WANDER_RATIO;
    }
}

/* Takes in one measurement with the given variance. */
static void
filter_update (ClockFilter *filter, double innovation_s, double variance)
{
  double s = filter->p_oo + variance;
  double gain_o = filter->p_oo / s;
  double gain_f = filter->p_of / s;
  filter->offset_s += gain_o * innovation_s;
  filter->frequency += gain_f * innovation_s;
  filter->frequency = fmax (-FREQUENCY_LARGEST, fmin (FREQUENCY_LARGEST, filter->frequency));
  filter->p_ff = fmax (filter->p_ff - gain_f * filter->p_of, 0);
  filter->p_of *= variance / s;
  filter->p_oo *= variance / s;
}

/* Mean and covariance of the mixture. */
static ClockFilter
filters_mix (const ClockFilter filters[])
{
  ClockFilter mix = { 0 };
  double weights[CLOCK_FILTERS];
  double sum = 0;
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    sum += weights[i] = exp (filters[i].log_likelihood);
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    {
      weights[i] /= sum;
      mix.offset_s += weights[i] * filters[i].offset_s;
      mix.frequency += weights[i] * filters[i].frequency;
    }
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    {
      double offset_s = filters[i].offset_s - mix.offset_s;
      double frequency = filters[i].frequency - mix.frequency;
      mix.p_oo += weights[i] * (filters[i].p_oo + offset_s * offset_s);
      mix.p_of += weights[i] * (filters[i].p_of + offset_s * frequency);
      mix.p_ff += weights[i] * (filters[i].p_ff + frequency * frequency);
    }
  return mix;
}

/* How well each filter foresaw the measurement; the best one's is set to 0. */
static void
filters_judge (ClockFilter filters[], double offset_s, double variance)
{
  double best = -INFINITY;
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    {
      double innovation_s = offset_s - filters[i].offset_s;
      double s = filters[i].p_oo + variance;
      double log_density = -0.5 * (innovation_s * innovation_s / s + log (s));
      filters[i].log_likelihood = FORGETTING * filters[i].log_likelihood + log_density;
      best = fmax (best, filters[i].log_likelihood);
    }
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    filters[i].log_likelihood -= best;
}

/* So that differences of two cannot overflow. */
static int64_t
clamp_ns (int64_t ns)
{
  const int64_t most = (int64_t) (OFFSET_LARGEST_S * NS_PER_S);
  return ns > most ? most : ns < -most ? -most : ns;
}

static bool
sample_is_sane (const ClockSample *sample)
{
  return isfinite (sample->delay_s) && isfinite (sample->error_s) && sample->error_s >= 0;
}

void
clock_estimator_widen (ClockEstimator *estimator, double offset_sd_s)
{
  double sd_s = fmin (fabs (offset_sd_s), OFFSET_LARGEST_S);
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    estimator->filters[i].p_oo += sd_s * sd_s;
}

static void
estimator_start (ClockEstimator *estimator, const ClockSample *sample, int64_t offset_ns,
                 double variance)
{
  estimator->base_ns = offset_ns;
  estimator->at_ns = sample->at_ns;
  estimator->error_s = sample->error_s;
  estimator->started = true;
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    estimator->filters[i].p_oo = variance;
}

bool
clock_estimator_add (ClockEstimator *estimator, ClockSource *source, const ClockSample *sample)
{
  if (!sample_is_sane (sample))
    return false;

  double delay_s = fmax (DELAY_LEAST_S, fmin (DELAY_MOST_S, sample->delay_s));
  source_add_delay (source, delay_s);
  double variance = source_variance (source, delay_s);
  int64_t offset_ns = clamp_ns (sample->offset_ns);
  if (!estimator->started)
    {
      estimator_start (estimator, sample, offset_ns, variance);
      return true;
    }

  if (sample->at_ns > estimator->at_ns)
    {
      filters_predict (estimator->filters, (double) (sample->at_ns - estimator->at_ns) / NS_PER_S);
      estimator->at_ns = sample->at_ns;
    }
  estimator->error_s += (sample->error_s - estimator->error_s) / 8;

  double offset_s = (double) (offset_ns - estimator->base_ns) / NS_PER_S;
  ClockFilter mix = filters_mix (estimator->filters);
  double innovation_s = offset_s - mix.offset_s;
  double limit = innovation_s * innovation_s / (OUTLIER_SIGMA * OUTLIER_SIGMA);
  bool outlier = limit > mix.p_oo + variance;
  estimator->outliers = outlier ? estimator->outliers + 1 : 0;
  if (estimator->outliers == OUTLIERS_MOST)
    {
      clock_estimator_widen (estimator, innovation_s);
      estimator->outliers = 0;
    }
  else if (outlier)
    variance = limit - mix.p_oo;
  else
    filters_judge (estimator->filters, offset_s, variance);

  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    filter_update (&estimator->filters[i], offset_s - estimator->filters[i].offset_s, variance);
  return !outlier;
}

bool
clock_estimator_at (const ClockEstimator *estimator, int64_t at_ns, ClockEstimate *estimate)
{
  if (!estimator->started)
    return false;

  ClockFilter filters[CLOCK_FILTERS];
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    filters[i] = estimator->filters[i];
  filters_predict (filters, fmax (0, (double) (at_ns - estimator->at_ns) / NS_PER_S));

  ClockFilter mix = filters_mix (filters);
  double offset_s = fmax (-OFFSET_LARGEST_S, fmin (OFFSET_LARGEST_S, mix.offset_s));
  *estimate = (ClockEstimate){
    .at_ns = at_ns,
    .offset_ns = estimator->base_ns + llround (offset_s * NS_PER_S),
    .offset_sd_s = sqrt (mix.p_oo),
    .uncertainty_s = UNCERTAINTY_SIGMA * sqrt (mix.p_oo) + estimator->error_s,
    .frequency_ppm = mix.frequency * 1e6,
    .frequency_sd_ppm = sqrt (mix.p_ff) * 1e6,
  };
  return true;
}

int
clock_estimator_poll_log2 (const ClockEstimator *estimator, unsigned n_sources, int minimum_log2,
                           int maximum_log2)
{
  return estimator->started ? maximum_log2 : minimum_log2;
}
