/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "fake-world.h"

static FakeWorld *
world_new (double offset_s)
{
  FakeWorld *world = fake_world_new (4, &ntp_options_default, offset_s, 40);
  fake_world_add_all (world);
  return world;
}

/* The first second from which the clock is right to within @within_s for 300 s. */
static double
settle (FakeWorld *world, double within_s, double most_s)
{
  double since_s = 0, begin_s = fake_world_time_s (world);

  while (fake_world_time_s (world) - begin_s < most_s + 300)
    {
      if (fabs (fake_world_offset_s (world)) > within_s)
        since_s = fake_world_time_s (world) - begin_s;
      fake_world_run (world, 0.1);
    }
  return since_s;
}

static void
test_start_step (void)
{
  g_autoptr (FakeWorld) world = world_new (100);

  g_assert_cmpfloat (settle (world, 0.025, 10), <, 5);
  g_assert_cmpuint (world->steps, ==, 1);
  g_assert_cmpfloat_with_epsilon (world->stepped_s, 100, 5 * MS);
  g_assert_true (world->last_adjust.synchronised);
  g_assert_cmpfloat (world->last_adjust.maximum_error_s, >, 0);
  g_assert_cmpfloat (world->last_adjust.maximum_error_s, <, 0.03);
  g_assert_cmpuint (fake_world_snapshot (world).last_step, !=, 0);
}

static void
test_start_slew (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  g_assert_cmpfloat (settle (world, 0.025, 20), <, 9);
  g_assert_cmpuint (world->steps, ==, 0);
}

static void
test_steady (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 3600);
  guint steps = world->steps;
  for (guint i = 0; i < 1000; i++)
    {
      fake_world_run (world, 60);
      g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, MS);
    }
  g_assert_cmpuint (world->steps, ==, steps);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).frequency_ppm, 40, 0.1);
  g_assert_cmpfloat (fake_world_snapshot (world).rms_offset_s, <, MS);
  g_assert_cmpfloat (fake_world_snapshot (world).update_interval_s, >, 10);
  g_assert_cmpuint (fake_world_snapshot (world).stratum, ==, 2);
  g_assert_cmphex (fake_world_snapshot (world).reference_id, ==, 0xc0000201);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).root_delay_s, 0.04, MS);
}

/* Whatever is done between two requests is done with one of them. */
static void
test_wakes_to_ask_only (void)
{
  NtpOptions options = ntp_options_default;
  options.maximum_poll_log2 = options.minimum_poll_log2;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 0.3, 40);
  guint timers, requests, awake = 0;

  fake_world_add_all (world);
  fake_world_run (world, 1800);
  requests = fake_world_count_requests (world);
  for (guint second = 0; second < 7200; second++)
    {
      timers = world->timers;
      fake_world_run (world, 1);
      awake += world->timers > timers;
    }
  requests = fake_world_count_requests (world) - requests;
  g_assert_cmpuint (requests, >, 400);
  g_assert_cmpuint (awake, <=, requests + requests / 20);
}

/* No vote may move the clock by more than the limit; it is measured on, and a person sees it. */
static void
test_decision (void)
{
  g_autoptr (FakeWorld) world = world_new (5000);

  fake_world_run (world, 7200);
  g_assert_cmpuint (world->adjusts, ==, 0);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_NEEDS_DECISION);
  g_assert_cmpint (fake_world_snapshot (world).reason, ==, NTP_REASON_CHANGE_TOO_LARGE);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).offset_s, 5000, 0.5);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_DECISION), ==, 1);
  g_assert_cmpuint (world->servers[0].requests, >, 8);

  /* The administrator allows more. */
  NtpOptions options = ntp_options_default;
  options.maximum_change_s = 10000;
  fake_world_set_options (world, &options);
  fake_world_run (world, 7200);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, MS);
}

static void
test_decision_passes (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  for (guint i = 0; i < 4; i++)
    world->servers[i].offset_s = 5000;
  fake_world_run (world, 600);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_NEEDS_DECISION);
  for (guint i = 0; i < 4; i++)
    world->servers[i].offset_s = 0;
  fake_world_run (world, 3000);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, MS);
}

/* Small steps may not add up to what one step may not do: in running there are none at all. */
static void
test_no_steps_in_running (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 7200);
  for (guint i = 0; i < 4; i++)
    world->servers[i].offset_s = 5;
  fake_world_run (world, 1200);
  g_assert_cmpuint (world->steps, ==, 0);
}

static void
test_foreign_step (void)
{
  static const double steps_s[] = { 5, -5, 0.2, -600 };

  for (guint i = 0; i < G_N_ELEMENTS (steps_s); i++)
    {
      g_autoptr (FakeWorld) world = world_new (0.3);
      fake_world_run (world, 7200);
      fake_world_step_clock (world, steps_s[i], TRUE);
      g_assert_cmpfloat (settle (world, MS, 20), <=, 10);
      g_assert_cmpuint (world->steps, ==, fabs (steps_s[i]) > 0.5 ? 1 : 0);
      g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_FOREIGN_STEP), ==, 1);
      g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).frequency_ppm, 40, 1);
    }
}

/* Nobody told: found out by the next poll or two of each server. */
static void
test_foreign_step_unnoticed (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 7200);
  fake_world_step_clock (world, 0.4, FALSE);
  fake_world_run (world, 3000);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 5 * MS);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_FOREIGN_STEP), ==, 0);
}

/* Two programs that each believe they are right: we give in rather than go on and on. */
static void
test_no_fight (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 7200);
  for (guint i = 0; i < 50; i++)
    {
      fake_world_step_clock (world, 5, TRUE);
      fake_world_run (world, 1);
    }
  g_assert_cmpuint (world->steps, <=, 6);
}

static void
test_foreign_step_too_large (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 7200);
  guint adjusts = world->adjusts;
  fake_world_step_clock (world, 86400, TRUE);
  g_assert_cmpuint (world->adjusts, ==, adjusts);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_NEEDS_DECISION);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).offset_s, -86400, MS);
  fake_world_step_clock (world, -86400, TRUE); /* the person puts it right */
  fake_world_run (world, 2000);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpuint (world->steps, ==, 0);
}

/* The hardware clock kept the time badly, and steps are allowed again. */
static void
test_resume (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 7200);
  guint requests = world->servers[0].requests;
  world->true_ns += G_GINT64_CONSTANT (36000) * 1000000000; /* asleep */
  fake_world_lose_time (world, 36000, 1.7);
  fake_world_resume (world);
  g_assert_cmpfloat (fake_world_snapshot (world).uncertainty_s, >, 1);
  g_assert_cmpfloat (settle (world, 5 * MS, 10), <, 2);
  g_assert_cmpuint (world->steps, ==, 1);
  g_assert_cmpuint (world->servers[0].requests, >=, requests + 4);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_RESUMED), ==, 1);
}

/* What was asked before the machine slept is not waited for. */
static void
test_resume_in_flight (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 0.13);
  g_assert_cmpuint (world->servers[0].requests, ==, 1);
  fake_world_resume (world);
  fake_world_run (world, 0.001);
  g_assert_cmpuint (world->servers[0].requests, ==, 2);
}

static void
test_observing (void)
{
  NtpOptions options = ntp_options_default;
  options.may_adjust = false;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 2.5, 40);

  fake_world_add_all (world);
  fake_world_run (world, 7200);
  g_assert_cmpuint (world->adjusts, ==, 0);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).offset_s, fake_world_offset_s (world),
                                  MS);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).frequency_ppm, 40, 0.1);
  fake_world_step_clock (world, 5, TRUE);
  g_assert_cmpuint (world->adjusts, ==, 0);
}

/* Seen a poll later, as it is in life: the rate is set again at once, and soon the clock is right.
 */
static void
test_foreign_frequency (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 7200);
  double ours_ppm = world->last_adjust.frequency_ppm;
  fake_world_turn_clock (world, ours_ppm + 150);
  fake_world_run (world, 60);
  guint adjusts = world->adjusts, lost = fake_world_count_events (world, NTP_EVENT_LOST);
  fake_world_see_rate (world, FALSE);
  g_assert_cmpuint (world->adjusts, ==, adjusts + 1);
  g_assert_cmpfloat_with_epsilon (world->last_adjust.frequency_ppm, ours_ppm, 1);
  g_assert_cmpfloat (fabs (world->last_adjust.step_s), ==, 0);
  g_assert_cmpfloat (settle (world, MS, 60), <=, 40);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).frequency_ppm, 40, 1);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_FOREIGN_FREQUENCY), ==, 1);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_FOREIGN_SLEW), ==, 0);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_LOST), ==, lost);
  g_assert_cmpuint (world->steps, ==, 0);
}

static void
test_foreign_slew (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 7200);
  double ours_ppm = world->last_adjust.frequency_ppm;
  fake_world_turn_clock (world, ours_ppm + 500);
  fake_world_run (world, 60);
  fake_world_turn_clock (world, ours_ppm); /* as the kernel shows it */
  fake_world_see_rate (world, TRUE);
  g_assert_cmpfloat (fake_world_snapshot (world).uncertainty_s, >, 0.03);
  g_assert_cmpfloat (settle (world, MS, 90), <=, 80);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_FOREIGN_SLEW), ==, 1);
}

/* One that sets its rate each time is answered, and the servers do not suffer for it. */
static void
test_no_fight_over_frequency (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 7200);
  guint requests = world->servers[0].requests, adjusts = world->adjusts;
  for (guint i = 0; i < 60; i++)
    {
      fake_world_turn_clock (world, 0);
      fake_world_see_rate (world, FALSE);
      fake_world_run (world, 5);
    }
  g_assert_cmpuint (world->adjusts, >=, adjusts + 60);
  g_assert_cmpuint (world->servers[0].requests, <=, requests + 300 / 64 + 2);
}

static NtpOptions
watching (void)
{
  NtpOptions options = ntp_options_default;

  options.may_adjust = false;
  options.observe_reason = NTP_REASON_OTHER_SERVICE;
  return options;
}

static void
test_watching (void)
{
  NtpOptions options = watching ();
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 2.5, 40);

  fake_world_add_all (world);
  for (guint i = 0; i < 100; i++)
    {
      fake_world_turn_clock (world, i % 2 == 0 ? 100 : -20);
      fake_world_see_rate (world, FALSE);
      fake_world_run (world, 36);
    }
  g_assert_cmpuint (world->adjusts, ==, 0);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_FOREIGN_FREQUENCY), ==, 0);
  g_assert_cmpint (fake_world_snapshot (world).reason, ==, NTP_REASON_OTHER_SERVICE);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).offset_s, fake_world_offset_s (world),
                                  MS);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).frequency_ppm, 40, 1);

  fake_world_set_options (world, &ntp_options_default);
  g_assert_cmpfloat (settle (world, 25 * MS, 10), <=, 1);
  g_assert_cmpuint (world->steps, ==, 1);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpint (fake_world_snapshot (world).reason, ==, NTP_REASON_NONE);
}

/* Who hands the clock over does not leave a slew behind. */
static void
test_hand_over (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);
  NtpOptions options = watching ();

  fake_world_run (world, 1);
  g_assert_cmpfloat (world->last_adjust.frequency_ppm, >, 1000);
  fake_world_set_options (world, &options);
  g_assert_cmpfloat (fabs (world->last_adjust.frequency_ppm), <, 200);
  guint adjusts = world->adjusts;
  fake_world_run (world, 3600);
  g_assert_cmpuint (world->adjusts, ==, adjusts);
}

/* The kernel says "synchronised" to whoever asks it, until it is told. */
static void
test_kernel_is_told (void)
{
  g_autoptr (FakeWorld) world = world_new (0.3);

  fake_world_run (world, 7200);
  g_assert_true (world->last_adjust.synchronised);
  double ours_ppm = world->last_adjust.frequency_ppm;
  world->servers[0].offset_s = world->servers[1].offset_s = 7;
  fake_world_run (world, 3600);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_UNSYNCHRONISED);
  g_assert_false (world->last_adjust.synchronised);
  g_assert_true (isinf (world->last_adjust.maximum_error_s));
  g_assert_cmpfloat_with_epsilon (world->last_adjust.frequency_ppm, ours_ppm, 5);
  guint adjusts = world->adjusts;
  fake_world_run (world, 3600);
  g_assert_cmpuint (world->adjusts, ==, adjusts);

  world->servers[0].offset_s = world->servers[1].offset_s = 0;
  fake_world_run (world, 3600);
  g_assert_true (world->last_adjust.synchronised);
}

/* What the kernel refuses is tried again with the next update, never in a loop. */
static void
test_refused (void)
{
  g_autoptr (FakeWorld) world = world_new (2.5);

  world->refuses = TRUE;
  fake_world_run (world, 7200);
  g_assert_cmpuint (world->adjusts, <, 1000);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_UNSYNCHRONISED);
  g_assert_cmpint (fake_world_snapshot (world).reason, ==, NTP_REASON_CLOCK_FAILED);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).offset_s, fake_world_offset_s (world),
                                  MS);
  world->refuses = FALSE;
  fake_world_run (world, 3000);
  g_assert_cmpuint (world->steps, ==, 1);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 5 * MS);

  fake_world_step_clock (world, 0.3, TRUE);
  world->refuses = TRUE; /* in the middle of a slew, too */
  guint adjusts = world->adjusts;
  fake_world_run (world, 600);
  g_assert_cmpuint (world->adjusts - adjusts, <, 100);
}

/* Announced on its day by most of those that agree, and only then. */
static void
test_leap (void)
{
  g_autoptr (FakeWorld) world = world_new (0);

  for (guint i = 0; i < 4; i++)
    world->servers[i].leap = i < 3 ? NTP_LEAP_INSERT : NTP_LEAP_NONE;
  fake_world_run (world, 7200);
  g_assert_cmpuint (world->last_adjust.leap, ==, NTP_LEAP_NONE);
  g_assert_cmpuint (fake_world_server (world, 0).leap, ==, NTP_LEAP_INSERT);
  /* The world begins on 2026-05-28 at 20:26:40; 30 June begins 32 days and 12800 s later. */
  fake_world_run (world, 32 * 86400 + 12800 + 3600 - 7200);
  g_assert_cmpuint (world->last_adjust.leap, ==, NTP_LEAP_INSERT);
  g_assert_cmpuint (fake_world_snapshot (world).leap, ==, NTP_LEAP_INSERT);
  world->servers[0].leap = world->servers[1].leap = NTP_LEAP_NONE; /* disputed */
  fake_world_run (world, 7200);
  g_assert_cmpuint (world->last_adjust.leap, ==, NTP_LEAP_NONE);
}

/* For five seconds on either side of it nobody's time is to be trusted. */
static void
test_near_leap (void)
{
  NtpOptions options = ntp_options_default;
  options.minimum_poll_log2 = options.maximum_poll_log2 = 0;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 0, 0);

  for (guint i = 0; i < 4; i++)
    world->servers[i].leap = NTP_LEAP_INSERT;
  fake_world_run (world, 33 * 86400 + 12800 - 60);
  fake_world_add_all (world);
  fake_world_run (world, 54);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  fake_world_run (world, 10);
  NtpNow now = fake_world_now (world);
  for (int i = 0; i < 4; i++)
    {
      NtpServerSnapshot server = fake_world_server (world, i);
      double age_s = ntp_difference_s (now.realtime, server.last_sample);
      g_assert_cmpfloat (age_s, >, 8.9);
      g_assert_cmpfloat (age_s, <, 11);
      g_assert_cmpuint (server.reach, ==, 0xff);
    }
  fake_world_run (world, 10);
  now = fake_world_now (world);
  g_assert_cmpfloat (ntp_difference_s (now.realtime, fake_world_server (world, 0).last_sample), <,
                     2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-steer/steps-at-start", test_start_step);
  g_test_add_func ("/ntp-steer/slews-at-start", test_start_slew);
  g_test_add_func ("/ntp-steer/wakes-to-ask-only", test_wakes_to_ask_only);
  g_test_add_func ("/ntp-steer/steady", test_steady);
  g_test_add_func ("/ntp-steer/decision-beyond-the-limit", test_decision);
  g_test_add_func ("/ntp-steer/decision-passes", test_decision_passes);
  g_test_add_func ("/ntp-steer/no-steps-in-running", test_no_steps_in_running);
  g_test_add_func ("/ntp-steer/foreign-step-is-undone", test_foreign_step);
  g_test_add_func ("/ntp-steer/foreign-step-unnoticed", test_foreign_step_unnoticed);
  g_test_add_func ("/ntp-steer/no-fight", test_no_fight);
  g_test_add_func ("/ntp-steer/foreign-step-beyond-the-limit", test_foreign_step_too_large);
  g_test_add_func ("/ntp-steer/foreign-frequency-is-undone", test_foreign_frequency);
  g_test_add_func ("/ntp-steer/foreign-slew-is-undone", test_foreign_slew);
  g_test_add_func ("/ntp-steer/no-fight-over-frequency", test_no_fight_over_frequency);
  g_test_add_func ("/ntp-steer/watches-and-takes-over", test_watching);
  g_test_add_func ("/ntp-steer/hands-over-without-a-slew", test_hand_over);
  g_test_add_func ("/ntp-steer/kernel-is-told-when-unsynchronised", test_kernel_is_told);
  g_test_add_func ("/ntp-steer/resume", test_resume);
  g_test_add_func ("/ntp-steer/resume-in-flight", test_resume_in_flight);
  g_test_add_func ("/ntp-steer/observing", test_observing);
  g_test_add_func ("/ntp-steer/kernel-refuses", test_refused);
  g_test_add_func ("/ntp-steer/leap-second", test_leap);
  g_test_add_func ("/ntp-steer/near-a-leap-second", test_near_leap);
  return g_test_run ();
}
