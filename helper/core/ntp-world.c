/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens to the clock, the machine and the network without us: see ntp-system-private.h. */

#include "ntp-system-private.h"

#define RESUME_SD_S 1.0 /* ours: what the clock may have lost while the machine slept */

void
ntp_system_clock_jumped (NtpSystem *system, double amount_s, const NtpNow *now, NtpActions *actions)
{
  ntp_system_begin_event (system, now, actions);
  system->changed = true;
  ntp_steer_foreign_step (system, amount_s, now, actions);
  ntp_system_end_event (system, now, actions);
}

void
ntp_system_rate_changed (NtpSystem *system, double rate_ppm, bool slewing, const NtpNow *now,
                         NtpActions *actions)
{
  ntp_system_begin_event (system, now, actions);
  system->changed = true;
  ntp_steer_foreign_rate (system, rate_ppm, slewing, now, actions);
  ntp_system_end_event (system, now, actions);
}

void
ntp_system_resumed (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  ntp_system_begin_event (system, now, actions);
  clock_estimator_widen (&system->estimator, RESUME_SD_S);
  system->proof.at_ns = NTP_NEVER;
  system->may_step = true;
  system->settling_until_ns = now->monotonic_ns + NTP_SETTLING_NS;
  for (unsigned i = 0; i < system->capacity; i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (!association->used)
        continue;
      association->request.outstanding = false;
      ntp_filter_clear (&association->filter);
      ntp_ke_retry_network_changed (&association->retry);
      if (association->enabled)
        ntp_schedule_burst (system, association, now);
    }
  ntp_system_tell_event (system, NTP_EVENT_RESUMED, 0, false, NTP_REASON_NONE, actions);
  ntp_system_consider (system, now, actions);
  ntp_system_end_event (system, now, actions);
}

void
ntp_system_network_changed (NtpSystem *system, bool available, const NtpNow *now,
                            NtpActions *actions)
{
  ntp_system_begin_event (system, now, actions);
  for (unsigned i = 0; i < system->capacity && available; i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (!association->used)
        continue;
      ntp_system_forget_path (system, association);
      ntp_ke_retry_network_changed (&association->retry);
      if (association->unanswered > 0 && association->burst == 0 && association->enabled)
        ntp_schedule_burst (system, association, now);
    }
  ntp_system_end_event (system, now, actions);
}

void
ntp_system_set_economy (NtpSystem *system, bool economy, const NtpNow *now, NtpActions *actions)
{
  ntp_system_begin_event (system, now, actions);
  if (system->economy != economy)
    {
      system->economy = economy;
      system->changed = true;
      ntp_schedule_plan_all (system, now);
    }
  ntp_system_end_event (system, now, actions);
}

void
ntp_system_set_hold (NtpSystem *system, bool hold, const NtpNow *now, NtpActions *actions)
{
  bool ends = system->hold && !hold;

  ntp_system_begin_event (system, now, actions);
  system->hold = hold;
  ntp_schedule_enable (system);
  for (unsigned i = 0; i < system->capacity && ends; i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (!association->enabled)
        continue;
      ntp_ke_retry_requested (&association->retry);
      ntp_schedule_burst (system, association, now);
    }
  ntp_system_end_event (system, now, actions);
}

void
ntp_system_clock_failed (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  system->changed = false;
  ntp_steer_refused (system, now);
  ntp_sync_clock_set (system, NTP_REASON_CLOCK_FAILED, now, actions);
  ntp_system_end_event (system, now, actions);
}
