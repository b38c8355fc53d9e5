/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "fake-world.h"

static FakeWorld *
world_new (guint n, double offset_s)
{
  return fake_world_new (n, &ntp_options_default, offset_s, 40);
}

static void
assert_untouched (const FakeWorld *world)
{
  g_assert_cmpuint (world->adjusts, ==, 0);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_UNSYNCHRONISED);
  g_assert_cmpint (fake_world_snapshot (world).reason, ==, NTP_REASON_NO_QUORUM);
}

/* RFC 8633 §3.2: many servers of one operator are one witness. */
static void
test_one_operator_lies (void)
{
  g_autoptr (FakeWorld) world = world_new (5, 0);

  for (guint i = 0; i < 5; i++)
    {
      world->servers[i].offset_s = i < 3 ? 10 : 0;
      fake_world_add (world, i, i < 3 ? 1 : i);
    }
  fake_world_run (world, 7200);
  assert_untouched (world);
}

static void
test_half_and_half (void)
{
  g_autoptr (FakeWorld) world = world_new (6, 0);

  for (guint i = 0; i < 3; i++)
    world->servers[i].offset_s = 0.7; /* smeared, say */
  fake_world_add_all (world);
  fake_world_run (world, 7200);
  assert_untouched (world);
}

/* A minority lies from some time on. */
static void
test_minority_turns (void)
{
  g_autoptr (FakeWorld) world = world_new (5, 0.2);

  fake_world_add_all (world);
  fake_world_run (world, 7200);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, MS);
  world->servers[1].offset_s = 0.3;
  world->servers[3].offset_s = 0.3;
  for (guint i = 0; i < 100; i++)
    {
      fake_world_run (world, 300);
      g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, MS);
    }
  g_assert_cmpint (fake_world_server (world, 1).selection, ==, NTP_SELECTION_FALSETICKER);
  g_assert_cmpint (fake_world_server (world, 1).reason, ==, NTP_REASON_FALSETICKER);
  g_assert_cmpuint (fake_world_snapshot (world).witnesses, ==, 3);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  /* And is believed again when it tells the truth. */
  world->servers[1].offset_s = 0;
  fake_world_run (world, 20000);
  g_assert_cmpint (fake_world_server (world, 1).selection, >=, NTP_SELECTION_CANDIDATE);
}

/* Who can silence the honest ones does not become the majority by that. */
static void
test_honest_blocked (void)
{
  NtpOptions options = ntp_options_default;
  options.minimum_sources = 2;
  g_autoptr (FakeWorld) world = fake_world_new (5, &options, 0, 40);

  fake_world_add_all (world);
  fake_world_run (world, 7200);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
  for (guint i = 0; i < 5; i++)
    {
      world->servers[i].silent = i >= 2;
      world->servers[i].ke_fails = i >= 2 ? NTP_REASON_KE_TIMEOUT : NTP_REASON_NONE;
      world->servers[i].offset_s = i < 2 ? 0.4 : 0;
    }
  fake_world_run (world, 30000);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 50 * MS);
  g_assert_cmpint (fake_world_snapshot (world).state, !=, NTP_STATE_SYNCHRONISED);
  g_assert_cmpint (fake_world_snapshot (world).reason, ==, NTP_REASON_NO_QUORUM);
}

/* At the start, too: a majority of all that may still answer. */
static void
test_fast_liars (void)
{
  g_autoptr (FakeWorld) world = world_new (7, 0);

  for (guint i = 0; i < 7; i++)
    {
      world->servers[i].delay_s = i < 3 ? 0.001 : 0.2;
      world->servers[i].offset_s = i < 3 ? 100 : 0;
    }
  fake_world_add_all (world);
  fake_world_run (world, 1000);
  g_assert_cmpuint (world->steps, ==, 0);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 0.1);
  g_assert_cmpint (fake_world_snapshot (world).state, ==, NTP_STATE_SYNCHRONISED);
}

static int
add_plain (FakeWorld *world, uint32_t operator_id, bool trusted)
{
  NtpServerConfig config = { .nts = false, .trusted = trusted, .operator_id = operator_id };
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };
  int slot = ntp_system_add_server (world->system, &config, NULL, NULL, NULL, &now, &actions);

  g_assert_cmpuint (actions.count, >, 0);
  for (guint i = 0; i < actions.count; i++)
    if (actions.items[i].kind == NTP_ACTION_WAKE)
      world->wake_ns = actions.items[i].wake_at_ns;
  return slot;
}

/* Unauthenticated time never moves the clock unless the administrator has written so. */
static void
test_unauthenticated (void)
{
  g_autoptr (FakeWorld) world = world_new (5, 0);

  for (guint i = 0; i < 5; i++)
    {
      world->servers[i].offset_s = 10;
      add_plain (world, i, false);
    }
  fake_world_run (world, 3600);
  g_assert_cmpuint (world->adjusts, ==, 0);
  g_assert_cmpuint (world->servers[0].requests, >, 4);
  g_assert_cmpint (fake_world_server (world, 0).selection, ==, NTP_SELECTION_NOT_USED);
  g_assert_cmpint (fake_world_server (world, 0).reason, ==, NTP_REASON_NOT_TRUSTED);
  g_assert_false (fake_world_server (world, 0).authenticated);
  g_assert_true (fake_world_server (world, 0).has_sample);
  g_assert_cmpfloat_with_epsilon (fake_world_server (world, 0).offset_s, 10, 0.2);
  g_assert_cmpuint (fake_world_snapshot (world).witnesses, ==, 0);
}

static void
test_trusted (void)
{
  g_autoptr (FakeWorld) world = world_new (3, 2.5);

  for (guint i = 0; i < 3; i++)
    add_plain (world, i, true);
  fake_world_run (world, 600);
  g_assert_cmpuint (world->steps, ==, 1);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 30 * MS);
  g_assert_false (fake_world_server (world, 0).authenticated);
}

/* Useless servers say why. */
static void
test_statuses (void)
{
  g_autoptr (FakeWorld) world = world_new (6, 0);

  world->servers[3].leap = 3;
  world->servers[4].root_dispersion_s = 1.5;
  world->servers[5].silent = TRUE;
  fake_world_add_all (world);
  fake_world_run (world, 1000);
  g_assert_cmpint (fake_world_server (world, 3).selection, ==, NTP_SELECTION_UNSYNCHRONISED);
  g_assert_cmpint (fake_world_server (world, 3).reason, ==, NTP_REASON_SERVER_UNSYNCHRONISED);
  g_assert_cmpint (fake_world_server (world, 4).selection, ==, NTP_SELECTION_DISTANT);
  g_assert_cmpint (fake_world_server (world, 4).reason, ==, NTP_REASON_DISTANT);
  g_assert_cmpint (fake_world_server (world, 5).selection, ==, NTP_SELECTION_NO_SAMPLES);
  g_assert_cmpint (fake_world_server (world, 5).reason, ==, NTP_REASON_NO_REPLY);
  g_assert_cmpint (fake_world_server (world, 5).state, ==, NTP_SERVER_UNREACHABLE);
  g_assert_cmpuint (fake_world_snapshot (world).witnesses, ==, 3);
  g_assert_cmpuint (fake_world_snapshot (world).asked, ==, 6);
}

/* Who takes the time from us has none to give. At stratum 1 the same octets are a name. */
static void
test_loop (void)
{
  g_autoptr (FakeWorld) world = world_new (5, 0);

  for (guint i = 0; i < 5; i++)
    {
      world->servers[i].stratum = i == 1 ? 1 : 2;
      world->servers[i].reference_id = i < 2 ? 0xc0000207 : 0xc0000208;
    }
  fake_world_add_all (world);
  for (int slot = 0; slot < 5; slot++)
    ntp_system_own_id (world->system, slot, 0xc0000207);
  fake_world_run (world, 1000);
  g_assert_cmpint (fake_world_server (world, 0).selection, ==, NTP_SELECTION_NOT_USED);
  g_assert_cmpint (fake_world_server (world, 0).reason, ==, NTP_REASON_LOOP);
  g_assert_cmpint (fake_world_server (world, 1).selection, >=, NTP_SELECTION_OUTLIER);
  g_assert_cmpuint (fake_world_snapshot (world).witnesses, ==, 4);
}

/* Two names for one server are one vote. */
static void
test_duplicate (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 0);

  world->same_address = TRUE;
  fake_world_add_all (world);
  fake_world_run (world, 1000);
  g_assert_cmpint (fake_world_server (world, 0).reason, !=, NTP_REASON_DUPLICATE);
  for (int i = 1; i < 4; i++)
    {
      g_assert_cmpint (fake_world_server (world, i).selection, ==, NTP_SELECTION_NOT_USED);
      g_assert_cmpint (fake_world_server (world, i).reason, ==, NTP_REASON_DUPLICATE);
    }
  g_assert_cmpuint (world->adjusts, ==, 0);
  /* The first one moves away. */
  world->same_address = FALSE;
  world->servers[0].forget_keys = TRUE;
  fake_world_run (world, 1000);
  g_assert_cmpint (fake_world_server (world, 1).reason, !=, NTP_REASON_DUPLICATE);
  g_assert_cmpint (fake_world_server (world, 2).reason, ==, NTP_REASON_DUPLICATE);
  fake_world_remove (world, 1);
  fake_world_run (world, 1000);
  g_assert_cmpint (fake_world_server (world, 2).reason, !=, NTP_REASON_DUPLICATE);
  g_assert_cmpint (fake_world_server (world, 3).reason, ==, NTP_REASON_DUPLICATE);
}

/* A packet that was held up for long tells nothing, and what it tells is not believed. */
static void
test_held_up (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 0.3);

  fake_world_add_all (world);
  fake_world_run (world, 20000);
  world->servers[0].return_delay_s = 0.2; /* an offset of -100 ms, and a delay that allows it */
  for (guint i = 0; i < 50; i++)
    {
      fake_world_run (world, 100);
      g_assert_cmpfloat (fabs (fake_world_offset_s (world)), <, 0.01 * MS);
    }
  g_assert_cmpfloat (fake_world_server (world, 0).delay_s, <, 0.3);
}

/* The bound holds, and is no more than what the agreeing servers prove. */
static void
test_uncertainty (void)
{
  g_autoptr (FakeWorld) world = world_new (4, 0.3);

  g_assert_true (isinf (fake_world_snapshot (world).uncertainty_s));
  fake_world_add_all (world);
  fake_world_run (world, 1);
  for (guint i = 0; i < 300; i++)
    {
      NtpSnapshot snapshot = fake_world_snapshot (world);
      g_assert_cmpfloat (fabs (fake_world_offset_s (world) - snapshot.offset_s), <=,
                         snapshot.uncertainty_s);
      fake_world_run (world, 61);
    }
  g_assert_cmpfloat (fake_world_snapshot (world).uncertainty_s, <, 0.025);
}

/* A queue that stands in one direction while we look is an error of half of it, which no statistics
 * of that moment show. */
static void
test_glance_at_skewed_paths (void)
{
  g_autoptr (FakeWorld) world = fake_world_new (4, &ntp_options_default, 0.1, 10);

  for (int i = 0; i < 4; i++)
    world->servers[i].return_delay_s = 0.040;
  fake_world_add_all (world);
  fake_world_run (world, 2);
  NtpSnapshot snapshot = fake_world_snapshot (world);
  g_assert_cmpint (snapshot.state, ==, NTP_STATE_SYNCHRONISED);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world) - snapshot.offset_s), >, 0.019);
  g_assert_cmpfloat (fabs (fake_world_offset_s (world) - snapshot.offset_s), <=,
                     snapshot.uncertainty_s);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-evidence/one-operator-lies", test_one_operator_lies);
  g_test_add_func ("/ntp-evidence/half-and-half", test_half_and_half);
  g_test_add_func ("/ntp-evidence/minority-turns", test_minority_turns);
  g_test_add_func ("/ntp-evidence/honest-servers-blocked", test_honest_blocked);
  g_test_add_func ("/ntp-evidence/fast-liars", test_fast_liars);
  g_test_add_func ("/ntp-evidence/unauthenticated-moves-nothing", test_unauthenticated);
  g_test_add_func ("/ntp-evidence/trusted-by-the-administrator", test_trusted);
  g_test_add_func ("/ntp-evidence/statuses-and-reasons", test_statuses);
  g_test_add_func ("/ntp-evidence/no-time-from-who-takes-ours", test_loop);
  g_test_add_func ("/ntp-evidence/duplicate-has-no-vote", test_duplicate);
  g_test_add_func ("/ntp-evidence/held-up-packets", test_held_up);
  g_test_add_func ("/ntp-evidence/uncertainty-holds", test_uncertainty);
  g_test_add_func ("/ntp-evidence/glance-at-skewed-paths", test_glance_at_skewed_paths);
  return g_test_run ();
}
