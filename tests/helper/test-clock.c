/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The system's clock is never set here: only the virtual one is adjusted, and what the system and
 * observe clocks refuse is tested without the right to set the clock. */

#include "clock.h"
#include "error.h"

#include <math.h>
#include <sys/timex.h>

#define S 1e9

static gint64
system_ns (clockid_t id)
{
  struct timespec time;

  g_assert_cmpint (clock_gettime (id, &time), ==, 0);
  return (gint64) time.tv_sec * 1000000000 + time.tv_nsec;
}

/* How far the clock is ahead of the system's. */
static double
ahead_s (const Clock *clock)
{
  gint64 before = system_ns (CLOCK_REALTIME);
  gint64 reading = clock_unix_ns (clock);
  gint64 after = system_ns (CLOCK_REALTIME);

  return (double) (reading - before - (after - before) / 2) / S;
}

static void
assert_near (double value, double expected, double tolerance)
{
  g_assert_cmpfloat_with_epsilon (value, expected, tolerance);
}

static void
test_virtual_begins_slow (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_VIRTUAL, 2.5, 40);

  g_assert_cmpstr (clock_mode_name (clock_get_mode (clock)), ==, "virtual");
  assert_near (ahead_s (clock), -2.5, 1e-3);
}

static void
test_virtual_loses_time (void)
{
  /* A tenth slow, so that a few milliseconds show it. */
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_VIRTUAL, 0, 100000);
  gint64 real = system_ns (CLOCK_BOOTTIME);
  NtpNow first = clock_now (clock);
  g_usleep (50000);
  NtpNow second = clock_now (clock);
  double elapsed = (double) (system_ns (CLOCK_BOOTTIME) - real);

  assert_near ((double) (second.monotonic_ns - first.monotonic_ns) / elapsed, 0.9, 1e-3);
  assert_near (ntp_difference_s (second.realtime, first.realtime) * S / elapsed, 0.9, 1e-3);
}

static void
test_virtual_step_shows_in_realtime_only (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_VIRTUAL, 2.5, 0);
  const NtpAdjust adjust = { .step_s = 2.5, .synchronised = TRUE };
  g_autoptr (GError) error = NULL;
  NtpNow before = clock_now (clock);

  g_assert_true (clock_adjust (clock, &adjust, &error));
  g_assert_no_error (error);
  assert_near (ahead_s (clock), 0.0, 1e-3);
  assert_near ((double) (clock_now (clock).monotonic_ns - before.monotonic_ns) / S, 0.0, 0.1);
}

static void
test_virtual_frequency_corrects_its_own (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_VIRTUAL, 0, 50000);
  /* 0.95 of true time needs a rate of 1 / 0.95. */
  const NtpAdjust adjust = { .frequency_ppm = (1 / 0.95 - 1) * 1e6 };
  double before;

  g_assert_true (clock_adjust (clock, &adjust, NULL));
  assert_near (clock_get_frequency_ppm (clock), adjust.frequency_ppm, 1e-9);
  before = ahead_s (clock);
  g_usleep (50000);
  assert_near (ahead_s (clock), before, 1e-4);
}

static void
test_virtual_account_is_exact (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_VIRTUAL, 0, 0);
  const NtpAdjust back = { .step_s = -0.1 };
  const NtpAdjust forth = { .step_s = 0.1, .frequency_ppm = 0 };

  for (int i = 0; i < 1000; i++)
    {
      g_assert_true (clock_adjust (clock, &back, NULL));
      g_assert_true (clock_adjust (clock, &forth, NULL));
    }
  assert_near (ahead_s (clock), 0.0, 1e-4);
}

static void
test_virtual_refuses_nonsense (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_VIRTUAL, 0, 0);
  const NtpAdjust bad[] = { { .step_s = NAN },
                            { .frequency_ppm = INFINITY },
                            { .step_s = 1, .frequency_ppm = 100001 } };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (clock_adjust (clock, &bad[i], &error));
      g_assert_error (error, GNOMON_ERROR, GNOMON_ERROR_CLOCK_FAILED);
    }
  assert_near (ahead_s (clock), 0.0, 1e-3);
}

static void
test_virtual_maps_kernel_stamps (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_VIRTUAL, 2.5, 100000);
  struct timespec stamp;
  NtpTimestamp mapped, now;

  g_assert_cmpint (clock_gettime (CLOCK_REALTIME, &stamp), ==, 0);
  now = clock_now (clock).realtime;
  g_usleep (20000);
  /* The stamp lies 20 ms back, which are 18 ms of this clock. */
  mapped = clock_from_kernel_stamp (clock, &stamp);
  assert_near (ntp_difference_s (mapped, now), 0.0, 1e-3);
}

static void
test_virtual_wait_is_in_true_time (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_VIRTUAL, 0, 100000);
  gint64 now = clock_now (clock).monotonic_ns;

  /* 0.9 s of a clock that runs at 0.9 take a second. */
  assert_near ((double) clock_wait_ns (clock, now + 900000000) / S, 1.0, 1e-2);
  g_assert_cmpint (clock_wait_ns (clock, now - 1), ==, 0);
  g_assert_cmpint (clock_wait_ns (clock, G_MAXINT64), ==, G_MAXINT64);
}

static void
test_virtual_leaves_the_system_alone (void)
{
  struct timex before = { .modes = 0 }, after = { .modes = 0 };
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_VIRTUAL, 100, 40);
  const NtpAdjust adjust = { .step_s = 100, .frequency_ppm = 40, .synchronised = TRUE };
  gint64 gap = system_ns (CLOCK_REALTIME) - system_ns (CLOCK_BOOTTIME);

  adjtimex (&before);
  g_assert_true (clock_adjust (clock, &adjust, NULL));
  adjtimex (&after);
  g_assert_cmpint (before.freq, ==, after.freq);
  g_assert_cmpint (before.tick, ==, after.tick);
  g_assert_cmpint (before.status, ==, after.status);
  assert_near ((double) (system_ns (CLOCK_REALTIME) - system_ns (CLOCK_BOOTTIME) - gap) / S, 0.0,
               1e-2);
  g_assert_cmpfloat (clock_take_jump (clock), ==, 0.0);
}

static void
test_observe_never_adjusts (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_OBSERVE, 0, 0);
  const NtpAdjust adjust = { .step_s = 0 };
  g_autoptr (GError) error = NULL;

  assert_near (ahead_s (clock), 0.0, 1e-3);
  g_assert_false (clock_adjust (clock, &adjust, &error));
  g_assert_error (error, GNOMON_ERROR, GNOMON_ERROR_CLOCK_FAILED);
}

static void
test_system_refuses_nonsense (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_SYSTEM, 0, 0);
  const NtpAdjust adjust = { .frequency_ppm = NAN };
  g_autoptr (GError) error = NULL;

  g_assert_false (clock_adjust (clock, &adjust, &error));
  g_assert_error (error, GNOMON_ERROR, GNOMON_ERROR_CLOCK_FAILED);
}

static void
test_precision_is_plausible (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_OBSERVE, 0, 0);

  g_assert_cmpint (clock_precision_log2 (clock), <=, -10);
  g_assert_cmpint (clock_precision_log2 (clock), >=, -30);
}

static void
test_now_is_ntp_time (void)
{
  g_autoptr (Clock) clock = clock_new (CLOCK_MODE_OBSERVE, 0, 0);
  gint64 unix_ns = system_ns (CLOCK_REALTIME);
  NtpNow now = clock_now (clock);

  /* RFC 5905 §6: seconds since 1900, modulo 2^32. */
  g_assert_cmpuint (now.realtime >> 32, >=, (guint32) (unix_ns / 1000000000 + 2208988800));
  g_assert_cmpuint (now.realtime >> 32, <=, (guint32) (unix_ns / 1000000000 + 2208988800) + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/virtual-begins-slow", test_virtual_begins_slow);
  g_test_add_func ("/clock/virtual-loses-time", test_virtual_loses_time);
  g_test_add_func ("/clock/virtual-step-shows-in-realtime-only",
                   test_virtual_step_shows_in_realtime_only);
  g_test_add_func ("/clock/virtual-frequency-corrects-its-own",
                   test_virtual_frequency_corrects_its_own);
  g_test_add_func ("/clock/virtual-account-is-exact", test_virtual_account_is_exact);
  g_test_add_func ("/clock/virtual-refuses-nonsense", test_virtual_refuses_nonsense);
  g_test_add_func ("/clock/virtual-maps-kernel-stamps", test_virtual_maps_kernel_stamps);
  g_test_add_func ("/clock/virtual-wait-is-in-true-time", test_virtual_wait_is_in_true_time);
  g_test_add_func ("/clock/virtual-leaves-the-system-alone", test_virtual_leaves_the_system_alone);
  g_test_add_func ("/clock/observe-never-adjusts", test_observe_never_adjusts);
  g_test_add_func ("/clock/system-refuses-nonsense", test_system_refuses_nonsense);
  g_test_add_func ("/clock/precision-is-plausible", test_precision_is_plausible);
  g_test_add_func ("/clock/now-is-ntp-time", test_now_is_ntp_time);
  return g_test_run ();
}
