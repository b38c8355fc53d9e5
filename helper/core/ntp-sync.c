/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "Sync securely now": all servers are asked at once, and the first quorum that stands decides. See
 * ntp-system-private.h. */

#include "ntp-system-private.h"

#include <math.h>

#define NS_PER_S    INT64_C (1000000000)
#define DEADLINE_NS (15 * NS_PER_S) /* ours; a key exchange has so long, too */

static void
tell_progress (NtpSystem *system, NtpPhase phase, int slot, unsigned answers, unsigned wanted,
               NtpActions *actions)
{
  ntp_system_push (system, actions, NTP_ACTION_PROGRESS, slot)->progress =
      (NtpProgress){ .phase = phase, .slot = slot, .answers = answers, .wanted = wanted };
}

void
ntp_sync_tell_keys (NtpSystem *system, int slot, NtpActions *actions)
{
  unsigned ready = 0;

  if (system->sync.stage != NTP_SYNC_MEASURING)
    return;
  for (unsigned i = 0; i < system->capacity; i++)
    if (system->associations[i].used && ntp_association_can_ask (&system->associations[i]))
      ready++;
  tell_progress (system, NTP_PHASE_KEYS, slot, ready, system->n_servers, actions);
}

void
ntp_sync_tell_answer (NtpSystem *system, int slot, NtpActions *actions)
{
  unsigned answers = 0;

  if (system->sync.stage != NTP_SYNC_MEASURING)
    return;
  for (unsigned i = 0; i < system->capacity; i++)
    {
      unsigned own = system->associations[i].answers;
      answers += own < NTP_BURST ? own : NTP_BURST;
    }
  tell_progress (system, NTP_PHASE_MEASURING, slot, answers, NTP_BURST * system->n_servers,
                 actions);
}

/* Automatic running goes on as it would have without us. */
static void
finish (NtpSystem *system, NtpReason error, const NtpNow *now, NtpActions *actions)
{
  NtpSync *sync = &system->sync;

  sync->stage = NTP_SYNC_IDLE;
  sync->result.error = error;
  sync->result.duration_s = (double) (now->monotonic_ns - sync->started_ns) / NS_PER_S;
  ntp_schedule_enable (system);
  ntp_evidence_select (system, now);
  system->changed = true;

  tell_progress (system, NTP_PHASE_DONE, -1, sync->result.vouched, system->n_servers, actions);
  ntp_system_push (system, actions, NTP_ACTION_SYNC_DONE, -1)->result = sync->result;
}

/* Who has answered, and who agrees. */
static void
count_witnesses (NtpSystem *system)
{
  NtpSyncResult *result = &system->sync.result;

  result->answered = 0;
  for (unsigned i = 0; i < system->capacity; i++)
    if (system->associations[i].answers > 0)
      result->answered++;
  result->vouched = system->selection.agreeing;
  result->operators = system->selection.operators;
}

/* The quorum stands: the clock is set, and whether the kernel takes it is seen in the next event.
 */
static void
decide (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  NtpSyncResult *result = &system->sync.result;
  NtpBelief belief = { .uncertainty_s = INFINITY };

  tell_progress (system, NTP_PHASE_COMPARING, -1, system->selection.agreeing,
                 system->selection.voting, actions);
  ntp_evidence_feed (system, now);
  ntp_evidence_estimate (system, now, &belief);
  result->offset_before_s = belief.offset_s;
  result->uncertainty_s = belief.uncertainty_s;

  tell_progress (system, NTP_PHASE_SETTING, -1, 0, 1, actions);
  NtpReason error = ntp_steer_correct (system, true, now, actions);
  if (error != NTP_REASON_NONE || !system->options.may_adjust)
    {
      finish (system, error, now, actions);
      return;
    }
  result->stepped = system->step_ns != 0;
  result->correction_s = belief.offset_s;
  system->sync.stage = NTP_SYNC_SETTING;
}

/* Why there is no quorum, now that all servers have answered or failed. */
static NtpReason
failure (const NtpSystem *system)
{
  bool has_keys = false;

  if (system->sync.result.answered > 0 || system->n_voters == 0)
    return NTP_REASON_NO_QUORUM;
  for (unsigned i = 0; i < system->capacity; i++)
    has_keys = has_keys || system->associations[i].key_exchanges > 0
               || ntp_association_can_ask (&system->associations[i]);
  return has_keys ? NTP_REASON_NO_REPLY : NTP_REASON_KE_TIMEOUT;
}

static bool
is_awaiting (const NtpSystem *system, int64_t now_ns)
{
  for (unsigned i = 0; i < system->capacity; i++)
    if (ntp_schedule_is_awaited (&system->associations[i], now_ns))
      return true;
  return false;
}

void
ntp_sync_consider (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  if (system->sync.stage != NTP_SYNC_MEASURING)
    return;

  bool over =
      now->monotonic_ns >= ntp_sync_wake_ns (system) || !is_awaiting (system, now->monotonic_ns);
  ntp_evidence_select (system, now);
  count_witnesses (system);
  if (ntp_evidence_is_ready (system) || (over && system->selection.quorum))
    decide (system, now, actions);
  else if (over)
    finish (system, failure (system), now, actions);
}

void
ntp_sync_begin (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  NtpSync *sync = &system->sync;

  sync->stage = NTP_SYNC_MEASURING;
  sync->started_ns = now->monotonic_ns;
  sync->since_free_ns = clock_discipline_free_ns (&system->discipline, now->monotonic_ns);
  sync->result = (NtpSyncResult){ .uncertainty_s = INFINITY };
  system->changed = true;
  if (system->n_servers == 0)
    {
      finish (system, NTP_REASON_NO_SERVERS, now, actions);
      return;
    }

  for (unsigned i = 0; i < system->capacity; i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (!association->used)
        continue;
      association->answers = 0;
      ntp_association_burst (association, now->monotonic_ns);
      ntp_ke_retry_requested (&association->retry);
    }
  ntp_schedule_enable (system);
  ntp_sync_tell_keys (system, -1, actions);
}

int64_t
ntp_sync_wake_ns (const NtpSystem *system)
{
  switch (system->sync.stage)
    {
    case NTP_SYNC_MEASURING:
      return system->sync.started_ns + DEADLINE_NS;
    case NTP_SYNC_SETTING:
      return system->sync.started_ns;
    case NTP_SYNC_IDLE:
    default:
      return INT64_MAX;
    }
}

void
ntp_sync_clock_set (NtpSystem *system, NtpReason error, const NtpNow *now, NtpActions *actions)
{
  NtpSyncResult *result = &system->sync.result;

  if (system->sync.stage != NTP_SYNC_SETTING)
    return;
  if (error != NTP_REASON_NONE)
    {
      result->correction_s = 0;
      result->stepped = false;
    }
  finish (system, error, now, actions);
}

void
ntp_sync_cancel (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  if (system->sync.stage == NTP_SYNC_MEASURING)
    finish (system, NTP_REASON_CANCELLED, now, actions);
}
