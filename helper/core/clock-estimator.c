/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is computed here and why, with all formulas, is told in estimator.md beside this file. */

#include "clock-estimator.h"

#include <math.h>

/* The random walk of the frequency, s/s per √s, of the first filter and from one to the next: from
 * a good quartz at rest to a bad one in the sun. */
#define WANDER_FIRST 3e-10
#define WANDER_RATIO 3.16227766

#define FORGETTING     0.98
#define USELESS_SHARE  0.01 /* of the samples */
#define USELESS_SPREAD 20.0 /* how far they lie about, in widths */

#define BIAS_MEMORY_S  43200.0
#define BIAS_PER_DELAY 0.02 /* what to expect of an unknown path */
#define BIAS_WEIGHT    0.01 /* in weighing paths against each other: long ones are likely worse */
#define BIAS_SIGMA     2.0  /* a bias of fewer standard errors counts as none */

#define CONTRADICTION_SIGMA 4.0
#define CONTRADICTIONS_MOST 3

#define UNCERTAINTY_SIGMA     2.8
#define UNCERTAINTY_ASYMMETRY 2.0

#define FREQUENCY_UNKNOWN 1e-4 /* one standard deviation of what oscillators do */
#define FORGIVEN_LEAST_S  16.0

#define POLL_QUEUEING 1.1
#define POLL_WATCHED  0.16
#define POLL_HALVINGS 6    /* of its logarithm: to some per cent */
#define WATCH_FIRST_S 64.0 /* the first pause between samples counts up to this */

#define DELAY_LEAST_S     1e-6
#define DELAY_MOST_S      16.0  /* RFC 5905 §7.2, MAXDISP */
#define FREQUENCY_LARGEST 1e-3  /* beyond this an oscillator is broken */
#define OFFSET_LARGEST_S  4.2e9 /* differences of NTP timestamps end at 2^31 s */
#define P_FF_LEAST        1e-24
#define NS_PER_S          1e9
#define SQRT_2PI          2.50662827463100050
#define SQRT_HALF         0.70710678118654752

static double
clamp (double value, double most)
{
  return fmax (-most, fmin (most, value));
}

/* So that differences of two cannot overflow. */
static int64_t
clamp_ns (int64_t ns)
{
  const int64_t most = (int64_t) (OFFSET_LARGEST_S * NS_PER_S);
  return ns > most ? most : ns < -most ? -most : ns;
}

/* ---- One filter ---- */

static void
filter_predict (ClockFilter *filter, double wander, double t)
{
  double q = wander * wander * t;
  filter->offset_s += filter->frequency * t;
  filter->p_oo += t * (2 * filter->p_of + t * filter->p_ff) + q * t * t / 3;
  filter->p_of += t * filter->p_ff + q * t / 2;
  filter->p_ff += q;
}

static double
density (double x)
{
  return exp (-x * x / 2) / SQRT_2PI;
}

/* Of the standard normal distribution between @a < @b: how much of it there is, its mean and
 * variance. Computed on the negative side, where nothing cancels. */
static double
cut_normal (double a, double b, double *mean, double *variance)
{
  bool mirrored = a + b > 0;
  double low = mirrored ? -b : a;
  double high = mirrored ? -a : b;
  double share = (erfc (-high * SQRT_HALF) - erfc (-low * SQRT_HALF)) / 2;
  *mean = 0;
  *variance = 1;
  if (share < 1e-30)
    return 0;

  double left = density (low), right = density (high);
  double m = (left - right) / share;
  *variance = fmax (1e-3, fmin (1, 1 + (low * left - high * right) / share - m * m));
  *mean = mirrored ? -m : m;
  return share;
}

/* Takes in a reading; returns the density that it was foreseen with. */
static double
filter_update (ClockFilter *filter, const ClockReading *reading)
{
  double s = filter->p_oo + reading->noise_s * reading->noise_s;
  double sd_s = sqrt (s);
  double off_s = reading->offset_s - filter->offset_s;
  double width_s = reading->half_width_s;
  double mean, variance;
  double share = cut_normal ((off_s - width_s) / sd_s, (off_s + width_s) / sd_s, &mean, &variance);
  double useful = (1 - USELESS_SHARE) * share / (2 * width_s);
  double useless = USELESS_SHARE / (USELESS_SPREAD * (width_s + sd_s));
  double trust = useful / (useful + useless);

  double shift_s = trust * mean * sd_s;
  double learnt = s * trust * (1 - variance - (1 - trust) * mean * mean);
  double gain_o = filter->p_oo / s;
  double gain_f = filter->p_of / s;
  filter->offset_s += gain_o * shift_s;
  filter->frequency = clamp (filter->frequency + gain_f * shift_s, FREQUENCY_LARGEST);
  filter->p_oo -= gain_o * gain_o * learnt;
  filter->p_of -= gain_o * gain_f * learnt;
  filter->p_ff = fmax (P_FF_LEAST, filter->p_ff - gain_f * gain_f * learnt);
  return useful + useless;
}

/* ---- All filters ---- */

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

static void
filters_update (ClockFilter filters[], const ClockReading *reading)
{
  double best = -INFINITY;
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    {
      filters[i].log_likelihood *= FORGETTING;
      filters[i].log_likelihood += log (filter_update (&filters[i], reading));
      best = fmax (best, filters[i].log_likelihood);
    }
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    filters[i].log_likelihood -= best;
}

/* Mean and variances of the mixture. */
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
      mix.p_ff += weights[i] * (filters[i].p_ff + frequency * frequency);
    }
  return mix;
}

void
clock_estimator_widen (ClockEstimator *estimator, double offset_sd_s)
{
  double sd_s = fmin (fabs (offset_sd_s), OFFSET_LARGEST_S);
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    estimator->filters[i].p_oo =
        fmin (estimator->filters[i].p_oo + sd_s * sd_s, OFFSET_LARGEST_S * OFFSET_LARGEST_S);
}

static void
widen_frequency (ClockEstimator *estimator, double sd)
{
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    {
      double p_ff = estimator->filters[i].p_ff + sd * sd;
      estimator->filters[i].p_ff =
          fmin (p_ff, fmax (estimator->filters[i].p_ff, FREQUENCY_UNKNOWN * FREQUENCY_UNKNOWN));
    }
}

/* A path that shows itself shorter than thought: what its earlier samples said was less sure. */
static void
forgive (ClockEstimator *estimator, const ClockSource *source, const ClockReading *reading)
{
  if (!(reading->surprise_s > 0) || !(estimator->weight > 0))
    return;
  double share = fmin (1, source->weight / estimator->weight);
  double seconds =
      fmax (FORGIVEN_LEAST_S, (double) (estimator->at_ns - estimator->started_ns) / NS_PER_S);
  clock_estimator_widen (estimator, share * reading->surprise_s);
  widen_frequency (estimator, share * reading->surprise_s / seconds);
}

/* ---- Biases of servers ---- */

/* All sums fade with the same time, so that their quotients are means over the same samples. */
static void
fade (ClockEstimator *estimator, ClockSource *source, double seconds)
{
  double kept = exp (-seconds / BIAS_MEMORY_S);
  estimator->weight *= kept;
  estimator->residual *= kept;
  estimator->bias_square *= kept;
  estimator->share *= kept;

  double source_s = (double) (estimator->at_ns - source->faded_ns) / NS_PER_S;
  double source_kept = source->weight > 0 ? exp (-fmax (0, source_s) / BIAS_MEMORY_S) : 0;
  source->weight *= source_kept;
  source->residual *= source_kept;
  source->faded_ns = estimator->at_ns;
}

void
clock_estimator_forget (ClockEstimator *estimator, ClockSource *source)
{
  fade (estimator, source, 0);
  double weight = fmax (0, estimator->weight - source->weight);
  double left = estimator->weight > 0 ? weight / estimator->weight : 0;
  estimator->weight = weight;
  estimator->residual -= source->residual;
  estimator->bias_square *= left;
  estimator->share *= left;
  source->weight = 0;
  source->residual = 0;
}

/* Takes the server's bias out of @reading. A residual beyond half the delay is no bias. What is not
 * known of the bias yet is noise. */
static void
remove_bias (ClockEstimator *estimator, ClockSource *source, ClockReading *reading, double delay_s,
             const ClockFilter *mix)
{
  double residual_s = clamp (reading->offset_s - mix->offset_s, delay_s / 2);
  double width_s = reading->half_width_s;
  double expected_s = BIAS_PER_DELAY * delay_s;
  double weight = 1
                  / (mix->p_oo + width_s * width_s / 3 + reading->noise_s * reading->noise_s
                     + BIAS_WEIGHT * BIAS_WEIGHT * delay_s * delay_s);
  estimator->weight += weight;
  estimator->residual += weight * residual_s;
  source->weight += weight;
  source->residual += weight * residual_s;

  double share = fmin (1, source->weight / estimator->weight);
  double bias_s = source->residual / source->weight - estimator->residual / estimator->weight;
  double seen = bias_s * bias_s;
  estimator->share += weight * share;
  estimator->bias_square += weight * fmax (0, seen - (1 - share) / source->weight);

  reading->offset_s -= bias_s * seen / (seen + BIAS_SIGMA * BIAS_SIGMA / source->weight);
  double unknown = (1 - share) / (source->weight + 1 / (expected_s * expected_s));
  reading->noise_s = sqrt (reading->noise_s * reading->noise_s + unknown);
}

/* Of the mean of the servers' biases: their scatter, by the root of the number of servers, which is
 * one by their mean share. */
static double
bias_sd_s (const ClockEstimator *estimator)
{
  double w = estimator->weight;
  return w > 0 ? sqrt (estimator->bias_square / w * estimator->share / w) : 0;
}

/* ---- Contradictions ---- */

/* True when @reading cannot be, as far as the estimator knows; widens that when the clock moved.
 * Only what its delay proves counts: what packets usually queue is no proof, least of all in a
 * burst. */
static bool
contradicts (ClockEstimator *estimator, const ClockReading *reading, const ClockFilter *mix)
{
  ClockContradiction *before = &estimator->contradiction;
  double width_s = reading->bound_s;
  double residual_s = reading->offset_s + reading->straightened_s - mix->offset_s;
  double margin_s = CONTRADICTION_SIGMA * sqrt (mix->p_oo + reading->noise_s * reading->noise_s);
  if (fabs (residual_s) <= width_s + margin_s)
    {
      before->n = 0;
      return false;
    }

  double apart_s = fabs (residual_s - before->residual_s);
  if (before->n == 0 || apart_s > width_s + before->half_width_s + margin_s)
    *before = (ClockContradiction){ .residual_s = residual_s, .half_width_s = width_s };
  before->n++;
  if (before->n < CONTRADICTIONS_MOST)
    return true;
  before->n = 0;
  clock_estimator_widen (estimator, residual_s);
  return false;
}

/* ---- Public ---- */

void
clock_estimator_init (ClockEstimator *estimator, double frequency_ppm, double frequency_sd_ppm)
{
  double sd = fmin (FREQUENCY_LARGEST, frequency_sd_ppm * 1e-6);
  *estimator = (ClockEstimator){ 0 };
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    estimator->filters[i] = (ClockFilter){
      .frequency = clamp (frequency_ppm * 1e-6, FREQUENCY_LARGEST),
      .p_ff = fmax (P_FF_LEAST, sd * sd),
    };
}

static void
estimator_start (ClockEstimator *estimator, const ClockSample *sample, int64_t offset_ns,
                 double delay_s)
{
  estimator->base_ns = offset_ns;
  estimator->at_ns = sample->at_ns;
  estimator->started_ns = sample->at_ns;
  estimator->error_s = sample->error_s;
  estimator->started = true;
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    estimator->filters[i].p_oo = delay_s * delay_s; /* the sample itself is better */
}

/* Two glances with an hour between are not an hour of watching: a pause counts no longer than what
 * was watched before it, and a first one of a minute is needed to begin with. */
static void
watch (ClockEstimator *estimator, double seconds)
{
  estimator->watched_s += fmin (seconds, WATCH_FIRST_S + estimator->watched_s);
}

/* Goes on to the time of a sample. */
static void
estimator_predict (ClockEstimator *estimator, ClockSource *source, int64_t at_ns)
{
  double seconds = fmax (0, (double) (at_ns - estimator->at_ns) / NS_PER_S);
  filters_predict (estimator->filters, seconds);
  watch (estimator, seconds);
  if (at_ns > estimator->at_ns)
    estimator->at_ns = at_ns;
  fade (estimator, source, seconds);
}

static void
note_means (ClockEstimator *estimator, const ClockReading *reading, double error_s)
{
  if (estimator->queueing_s > 0)
    estimator->queueing_s += (reading->queueing_s - estimator->queueing_s) / 8;
  else
    estimator->queueing_s = reading->queueing_s;
  estimator->asymmetry_s += (fabs (reading->asymmetry_s) - estimator->asymmetry_s) / 16;
  estimator->error_s += (error_s - estimator->error_s) / 8;
}

bool
clock_estimator_add (ClockEstimator *estimator, ClockSource *source, const ClockSample *sample)
{
  if (!isfinite (sample->delay_s) || !isfinite (sample->error_s) || sample->error_s < 0)
    return false;

  double delay_s = fmax (DELAY_LEAST_S, fmin (DELAY_MOST_S, sample->delay_s));
  int64_t offset_ns = clamp_ns (sample->offset_ns);
  if (!estimator->started)
    estimator_start (estimator, sample, offset_ns, delay_s);

  double offset_s = (double) (offset_ns - estimator->base_ns) / NS_PER_S;
  ClockReading reading = clock_source_read (source, offset_s, delay_s);
  estimator_predict (estimator, source, sample->at_ns);
  forgive (estimator, source, &reading);
  ClockFilter mix = filters_mix (estimator->filters);
  clock_source_straighten (source, &reading, mix.offset_s, sqrt (mix.p_oo));
  remove_bias (estimator, source, &reading, delay_s, &mix);
  note_means (estimator, &reading, sample->error_s);

  bool contradicted = contradicts (estimator, &reading, &mix);
  filters_update (estimator->filters, &reading);
  return !contradicted;
}

/* The mixture at @at_ns. */
static ClockFilter
estimator_foresee (const ClockEstimator *estimator, int64_t at_ns)
{
  ClockFilter filters[CLOCK_FILTERS];
  for (unsigned i = 0; i < CLOCK_FILTERS; i++)
    filters[i] = estimator->filters[i];
  filters_predict (filters, fmax (0, (double) (at_ns - estimator->at_ns) / NS_PER_S));
  return filters_mix (filters);
}

bool
clock_estimator_at (const ClockEstimator *estimator, int64_t at_ns, ClockEstimate *estimate)
{
  if (!estimator->started)
    return false;

  ClockFilter mix = estimator_foresee (estimator, at_ns);
  double sd_s = sqrt (mix.p_oo);
  *estimate = (ClockEstimate){
    .at_ns = at_ns,
    .offset_ns = estimator->base_ns + llround (clamp (mix.offset_s, OFFSET_LARGEST_S) * NS_PER_S),
    .offset_sd_s = sd_s,
    .uncertainty_s = UNCERTAINTY_SIGMA * sd_s + estimator->error_s + bias_sd_s (estimator)
                     + UNCERTAINTY_ASYMMETRY * estimator->asymmetry_s,
    .frequency_ppm = mix.frequency * 1e6,
    .frequency_sd_ppm = sqrt (mix.p_ff) * 1e6,
    .watched_s = estimator->watched_s,
  };
  return true;
}

/* Whether too little would be known of the offset @interval_s after the last sample. */
static bool
is_too_long (const ClockEstimator *estimator, double interval_s)
{
  int64_t then_ns = estimator->at_ns + llround (interval_s * NS_PER_S);
  ClockFilter then = estimator_foresee (estimator, then_ns);
  return interval_s > POLL_WATCHED * estimator->watched_s
         || sqrt (then.p_oo) > POLL_QUEUEING * estimator->queueing_s;
}

double
clock_estimator_poll_s (const ClockEstimator *estimator, double minimum_s, double maximum_s)
{
  double low_s = minimum_s, high_s = maximum_s;
  if (!estimator->started || estimator->contradiction.n > 0)
    return minimum_s;
  if (!is_too_long (estimator, maximum_s))
    return maximum_s;

  for (unsigned i = 0; i < POLL_HALVINGS; i++)
    {
      double middle_s = sqrt (low_s * high_s);
      if (is_too_long (estimator, middle_s))
        high_s = middle_s;
      else
        low_s = middle_s;
    }
  return low_s;
}
