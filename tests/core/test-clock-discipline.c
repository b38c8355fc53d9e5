/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-discipline.h"

#include <glib.h>
#include <math.h>

#define S G_GINT64_CONSTANT (1000000000)

/* Begins where boot times do, so that no test rests on a zero. */
#define START (G_GINT64_CONSTANT (123456) * S)

static const NtpOptions options = {
  .automatic = true,
  .may_adjust = true,
  .step_threshold_s = 0.5,
  .maximum_change_s = 1000,
};

/* An estimate that says that our clock, at @now, is @offset_ns slow. */
static ClockEstimate
estimate_of (const ClockDiscipline *discipline, gint64 now, gint64 offset_ns, double frequency_ppm)
{
  return (ClockEstimate){
    .at_ns = clock_discipline_free_ns (discipline, now),
    .offset_ns = offset_ns + clock_discipline_correction_ns (discipline, now),
    .frequency_ppm = frequency_ppm,
  };
}

/* What a clock that runs @units / 2^16 ppm fast gains in @monotonic_ns of its own time, in whole
 * numbers: φ/(1 + φ) = units / (units + 2^16 · 10^6). */
static gint64
gain_ns (gint64 units, gint64 monotonic_ns)
{
  __int128 numerator = (__int128) units * monotonic_ns;
  gint64 denominator = units + 65536 * G_GINT64_CONSTANT (1000000);
  return (gint64) (numerator / denominator);
}

static gint64
to_units (double frequency_ppm)
{
  double units = frequency_ppm * 65536;
  g_assert_cmpfloat (units, ==, round (units)); /* the kernel can have it exactly */
  return (gint64) units;
}

static void
assert_near_ns (gint64 a, gint64 b)
{
  g_assert_cmpint (ABS (a - b), <=, 1);
}

static void
test_free_clock_without_adjustment (void)
{
  ClockDiscipline discipline;
  clock_discipline_init (&discipline, 0, START);
  g_assert_cmpint (clock_discipline_correction_ns (&discipline, START + 1000 * S), ==, 0);
  g_assert_cmpint (clock_discipline_free_ns (&discipline, START + 1000 * S), ==, START + 1000 * S);
  g_assert_cmpint (clock_discipline_wake_ns (&discipline), ==, G_MAXINT64);
}

static void
test_frequency_from_before_is_counted (void)
{
  ClockDiscipline discipline;
  clock_discipline_init (&discipline, 40, START);
  gint64 day = 86400 * S;
  /* 86400 s · 40e-6 / (1 + 40e-6) */
  assert_near_ns (clock_discipline_correction_ns (&discipline, START + day),
                  gain_ns (40 * 65536, day));
  assert_near_ns (clock_discipline_free_ns (&discipline, START + day),
                  START + day - gain_ns (40 * 65536, day));
}

static void
test_small_offset_is_slewed_gently (void)
{
  ClockDiscipline discipline;
  NtpAdjust adjust = { .step_s = 99 };
  clock_discipline_init (&discipline, 0, START);
  ClockEstimate estimate = estimate_of (&discipline, START, 10000000, 20);
  g_assert_true (clock_discipline_update (&discipline, &estimate, &options, false, START, &adjust));
  g_assert_cmpfloat (adjust.step_s, ==, 0);
  g_assert_cmpfloat_with_epsilon (adjust.frequency_ppm, 520, 1e-4); /* 20 and 500 */

  gint64 end = clock_discipline_wake_ns (&discipline); /* 10 ms at 500 ppm: 20 s */
  g_assert_cmpint (ABS (end - START - 20 * S), <, 20 * S / 1000);
  gint64 slewed = clock_discipline_correction_ns (&discipline, end);
  assert_near_ns (slewed, gain_ns (to_units (adjust.frequency_ppm), end - START));
  /* 10 ms, 400 µs for the estimated frequency, and what rounding to 2^-16 ppm makes of 20 s */
  g_assert_cmpint (ABS (slewed - 10400000), <, 250);

  clock_discipline_end_slew (&discipline, end, &adjust);
  g_assert_cmpfloat (adjust.step_s, ==, 0);
  g_assert_cmpfloat_with_epsilon (adjust.frequency_ppm, 20, 1e-4);
  g_assert_cmpint (clock_discipline_wake_ns (&discipline), ==, G_MAXINT64);
  g_assert_cmpint (clock_discipline_correction_ns (&discipline, end), ==, slewed);
}

/* 4 µs are slewed in one second, and stretched over the 16 s to the next poll. */
static void
test_slew_is_stretched (void)
{
  ClockDiscipline discipline;
  NtpAdjust adjust = { .step_s = 99 };
  gint64 until = START + 16 * S;

  clock_discipline_init (&discipline, -30, START);
  ClockEstimate estimate = estimate_of (&discipline, START, 4000, -30);
  g_assert_true (clock_discipline_update (&discipline, &estimate, &options, false, START, &adjust));
  g_assert_cmpfloat_with_epsilon (adjust.frequency_ppm, -26, 1e-3);
  clock_discipline_stretch (&discipline, until, &adjust);
  g_assert_cmpfloat_with_epsilon (adjust.frequency_ppm, -29.75, 1e-3);
  g_assert_cmpint (clock_discipline_wake_ns (&discipline), ==, until);

  /* What is gained is told exactly, and is the 4 µs but for 2^-17 ppm of 16 s. */
  gint64 gained = clock_discipline_correction_ns (&discipline, until);
  assert_near_ns (gained, gain_ns (to_units (adjust.frequency_ppm), 16 * S));
  g_assert_cmpint (ABS (gained - gain_ns (to_units (-30), 16 * S) - 4000), <, 130);
  clock_discipline_end_slew (&discipline, until, &adjust);
  g_assert_cmpfloat_with_epsilon (adjust.frequency_ppm, -30, 1e-4);
}

/* Neither for longer than a minute, nor into less time than it takes, nor when it is a first one.
 */
static void
test_slew_is_not_stretched (void)
{
  static const struct
  {
    gint64 offset_ns, until_ns;
    gboolean first;
  } cases[] = {
    { 4000, START + 65 * S, FALSE }, { 10000000, START + 16 * S, FALSE }, { 4000, START, FALSE },
    { 4000, START + 16 * S, TRUE },  { 4000, G_MAXINT64, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ClockDiscipline discipline;
      NtpAdjust adjust;

      clock_discipline_init (&discipline, 0, START);
      ClockEstimate estimate = estimate_of (&discipline, START, cases[i].offset_ns, 0);
      g_assert_true (clock_discipline_update (&discipline, &estimate, &options, cases[i].first,
                                              START, &adjust));
      gint64 end = clock_discipline_wake_ns (&discipline);
      double frequency_ppm = adjust.frequency_ppm;
      clock_discipline_stretch (&discipline, cases[i].until_ns, &adjust);
      g_assert_cmpint (clock_discipline_wake_ns (&discipline), ==, end);
      g_assert_cmpfloat (adjust.frequency_ppm, ==, frequency_ppm);
    }
}

static void
test_fast_slew_at_start_is_exact (void)
{
  ClockDiscipline discipline;
  NtpAdjust adjust = { 0 };
  clock_discipline_init (&discipline, -50, START);
  gint64 start = START + 7 * S;
  ClockEstimate estimate = estimate_of (&discipline, start, -300000000, -50);
  gint64 before = clock_discipline_correction_ns (&discipline, start);
  assert_near_ns (before, gain_ns (-50 * 65536, 7 * S));

  g_assert_true (clock_discipline_update (&discipline, &estimate, &options, true, start, &adjust));
  g_assert_cmpfloat (adjust.step_s, ==, 0);
  g_assert_cmpfloat (ABS (adjust.frequency_ppm + 50), <=, 83333.5);
  gint64 end = clock_discipline_wake_ns (&discipline);
  g_assert_cmpint (end - start, <, 4 * S);

  /* The account is right at every moment, not only at the end. */
  gint64 units = to_units (adjust.frequency_ppm);
  for (gint64 at = start; at <= end; at += 333333333)
    assert_near_ns (clock_discipline_correction_ns (&discipline, at) - before,
                    gain_ns (units, at - start));

  /* Free time goes on at 1/(1 + φ) of monotonic time, so that free + slewed = monotonic. */
  assert_near_ns (clock_discipline_free_ns (&discipline, end)
                      + clock_discipline_correction_ns (&discipline, end),
                  end);

  gint64 duration =
      clock_discipline_free_ns (&discipline, end) - clock_discipline_free_ns (&discipline, start);
  gint64 own = -50 * duration / 1000000; /* what the frequency takes meanwhile */
  gint64 done = clock_discipline_correction_ns (&discipline, end) - before - own;
  g_assert_cmpint (ABS (done + 300000000), <, 50);
}

static void
test_step_above_threshold_only_when_allowed (void)
{
  ClockDiscipline discipline;
  NtpAdjust adjust = { 0 };
  clock_discipline_init (&discipline, 0, START);
  ClockEstimate estimate = estimate_of (&discipline, START, 600000000, 0);
  g_assert_true (clock_discipline_update (&discipline, &estimate, &options, false, START, &adjust));
  g_assert_cmpfloat (adjust.step_s, ==, 0);
  g_assert_cmpfloat_with_epsilon (adjust.frequency_ppm, 83333, 1e-4);

  g_assert_true (clock_discipline_update (&discipline, &estimate, &options, true, START, &adjust));
  g_assert_cmpfloat_with_epsilon (adjust.step_s, 0.6, 1e-12);
  g_assert_cmpfloat (adjust.frequency_ppm, ==, 0);
  g_assert_cmpint (clock_discipline_wake_ns (&discipline), ==, G_MAXINT64);
  g_assert_cmpint (clock_discipline_correction_ns (&discipline, START), ==, 600000000);
  g_assert_cmpint (clock_discipline_free_ns (&discipline, START + S), ==, START + S);
}

static void
test_hundred_seconds_lose_no_nanosecond (void)
{
  ClockDiscipline discipline;
  NtpAdjust adjust = { 0 };
  clock_discipline_init (&discipline, 0, START);
  ClockEstimate estimate = estimate_of (&discipline, START, G_GINT64_CONSTANT (-100000000001), 50);
  g_assert_true (clock_discipline_update (&discipline, &estimate, &options, true, START, &adjust));
  g_assert_cmpint (llround (adjust.step_s * 1e9), ==, G_GINT64_CONSTANT (-100000000001));
  g_assert_cmpint (clock_discipline_correction_ns (&discipline, START), ==,
                   G_GINT64_CONSTANT (-100000000001));
  g_assert_cmpfloat (clock_discipline_offset_s (&discipline, &estimate, START), ==, 0);
}

static void
test_change_beyond_limit_is_held_back (void)
{
  ClockDiscipline discipline;
  clock_discipline_init (&discipline, 10, START);
  const gint64 offsets[] = { 1001 * S, -1001 * S, G_MAXINT64 / 4, -G_MAXINT64 / 4 };
  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      NtpAdjust adjust = { .step_s = 99, .frequency_ppm = 99 };
      ClockEstimate estimate = estimate_of (&discipline, START, offsets[i], 20);
      g_assert_false (
          clock_discipline_update (&discipline, &estimate, &options, true, START, &adjust));
      g_assert_cmpfloat (adjust.step_s, ==, 99);
      g_assert_cmpfloat (adjust.frequency_ppm, ==, 99);
      g_assert_cmpint (clock_discipline_correction_ns (&discipline, START), ==, 0);
      assert_near_ns (clock_discipline_correction_ns (&discipline, START + 1000 * S),
                      gain_ns (10 * 65536, 1000 * S));
    }
}

static void
test_absurd_frequency_is_limited (void)
{
  ClockDiscipline discipline;
  NtpAdjust adjust = { 0 };
  clock_discipline_init (&discipline, 0, START);
  ClockEstimate estimate = estimate_of (&discipline, START, 0, 123456);
  g_assert_true (clock_discipline_update (&discipline, &estimate, &options, true, START, &adjust));
  g_assert_cmpfloat_with_epsilon (adjust.frequency_ppm, 1000, 1e-4);
}

static void
test_refused_adjustment_never_was (void)
{
  ClockDiscipline discipline;
  NtpAdjust adjust = { 0 };
  clock_discipline_init (&discipline, 15, START);
  ClockEstimate estimate = estimate_of (&discipline, START + S, 2 * S, 20);
  g_assert_true (
      clock_discipline_update (&discipline, &estimate, &options, true, START + S, &adjust));
  g_assert_cmpfloat (adjust.step_s, >, 1.9);
  clock_discipline_foreign_step (&discipline, 5);
  clock_discipline_refused (&discipline);
  assert_near_ns (clock_discipline_correction_ns (&discipline, START + 100 * S),
                  5 + gain_ns (15 * 65536, 100 * S));
}

static void
test_foreign_step_leaves_free_clock_alone (void)
{
  ClockDiscipline discipline;
  clock_discipline_init (&discipline, 0, START);
  ClockEstimate estimate = estimate_of (&discipline, START, 1000, 0);
  clock_discipline_foreign_step (&discipline, 5 * S);
  g_assert_cmpint (clock_discipline_free_ns (&discipline, START + S), ==, START + S);
  g_assert_cmpint (clock_discipline_correction_ns (&discipline, START), ==, 5 * S);
  g_assert_cmpfloat_with_epsilon (clock_discipline_offset_s (&discipline, &estimate, START),
                                  -5 + 1e-6, 1e-9);
  for (int i = 0; i < 100; i++)
    clock_discipline_foreign_step (&discipline, G_MAXINT64);
  for (int i = 0; i < 100; i++)
    clock_discipline_foreign_step (&discipline, G_MININT64);
}

/* More answers come while the first correction is under way; the next small one is gentle. */
static void
test_first_correction_stays_fast (void)
{
  ClockDiscipline discipline;
  NtpAdjust adjust = { 0 };
  clock_discipline_init (&discipline, 0, START);

  ClockEstimate estimate = estimate_of (&discipline, START, 3 * S / 10, 0);
  g_assert_true (clock_discipline_update (&discipline, &estimate, &options, true, START, &adjust));
  estimate = estimate_of (&discipline, START + S / 10, 2 * S / 10, 0);
  g_assert_true (
      clock_discipline_update (&discipline, &estimate, &options, false, START + S / 10, &adjust));
  g_assert_cmpfloat (ABS (adjust.frequency_ppm - 83333), <=, 0.5);

  gint64 end = clock_discipline_wake_ns (&discipline);
  clock_discipline_end_slew (&discipline, end, &adjust);
  estimate = estimate_of (&discipline, end, S / 10, 0);
  g_assert_true (clock_discipline_update (&discipline, &estimate, &options, false, end, &adjust));
  g_assert_cmpfloat (adjust.frequency_ppm, ==, 500);
}

/* A request leaves 10 ms before an 83333 ppm slew begins and is answered 10 ms after. */
static void
test_sample_across_a_slew (void)
{
  ClockDiscipline discipline;
  NtpAdjust adjust = { 0 };
  clock_discipline_init (&discipline, 0, START);
  ClockEstimate estimate = estimate_of (&discipline, START, 300000000, 0);
  g_assert_true (clock_discipline_update (&discipline, &estimate, &options, true, START, &adjust));

  gint64 received = START + 10000000;
  ClockSample sample =
      clock_discipline_sample (&discipline, START - 10000000, received, 299000000, 0.020, 0.003);
  gint64 after = gain_ns (to_units (adjust.frequency_ppm), 10000000);
  assert_near_ns (sample.offset_ns, 299000000 + after / 2);
  g_assert_cmpfloat_with_epsilon (sample.delay_s, 0.020 - (double) after * 1e-9, 2e-9);
  g_assert_cmpfloat (sample.error_s, ==, 0.003);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock-discipline/free-clock-without-adjustment",
                   test_free_clock_without_adjustment);
  g_test_add_func ("/clock-discipline/frequency-from-before-is-counted",
                   test_frequency_from_before_is_counted);
  g_test_add_func ("/clock-discipline/small-offset-is-slewed-gently",
                   test_small_offset_is_slewed_gently);
  g_test_add_func ("/clock-discipline/slew-is-stretched", test_slew_is_stretched);
  g_test_add_func ("/clock-discipline/slew-is-not-stretched", test_slew_is_not_stretched);
  g_test_add_func ("/clock-discipline/fast-slew-at-start-is-exact",
                   test_fast_slew_at_start_is_exact);
  g_test_add_func ("/clock-discipline/first-correction-stays-fast",
                   test_first_correction_stays_fast);
  g_test_add_func ("/clock-discipline/step-above-threshold-only-when-allowed",
                   test_step_above_threshold_only_when_allowed);
  g_test_add_func ("/clock-discipline/hundred-seconds-lose-no-nanosecond",
                   test_hundred_seconds_lose_no_nanosecond);
  g_test_add_func ("/clock-discipline/change-beyond-limit-is-held-back",
                   test_change_beyond_limit_is_held_back);
  g_test_add_func ("/clock-discipline/absurd-frequency-is-limited",
                   test_absurd_frequency_is_limited);
  g_test_add_func ("/clock-discipline/refused-adjustment-never-was",
                   test_refused_adjustment_never_was);
  g_test_add_func ("/clock-discipline/foreign-step-leaves-free-clock-alone",
                   test_foreign_step_leaves_free_clock_alone);
  g_test_add_func ("/clock-discipline/sample-across-a-slew", test_sample_across_a_slew);
  return g_test_run ();
}
