/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the estimator comes to be less sure: with time, when told so, and by samples that do not fit.
 */

#include "clock-samples.h"

#define US G_GINT64_CONSTANT (1000)

#define QUIET_SAMPLES 40
#define QUIET_END     (START + QUIET_SAMPLES * 64 * S)

/* Both are new, and then see a clock that is right, over a path with hardly a queue. */
static void
begin_quiet (ClockEstimator *estimator, ClockSource *source)
{
  clock_estimator_init (estimator, 0, 100);
  clock_source_init (source);
  for (int i = 0; i < QUIET_SAMPLES; i++)
    {
      ClockSample sample = sample_at (START + i * 64 * S, (i % 5 - 2) * 20000, 0.02 + i % 3 * 1e-4);
      g_assert_true (clock_estimator_add (estimator, source, &sample));
    }
}

static void
test_single_outlier_hardly_moves (void)
{
  ClockEstimator estimator;
  ClockSource source;
  begin_quiet (&estimator, &source);
  ClockEstimate before = estimate_at (&estimator, QUIET_END);
  ClockSample sample = sample_at (QUIET_END, 50000000, 0.02);
  g_assert_false (clock_estimator_add (&estimator, &source, &sample));
  ClockEstimate after = estimate_at (&estimator, QUIET_END);
  g_assert_cmpint (ABS (after.offset_ns - before.offset_ns), <, 50000);
}

/* Somebody set the clock and nobody told us. */
static void
test_lasting_jump_is_followed (void)
{
  ClockEstimator estimator;
  ClockSource source;
  begin_quiet (&estimator, &source);
  for (int i = 0; i < 10; i++)
    {
      ClockSample sample = sample_at (QUIET_END + i * 64 * S, -5 * S, 0.02);
      clock_estimator_add (&estimator, &source, &sample);
    }
  ClockEstimate estimate = estimate_at (&estimator, QUIET_END + 9 * 64 * S);
  g_assert_cmpint (ABS (estimate.offset_ns + 5 * S), <, 1000000);
}

static void
test_widening_lets_go_of_offset_only (void)
{
  ClockEstimator estimator;
  ClockSource source;
  begin_quiet (&estimator, &source);
  ClockEstimate before = estimate_at (&estimator, QUIET_END);
  clock_estimator_widen (&estimator, 1);
  ClockEstimate wide = estimate_at (&estimator, QUIET_END);
  g_assert_cmpfloat_with_epsilon (wide.offset_sd_s, 1, 1e-3);
  g_assert_cmpfloat_with_epsilon (wide.frequency_sd_ppm, before.frequency_sd_ppm, 1e-9);

  ClockSample sample = sample_at (QUIET_END, 2 * S, 0.02);
  for (int i = 0; i < 3; i++)
    g_assert_true (clock_estimator_add (&estimator, &source, &sample));
  ClockEstimate after = estimate_at (&estimator, QUIET_END);
  g_assert_cmpint (ABS (after.offset_ns - 2 * S), <, 100000);
  g_assert_cmpfloat_with_epsilon (after.frequency_ppm, before.frequency_ppm, 0.5);
}

static void
test_uncertainty_grows_without_samples (void)
{
  ClockEstimator estimator;
  ClockSource source;
  begin_quiet (&estimator, &source);
  double last_s = 0;
  for (int hours = 1; hours < 24 * 365; hours *= 2)
    {
      ClockEstimate estimate = estimate_at (&estimator, START + hours * 3600 * S);
      g_assert_cmpfloat (estimate.uncertainty_s, >, last_s);
      last_s = estimate.uncertainty_s;
    }
}

/* Of a path whose requests queue and whose replies do not, the offset leans on the delay, and that
 * is known after a while. In a burst replies queue, too: their delay allows for what they say,
 * however odd it is, and nothing is given up for it. */
static void
test_burst_is_no_contradiction (void)
{
  ClockEstimator estimator;
  ClockSource source;
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&source);
  gint64 at_ns = START;
  for (int i = 0; i < 400; i++, at_ns += 64 * S)
    {
      gint64 queueing_ns = (i * 7 % 23) * 100 * US;
      ClockSample sample = sample_at (at_ns, queueing_ns / 2, 0.02 + (double) queueing_ns * 1e-9);
      clock_estimator_add (&estimator, &source, &sample);
    }
  ClockEstimate before = estimate_at (&estimator, at_ns);
  for (int i = 0; i < 4; i++, at_ns += 64 * S)
    {
      ClockSample sample = sample_at (at_ns, -9500 * US - i * 500 * US, 0.04 + i * 1e-3);
      g_assert_true (clock_estimator_add (&estimator, &source, &sample));
    }
  ClockEstimate after = estimate_at (&estimator, at_ns);
  g_assert_cmpint (ABS (after.offset_ns - before.offset_ns), <, 500 * US);
  g_assert_cmpfloat (after.offset_sd_s, <, 2 * before.offset_sd_s + 1e-4);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock-doubt/single-outlier-hardly-moves", test_single_outlier_hardly_moves);
  g_test_add_func ("/clock-doubt/lasting-jump-is-followed", test_lasting_jump_is_followed);
  g_test_add_func ("/clock-doubt/widening-lets-go-of-offset-only",
                   test_widening_lets_go_of_offset_only);
  g_test_add_func ("/clock-doubt/uncertainty-grows-without-samples",
                   test_uncertainty_grows_without_samples);
  g_test_add_func ("/clock-doubt/burst-is-none", test_burst_is_no_contradiction);
  return g_test_run ();
}
