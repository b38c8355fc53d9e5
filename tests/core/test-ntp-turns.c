/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is asked how often, and when. */

#include <math.h>
#include <stdlib.h>

#include "fake-world.h"

static FakeWorld *
world_new (guint n)
{
  FakeWorld *world = fake_world_new (n, &ntp_options_default, 0, 10);
  fake_world_add_all (world);
  return world;
}

static int
compare_times (const void *a, const void *b)
{
  const gint64 *first = a, *second = b;
  return (*first > *second) - (*first < *second);
}

/* Start burst of four as fast as replies come, then the regular interval, evenly spread. */
static void
test_spread (void)
{
  NtpOptions options = ntp_options_default;
  options.maximum_poll_log2 = 6;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 0, 10);

  fake_world_add_all (world);
  fake_world_run (world, 1);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (world->servers[i].requests, ==, 4);
      g_assert_cmpint (fake_world_server (world, (int) i).poll_log2, ==, 6);
      world->servers[i].shortest_gap_ns = G_MAXINT64;
    }
  fake_world_run (world, 640);
  gint64 last[4];
  for (guint i = 0; i < 4; i++)
    last[i] = world->servers[i].last_request_ns;
  qsort (last, 4, sizeof *last, compare_times);
  for (guint i = 0; i < 3; i++)
    {
      /* A quarter of 64 s and a little; jitter of 5 % on both. */
      double gap_s = (double) (last[i + 1] - last[i]) * 1e-9;
      g_assert_cmpfloat (gap_s, >, 16.3 - 6.6);
      g_assert_cmpfloat (gap_s, <, 16.3 + 6.6);
    }
  fake_world_run (world, 65 * 100);
  for (guint i = 0; i < 4; i++)
    {
      /* 7141 s; on average never more often than it says. */
      g_assert_cmpuint (world->servers[i].requests, >=, 4 + 107);
      g_assert_cmpuint (world->servers[i].requests, <=, 4 + 111);
      g_assert_cmpint (world->servers[i].shortest_gap_ns, >=, G_GINT64_CONSTANT (2000000000));
    }
}

/* One wake-up for each poll and no other, beside the ends of slews. */
static void
test_wakes (void)
{
  NtpOptions options = ntp_options_default;
  options.maximum_poll_log2 = 6;
  options.may_adjust = false;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 0, 10);

  fake_world_add_all (world);
  fake_world_run (world, 600);
  guint timers = world->timers, requests = 0;
  for (guint i = 0; i < 4; i++)
    requests -= world->servers[i].requests;
  fake_world_run (world, 3600);
  for (guint i = 0; i < 4; i++)
    requests += world->servers[i].requests;
  g_assert_cmpuint (requests, <=, 4 * 59);
  g_assert_cmpuint (world->timers - timers, <=, requests + 2);
}

/* For tests on loopback an interval may be a quarter of a second. */
static void
test_fast (void)
{
  NtpOptions options = ntp_options_default;
  options.minimum_poll_log2 = options.maximum_poll_log2 = -2;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 2.5, 40);

  fake_world_add_all (world);
  fake_world_run (world, 100);
  g_assert_cmpuint (world->servers[0].requests, >=, 390); /* 100 s / 0.255 s, and the burst */
  g_assert_cmpuint (world->servers[0].requests, <=, 410);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, MS);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
}

/* Twice as far apart while there is room, never beyond the maximum; bursts of two. */
static void
test_economy (void)
{
  g_autoptr (FakeWorld) usual = world_new (4);
  g_autoptr (FakeWorld) frugal = world_new (4);

  fake_world_run (usual, 1);
  fake_world_run (frugal, 1);
  fake_world_set_economy (frugal, TRUE);
  for (int i = 0; i < 4; i++)
    {
      g_assert_cmpint (fake_world_server (usual, i).poll_log2, ==, 6);
      g_assert_cmpint (fake_world_server (frugal, i).poll_log2, ==, 7);
    }
  fake_world_run (usual, 1200);
  fake_world_run (frugal, 1200);
  g_assert_cmpuint (4 * frugal->servers[0].requests, <, 3 * usual->servers[0].requests);

  fake_world_run (frugal, 20000);
  g_assert_cmpint (fake_world_server (frugal, 0).poll_log2, ==, 10);
  g_assert_cmpfloat (fabs (fake_world_offset_s (frugal)), <, MS);
  guint before = frugal->servers[0].requests;
  fake_world_resume (frugal);
  fake_world_run (frugal, 1);
  g_assert_cmpuint (frugal->servers[0].requests - before, ==, 2);
  fake_world_set_economy (frugal, FALSE);
  before = frugal->servers[0].requests;
  fake_world_resume (frugal);
  fake_world_run (frugal, 1);
  g_assert_cmpuint (frugal->servers[0].requests - before, ==, 4);
}

/* A falseticker is asked a quarter as often, and is none the truer for it; the others are asked in
 * its place. What it says when it is right again counts at once. */
static void
test_falseticker (void)
{
  g_autoptr (FakeWorld) honest = world_new (4);
  g_autoptr (FakeWorld) world = world_new (4);

  world->servers[3].offset_s = 0.05;
  fake_world_run (honest, 86400);
  fake_world_run (world, 86400);
  guint before_all = fake_world_count_requests (world), before_false = world->servers[3].requests;
  guint before_honest = fake_world_count_requests (honest),
        before_true = world->servers[0].requests;
  for (guint hour = 0; hour < 48; hour++)
    {
      fake_world_run (honest, 3600);
      fake_world_run (world, 3600);
      g_assert_cmpint (fake_world_server (world, 3).selection, ==, NTP_SELECTION_FALSETICKER);
    }
  guint asked = fake_world_count_requests (world) - before_all;
  guint asked_false = world->servers[3].requests - before_false;
  g_assert_cmpuint (asked, >=, fake_world_count_requests (honest) - before_honest - 6);
  g_assert_cmpuint (asked, <=, fake_world_count_requests (honest) - before_honest + 6);
  g_assert_cmpuint (asked_false, >=, 40); /* 48 h / 4096 s */
  g_assert_cmpuint (asked_false, <=, 43);
  g_assert_cmpuint (world->servers[0].requests - before_true, >=, 205); /* 48 h / 819 s */

  world->servers[3].offset_s = 0;
  before_false = world->servers[3].requests;
  while (world->servers[3].requests == before_false)
    fake_world_run (world, 1);
  fake_world_run (world, 1); /* until the answer is there */
  g_assert_cmpint (fake_world_server (world, 3).selection, >=, NTP_SELECTION_CANDIDATE);
}

/* Two that contradict each other are asked ever less often: an answer more does not tell who is
 * right. Nor does a network that is gone come back for being asked. */
static void
test_nothing_learnt (void)
{
  g_autoptr (FakeWorld) contradicting = world_new (2);
  g_autoptr (FakeWorld) silent = world_new (2);

  contradicting->servers[1].offset_s = 0.5;
  fake_world_run (contradicting, 7200);
  fake_world_run (silent, 7200);
  for (guint i = 0; i < 2; i++)
    silent->servers[i].silent = TRUE;
  fake_world_run (silent, 7200);
  guint before = fake_world_count_requests (contradicting),
        silent_before = fake_world_count_requests (silent);
  fake_world_run (contradicting, 36000);
  fake_world_run (silent, 36000);
  g_assert_cmpuint (fake_world_count_requests (contradicting) - before, <=, 2 * 36000 / 1024);
  g_assert_cmpuint (fake_world_count_requests (silent) - silent_before, <=,
                    2 * 36000 / 900); /* keys are renewed */
}

/* Nobody is asked more often than the minimum allows, whoever else lies. */
static void
test_minimum_holds (void)
{
  NtpOptions options = ntp_options_default;
  options.maximum_poll_log2 = 6;
  g_autoptr (FakeWorld) world = fake_world_new (4, &options, 0, 10);

  world->servers[3].offset_s = 0.05;
  fake_world_add_all (world);
  fake_world_run (world, 3600);
  guint before = world->servers[0].requests;
  fake_world_run (world, 64 * 100);
  g_assert_cmpuint (world->servers[0].requests - before, <=, 100);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-turns/polls-are-spread", test_spread);
  g_test_add_func ("/ntp-turns/one-wake-up-per-poll", test_wakes);
  g_test_add_func ("/ntp-turns/fast-polls", test_fast);
  g_test_add_func ("/ntp-turns/economy", test_economy);
  g_test_add_func ("/ntp-turns/falseticker", test_falseticker);
  g_test_add_func ("/ntp-turns/nothing-learnt", test_nothing_learnt);
  g_test_add_func ("/ntp-turns/minimum-holds", test_minimum_holds);
  return g_test_run ();
}
