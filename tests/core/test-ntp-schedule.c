/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "fake-world.h"

static FakeWorld *
world_new (guint n)
{
  FakeWorld *world = fake_world_new (n, &ntp_options_default, 0, 10);
  fake_world_add_all (world);
  return world;
}

/* The fake server asserts that it sees no cookie twice and that placeholders are in order. */
static void
test_cookies_over_losses (void)
{
  NtpOptions options = ntp_options_default;
  options.maximum_poll_log2 = 6;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 0, 10);

  fake_world_add_all (world);
  world->servers[1].lose_one_of = 5;
  world->servers[2].lose_one_of = 2;
  while (world->servers[0].requests < 1000)
    fake_world_run (world, 640);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpuint (world->servers[i].key_exchanges, ==, 1);
      g_assert_cmpuint (fake_world_server (world, i).cookies, >=, 6);
      g_assert_cmpuint (world->servers[i].largest_request, <=, 1232);
    }
}

static void
test_full_jar (void)
{
  g_autoptr (FakeWorld) world = world_new (4);

  fake_world_run (world, 3600);
  for (int i = 0; i < 4; i++)
    g_assert_cmpuint (fake_world_server (world, i).cookies, ==, NTS_COOKIES_MAX);
}

/* A dead server costs few packets and, by the back-off, few key exchanges. */
static void
test_dead (void)
{
  g_autoptr (FakeWorld) world = world_new (4);

  fake_world_run (world, 3600);
  world->servers[0].silent = TRUE;
  fake_world_run (world, 6 * 1024);
  /* It gives keys, and they are no sign of life. */
  for (guint hour = 0; hour < 22; hour++)
    {
      fake_world_run (world, 3600);
      g_assert_cmpint (fake_world_server (world, 0).state, ==, NTP_SERVER_UNREACHABLE);
    }
  g_assert_cmpuint (world->servers[0].key_exchanges, >, 2);
  g_assert_cmpuint (world->servers[0].key_exchanges, <, 200);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  world->servers[0].silent = FALSE;
  fake_world_run (world, 20000);
  g_assert_cmpint (fake_world_server (world, 0).selection, >=, NTP_SELECTION_CANDIDATE);
}

/* Attempts lie further and further apart: after t seconds about log (t/20)/log 1.5 of them. */
static void
test_back_off (void)
{
  g_autoptr (FakeWorld) world = world_new (1);
  double last_s = 0, pause_s = 0;

  world->servers[0].ke_fails = NTP_REASON_KE_ERROR_BAD_REQUEST;
  world->servers[0].ke_s = 0;
  fake_world_run (world, 1);
  g_assert_cmpuint (world->key_exchanges, ==, 1);
  for (guint n = 1; n <= 12; n++)
    {
      double expected_s = 10 * pow (1.5, n - 1);
      while (world->key_exchanges == n)
        fake_world_run (world, 0.5);
      pause_s = fake_world_time_s (world) - last_s;
      g_assert_cmpfloat (pause_s, >=, expected_s - 1);
      g_assert_cmpfloat (pause_s, <=, expected_s * 1.25 + 1);
      last_s = fake_world_time_s (world);
    }
  fake_world_change_network (world); /* the server said no: that cures nothing */
  fake_world_run (world, 60);
  g_assert_cmpuint (world->key_exchanges, ==, 13);
  fake_world_sync (world); /* but a person may ask */
  g_assert_cmpuint (world->key_exchanges, ==, 14);
}

static void
change_network (gboolean resume)
{
  g_autoptr (FakeWorld) world = world_new (3);

  for (guint i = 0; i < 3; i++)
    world->servers[i].ke_fails = NTP_REASON_NETWORK_UNREACHABLE;
  fake_world_run (world, 3000);
  for (guint i = 0; i < 3; i++)
    world->servers[i].ke_fails = NTP_REASON_NONE;
  guint before = world->key_exchanges;
  if (resume)
    fake_world_resume (world);
  else
    fake_world_change_network (world);
  fake_world_run (world, 10);
  g_assert_cmpuint (world->key_exchanges, ==, before + 3);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
}

static void
test_network_change (void)
{
  change_network (FALSE);
  change_network (TRUE);
}

/* Keys that never work are not asked for in a loop: RFC 8915 §4.2, success alone resets nothing. */
static void
test_always_nak (void)
{
  g_autoptr (FakeWorld) world = world_new (1);

  world->servers[0].always_nak = TRUE;
  fake_world_run (world, 3600);
  /* 10 s, 15 s, … add up to an hour with the thirteenth; polls are 64 s apart. */
  g_assert_cmpuint (world->key_exchanges, <=, 14);
  g_assert_cmpuint (world->key_exchanges, >=, 8);
  g_assert_cmpuint (world->adjusts, ==, 0);
}

/* The server lost its keys: one key exchange, and polls went on meanwhile. */
static void
test_nak (void)
{
  g_autoptr (FakeWorld) world = world_new (4);

  fake_world_run (world, 7200);
  world->servers[2].forget_keys = TRUE;
  fake_world_run (world, 7200);
  g_assert_cmpuint (world->servers[2].key_exchanges, ==, 2);
  g_assert_cmpuint (fake_world_server (world, 2).naks, >=, 1);
  g_assert_cmpint (fake_world_server (world, 2).selection, >=, NTP_SELECTION_CANDIDATE);
  g_assert_cmpint (fake_world_server (world, 2).reason, ==, NTP_REASON_NONE);
}

/* On the path, an attacker can add a forged NTSN to each answer; the answers count. */
static void
test_nak_race (void)
{
  g_autoptr (FakeWorld) world = world_new (4);

  for (guint i = 0; i < 4; i++)
    {
      world->servers[i].kiss = NTP_KISS_NTSN;
      world->servers[i].kiss_before = TRUE;
    }
  fake_world_run (world, 86400);
  g_assert_cmpuint (world->key_exchanges, ==, 4);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
}

static void
test_rate (void)
{
  g_autoptr (FakeWorld) world = world_new (4);

  world->servers[0].kiss = NTP_KISS_RATE;
  world->servers[0].kiss_sealed = TRUE;
  fake_world_run (world, 86400);
  g_assert_cmpuint (world->servers[0].requests, <, 86400 / 1024 + 10);
  g_assert_cmpint (fake_world_server (world, 0).reason, ==, NTP_REASON_KISS_RATE);
  guint requests = world->servers[0].requests;
  fake_world_sync (world);
  g_assert_cmpuint (world->servers[0].requests, <=, requests + 1);
}

static void
test_deny (void)
{
  g_autoptr (FakeWorld) world = world_new (4);

  world->servers[0].kiss = NTP_KISS_DENY;
  world->servers[0].kiss_sealed = TRUE;
  fake_world_run (world, 86000);
  g_assert_cmpuint (world->servers[0].requests, ==, 1);
  g_assert_cmpint (fake_world_server (world, 0).state, ==, NTP_SERVER_FAILED);
  g_assert_cmpint (fake_world_server (world, 0).reason, ==, NTP_REASON_KISS_DENY);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  world->servers[0].kiss = 0;
  fake_world_run (world, 3600);
  g_assert_cmpint (fake_world_server (world, 0).state, ==, NTP_SERVER_POLLING);
}

static void
test_off (void)
{
  NtpOptions options = ntp_options_default;
  options.automatic = false;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 0, 10);

  fake_world_add_all (world);
  fake_world_run (world, 86400);
  g_assert_cmpuint (world->key_exchanges, ==, 0);
  g_assert_cmpuint (world->timers, ==, 0);

  options.automatic = true;
  fake_world_set_options (world, &options);
  fake_world_run (world, 600);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  options.automatic = false;
  fake_world_set_options (world, &options);
  fake_world_run (world, 100);
  guint requests = world->servers[0].requests;
  fake_world_run (world, 86400);
  g_assert_cmpuint (world->servers[0].requests, ==, requests);
}

/* The clock was set and nobody told us: the first server that shows it has all others asked. */
static void
test_doubt (void)
{
  g_autoptr (FakeWorld) world = world_new (4);

  fake_world_run (world, 20000);
  fake_world_step_clock (world, 5, FALSE);
  guint before = fake_world_count_requests (world), seconds = 0;
  while (fake_world_count_requests (world) == before && seconds++ < 1100)
    fake_world_run (world, 1);
  fake_world_run (world, 3);
  g_assert_cmpuint (fake_world_count_requests (world), ==, before + 5);
  fake_world_run (world, 70); /* 5 s at 1/12 */
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 50 * MS);
}

/* A server whose time changes each time has the others asked once in ten minutes. */
static void
test_doubt_is_rare (void)
{
  g_autoptr (FakeWorld) world = world_new (4);

  fake_world_run (world, 20000);
  guint before = fake_world_count_requests (world);
  for (guint i = 0; i < 120; i++)
    {
      world->servers[3].offset_s = i % 2 == 0 ? 1 : -1;
      fake_world_run (world, 60);
    }
  /* Two hours: eight regular polls of each, and at most twelve for doubt. */
  g_assert_cmpuint (fake_world_count_requests (world) - before, <=, 4 * (8 + 12));
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, MS);
}

/* At most sixteen key exchanges at a time, all within ten seconds, and one timer for them all. */
static void
test_many (void)
{
  g_autoptr (FakeWorld) world = world_new (256);

  fake_world_run (world, 10);
  g_assert_cmpuint (world->key_exchanges, ==, 256);
  g_assert_cmpuint (world->most_key_exchanges, <=, 16);
  g_assert_cmpuint (world->most_actions, <=, NTP_ACTIONS_MAX);
  for (int i = 0; i < 256; i++)
    g_assert_cmpuint (world->servers[i].requests, ==, 4);
  fake_world_run (world, 2000);
  g_assert_cmpuint (fake_world_snapshot (world).witnesses, ==, 256);
  g_assert_cmpuint (fake_world_snapshot (world).operators, ==, 256);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, MS);
}

/* Keys that work are renewed after four weeks, and nobody notices. */
static void
test_old_keys (void)
{
  g_autoptr (FakeWorld) world = world_new (4);

  fake_world_run (world, 27 * 86400);
  for (int i = 0; i < 4; i++)
    g_assert_cmpuint (world->servers[i].key_exchanges, ==, 1);
  fake_world_run (world, 2 * 86400);
  for (int i = 0; i < 4; i++)
    {
      g_assert_cmpuint (world->servers[i].key_exchanges, ==, 2);
      g_assert_cmpint (fake_world_server (world, i).state, ==, NTP_SERVER_POLLING);
      g_assert_cmpuint (fake_world_server (world, i).cookies, ==, NTS_COOKIES_MAX);
    }
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_LOST), ==, 0);
}

/* What is shown before the first answer: what is going on, and no failure. */
static void
test_before_first_answer (void)
{
  g_autoptr (FakeWorld) world = world_new (1);

  fake_world_run (world, 0.05);
  g_assert_cmpint (fake_world_server (world, 0).state, ==, NTP_SERVER_KEY_EXCHANGE);
  g_assert_cmpint (fake_world_server (world, 0).reason, ==, NTP_REASON_NONE);
  g_assert_cmpint (fake_world_server (world, 0).poll_log2, ==, 6);
}

/* Behind a sign-in page nothing is sent, and no failure counts; but a person may try. */
static void
test_hold (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (4, &ntp_options_default, 0.3, 40);

  for (guint i = 0; i < 4; i++)
    world->servers[i].ke_fails = NTP_REASON_CERTIFICATE_WRONG_NAME;
  fake_world_add_all (world);
  fake_world_run (world, 1);
  fake_world_hold (world, TRUE);
  guint key_exchanges = world->key_exchanges;
  fake_world_run (world, 7200);
  g_assert_cmpuint (world->key_exchanges, ==, key_exchanges);

  fake_world_sync (world);
  g_assert_cmpint (world->result.error, ==, NTP_REASON_KE_TIMEOUT);
  g_assert_cmpuint (world->key_exchanges, ==, key_exchanges + 4);
  fake_world_run (world, 60);

  for (guint i = 0; i < 4; i++)
    world->servers[i].ke_fails = NTP_REASON_NONE;
  fake_world_hold (world, FALSE);
  fake_world_run (world, 2);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);

  guint requests = world->servers[0].requests;
  fake_world_hold (world, TRUE);
  fake_world_resume (world);
  fake_world_run (world, 7200);
  g_assert_cmpuint (world->servers[0].requests, ==, requests);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-schedule/no-cookie-twice-over-losses", test_cookies_over_losses);
  g_test_add_func ("/ntp-schedule/jar-stays-full", test_full_jar);
  g_test_add_func ("/ntp-schedule/dead-server", test_dead);
  g_test_add_func ("/ntp-schedule/back-off", test_back_off);
  g_test_add_func ("/ntp-schedule/network-change", test_network_change);
  g_test_add_func ("/ntp-schedule/keys-that-never-work", test_always_nak);
  g_test_add_func ("/ntp-schedule/lost-keys", test_nak);
  g_test_add_func ("/ntp-schedule/forged-ntsn-is-harmless", test_nak_race);
  g_test_add_func ("/ntp-schedule/rate", test_rate);
  g_test_add_func ("/ntp-schedule/deny", test_deny);
  g_test_add_func ("/ntp-schedule/off", test_off);
  g_test_add_func ("/ntp-schedule/doubt-has-all-asked", test_doubt);
  g_test_add_func ("/ntp-schedule/doubt-is-rare", test_doubt_is_rare);
  g_test_add_func ("/ntp-schedule/old-keys", test_old_keys);
  g_test_add_func ("/ntp-schedule/before-first-answer", test_before_first_answer);
  g_test_add_func ("/ntp-schedule/hold", test_hold);
  g_test_add_func ("/ntp-schedule/many-servers", test_many);
  return g_test_run ();
}
