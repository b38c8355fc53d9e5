/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "fake-world.h"

#define HOURS_2 7200.0

/* Our clock is two hours slow, and somebody has been asked. */
static FakeWorld *
world_new (void)
{
  FakeWorld *world = fake_world_new (4, &ntp_options_default, HOURS_2, 40);

  fake_world_add_all (world);
  fake_world_run (world, 600);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_NEEDS_DECISION);
  return world;
}

static void
assert_asked (FakeWorld *world, guint times)
{
  NtpSnapshot snapshot = fake_world_snapshot (world);

  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_DECISION), ==, times);
  g_assert_cmpint (snapshot.state, ==, NTP_STATE_NEEDS_DECISION);
  g_assert_cmpint (snapshot.reason, ==, NTP_REASON_CHANGE_TOO_LARGE);
}

static void
assert_kept (FakeWorld *world)
{
  NtpSnapshot snapshot = fake_world_snapshot (world);

  g_assert_cmpuint (world->adjusts, ==, 0);
  g_assert_cmpint (snapshot.state, ==, NTP_STATE_UNSYNCHRONISED);
  g_assert_cmpint (snapshot.reason, ==, NTP_REASON_CHANGE_REJECTED);
}

static void
lie (FakeWorld *world, guint n, double offset_s)
{
  for (guint i = 0; i < n; i++)
    world->servers[i].offset_s = offset_s;
}

static void
test_accept (void)
{
  g_autoptr (FakeWorld) world = world_new ();

  g_assert_cmpint (fake_world_accept (world, fake_world_offset_s (world)), ==, NTP_ACCEPT_DONE);
  g_assert_cmpuint (world->steps, ==, 1);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 5 * MS);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_ACCEPTED), ==, 1);
  fake_world_run (world, 3600);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, MS);
  g_assert_cmpuint (world->steps, ==, 1);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_DECISION), ==, 1);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_STEPPED), ==, 1);

  /* It was for this once. */
  lie (world, 4, 5000);
  fake_world_run (world, 4 * 3600);
  g_assert_cmpuint (world->steps, ==, 1);
  assert_asked (world, 2);
}

/* What was shown may be a few seconds old, and no more. */
static void
test_accept_other_time (void)
{
  static const struct
  {
    double beside_s;
    NtpAccept outcome;
  } cases[] = {
    { 60, NTP_ACCEPT_OTHER_TIME },
    { -60, NTP_ACCEPT_OTHER_TIME },
    { -HOURS_2, NTP_ACCEPT_OTHER_TIME },
    { -2 * HOURS_2, NTP_ACCEPT_OTHER_TIME },
    { 1e12, NTP_ACCEPT_OTHER_TIME },
    { NAN, NTP_ACCEPT_OTHER_TIME },
    { 5.5, NTP_ACCEPT_OTHER_TIME },
    { -5.5, NTP_ACCEPT_OTHER_TIME },
    { 4.5, NTP_ACCEPT_DONE },
    { -4.5, NTP_ACCEPT_DONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FakeWorld) world = world_new ();
      double shown_s = fake_world_offset_s (world) + cases[i].beside_s;
      g_assert_cmpint (fake_world_accept (world, shown_s), ==, cases[i].outcome);
      g_assert_cmpuint (world->adjusts, ==, cases[i].outcome == NTP_ACCEPT_DONE ? 1 : 0);
      if (cases[i].outcome == NTP_ACCEPT_DONE) /* to what is measured, not to what was shown */
        g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 5 * MS);
      else
        assert_asked (world, 1);
    }
}

/* The servers said two hours, a person was asked, and then they say something else. */
static void
test_accept_too_late (void)
{
  g_autoptr (FakeWorld) world = world_new ();
  double shown_s = fake_world_offset_s (world);

  lie (world, 4, 1800);
  fake_world_run (world, 7200);
  g_assert_cmpint (fake_world_accept (world, shown_s), ==, NTP_ACCEPT_OTHER_TIME);
  g_assert_cmpuint (world->adjusts, ==, 0);
  g_assert_cmpint (fake_world_accept (world, fake_world_offset_s (world) + 1800), ==,
                   NTP_ACCEPT_DONE);
}

static void
test_accept_unasked (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (4, &ntp_options_default, 0.3, 40);

  fake_world_add_all (world);
  g_assert_cmpint (fake_world_accept (world, 0), ==, NTP_ACCEPT_NOT_ASKED);
  fake_world_run (world, 600);
  guint adjusts = world->adjusts;
  g_assert_cmpint (fake_world_accept (world, fake_world_offset_s (world)), ==,
                   NTP_ACCEPT_NOT_ASKED);
  g_assert_cmpuint (world->adjusts, ==, adjusts);
  g_assert_false (fake_world_reject (world));
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_REJECTED), ==, 0);
}

/* Two of four have changed their minds, or nobody has answered for long. */
static void
test_accept_without_quorum (void)
{
  g_autoptr (FakeWorld) divided = world_new ();
  g_autoptr (FakeWorld) silent = world_new ();

  lie (divided, 2, 3000);
  fake_world_run (divided, 600);
  g_assert_cmpint (fake_world_accept (divided, fake_world_offset_s (divided)), ==,
                   NTP_ACCEPT_NO_QUORUM);
  g_assert_cmpuint (divided->adjusts, ==, 0);

  for (guint i = 0; i < 4; i++)
    silent->servers[i].silent = TRUE;
  fake_world_run (silent, 3600);
  g_assert_cmpint (fake_world_accept (silent, fake_world_offset_s (silent)), ==,
                   NTP_ACCEPT_NO_QUORUM);
  g_assert_cmpuint (silent->adjusts, ==, 0);
}

/* With automatic running off nobody is asked meanwhile, and a person may take ten minutes. */
static void
test_accept_after_request (void)
{
  NtpOptions options = ntp_options_default;
  options.automatic = false;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, -HOURS_2, 40);

  fake_world_add_all (world);
  g_assert_cmpint (fake_world_sync (world)->error, ==, NTP_REASON_CHANGE_TOO_LARGE);
  assert_asked (world, 1);
  fake_world_run (world, 600);
  g_assert_cmpint (fake_world_accept (world, -HOURS_2), ==, NTP_ACCEPT_DONE);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 0.1);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_OFF);

  g_autoptr (FakeWorld) later = fake_world_new (4, &options, -HOURS_2, 40);
  fake_world_add_all (later);
  g_assert_cmpint (fake_world_sync (later)->error, ==, NTP_REASON_CHANGE_TOO_LARGE);
  fake_world_run (later, 1000);
  g_assert_cmpint (fake_world_accept (later, -HOURS_2), ==, NTP_ACCEPT_NO_QUORUM);
  g_assert_cmpuint (later->adjusts, ==, 0);
}

static void
test_accept_refused_by_kernel (void)
{
  g_autoptr (FakeWorld) world = world_new ();

  world->refuses = TRUE;
  g_assert_cmpint (fake_world_accept (world, fake_world_offset_s (world)), ==, NTP_ACCEPT_DONE);
  g_assert_cmpfloat_with_epsilon (fake_world_offset_s (world), HOURS_2, 0.1);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_STEPPED), ==, 0);
  g_assert_cmpint (fake_world_snapshot (world).reason, ==, NTP_REASON_CLOCK_FAILED);
  world->refuses = FALSE;
  fake_world_run (world, 600);
  assert_asked (world, 2); /* one answer is for one attempt */
}

static void
test_reject (void)
{
  g_autoptr (FakeWorld) world = world_new ();
  guint requests = world->servers[0].requests;

  g_assert_true (fake_world_reject (world));
  assert_kept (world);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_REJECTED), ==, 1);
  fake_world_run (world, 86400);
  assert_kept (world);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_DECISION), ==, 1);
  g_assert_cmpuint (world->servers[0].requests, >, requests + 20);
  g_assert_false (fake_world_reject (world));
  g_assert_cmpint (fake_world_accept (world, fake_world_offset_s (world)), ==,
                   NTP_ACCEPT_NOT_ASKED);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_REJECTED), ==, 1);
}

static void
test_reject_then_other_evidence (void)
{
  g_autoptr (FakeWorld) world = world_new ();

  fake_world_reject (world);
  lie (world, 4, 50);
  fake_world_run (world, 4 * 3600);
  assert_kept (world);
  lie (world, 4, -70);
  fake_world_run (world, 4 * 3600);
  assert_asked (world, 2);
  g_assert_cmpuint (world->adjusts, ==, 0);
}

/* Whoever sets the clock himself, but not well, hears of it again. */
static void
test_reject_then_foreign_step (void)
{
  g_autoptr (FakeWorld) world = world_new ();

  fake_world_reject (world);
  fake_world_step_clock (world, 3600, TRUE);
  fake_world_run (world, 3600);
  assert_asked (world, 2);
  fake_world_reject (world);
  fake_world_step_clock (world, 3590, TRUE); /* and now within the limit */
  fake_world_run (world, 7200);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, MS);
}

static void
test_reject_then_back_within_the_limit (void)
{
  g_autoptr (FakeWorld) world = world_new ();

  fake_world_reject (world);
  lie (world, 4, -HOURS_2);
  fake_world_run (world, 7200);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  lie (world, 4, 0); /* settled: the same offset is new now */
  fake_world_run (world, 4 * 3600);
  assert_asked (world, 2);
}

static void
test_reject_then_request (void)
{
  g_autoptr (FakeWorld) world = world_new ();

  fake_world_reject (world);
  g_assert_cmpint (fake_world_sync (world)->error, ==, NTP_REASON_CHANGE_TOO_LARGE);
  assert_asked (world, 2);
  g_assert_cmpint (fake_world_accept (world, fake_world_offset_s (world)), ==, NTP_ACCEPT_DONE);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 5 * MS);
}

/* Other options are no new evidence, and a higher limit is an administrator's decision. */
static void
test_reject_then_options (void)
{
  g_autoptr (FakeWorld) world = world_new ();
  NtpOptions options = ntp_options_default;

  fake_world_reject (world);
  options.maximum_poll_log2 = 8;
  fake_world_set_options (world, &options);
  fake_world_run (world, 7200);
  assert_kept (world);
  options.maximum_change_s = 10000;
  fake_world_set_options (world, &options);
  fake_world_run (world, 7200);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-decision/yes-steps-once", test_accept);
  g_test_add_func ("/ntp-decision/yes-to-another-time-is-refused", test_accept_other_time);
  g_test_add_func ("/ntp-decision/yes-that-comes-too-late-is-refused", test_accept_too_late);
  g_test_add_func ("/ntp-decision/answers-to-no-question-change-nothing", test_accept_unasked);
  g_test_add_func ("/ntp-decision/yes-without-a-quorum-is-refused", test_accept_without_quorum);
  g_test_add_func ("/ntp-decision/yes-some-minutes-after-a-request", test_accept_after_request);
  g_test_add_func ("/ntp-decision/yes-and-the-kernel-refuses", test_accept_refused_by_kernel);
  g_test_add_func ("/ntp-decision/no-is-not-undone-by-the-next-poll", test_reject);
  g_test_add_func ("/ntp-decision/no-and-other-evidence", test_reject_then_other_evidence);
  g_test_add_func ("/ntp-decision/no-and-somebody-sets-the-clock", test_reject_then_foreign_step);
  g_test_add_func ("/ntp-decision/no-and-back-within-the-limit",
                   test_reject_then_back_within_the_limit);
  g_test_add_func ("/ntp-decision/no-and-a-new-request", test_reject_then_request);
  g_test_add_func ("/ntp-decision/no-and-other-options", test_reject_then_options);
  return g_test_run ();
}
