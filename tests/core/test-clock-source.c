/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-source.h"

#include <glib.h>
#include <math.h>

static double
exponential (GRand *rand, double mean)
{
  return -mean * log (1 - g_rand_double (rand));
}

/* Whatever the asymmetry, the error is at most half the delay (RFC 5905 §8). */
static void
test_first_sample_may_be_wrong_by_half_its_delay (void)
{
  ClockSource source;
  clock_source_init (&source);
  ClockReading reading = clock_source_read (&source, -3.5, 0.024);
  g_assert_cmpfloat (reading.offset_s, ==, -3.5);
  g_assert_cmpfloat_with_epsilon (reading.half_width_s, 0.012, 1e-9);
  g_assert_cmpfloat (reading.excess_s, ==, 0);
}

static void
test_longer_delay_is_wider_by_half_the_excess (void)
{
  ClockSource short_source, long_source;
  clock_source_init (&short_source);
  clock_source_init (&long_source);
  ClockReading short_reading = { 0 }, long_reading = { 0 };
  for (int i = 0; i < 51; i++)
    {
      double delay_s = i % 10 == 9 ? 0.010 : 0.012;
      short_reading = clock_source_read (&short_source, 0, i == 50 ? 0.010 : delay_s);
      long_reading = clock_source_read (&long_source, 0, i == 50 ? 0.030 : delay_s);
    }
  g_assert_cmpfloat_with_epsilon (short_reading.excess_s, 0, 1e-8);
  g_assert_cmpfloat_with_epsilon (long_reading.excess_s, 0.020, 1e-8);
  g_assert_cmpfloat_with_epsilon (long_reading.half_width_s - short_reading.half_width_s, 0.010,
                                  1e-8);
}

/* A stamp that came late makes one delay impossibly short. It must not rule: beside 40 delays of
 * 0.2 ms and little queueing, 0.14 ms is wrong, while a true shortest delay is one of several. */
static void
test_lone_short_delay_is_doubted (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  ClockSource source;
  clock_source_init (&source);
  ClockReading reading = clock_source_read (&source, 0, 141e-6);
  for (int i = 0; i < 40; i++)
    reading = clock_source_read (&source, 0,
                                 200e-6 + exponential (rand, 2e-6) + exponential (rand, 2e-6));
  g_assert_cmpfloat (reading.excess_s, <, 20e-6);
  g_assert_cmpfloat (reading.queueing_s, <, 5e-6);

  reading = clock_source_read (&source, 0, 140e-6);
  reading = clock_source_read (&source, 0, 240e-6);
  g_assert_cmpfloat_with_epsilon (reading.excess_s, 100e-6, 2e-6);
}

/* That a first delay may be all queueing is soon forgotten, however long the path is. */
static void
test_queueing_of_a_quiet_long_path (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);
  ClockSource source;
  double sum = 0;
  clock_source_init (&source);
  for (int i = 0; i < 2000; i++)
    {
      double delay_s = 20e-3 + exponential (rand, 10e-6) + exponential (rand, 10e-6);
      ClockReading reading = clock_source_read (&source, 0, delay_s);
      sum += i >= 1000 ? reading.queueing_s : 0;
    }
  g_assert_cmpfloat (sum / 1000, >, 8e-6);
  g_assert_cmpfloat (sum / 1000, <, 20e-6);
}

/* The mean queueing of one direction is found, and bursts do not count. */
static void
test_queueing_is_that_of_quiet_times (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  ClockSource source;
  double sum = 0;
  clock_source_init (&source);
  for (int i = 0; i < 1000; i++)
    {
      double delay_s = 0.020 + exponential (rand, 1e-3) + exponential (rand, 1e-3);
      if (i % 8 == 0)
        delay_s += exponential (rand, 50e-3);
      ClockReading reading = clock_source_read (&source, 0, delay_s);
      sum += i >= 100 ? reading.queueing_s : 0;
    }
  g_assert_cmpfloat (sum / 900, >, 0.9e-3);
  g_assert_cmpfloat (sum / 900, <, 1.4e-3);
}

/* With equal queueing, all errors within the interval are equally likely: it holds the truth, and
 * the error has a third of the variance that its half-width squared is. */
static void
test_truth_is_in_the_interval (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  ClockSource source;
  int inside = 0, n = 4000;
  double errors = 0, widths = 0;
  clock_source_init (&source);
  for (int i = 0; i < n; i++)
    {
      double there = exponential (rand, 1e-3), back = exponential (rand, 1e-3);
      double offset_s = (there - back) / 2; /* the truth is 0 */
      ClockReading reading = clock_source_read (&source, offset_s, 0.020 + there + back);
      inside += fabs (reading.offset_s) <= reading.half_width_s + 2 * reading.noise_s;
      errors += offset_s * offset_s;
      widths += reading.half_width_s * reading.half_width_s;
    }
  g_assert_cmpint (inside, >=, n * 98 / 100);
  g_assert_cmpfloat (errors / (widths / 3), >, 0.75);
  g_assert_cmpfloat (errors / (widths / 3), <, 1.05);
}

/* A start within a burst: four samples that all queued say too much, and the first one that did not
 * shows by how much at least. */
static void
test_shorter_path_takes_back_what_was_said (void)
{
  ClockSource source;
  ClockReading reading = { 0 };
  clock_source_init (&source);
  for (int i = 0; i < 4; i++)
    {
      reading = clock_source_read (&source, 0, 0.040 + 0.004 * i);
      g_assert_cmpfloat (reading.surprise_s, ==, 0);
    }
  double claimed_s = reading.half_width_s - reading.excess_s / 2;
  reading = clock_source_read (&source, 0, 0.004);
  g_assert_cmpfloat_with_epsilon (reading.surprise_s, (0.040 - 0.004) / 2 - claimed_s, 1e-6);
  reading = clock_source_read (&source, 0, 0.004);
  g_assert_cmpfloat (reading.surprise_s, ==, 0);
}

/* Mean error of the readings with the two mean delays of queueing, the truth being 0. */
static double
straightened_error_s (double there_s, double back_s, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  ClockSource source;
  double sum = 0;
  clock_source_init (&source);
  for (int i = 0; i < 2000; i++)
    {
      double there = exponential (rand, there_s), back = exponential (rand, back_s);
      ClockReading reading = clock_source_read (&source, (there - back) / 2, 0.020 + there + back);
      clock_source_straighten (&source, &reading, 0, 1e-4);
      sum += i >= 200 ? reading.offset_s : 0;
    }
  return sum / 1800;
}

/* Untouched, the mean error is (J₁ − J₂)/2; a tenth of it is thought to be in the fixed delays,
 * too.
 */
static void
test_asymmetric_queueing_is_taken_out (void)
{
  g_assert_cmpfloat (fabs (straightened_error_s (5e-3, 0.5e-3, 3) + 0.225e-3), <, 0.2 * 2.25e-3);
  g_assert_cmpfloat (fabs (straightened_error_s (0.2e-3, 4e-3, 4) - 0.19e-3), <, 0.2 * 1.9e-3);
}

static void
test_symmetric_queueing_is_left_alone (void)
{
  for (guint32 seed = 10; seed < 20; seed++)
    g_assert_cmpfloat (fabs (straightened_error_s (1e-3, 1e-3, seed)), <, 0.1e-3);
}

static void
test_extremes_stay_finite (void)
{
  static const double delays_s[] = { 1e-6, 16, 1e-6, 0.02, 16, 16, 1e-3 };
  ClockSource source;
  clock_source_init (&source);
  for (int i = 0; i < 5000; i++)
    {
      double offset_s = i % 3 == 0 ? 4e9 : i % 3 == 1 ? -4e9 : 0;
      ClockReading reading =
          clock_source_read (&source, offset_s, delays_s[i % G_N_ELEMENTS (delays_s)]);
      clock_source_straighten (&source, &reading, i % 5 == 0 ? -4e9 : 0, i % 2 == 0 ? 1e9 : 0);
      g_assert_true (isfinite (reading.offset_s));
      g_assert_cmpfloat (reading.half_width_s, >, 0);
      g_assert_cmpfloat (reading.half_width_s, <=, 16);
      g_assert_cmpfloat (reading.noise_s, >, 0);
      g_assert_true (isfinite (reading.asymmetry_s));
      g_assert_cmpfloat (fabs (reading.offset_s - offset_s), <=, 16);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock-source/first-sample-may-be-wrong-by-half-its-delay",
                   test_first_sample_may_be_wrong_by_half_its_delay);
  g_test_add_func ("/clock-source/longer-delay-is-wider-by-half-the-excess",
                   test_longer_delay_is_wider_by_half_the_excess);
  g_test_add_func ("/clock-source/lone-short-delay-is-doubted", test_lone_short_delay_is_doubted);
  g_test_add_func ("/clock-source/queueing-is-that-of-quiet-times",
                   test_queueing_is_that_of_quiet_times);
  g_test_add_func ("/clock-source/queueing-of-a-quiet-long-path",
                   test_queueing_of_a_quiet_long_path);
  g_test_add_func ("/clock-source/truth-is-in-the-interval", test_truth_is_in_the_interval);
  g_test_add_func ("/clock-source/shorter-path-takes-back-what-was-said",
                   test_shorter_path_takes_back_what_was_said);
  g_test_add_func ("/clock-source/asymmetric-queueing-is-taken-out",
                   test_asymmetric_queueing_is_taken_out);
  g_test_add_func ("/clock-source/symmetric-queueing-is-left-alone",
                   test_symmetric_queueing_is_left_alone);
  g_test_add_func ("/clock-source/extremes-stay-finite", test_extremes_stay_finite);
  return g_test_run ();
}
