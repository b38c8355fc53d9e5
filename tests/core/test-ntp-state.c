/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "fake-world.h"

static void
assert_state (const FakeWorld *world, NtpState state, NtpReason reason)
{
  NtpSnapshot snapshot = fake_world_snapshot (world);

  g_assert_cmpint (snapshot.state, ==, state);
  g_assert_cmpint (snapshot.reason, ==, reason);
}

static void
set_silent (FakeWorld *world, gboolean silent)
{
  for (guint i = 0; i < world->n_servers; i++)
    world->servers[i].silent = silent;
}

/* Starting, synchronised, hold-over, and back. */
static void
test_life (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (4, &ntp_options_default, 0.3, 40);

  assert_state (world, NTP_STATE_STARTING, NTP_REASON_NONE);
  fake_world_add_all (world);
  fake_world_run (world, 0.1);
  assert_state (world, NTP_STATE_STARTING, NTP_REASON_NONE);
  fake_world_run (world, 1);
  assert_state (world, NTP_STATE_SYNCHRONISED, NTP_REASON_NONE);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_SYNCHRONISED), ==, 1);
  fake_world_run (world, 20000);
  assert_state (world, NTP_STATE_SYNCHRONISED, NTP_REASON_NONE);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_LOST), ==, 0);
  double frequency_ppm = world->clock.steered_ppm,
         uncertainty_s = fake_world_snapshot (world).uncertainty_s;

  set_silent (world, TRUE);
  fake_world_run (world, 5000);
  assert_state (world, NTP_STATE_HOLDOVER, NTP_REASON_NO_REPLY);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_LOST), ==, 1);
  fake_world_run (world, 86400);
  assert_state (world, NTP_STATE_HOLDOVER, NTP_REASON_NO_REPLY);
  g_assert_cmpfloat_with_epsilon (world->clock.steered_ppm, frequency_ppm, 0.5);
  g_assert_cmpfloat (fake_world_snapshot (world).uncertainty_s, >, uncertainty_s);
  g_assert_cmpuint (fake_world_snapshot (world).witnesses, ==, 0);

  set_silent (world, FALSE);
  fake_world_change_network (world);
  fake_world_run (world, 3600);
  assert_state (world, NTP_STATE_SYNCHRONISED, NTP_REASON_NONE);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_SYNCHRONISED), ==, 2);
}

/* Polls that are to come sooner from now on, as in doubt or by a changed option, do not make stale
 * what was fresh. */
static void
test_sooner_polls_lose_nothing (void)
{
  NtpOptions options = ntp_options_default;
  g_autoptr (FakeWorld) world = fake_world_new (1, &options, 0, 40);

  fake_world_add_all (world);
  fake_world_run (world, 30000);
  g_assert_cmpint (fake_world_server (world, 0).poll_log2, ==, 10);
  int64_t next_ns = fake_world_server (world, 0).next_poll_ns;
  fake_world_run (world, (double) (next_ns - fake_world_now (world).monotonic_ns) * 1e-9 - 10);

  options.maximum_poll_log2 = 6;
  fake_world_set_options (world, &options);
  g_assert_cmpint (fake_world_server (world, 0).poll_log2, ==, 6);
  fake_world_run (world, 1000);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_LOST), ==, 0);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_SYNCHRONISED), ==, 1);
}

static void
test_never (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (4, &ntp_options_default, 0.3, 40);

  set_silent (world, TRUE);
  fake_world_add_all (world);
  fake_world_run (world, 20);
  assert_state (world, NTP_STATE_UNSYNCHRONISED, NTP_REASON_NO_REPLY);
  g_assert_false (fake_world_snapshot (world).ever_synchronised);
  g_assert_cmpuint (fake_world_snapshot (world).last_sync, ==, 0);
  g_assert_cmpuint (fake_world_snapshot (world).leap, ==, NTP_LEAP_UNKNOWN);
  g_assert_true (isinf (fake_world_snapshot (world).uncertainty_s));
}

static void
test_disagreement (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (4, &ntp_options_default, 0, 40);

  fake_world_add_all (world);
  fake_world_run (world, 7200);
  double offset_s = fake_world_offset_s (world);
  world->servers[0].offset_s = world->servers[1].offset_s = 100;
  fake_world_run (world, 3000);
  assert_state (world, NTP_STATE_UNSYNCHRONISED, NTP_REASON_NO_QUORUM);
  g_assert_cmpfloat_with_epsilon (fake_world_offset_s (world), offset_s, 2 * MS);
}

/* Synchronised, and it is said how thin the evidence is. */
static void
test_few (void)
{
  g_autoptr (FakeWorld) two = fake_world_new (2, &ntp_options_default, 2.5, 0);
  g_autoptr (FakeWorld) one = fake_world_new (1, &ntp_options_default, 2.5, 0);
  g_autoptr (FakeWorld) three = fake_world_new (3, &ntp_options_default, 2.5, 0);

  fake_world_add_all (two);
  fake_world_run (two, 10);
  assert_state (two, NTP_STATE_SYNCHRONISED, NTP_REASON_FEW_SERVERS);
  fake_world_add_all (one);
  fake_world_run (one, 10);
  assert_state (one, NTP_STATE_SYNCHRONISED, NTP_REASON_FEW_SERVERS);
  for (guint i = 0; i < 3; i++)
    fake_world_add (three, i, 7);
  fake_world_run (three, 10);
  assert_state (three, NTP_STATE_SYNCHRONISED, NTP_REASON_FEW_OPERATORS);
}

static void
test_no_servers (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (1, &ntp_options_default, 0, 0);

  fake_world_add_all (world);
  fake_world_run (world, 10);
  fake_world_remove (world, 0);
  assert_state (world, NTP_STATE_UNSYNCHRONISED, NTP_REASON_NO_SERVERS);
}

static void
test_off (void)
{
  NtpOptions options = ntp_options_default;
  options.automatic = false;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 2.5, 0);

  fake_world_add_all (world);
  assert_state (world, NTP_STATE_OFF, NTP_REASON_AUTOMATIC_OFF);
  fake_world_sync (world);
  assert_state (world, NTP_STATE_OFF, NTP_REASON_AUTOMATIC_OFF);
  g_assert_true (fake_world_snapshot (world).ever_synchronised);
}

/* Times of day are told on the clock as it stands now. */
static void
test_times (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (4, &ntp_options_default, 100, 0);

  fake_world_add_all (world);
  fake_world_run (world, 60);
  NtpNow now = fake_world_now (world);
  NtpSnapshot snapshot = fake_world_snapshot (world);
  NtpServerSnapshot server = fake_world_server (world, 0);
  g_assert_cmpfloat_with_epsilon (ntp_difference_s (now.realtime, snapshot.last_step), 60, 1);
  g_assert_cmpfloat (ntp_difference_s (now.realtime, snapshot.last_sync), <, 60);
  g_assert_cmpfloat (ntp_difference_s (now.realtime, server.last_sample), <, 64);
  g_assert_cmpfloat (ntp_difference_s (now.realtime, server.last_sample), >, 0);
  g_assert_cmpint (server.next_poll_ns, >, now.monotonic_ns);
  g_assert_cmpfloat_with_epsilon (server.delay_s, 0.04, MS);
  g_assert_cmpfloat (fabs (server.offset_s), <, 25 * MS);
  g_assert_cmpfloat_with_epsilon (server.root_distance_s, 0.02, 2 * MS);
  g_assert_cmpuint (server.cookie_length, ==, FAKE_COOKIE_LENGTH);
  g_assert_cmpuint (server.aead, ==, NTS_AEAD_AES_SIV_CMAC_256);
  g_assert_true (server.authenticated);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-state/life", test_life);
  g_test_add_func ("/ntp-state/sooner-polls-lose-nothing", test_sooner_polls_lose_nothing);
  g_test_add_func ("/ntp-state/never-synchronised", test_never);
  g_test_add_func ("/ntp-state/disagreement", test_disagreement);
  g_test_add_func ("/ntp-state/thin-evidence", test_few);
  g_test_add_func ("/ntp-state/no-servers", test_no_servers);
  g_test_add_func ("/ntp-state/off", test_off);
  g_test_add_func ("/ntp-state/times-and-numbers", test_times);
  return g_test_run ();
}
