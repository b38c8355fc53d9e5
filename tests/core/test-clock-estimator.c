/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-samples.h"

static void
test_nothing_before_first_sample (void)
{
  ClockEstimator estimator;
  ClockEstimate estimate;
  clock_estimator_init (&estimator, 0, 100);
  g_assert_false (clock_estimator_at (&estimator, START, &estimate));
}

/* Nothing is known of a path after one sample but that the error is at most half the delay:
 * uniform, so its variance is delay²/12. */
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
  g_assert_cmpfloat (estimate.offset_sd_s, >, 0.95 * 0.024 / sqrt (12));
  g_assert_cmpfloat (estimate.offset_sd_s, <, 1.15 * 0.024 / sqrt (12));
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

/* A walk of the frequency of q per √s moves the offset by q √(t³/3) in the mean. Before the second
 * sample all seven hypotheses are equally likely, from 3e-10 to 3e-7. */
static void
test_walk_of_the_frequency (void)
{
  ClockEstimator estimator;
  ClockSource source;
  ClockSample sample = sample_at (START, 0, 1e-6);
  double t = 10000, mean_square = 0;
  clock_estimator_init (&estimator, 0, 0);
  clock_source_init (&source);
  clock_estimator_add (&estimator, &source, &sample);
  for (int i = 0; i < 7; i++)
    mean_square += pow (3e-10 * pow (10, i / 2.0), 2) / 7;

  ClockEstimate estimate = estimate_at (&estimator, START + (gint64) t * S);
  double expected_s = sqrt (mean_square * t * t * t / 3);
  g_assert_cmpfloat_with_epsilon (estimate.offset_sd_s, expected_s, 1e-3 * expected_s);
  double expected_ppm = sqrt (mean_square * t) * 1e6;
  g_assert_cmpfloat_with_epsilon (estimate.frequency_sd_ppm, expected_ppm, 1e-3 * expected_ppm);
}

/* Bayes' rule in numbers: N (0, sd²) times "within the interval, whose edges are blurred, or else
 * (1 in 100) anywhere about", integrated over a grid. */
static void
test_second_sample_follows_bayes (void)
{
  const double offsets_s[] = { 0, 0.001, 0.004, -0.007, 0.015 };
  for (gsize i = 0; i < G_N_ELEMENTS (offsets_s); i++)
    {
      ClockEstimator estimator;
      ClockSource source;
      ClockSample first = sample_at (START, 0, 0.020);
      ClockSample second = sample_at (START, llround (offsets_s[i] * 1e9), 0.022);
      clock_estimator_init (&estimator, 0, 1);
      clock_source_init (&source);
      clock_estimator_add (&estimator, &source, &first);
      ClockEstimate before = estimate_at (&estimator, START);
      ClockSource copy = source;
      ClockReading reading = clock_source_read (&copy, offsets_s[i], 0.022);
      clock_estimator_add (&estimator, &source, &second);
      ClockEstimate after = estimate_at (&estimator, START);

      double w = reading.half_width_s, noise = reading.noise_s, sd = before.offset_sd_s;
      double elsewhere = 0.01 / (20 * (w + hypot (sd, noise)));
      double sum = 0, mean = 0, square = 0;
      for (double x = -10 * sd; x < 10 * sd; x += sd / 1000)
        {
          double low = (offsets_s[i] - w - x) / noise, high = (offsets_s[i] + w - x) / noise;
          double within = (erf (high / sqrt (2)) - erf (low / sqrt (2))) / 2 / (2 * w);
          double p = exp (-x * x / (2 * sd * sd)) * (0.99 * within + elsewhere);
          sum += p;
          mean += p * x;
          square += p * x * x;
        }
      mean /= sum;
      double expected_sd_s = sqrt (square / sum - mean * mean);
      double offset_s = (double) (after.offset_ns - before.offset_ns) * 1e-9;
      g_assert_cmpfloat_with_epsilon (offset_s, mean, 1e-3 * sd);
      g_assert_cmpfloat_with_epsilon (after.offset_sd_s, expected_sd_s, 1e-3 * sd);
    }
}

/* A long delay tells nothing to who knows better, unless one of its ends does. */
static void
test_far_server_tells_what_its_interval_excludes (void)
{
  ClockEstimator estimator;
  ClockSource near_source, far_source;
  ClockSample near_sample = sample_at (START, 0, 0.010);
  ClockSample vague_sample = sample_at (START, 1000000, 0.200);
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&near_source);
  clock_source_init (&far_source);
  clock_estimator_add (&estimator, &near_source, &near_sample);
  double sd_s = estimate_at (&estimator, START).offset_sd_s;
  clock_estimator_add (&estimator, &far_source, &vague_sample);
  ClockEstimate estimate = estimate_at (&estimator, START);
  g_assert_cmpint (ABS (estimate.offset_ns), <, 50000);
  g_assert_cmpfloat_with_epsilon (estimate.offset_sd_s, sd_s, 0.02 * sd_s);

  /* From 0 to 20 ms, and from −5 to 5 ms: the truth is in the upper half of what was known. */
  ClockSource other_source;
  ClockSample other_sample = sample_at (START, 10000000, 0.020);
  clock_source_init (&other_source);
  clock_estimator_add (&estimator, &other_source, &other_sample);
  estimate = estimate_at (&estimator, START);
  g_assert_cmpint (estimate.offset_ns, >, 1500000);
  g_assert_cmpint (estimate.offset_ns, <, 3500000);
  g_assert_cmpfloat (estimate.offset_sd_s, <, 0.8 * sd_s);
}

/* Two servers that contradict each other by a constant: their mean, and no quarrel each time. */
static void
test_biases_of_servers_are_learnt (void)
{
  ClockEstimator estimator;
  ClockSource sources[2];
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&sources[0]);
  clock_source_init (&sources[1]);
  gint64 last = 0, moved = 0;
  for (int i = 0; i < 400; i++)
    {
      gint64 at = START + i * 128 * S;
      ClockSample sample = sample_at (at, i % 2 == 0 ? 2000000 : -1000000, 0.02 + i % 3 * 1e-4);
      clock_estimator_add (&estimator, &sources[i % 2], &sample);
      ClockEstimate estimate = estimate_at (&estimator, at);
      if (i >= 200)
        moved = MAX (moved, ABS (estimate.offset_ns - last));
      last = estimate.offset_ns;
    }
  g_assert_cmpint (ABS (last - 500000), <, 300000);
  g_assert_cmpint (moved, <, 100000);
  /* Which of the two is right, nobody knows. */
  g_assert_cmpfloat (estimate_at (&estimator, START + 400 * 128 * S).uncertainty_s, >, 0.9e-3);
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

/* Two servers 2 ms apart are both wrong by 1 ms, until one of them turns out to be a liar. */
static void
test_forgotten_server_counts_no_more (void)
{
  ClockEstimator estimator;
  ClockSource sources[2];
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&sources[0]);
  clock_source_init (&sources[1]);
  int i = 0;
  for (; i < 200; i++)
    {
      ClockSample sample =
          sample_at (START + i * 128 * S, i % 2 == 0 ? 0 : 2000000, 0.02 + i % 3 * 1e-4);
      clock_estimator_add (&estimator, &sources[i % 2], &sample);
    }
  gint64 both_ns = estimate_at (&estimator, START + i * 128 * S).offset_ns;
  g_assert_cmpint (ABS (both_ns - 1000000), <, 300000);

  clock_estimator_forget (&estimator, &sources[1]);
  for (; i < 220; i++)
    {
      ClockSample sample = sample_at (START + i * 128 * S, 0, 0.02 + i % 3 * 1e-4);
      clock_estimator_add (&estimator, &sources[0], &sample);
    }
  ClockEstimate estimate = estimate_at (&estimator, START + i * 128 * S);
  g_assert_cmpint (ABS (estimate.offset_ns), <, 100000);
}

static void
test_what_is_no_number_is_refused (void)
{
  ClockEstimator estimator;
  ClockSource source;
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&source);
  for (int i = 0; i < 4; i++)
    {
      ClockSample sample = sample_at (START + i * 64 * S, i * 20000, 0.02);
      g_assert_true (clock_estimator_add (&estimator, &source, &sample));
    }
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
      if (i % 70 == 0)
        clock_estimator_forget (&estimator, &sources[i % 3]);
      double poll_s = clock_estimator_poll_s (&estimator, 64, 1024);
      g_assert_true (poll_s >= 64 && poll_s <= 1024);
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

/* "Sync now" brings four samples within a second, and again an hour later: that is no hour of
 * watching, however well the clock and the path are known. The interval grows with what was
 * watched, at most to a quarter of it. */
static void
test_bursts_are_no_watching (void)
{
  ClockEstimator estimator;
  ClockSource source;
  gint64 at_ns = START;
  clock_estimator_init (&estimator, 0, 0.001);
  clock_source_init (&source);
  for (int burst = 0; burst < 2; burst++)
    {
      for (int i = 0; i < 4; i++)
        {
          ClockSample sample = sample_at (at_ns + i * S / 4, 0, 0.020 + 0.001 * i);
          clock_estimator_add (&estimator, &source, &sample);
        }
      g_assert_cmpfloat (clock_estimator_poll_s (&estimator, 1, 131072), <=, 16);
      g_assert_cmpfloat (clock_estimator_poll_s (&estimator, 64, 1024), ==, 64);
      at_ns += 3600 * S;
    }
  gint64 since_ns = at_ns -= 3600 * S;
  for (int i = 0; i < 100; i++)
    {
      double watched_s = 0.75 + 64.75 + (double) (at_ns - since_ns) * 1e-9;
      double poll_s = clock_estimator_poll_s (&estimator, 64, 1024);
      g_assert_cmpfloat (poll_s, <=, fmax (64, watched_s / 4));
      at_ns += llround (poll_s * S);
      ClockSample sample = sample_at (at_ns, 0, 0.020 + 0.001 * (i % 4));
      clock_estimator_add (&estimator, &source, &sample);
    }
  g_assert_cmpfloat (clock_estimator_poll_s (&estimator, 64, 1024), ==, 1024);
}

static void
test_poll_stays_between_bounds (void)
{
  ClockEstimator estimator;
  ClockSource source;
  clock_estimator_init (&estimator, 0, 100);
  clock_source_init (&source);
  g_assert_cmpfloat (clock_estimator_poll_s (&estimator, 64, 1024), ==, 64);
  for (int i = 0; i < 300; i++)
    {
      ClockSample sample = sample_at (START + i * 64 * S, 0, 0.02 + (i % 3) * 1e-3);
      clock_estimator_add (&estimator, &source, &sample);
      double poll_s = clock_estimator_poll_s (&estimator, 64, 1024);
      g_assert_cmpfloat (poll_s, >=, 64);
      g_assert_cmpfloat (poll_s, <=, 1024);
      g_assert_cmpfloat (clock_estimator_poll_s (&estimator, 16, 16), ==, 16);
    }
  g_assert_cmpfloat (clock_estimator_poll_s (&estimator, 64, 1024), ==, 1024);
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
  g_test_add_func ("/clock-estimator/walk-of-the-frequency", test_walk_of_the_frequency);
  g_test_add_func ("/clock-estimator/second-sample-follows-bayes",
                   test_second_sample_follows_bayes);
  g_test_add_func ("/clock-estimator/far-server-tells-what-its-interval-excludes",
                   test_far_server_tells_what_its_interval_excludes);
  g_test_add_func ("/clock-estimator/biases-of-servers-are-learnt",
                   test_biases_of_servers_are_learnt);
  g_test_add_func ("/clock-estimator/frequency-is-found", test_frequency_is_found);
  g_test_add_func ("/clock-estimator/forgotten-server-counts-no-more",
                   test_forgotten_server_counts_no_more);
  g_test_add_func ("/clock-estimator/what-is-no-number-is-refused",
                   test_what_is_no_number_is_refused);
  g_test_add_func ("/clock-estimator/survives-nonsense", test_survives_nonsense);
  g_test_add_func ("/clock-estimator/bursts-are-no-watching", test_bursts_are_no_watching);
  g_test_add_func ("/clock-estimator/poll-stays-between-bounds", test_poll_stays_between_bounds);
  return g_test_run ();
}
