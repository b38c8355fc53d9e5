/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens to the system of a fake world, one function for each event that the core knows. */

#include "fake-world.h"

void
fake_world_sync_now (FakeWorld *world)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };

  world->done = FALSE;
  g_assert_true (ntp_system_sync_now (world->system, &now, &actions));
  fake_world_perform (world, &actions);
  fake_world_wake (world);
}

void
fake_world_cancel (FakeWorld *world)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };

  ntp_system_cancel_sync (world->system, &now, &actions);
  fake_world_perform (world, &actions);
}

NtpAccept
fake_world_accept (FakeWorld *world, double shown_s)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };
  NtpAccept outcome = ntp_system_accept (world->system, shown_s, &now, &actions);

  fake_world_perform (world, &actions);
  return outcome;
}

gboolean
fake_world_reject (FakeWorld *world)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };
  gboolean asked = ntp_system_reject (world->system, &now, &actions);

  fake_world_perform (world, &actions);
  return asked;
}

void
fake_world_set_options (FakeWorld *world, const NtpOptions *options)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };

  ntp_system_set_options (world->system, options, &now, &actions);
  fake_world_perform (world, &actions);
}

void
fake_world_remove (FakeWorld *world, int slot)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };

  ntp_system_remove_server (world->system, slot, &now, &actions);
  fake_world_perform (world, &actions);
}

void
fake_world_step_clock (FakeWorld *world, double seconds, gboolean notify)
{
  NtpActions actions = { .count = 0 };

  fake_clock_turn (&world->clock, world->true_ns, seconds, world->clock.steered_ppm);
  NtpNow now = fake_world_now (world);
  if (notify)
    ntp_system_clock_jumped (world->system, seconds, &now, &actions);
  fake_world_perform (world, &actions);
}

void
fake_world_turn_clock (FakeWorld *world, double steered_ppm)
{
  fake_clock_turn (&world->clock, world->true_ns, 0, steered_ppm);
}

void
fake_world_see_rate (FakeWorld *world, gboolean slewing)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };

  ntp_system_rate_changed (world->system, world->clock.steered_ppm, slewing, &now, &actions);
  fake_world_perform (world, &actions);
}

void
fake_world_hold (FakeWorld *world, gboolean hold)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };

  ntp_system_set_hold (world->system, hold, &now, &actions);
  fake_world_perform (world, &actions);
}

void
fake_world_resume (FakeWorld *world)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };

  ntp_system_resumed (world->system, &now, &actions);
  fake_world_perform (world, &actions);
}

void
fake_world_change_network (FakeWorld *world)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };

  ntp_system_network_changed (world->system, true, &now, &actions);
  fake_world_perform (world, &actions);
}

void
fake_world_set_economy (FakeWorld *world, gboolean economy)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };

  ntp_system_set_economy (world->system, economy, &now, &actions);
  fake_world_perform (world, &actions);
}

void
fake_world_send_to_us (FakeWorld *world, int slot, const guint8 *packet, gsize length)
{
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };

  ntp_system_packet (world->system, slot, packet, length, now.realtime, &now, &actions);
  fake_world_perform (world, &actions);
}
