/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A clock that is years off, so that no certificate seems valid, and who may profit from that: see
 * nts-dates.h. */

#include <math.h>

#include "fake-world.h"

#define DAY    86400.0
#define YEAR   (365 * DAY)
#define TRUE_S (FAKE_BEGIN_NS / 1000000000)

/* Certificates are from a month ago and for two more months; our clock is @slow_s slow. */
static FakeWorld *
world_new (double slow_s)
{
  FakeWorld *world = fake_world_new (4, &ntp_options_default, slow_s, 40);

  for (guint i = 0; i < 4; i++)
    world->servers[i].dates =
        (NtsDates){ TRUE_S - (gint64) (30 * DAY), TRUE_S + (gint64) (60 * DAY) };
  world->passed_s = TRUE_S - (gint64) (90 * DAY);
  return world;
}

static void
assert_state (FakeWorld *world, NtpState state, NtpReason reason)
{
  NtpSnapshot snapshot = fake_world_snapshot (world);

  g_assert_cmpint (snapshot.state, ==, state);
  g_assert_cmpint (snapshot.reason, ==, reason);
}

static void
assert_untouched (FakeWorld *world)
{
  g_assert_cmpuint (world->adjusts, ==, 0);
  g_assert_cmpuint (world->steps, ==, 0);
}

/* Seven years slow, as where the battery is empty; and as fast as somebody's joke made it. */
static void
test_person_decides_and_keys_are_had_anew (gconstpointer data)
{
  double slow_s = *(const double *) data;
  g_autoptr (FakeWorld) world = world_new (slow_s);
  NtsKeys keys;
  NtsCookies jar;
  NtpAddress address;

  fake_world_add_all (world);
  fake_world_run (world, 600);
  assert_state (world, NTP_STATE_NEEDS_DECISION, NTP_REASON_DATES_UNCHECKED);
  assert_untouched (world);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_DECISION), ==, 1);
  for (int i = 0; i < 4; i++)
    {
      g_assert_true (fake_world_server (world, i).provisional);
      g_assert_cmpint (fake_world_server (world, i).reason, ==, NTP_REASON_DATES_UNCHECKED);
      g_assert_false (ntp_system_copy_keys (world->system, i, &keys, &jar, &address));
      g_assert_cmpuint (world->servers[i].key_exchanges, ==, 1);
    }

  g_assert_cmpint (fake_world_accept (world, fake_world_offset_s (world)), ==, NTP_ACCEPT_DONE);
  g_assert_cmpuint (world->steps, ==, 1);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 5 * MS);
  for (int i = 0; i < 4; i++)
    g_assert_cmpuint (fake_world_server (world, i).cookies, ==, 0);
  fake_world_run (world, 60);
  assert_state (world, NTP_STATE_SYNCHRONISED, NTP_REASON_NONE);
  for (int i = 0; i < 4; i++)
    {
      g_assert_false (fake_world_server (world, i).provisional);
      g_assert_cmpint (fake_world_server (world, i).reason, ==, NTP_REASON_NONE);
      g_assert_cmpuint (world->servers[i].key_exchanges, ==, 2);
    }
  g_assert_cmpuint (world->steps, ==, 1);
}

static void
test_sync_now_changes_nothing (void)
{
  NtpOptions options = ntp_options_default;
  g_autoptr (FakeWorld) world = world_new (7 * YEAR);

  options.automatic = false;
  fake_world_set_options (world, &options);
  fake_world_add_all (world);
  g_assert_cmpint (fake_world_sync (world)->error, ==, NTP_REASON_CHANGE_TOO_LARGE);
  assert_state (world, NTP_STATE_NEEDS_DECISION, NTP_REASON_DATES_UNCHECKED);
  assert_untouched (world);

  /* Who only looks is told no time that nobody has checked. */
  options.may_adjust = false;
  fake_world_set_options (world, &options);
  fake_world_reject (world);
  g_assert_cmpint (fake_world_sync (world)->error, ==, NTP_REASON_CHANGE_TOO_LARGE);
  assert_untouched (world);
}

/* However little it is: a certificate of this minute, and a clock that lost ten. */
static void
test_no_small_change_is_made_either (void)
{
  g_autoptr (FakeWorld) world = world_new (600);

  for (guint i = 0; i < 4; i++)
    world->servers[i].dates.not_before_s = TRUE_S - 60;
  world->passed_s = TRUE_S - 60;
  fake_world_add_all (world);
  fake_world_run (world, 300);
  assert_state (world, NTP_STATE_NEEDS_DECISION, NTP_REASON_DATES_UNCHECKED);
  assert_untouched (world);
  g_assert_true (fake_world_reject (world));
  fake_world_run (world, 200);
  assert_state (world, NTP_STATE_UNSYNCHRONISED, NTP_REASON_CHANGE_REJECTED);
  assert_untouched (world);
}

/* Somebody has got hold of all keys to certificates that ran out, and says the time of then. */
static void
test_old_certificates_bring_no_old_time (void)
{
  g_autoptr (FakeWorld) world = world_new (7 * YEAR);
  gint64 ended_s = TRUE_S - (gint64) (100 * DAY);

  for (guint i = 0; i < 4; i++)
    {
      world->servers[i].dates = (NtsDates){ ended_s - (gint64) (90 * DAY), ended_s };
      world->servers[i].offset_s = -102 * DAY;
    }
  fake_world_add_all (world);
  fake_world_run (world, 600);
  assert_untouched (world);
  /* They ended before the last time that is known. */
  for (int i = 0; i < 4; i++)
    {
      g_assert_cmpint (fake_world_server (world, i).reason, ==, NTP_REASON_CERTIFICATE_EXPIRED);
      g_assert_cmpuint (world->servers[i].requests, ==, 0);
    }

  /* If they had not, they would still have to name a time after it. */
  world->passed_s = ended_s - (gint64) DAY;
  fake_world_run (world, 3600);
  assert_untouched (world);
  for (int i = 0; i < 4; i++)
    {
      g_assert_cmpuint (world->servers[i].requests, >, 0);
      g_assert_cmpint (fake_world_server (world, i).selection, ==, NTP_SELECTION_NOT_USED);
      g_assert_cmpint (fake_world_server (world, i).reason, ==,
                       NTP_REASON_CERTIFICATE_NOT_YET_VALID);
    }
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_DECISION), ==, 0);
}

/* The clock is right, and what a server has is old. */
static void
test_certificate_that_ran_out_is_of_no_use (void)
{
  g_autoptr (FakeWorld) world = world_new (0);

  for (guint i = 0; i < 4; i++)
    world->servers[i].dates.not_after_s = TRUE_S - (gint64) DAY;
  fake_world_add_all (world);
  fake_world_run (world, 600);
  assert_untouched (world);
  for (int i = 0; i < 4; i++)
    {
      g_assert_cmpint (fake_world_server (world, i).reason, ==, NTP_REASON_CERTIFICATE_EXPIRED);
      g_assert_cmpuint (world->servers[i].requests, ==, 0);
    }
}

/* Two of four say another time within their own dates: that is no majority. */
static void
test_half_of_them_decide_nothing (void)
{
  g_autoptr (FakeWorld) world = world_new (7 * YEAR);

  for (guint i = 0; i < 2; i++)
    world->servers[i].offset_s = -20 * DAY;
  fake_world_add_all (world);
  fake_world_run (world, 600);
  assert_state (world, NTP_STATE_UNSYNCHRONISED, NTP_REASON_NO_QUORUM);
  assert_untouched (world);
  g_assert_cmpuint (fake_world_count_events (world, NTP_EVENT_DECISION), ==, 0);
}

/* Then the clock cannot be that wrong. */
static void
test_one_good_certificate_ends_it (void)
{
  g_autoptr (FakeWorld) world = world_new (7 * YEAR);

  world->servers[3].dates = (NtsDates){ 0, 0 };
  world->servers[3].ke_s = 5;
  fake_world_add_all (world);
  fake_world_run (world, 4);
  for (int i = 0; i < 3; i++)
    g_assert_true (fake_world_server (world, i).provisional);
  world->strict = TRUE; /* as the shell does when the fourth comes */
  fake_world_run (world, 600);
  for (int i = 0; i < 3; i++)
    {
      g_assert_false (fake_world_server (world, i).provisional);
      g_assert_cmpuint (fake_world_server (world, i).cookies, ==, 0);
      g_assert_cmpint (fake_world_server (world, i).reason, ==,
                       NTP_REASON_CERTIFICATE_NOT_YET_VALID);
    }
  assert_untouched (world);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_UNSYNCHRONISED);
}

/* By the new time the certificates are no better: then nobody vouches for it. */
static void
test_what_was_accepted_is_checked (void)
{
  g_autoptr (FakeWorld) world = world_new (7 * YEAR);

  fake_world_add_all (world);
  fake_world_run (world, 600);
  g_assert_cmpint (fake_world_accept (world, fake_world_offset_s (world)), ==, NTP_ACCEPT_DONE);
  world->strict = TRUE;
  for (guint i = 0; i < 4; i++)
    world->servers[i].dates.not_after_s = TRUE_S - (gint64) DAY;
  fake_world_run (world, 3600);
  g_assert_cmpuint (world->steps, ==, 1);
  g_assert_cmpint (fake_world_snapshot (world).state, !=, NTP_STATE_SYNCHRONISED);
  for (int i = 0; i < 4; i++)
    g_assert_cmpint (fake_world_server (world, i).reason, ==, NTP_REASON_CERTIFICATE_EXPIRED);
}

int
main (int argc, char **argv)
{
  static const double slow = 7 * YEAR, fast = -12 * YEAR, dead = 56 * YEAR;

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/ntp-provisional/slow-clock", &slow,
                        test_person_decides_and_keys_are_had_anew);
  g_test_add_data_func ("/ntp-provisional/fast-clock", &fast,
                        test_person_decides_and_keys_are_had_anew);
  g_test_add_data_func ("/ntp-provisional/dead-clock", &dead,
                        test_person_decides_and_keys_are_had_anew);
  g_test_add_func ("/ntp-provisional/sync-now-changes-nothing", test_sync_now_changes_nothing);
  g_test_add_func ("/ntp-provisional/no-small-change-is-made-either",
                   test_no_small_change_is_made_either);
  g_test_add_func ("/ntp-provisional/old-certificates-bring-no-old-time",
                   test_old_certificates_bring_no_old_time);
  g_test_add_func ("/ntp-provisional/certificate-that-ran-out-is-of-no-use",
                   test_certificate_that_ran_out_is_of_no_use);
  g_test_add_func ("/ntp-provisional/half-of-them-decide-nothing",
                   test_half_of_them_decide_nothing);
  g_test_add_func ("/ntp-provisional/one-good-certificate-ends-it",
                   test_one_good_certificate_ends_it);
  g_test_add_func ("/ntp-provisional/what-was-accepted-is-checked",
                   test_what_was_accepted_is_checked);
  return g_test_run ();
}
