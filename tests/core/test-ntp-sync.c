/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "fake-world.h"

/* Automatic running is off, so that only the click counts. */
static FakeWorld *
world_new (guint n, double offset_s)
{
  NtpOptions options = ntp_options_default;
  options.automatic = false;
  FakeWorld *world = fake_world_new (n, &options, offset_s, 40);
  fake_world_add_all (world);
  return world;
}

static void
assert_untouched (const FakeWorld *world)
{
  g_assert_cmpuint (world->adjusts, ==, 0);
  g_assert_cmpfloat_with_epsilon (world->result.correction_s, 0, 1e-12);
  g_assert_false (world->result.stepped);
}

/* Round trip 40 ms, key exchange three of it; from nothing at most 6 round trips + 60 ms, with
 * kept cookies at most 3 + 60 ms. The world takes no time to compute. */
static void
test_from_nothing (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 2.5);

  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat_with_epsilon (result->offset_before_s, 2.5, MS);
  g_assert_cmpfloat_with_epsilon (result->correction_s, 2.5, MS);
  g_assert_true (result->stepped);
  g_assert_cmpuint (result->answered, ==, 4);
  g_assert_cmpuint (result->vouched, ==, 4);
  g_assert_cmpuint (result->operators, ==, 4);
  g_assert_cmpfloat (result->duration_s, <=, 6 * 0.04);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <=, result->uncertainty_s);
  g_assert_cmpfloat (result->uncertainty_s, <, 0.03);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_STEPPED), ==, 1);
  g_assert_true (fake_world_snapshot (world).ever_synchronised);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_OFF);

  result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_false (result->stepped);
  g_assert_cmpfloat (result->duration_s, <=, 3 * 0.04);
  g_assert_cmpuint (world->servers[0].key_exchanges, ==, 1);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_SLEWED), ==, 1);
}

/* Nothing is sent any more, and replies on their way still bring their cookies. */
static void
test_quiet_afterwards (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 2.5);

  fake_world_sync (world);
  guint adjusts = world->adjusts;
  fake_world_run (world, 1);
  guint requests = world->servers[0].requests;
  g_assert_cmpuint (fake_world_server (world, 0).cookies, ==, NTS_COOKIES_MAX);
  for (int i = 0; i < 4; i++) /* also those that were on their way when the clock was stepped */
    g_assert_cmpint (fake_world_server (world, i).reason, ==, NTP_REASON_NONE);
  fake_world_run (world, 86400);
  g_assert_cmpuint (world->servers[0].requests, ==, requests);
  g_assert_cmpuint (requests, <=, 4);
  g_assert_cmpuint (world->adjusts - adjusts, <=, 1); /* the end of a slew */
}

static void
test_small_is_slewed (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 0.2);

  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_false (result->stepped);
  g_assert_cmpfloat_with_epsilon (result->correction_s, 0.2, MS);
  fake_world_run (world, 10);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 2 * MS);
}

static void
test_progress (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 2.5);

  fake_world_sync (world);
  g_assert_cmpuint (world->last_progress[NTP_PHASE_KEYS].answers, ==, 4);
  g_assert_cmpuint (world->last_progress[NTP_PHASE_KEYS].wanted, ==, 4);
  g_assert_cmpuint (world->last_progress[NTP_PHASE_MEASURING].answers, ==, 8);
  g_assert_cmpuint (world->last_progress[NTP_PHASE_MEASURING].wanted, ==, 16);
  g_assert_cmpuint (world->last_progress[NTP_PHASE_COMPARING].answers, ==, 4);
  g_assert_cmpuint (world->last_progress[NTP_PHASE_SETTING].wanted, ==, 1);
  g_assert_cmpuint (world->last_progress[NTP_PHASE_DONE].wanted, ==, 4);
}

/* A slow server, a silent one and one without keys delay nothing. */
static void
test_slow_and_dead (void)
{
  g_autoptr (FakeWorld) world = world_new (6, 2.5);

  world->servers[3].delay_s = 0.5;
  world->servers[4].silent = TRUE;
  world->servers[5].ke_s = 15;
  world->servers[5].ke_fails = NTP_REASON_KE_TIMEOUT;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat (result->duration_s, <, 5);

  world->servers[5].ke_s = 0.1;
  result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
}

/* A key exchange that never ends does not keep us longer than fifteen seconds. */
static void
test_deadline (void)
{
  g_autoptr (FakeWorld) world = world_new (3, 2.5);

  world->servers[1].ke_s = world->servers[2].ke_s = 1000;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NO_QUORUM);
  g_assert_cmpuint (result->answered, ==, 1);
  g_assert_cmpfloat_with_epsilon (result->duration_s, 15, 0.1);
  assert_untouched (world);
}

/* Half of the servers may still contradict until the time is up. */
static void
test_undecided (void)
{
  g_autoptr (FakeWorld) world = world_new (6, 2.5);

  for (guint i = 3; i < 6; i++)
    world->servers[i].ke_s = 1000;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpuint (result->vouched, ==, 3);
  g_assert_cmpfloat_with_epsilon (result->duration_s, 15, 0.1);
}

/* Four of five agree: the fifth does not matter, dead or not. */
static void
test_one_dead (void)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (FakeWorld) world = world_new (4, 2.5);
      world->servers[2].silent = i == 0;
      world->servers[2].ke_s = i == 1 ? 15 : 0.12;
      world->servers[2].delay_s = i == 2 ? 0.3 : 0.02;
      const NtpSyncResult *result = fake_world_sync (world);
      g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
      g_assert_cmpfloat (result->duration_s, <=, 6 * 0.04);
      g_assert_cmpuint (result->vouched, ==, 3);
    }
}

static void
test_lost_packets (void)
{
  g_autoptr (FakeWorld) world = world_new (3, 2.5);

  world->servers[1].lose_next = 1;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat (result->duration_s, >, 1);
  g_assert_cmpfloat (result->duration_s, <, 1.5);
}

static void
test_no_servers (void)
{
  g_autoptr (FakeWorld) world = world_new (0, 2.5);

  fake_world_sync_now (world);
  g_assert_true (world->done);
  g_assert_cmpint (world->result.error, ==, NTP_REASON_NO_SERVERS);
  assert_untouched (world);
}

static void
test_no_keys (void)
{
  g_autoptr (FakeWorld) world = world_new (3, 2.5);

  for (guint i = 0; i < 3; i++)
    world->servers[i].ke_fails = NTP_REASON_CERTIFICATE_EXPIRED;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_KE_TIMEOUT);
  g_assert_cmpfloat (result->duration_s, <, 0.2);
  assert_untouched (world);
  g_assert_cmpint (fake_world_server (world, 0).state, ==, NTP_SERVER_FAILED);
  g_assert_cmpint (fake_world_server (world, 0).reason, ==, NTP_REASON_CERTIFICATE_EXPIRED);

  /* Not again within ten seconds; then it is. */
  fake_world_run (world, 5);
  result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_KE_TIMEOUT);
  g_assert_cmpuint (world->servers[0].requests, ==, 0);
  for (guint i = 0; i < 3; i++)
    world->servers[i].ke_fails = NTP_REASON_NONE;
  fake_world_run (world, 6);
  result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
}

static void
test_no_reply (void)
{
  g_autoptr (FakeWorld) world = world_new (3, 2.5);

  for (guint i = 0; i < 3; i++)
    world->servers[i].silent = TRUE;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NO_REPLY);
  g_assert_cmpfloat (result->duration_s, <=, 15);
  g_assert_cmpuint (world->servers[0].requests, <=, 4);
  assert_untouched (world);
}

static void
test_half_and_half (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 0);

  world->servers[0].offset_s = world->servers[1].offset_s = 3600;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NO_QUORUM);
  g_assert_cmpuint (result->answered, ==, 4);
  assert_untouched (world);
}

static void
test_minority_lies (void)
{
  g_autoptr (FakeWorld) world = world_new (5, 2.5);

  world->servers[0].offset_s = world->servers[1].offset_s = 100;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat_with_epsilon (result->correction_s, 2.5, MS);
  g_assert_cmpuint (result->vouched, ==, 3);
  g_assert_cmpint (fake_world_server (world, 0).selection, ==, NTP_SELECTION_FALSETICKER);
}

/* Liars who answer first do not win by that. */
static void
test_fast_liars (void)
{
  g_autoptr (FakeWorld) world = world_new (7, 0);

  for (guint i = 0; i < 7; i++)
    {
      world->servers[i].delay_s = i < 3 ? 0.001 : 0.2;
      world->servers[i].offset_s = i < 3 ? 100 : 0;
    }
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat (fabs (result->correction_s), <, 0.1);
}

static void
test_all_lie_too_far (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 0);

  for (guint i = 0; i < 4; i++)
    world->servers[i].offset_s = 5000;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_CHANGE_TOO_LARGE);
  g_assert_cmpfloat_with_epsilon (result->offset_before_s, 5000, 0.01);
  assert_untouched (world);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_NEEDS_DECISION);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_DECISION), ==, 1);

  NtpOptions options = ntp_options_default;
  options.automatic = false;
  options.maximum_change_s = 10000;
  fake_world_set_options (world, &options);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_OFF);
}

static void
test_clock_refuses (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 2.5);

  world->refuses = TRUE;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_CLOCK_FAILED);
  g_assert_cmpuint (world->adjusts, ==, 1);
  g_assert_cmpfloat_with_epsilon (result->correction_s, 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (fake_world_snapshot (world).offset_s, 2.5, MS);
  g_assert_cmpuint (fake_world_snapshot (world).last_step, ==, 0);
  fake_world_run (world, 1);
  for (int i = 0; i < 4; i++)
    g_assert_cmpint (fake_world_server (world, i).reason, ==, NTP_REASON_NONE);

  fake_world_run (world, 30);
  world->refuses = FALSE;
  result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 2 * MS);
}

static void
test_cancel (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 2.5);

  fake_world_sync_now (world);
  fake_world_run (world, 0.19); /* each has one answer */
  fake_world_cancel (world);
  g_assert_true (world->done);
  g_assert_cmpint (world->result.error, ==, NTP_REASON_CANCELLED);
  fake_world_run (world, 100);
  assert_untouched (world);
  g_assert_cmpuint (world->servers[0].requests, <=, 2);
  g_assert_cmpint (fake_world_sync (world)->error, ==, NTP_REASON_NONE);
}

static void
test_only_one_at_a_time (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 2.5);
  NtpActions actions = { .count = 0 };

  fake_world_sync_now (world);
  NtpNow now = fake_world_now (world);
  g_assert_false (ntp_system_sync_now (world->system, &now, &actions));
  g_assert_cmpuint (actions.count, ==, 0);
  fake_world_run (world, 1);
  g_assert_cmpint (world->result.error, ==, NTP_REASON_NONE);
}

static void
test_observing (void)
{
  NtpOptions options = ntp_options_default;
  options.automatic = options.may_adjust = false;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 5000, 0);

  fake_world_add_all (world);
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat_with_epsilon (result->offset_before_s, 5000, MS);
  fake_world_run (world, 1000);
  assert_untouched (world);
}

/* Cookies that the servers do not know any more cost a second and one key exchange. */
static void
test_stale_cookies (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 2.5);

  fake_world_sync (world);
  for (guint i = 0; i < 4; i++)
    world->servers[i].forget_keys = TRUE;
  fake_world_run (world, 864000);
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat (result->duration_s, <, 1.5);
  g_assert_cmpuint (world->servers[0].key_exchanges, ==, 2);
  g_assert_cmpuint (fake_world_server (world, 0).naks, >=, 1);
}

/* What was measured days ago does not vouch for today, and does not stand in the way. */
static void
test_long_afterwards (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 2.5);

  fake_world_sync (world);
  fake_world_run (world, 10 * 86400); /* 40 ppm: 34.56 s */
  for (guint i = 0; i < 2; i++)
    world->servers[i].silent = TRUE;
  g_assert_cmpint (fake_world_sync (world)->error, ==, NTP_REASON_NO_QUORUM);
  for (guint i = 0; i < 2; i++)
    world->servers[i].silent = FALSE;
  fake_world_run (world, 20);
  g_assert_cmpint (fake_world_sync (world)->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 5 * MS);
}

/* The clock has moved since and nobody said so: what the servers prove counts, not what we knew. */
static void
test_moved_unnoticed (void)
{
  for (guint n = 1; n <= 4; n++)
    {
      g_autoptr (FakeWorld) world = world_new (n, 0);
      fake_world_sync (world);
      fake_world_run (world, 60);
      fake_world_step_clock (world, 100, FALSE);
      const NtpSyncResult *result = fake_world_sync (world);
      g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
      g_assert_cmpfloat_with_epsilon (result->correction_s, -100, 5 * MS);
      g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <=, result->uncertainty_s);
    }
}

/* During automatic running: measured anew, and the fast start goes on undisturbed. */
static void
test_while_automatic (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (4, &ntp_options_default, 0.3, 40);

  fake_world_add_all (world);
  fake_world_run (world, 3600);
  guint exchanges = world->servers[0].key_exchanges;
  const NtpSyncResult *result = fake_world_sync (world);
  g_assert_cmpint (result->error, ==, NTP_REASON_NONE);
  g_assert_cmpfloat (result->duration_s, <=, 3 * 0.04);
  g_assert_cmpuint (result->answered, ==, 4);
  g_assert_cmpuint (world->servers[0].key_exchanges, ==, exchanges);
  fake_world_run (world, 1);
  fake_world_sync_now (world);
  fake_world_run (world, 0.03);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  fake_world_cancel (world);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpuint (fake_world_snapshot (world).witnesses, ==, 4);
  fake_world_run (world, 600);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_LOST), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-sync/from-nothing-within-six-round-trips", test_from_nothing);
  g_test_add_func ("/ntp-sync/quiet-afterwards", test_quiet_afterwards);
  g_test_add_func ("/ntp-sync/small-is-slewed", test_small_is_slewed);
  g_test_add_func ("/ntp-sync/progress", test_progress);
  g_test_add_func ("/ntp-sync/slow-and-dead-servers", test_slow_and_dead);
  g_test_add_func ("/ntp-sync/one-dead-server-delays-nothing", test_one_dead);
  g_test_add_func ("/ntp-sync/deadline", test_deadline);
  g_test_add_func ("/ntp-sync/undecided-until-the-deadline", test_undecided);
  g_test_add_func ("/ntp-sync/lost-packets-are-repeated", test_lost_packets);
  g_test_add_func ("/ntp-sync/no-servers", test_no_servers);
  g_test_add_func ("/ntp-sync/no-keys", test_no_keys);
  g_test_add_func ("/ntp-sync/no-reply", test_no_reply);
  g_test_add_func ("/ntp-sync/half-and-half", test_half_and_half);
  g_test_add_func ("/ntp-sync/minority-lies", test_minority_lies);
  g_test_add_func ("/ntp-sync/fast-liars", test_fast_liars);
  g_test_add_func ("/ntp-sync/all-lie-beyond-the-limit", test_all_lie_too_far);
  g_test_add_func ("/ntp-sync/kernel-refuses", test_clock_refuses);
  g_test_add_func ("/ntp-sync/cancel-changes-nothing", test_cancel);
  g_test_add_func ("/ntp-sync/one-at-a-time", test_only_one_at_a_time);
  g_test_add_func ("/ntp-sync/observing", test_observing);
  g_test_add_func ("/ntp-sync/stale-cookies", test_stale_cookies);
  g_test_add_func ("/ntp-sync/days-later", test_long_afterwards);
  g_test_add_func ("/ntp-sync/clock-moved-unnoticed", test_moved_unnoticed);
  g_test_add_func ("/ntp-sync/while-automatic", test_while_automatic);
  return g_test_run ();
}
