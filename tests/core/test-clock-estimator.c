/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-estimator.h"

#include <glib.h>
#include <math.h>

#define S     G_GINT64_CONSTANT (1000000000)
#define START (G_GINT64_CONSTANT (123456) * S)

static ClockSample
sample_at (gint64 at_ns, gint64 offset_ns, double delay_s)
{
  return (ClockSample){ .at_ns = at_ns, .offset_ns = offset_ns, .delay_s = delay_s };
}

static ClockEstimate
estimate_at (const ClockEstimator *estimator, gint64 at_ns)
{
  ClockEstimate estimate;
  g_assert_true (clock_estimator_at (estimator, at_ns, &estimate));
  g_assert_cmpint (estimate.at_ns, ==, at_ns);
  g_assert_true (isfinite (estimate.offset_sd_s));
  g_assert_true (isfinite (estimate.uncertainty_s));
  g_assert_true (isfinite (estimate.frequency_ppm));
  g_assert_true (isfinite (estimate.frequency_sd_ppm));
  g_assert_cmpfloat (estimate.uncertainty_s, >=, estimate.offset_sd_s);
  return estimate;
}

static void
test_nothing_before_first_sample (void)
{
  ClockEstimator estimator;
  ClockEstimate estimate;
  clock_estimator_init (&estimator, 0, 100);
  g_assert_false (clock_estimator_at (&estimator, START, &estimate));
}

/* Nothing is known of a path after one sample but that the error is at most half the delay:
 * uniform, so its variance is delay²/12; and some more for what asymmetric queueing adds. */
static void
test_first_sample_is_taken_as_it_is (void)
{
  ClockEstimator estimator;
  ClockSource source;
  ClockSample sample = sample_at (START, -5 * S - 1, 0.024);
  clock_estimator_init (&estimator, 30, 1);
  clock_source_init (&source);
  g_assert_true (clock_estimator_add (&estimator, &source, &sample));

  ClockEstimate estimate = estimate_at (&estimator, START);
  g_assert_cmpint (estimate.offset_ns, ==, -5 * S - 1);
  g_assert_cmpfloat (estimate.offset_sd_s, >=, 0.024 / sqrt (12));
  g_assert_cmpfloat (estimate.offset_sd_s, <=, 1.05 * 0.024 / sqrt (12));
  g_assert_cmpfloat_with_epsilon (estimate.frequency_ppm, 30, 1e-9);
  g_assert_cmpfloat_with_epsilon (estimate.frequency_sd_ppm, 1, 1e-9);
}

/* x(t) = x + f t; var x(t) = var x + t² var f, plus the walk of the frequency, which in 100 s and
 * for all but the wildest hypotheses is nothing beside 10 ppm. */
static void
test_prediction_follows_frequency (void)
{
  ClockEstimator estimator;
  ClockSource source;
  ClockSample sample = sample_at (START, 0, 1e-4);
  clock_estimator_init (&estimator, 50, 10);
  clock_source_init (&source);
  clock_estimator_add (&estimator, &source, &sample);

  ClockEstimate estimate = estimate_at (&estimator, START + 100 * S);
  g_assert_cmpint (estimate.offset_ns, ==, 5000000);
  g_assert_cmpfloat_with_epsilon (estimate.offset_sd_s, 1e-3, 1e-5);
}

/* Samples at one instant leave no room for a frequency: the mean of two, weighted by the inverse
 * of their variances, has the variance 1/(1/v1 + 1/v2). First samples of two servers: sd is
 * proportional to the delay, so a delay three times as long weighs a ninth. */
static void
test_two_servers_are_weighted_by_variance (void)
{
  ClockEstimator estimator;
  ClockSource near_source, far_source;
  ClockSample near_sample = sample_at (START, 0, 0.010);
  ClockSample far_sample = sample_at (START, 5000000, 0.030);
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&near_source);
  clock_source_init (&far_source);
  clock_estimator_add (&estimator, &near_source, &near_sample);
  double sd_s = estimate_at (&estimator, START).offset_sd_s;
  clock_estimator_add (&estimator, &far_source, &far_sample);

  ClockEstimate estimate = estimate_at (&estimator, START);
  g_assert_cmpint (ABS (estimate.offset_ns - 500000), <, 100);
  g_assert_cmpfloat_with_epsilon (estimate.offset_sd_s, sd_s * sqrt (0.9), 1e-8);
}

/* A clock that runs 37 ppm slow, on a path without any queueing. */
static void
test_frequency_is_found (void)
{
  ClockEstimator estimator;
  ClockSource source;
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&source);
  for (int i = 0; i < 40; i++)
    {
      gint64 at = START + i * 64 * S;
      ClockSample sample = sample_at (at, i * 64 * G_GINT64_CONSTANT (37000), 0.01);
      g_assert_true (clock_estimator_add (&estimator, &source, &sample));
    }
  ClockEstimate estimate = estimate_at (&estimator, START + 40 * 64 * S);
  g_assert_cmpfloat_with_epsilon (estimate.frequency_ppm, 37, 0.01);
  g_assert_cmpint (ABS (estimate.offset_ns - 40 * 64 * 37000), <, 2000);
}

static void
feed_quiet (ClockEstimator *estimator, ClockSource *source, gint64 from, int n)
{
  for (int i = 0; i < n; i++)
    {
      ClockSample sample = sample_at (from + i * 64 * S, (i % 5 - 2) * 20000, 0.02 + i % 3 * 1e-4);
      g_assert_true (clock_estimator_add (estimator, source, &sample));
    }
}

static void
test_single_outlier_hardly_moves (void)
{
  ClockEstimator estimator;
  ClockSource source;
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&source);
  feed_quiet (&estimator, &source, START, 40);
  ClockEstimate before = estimate_at (&estimator, START + 40 * 64 * S);
  ClockSample sample = sample_at (START + 40 * 64 * S, 50000000, 0.02);
  g_assert_false (clock_estimator_add (&estimator, &source, &sample));
  ClockEstimate after = estimate_at (&estimator, START + 40 * 64 * S);
  g_assert_cmpint (ABS (after.offset_ns - before.offset_ns), <, 50000);
}

/* Somebody set the clock and nobody told us. */
static void
test_lasting_jump_is_followed (void)
{
  ClockEstimator estimator;
  ClockSource source;
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&source);
  feed_quiet (&estimator, &source, START, 40);
  for (int i = 40; i < 50; i++)
    {
      ClockSample sample = sample_at (START + i * 64 * S, -5 * S, 0.02);
      clock_estimator_add (&estimator, &source, &sample);
    }
  ClockEstimate estimate = estimate_at (&estimator, START + 49 * 64 * S);
  g_assert_cmpint (ABS (estimate.offset_ns + 5 * S), <, 1000000);
}

static void
test_widening_lets_go_of_offset_only (void)
{
  ClockEstimator estimator;
  ClockSource source;
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&source);
  feed_quiet (&estimator, &source, START, 40);
  ClockEstimate before = estimate_at (&estimator, START + 40 * 64 * S);
  clock_estimator_widen (&estimator, 1);
  ClockEstimate wide = estimate_at (&estimator, START + 40 * 64 * S);
  g_assert_cmpfloat_with_epsilon (wide.offset_sd_s, 1, 1e-3);
  g_assert_cmpfloat_with_epsilon (wide.frequency_sd_ppm, before.frequency_sd_ppm, 1e-9);

  ClockSample sample = sample_at (START + 40 * 64 * S, 2 * S, 0.02);
  g_assert_true (clock_estimator_add (&estimator, &source, &sample));
  ClockEstimate after = estimate_at (&estimator, START + 40 * 64 * S);
  g_assert_cmpint (ABS (after.offset_ns - 2 * S), <, 100000);
  g_assert_cmpfloat_with_epsilon (after.frequency_ppm, before.frequency_ppm, 0.5);
}

static void
test_uncertainty_grows_without_samples (void)
{
  ClockEstimator estimator;
  ClockSource source;
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&source);
  feed_quiet (&estimator, &source, START, 40);
  double last_s = 0;
  for (int hours = 1; hours < 24 * 365; hours *= 2)
    {
      ClockEstimate estimate = estimate_at (&estimator, START + hours * 3600 * S);
      g_assert_cmpfloat (estimate.uncertainty_s, >, last_s);
      last_s = estimate.uncertainty_s;
    }
}

static void
test_what_is_no_number_is_refused (void)
{
  ClockEstimator estimator;
  ClockSource source;
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&source);
  feed_quiet (&estimator, &source, START, 4);
  ClockEstimate before = estimate_at (&estimator, START + 300 * S);
  const ClockSample bad[] = {
    { .at_ns = START + 300 * S, .delay_s = NAN },
    { .at_ns = START + 300 * S, .delay_s = INFINITY },
    { .at_ns = START + 300 * S, .delay_s = 0.1, .error_s = NAN },
    { .at_ns = START + 300 * S, .delay_s = 0.1, .error_s = INFINITY },
    { .at_ns = START + 300 * S, .delay_s = 0.1, .error_s = -1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (clock_estimator_add (&estimator, &source, &bad[i]));
  ClockEstimate after = estimate_at (&estimator, START + 300 * S);
  g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
}

/* Whatever authenticated nonsense arrives: finite numbers, and no more than a stretch of honest
 * samples is needed to come back. */
static void
test_survives_nonsense (void)
{
  const gint64 offsets[] = {
    0, 1, -1, 5 * S, G_MAXINT64, G_MININT64, G_GINT64_CONSTANT (2147483648) * S
  };
  const double delays[] = { 0, -1, 1e-9, 0.02, 16, 1e300 };
  const double errors[] = { 0, 1e-6, 16, 1e300 };
  const gint64 pauses[] = { 0, 1, S, -S, 86400 * S, G_GINT64_CONSTANT (31536000) * S };
  ClockEstimator estimator;
  ClockSource sources[3];
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  clock_estimator_init (&estimator, 1e300, 1e300);
  for (int i = 0; i < 3; i++)
    clock_source_init (&sources[i]);

  gint64 at = START;
  for (int i = 0; i < 20000; i++)
    {
      ClockSample sample = {
        .at_ns = at,
        .offset_ns = offsets[g_rand_int_range (rand, 0, G_N_ELEMENTS (offsets))],
        .delay_s = delays[g_rand_int_range (rand, 0, G_N_ELEMENTS (delays))],
        .error_s = errors[g_rand_int_range (rand, 0, G_N_ELEMENTS (errors))],
      };
      clock_estimator_add (&estimator, &sources[i % 3], &sample);
      if (i % 100 == 0)
        clock_estimator_widen (&estimator, 1e300);
      estimate_at (&estimator, at);
      estimate_at (&estimator, at + S);
      if (at < G_MAXINT64 / 2)
        at += pauses[g_rand_int_range (rand, 0, G_N_ELEMENTS (pauses))];
    }

  for (int i = 0; i < 200; i++)
    {
      at += 64 * S;
      ClockSample sample = sample_at (at, 1000, 0.02);
      clock_estimator_add (&estimator, &sources[i % 3], &sample);
    }
  ClockEstimate estimate = estimate_at (&estimator, at);
  g_assert_cmpint (ABS (estimate.offset_ns), <, 10000000);
}

static void
test_poll_stays_between_bounds (void)
{
  ClockEstimator estimator;
  ClockSource source;
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&source);
  g_assert_cmpint (clock_estimator_poll_log2 (&estimator, 0, 6, 10), ==, 6);
  for (int i = 0; i < 300; i++)
    {
      ClockSample sample = sample_at (START + i * 64 * S, 0, 0.02 + (i % 3) * 1e-3);
      clock_estimator_add (&estimator, &source, &sample);
      int poll_log2 = clock_estimator_poll_log2 (&estimator, 1, 6, 10);
      g_assert_cmpint (poll_log2, >=, 6);
      g_assert_cmpint (poll_log2, <=, 10);
      g_assert_cmpint (clock_estimator_poll_log2 (&estimator, 4, 4, 4), ==, 4);
    }
  g_assert_cmpint (clock_estimator_poll_log2 (&estimator, 1, 6, 10), ==, 10);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock-estimator/nothing-before-first-sample",
                   test_nothing_before_first_sample);
  g_test_add_func ("/clock-estimator/first-sample-is-taken-as-it-is",
                   test_first_sample_is_taken_as_it_is);
  g_test_add_func ("/clock-estimator/prediction-follows-frequency",
                   test_prediction_follows_frequency);
  g_test_add_func ("/clock-estimator/two-servers-are-weighted-by-variance",
                   test_two_servers_are_weighted_by_variance);
  g_test_add_func ("/clock-estimator/frequency-is-found", test_frequency_is_found);
  g_test_add_func ("/clock-estimator/single-outlier-hardly-moves",
                   test_single_outlier_hardly_moves);
  g_test_add_func ("/clock-estimator/lasting-jump-is-followed", test_lasting_jump_is_followed);
  g_test_add_func ("/clock-estimator/widening-lets-go-of-offset-only",
                   test_widening_lets_go_of_offset_only);
  g_test_add_func ("/clock-estimator/uncertainty-grows-without-samples",
                   test_uncertainty_grows_without_samples);
  g_test_add_func ("/clock-estimator/what-is-no-number-is-refused",
                   test_what_is_no_number_is_refused);
  g_test_add_func ("/clock-estimator/survives-nonsense", test_survives_nonsense);
  g_test_add_func ("/clock-estimator/poll-stays-between-bounds", test_poll_stays_between_bounds);
  return g_test_run ();
}
