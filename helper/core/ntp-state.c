/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What it all amounts to, and the snapshot: see ntp-system-private.h. */

#include "ntp-system-private.h"

#include <math.h>

#define FREQUENCY_TOLERANCE 15e-6 /* RFC 5905 §7.2, PHI, s/s */
#define NS_PER_S            1e9

/* Ours. */
#define MEAN_SQUARE_SHARE 0.125 /* of the newest in the mean */
#define PATIENCE_POLLS    3     /* without an accepted sample: hold-over */
#define PATIENCE_LEAST_NS (4 * INT64_C (1000000000))

/* ---- The numbers of an update ---- */

/* RFC 5905 §11.2.3: what we would tell clients of our own. */
static void
track_peer (NtpTracking *tracking, const NtpAssociation *peer, double offset_s)
{
  const NtpHeader *header = &peer->header;
  const ClockSample *best = ntp_filter_best (&peer->filter, NTP_NEVER);

  tracking->stratum = (uint8_t) (header->stratum + 1);
  tracking->reference_id = 0;
  if (peer->address.family == 4)
    {
      BytesReader octets = bytes_reader (peer->address.octets, 4);
      tracking->reference_id = bytes_read_u32 (&octets);
    }
  if (best == NULL)
    return;
  tracking->root_delay_s = ntp_short_to_s (header->root_delay) + best->delay_s;
  tracking->root_dispersion_s =
      best->error_s - ntp_short_to_s (header->root_delay) / 2 + fabs (offset_s);
}

/* Some polls of the believed servers. */
static int64_t
patience_ns (const NtpSystem *system)
{
  int64_t longest_ns = 0;

  for (unsigned i = 0; i < system->capacity; i++)
    if (ntp_evidence_is_believed (&system->associations[i]))
      {
        int64_t polls_ns = llround (PATIENCE_POLLS * system->associations[i].interval_s * NS_PER_S);
        longest_ns = polls_ns > longest_ns ? polls_ns : longest_ns;
      }
  return longest_ns;
}

void
ntp_state_track (NtpSystem *system, const NtpBelief *belief, const NtpNow *now)
{
  NtpTracking *tracking = &system->tracking;
  double square = belief->offset_s * belief->offset_s;

  if (tracking->at_ns == NTP_NEVER)
    tracking->mean_square_offset = square;
  else
    {
      tracking->interval_ns = now->monotonic_ns - tracking->at_ns;
      tracking->mean_square_offset += MEAN_SQUARE_SHARE * (square - tracking->mean_square_offset);
      tracking->frequency_change_ppm = belief->estimate.frequency_ppm - tracking->frequency_ppm;
    }
  tracking->updates++;
  tracking->at_ns = now->monotonic_ns;
  tracking->patience_ns = patience_ns (system);
  tracking->offset_s = belief->offset_s;
  tracking->frequency_ppm = belief->estimate.frequency_ppm;
  if (system->selection.peer >= 0)
    {
      int slot = system->candidates[system->selection.peer].slot;
      track_peer (tracking, &system->associations[slot], belief->offset_s);
    }
}

/* ---- The state ---- */

/* What was fresh does not grow old because the polls come sooner from now on. */
bool
ntp_state_is_fresh (const NtpSystem *system, int64_t now_ns, int64_t least_ns)
{
  const NtpTracking *tracking = &system->tracking;

  if (tracking->at_ns == NTP_NEVER)
    return false;
  int64_t age_ns = now_ns - tracking->at_ns;
  return age_ns <= least_ns || age_ns <= tracking->patience_ns || age_ns <= patience_ns (system);
}

static bool
is_awaiting_voters (const NtpSystem *system, int64_t now_ns)
{
  for (unsigned i = 0; i < system->capacity; i++)
    {
      const NtpAssociation *association = &system->associations[i];
      if (association->used && ntp_association_is_voter (association)
          && ntp_schedule_is_awaited (association, now_ns))
        return true;
    }
  return false;
}

static NtpReason
thin_quorum (const NtpSystem *system)
{
  if (system->n_voters < system->options.minimum_sources)
    return NTP_REASON_FEW_SERVERS;
  if (system->n_operators < system->options.minimum_operators)
    return NTP_REASON_FEW_OPERATORS;
  return NTP_REASON_NONE;
}

static NtpState
judge (const NtpSystem *system, int64_t now_ns, NtpReason *reason)
{
  const NtpSelectResult *selection = &system->selection;
  bool answers = selection->voting > 0;
  bool contradicted = selection->agreeing < selection->voting;
  bool updated = system->tracking.at_ns != NTP_NEVER;

  *reason = NTP_REASON_NONE;
  if (system->decision)
    {
      *reason = ntp_evidence_is_provisional (system) ? NTP_REASON_DATES_UNCHECKED
                                                     : NTP_REASON_CHANGE_TOO_LARGE;
      return NTP_STATE_NEEDS_DECISION;
    }
  if (!system->options.automatic)
    {
      *reason = NTP_REASON_AUTOMATIC_OFF;
      return NTP_STATE_OFF;
    }
  if (system->clock_failed || system->n_servers == 0)
    {
      *reason = system->clock_failed ? NTP_REASON_CLOCK_FAILED : NTP_REASON_NO_SERVERS;
      return NTP_STATE_UNSYNCHRONISED;
    }
  if (system->rejected)
    {
      *reason = NTP_REASON_CHANGE_REJECTED;
      return NTP_STATE_UNSYNCHRONISED;
    }
  if (ntp_evidence_is_provisional (system))
    {
      *reason = NTP_REASON_DATES_UNCHECKED;
      return NTP_STATE_UNSYNCHRONISED;
    }
  if (selection->quorum && ntp_state_is_fresh (system, now_ns, PATIENCE_LEAST_NS))
    {
      *reason = thin_quorum (system);
      return NTP_STATE_SYNCHRONISED;
    }
  if (!system->started)
    return NTP_STATE_STARTING;
  *reason = answers && !selection->quorum ? NTP_REASON_NO_QUORUM : NTP_REASON_NO_REPLY;
  return updated && !contradicted ? NTP_STATE_HOLDOVER : NTP_STATE_UNSYNCHRONISED;
}

void
ntp_state_update (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  NtpReason reason;
  NtpState before = system->state;

  /* A sync hears only new samples; what they amount to is seen when it is over. */
  if (system->sync.stage == NTP_SYNC_MEASURING)
    return;
  if (system->n_voters > 0
      && (system->tracking.at_ns != NTP_NEVER || !is_awaiting_voters (system, now->monotonic_ns)))
    system->started = true;
  NtpState state = judge (system, now->monotonic_ns, &reason);
  if (before == NTP_STATE_SYNCHRONISED && now->monotonic_ns < system->settling_until_ns
      && (reason == NTP_REASON_NO_QUORUM || reason == NTP_REASON_NO_REPLY))
    return;
  system->state = state;
  if (!system->options.may_adjust && system->options.observe_reason != NTP_REASON_NONE)
    reason = system->options.observe_reason;
  if (system->state == NTP_STATE_UNSYNCHRONISED)
    ntp_steer_tell_unsynchronised (system, now, actions);
  if (system->state == before && reason == system->reason)
    return;
  system->reason = reason;
  system->changed = true;
  if (system->state == NTP_STATE_SYNCHRONISED && before != NTP_STATE_SYNCHRONISED)
    ntp_system_tell_event (system, NTP_EVENT_SYNCHRONISED, 0, false, reason, actions);
  if (before == NTP_STATE_SYNCHRONISED
      && (system->state == NTP_STATE_HOLDOVER || system->state == NTP_STATE_UNSYNCHRONISED))
    ntp_system_tell_event (system, NTP_EVENT_LOST, 0, false, reason, actions);
}

/* ---- The snapshot ---- */

/* A monotonic time on our clock as it stands; 0 for NTP_NEVER. */
static NtpTimestamp
timestamp_of (int64_t at_ns, const NtpNow *now)
{
  if (at_ns == NTP_NEVER)
    return 0;
  return ntp_timestamp_add_ns (now->realtime, at_ns - now->monotonic_ns);
}

void
ntp_system_snapshot (const NtpSystem *system, const NtpNow *now, NtpSnapshot *snapshot)
{
  const NtpTracking *tracking = &system->tracking;
  NtpBelief belief = { .estimate = { .frequency_ppm = system->frequency_ppm,
                                     .frequency_sd_ppm = system->frequency_sd_ppm },
                       .uncertainty_s = INFINITY };
  bool updated = tracking->at_ns != NTP_NEVER && !ntp_evidence_is_provisional (system);

  ntp_evidence_estimate (system, now, &belief);
  *snapshot = (NtpSnapshot){
    .state = system->state,
    .reason = system->reason,
    .offset_s = belief.offset_s,
    .uncertainty_s = belief.uncertainty_s,
    .frequency_ppm = belief.estimate.frequency_ppm,
    .frequency_sd_ppm = belief.estimate.frequency_sd_ppm,
    .ever_synchronised = updated,
    .last_sync = updated ? timestamp_of (tracking->at_ns, now) : 0,
    .last_step = timestamp_of (system->last_step_ns, now),
    .leap = updated ? system->leap : NTP_LEAP_UNKNOWN,
    .witnesses = system->selection.agreeing,
    .asked = system->n_servers,
    .operators = system->selection.operators,
    .last_offset_s = tracking->offset_s,
    .rms_offset_s = sqrt (tracking->mean_square_offset),
    .residual_frequency_ppm = tracking->frequency_change_ppm,
    .root_delay_s = tracking->root_delay_s,
    .root_dispersion_s = tracking->root_dispersion_s,
    .stratum = tracking->stratum,
    .reference_id = tracking->reference_id,
    .updates = tracking->updates,
    .update_interval_s = (double) tracking->interval_ns / NS_PER_S,
    .syncing = system->sync.stage != NTP_SYNC_IDLE,
    .slew_end_ns = ntp_steer_wake_ns (system),
  };
}

/* What the samples say, against our clock as it stands. */
static void
show_samples (const NtpSystem *system, const NtpAssociation *association, const NtpNow *now,
              NtpServerSnapshot *snapshot)
{
  const NtpFilter *filter = &association->filter;
  const ClockSample *best = ntp_filter_best (filter, NTP_NEVER);
  if (best == NULL)
    return;

  int64_t free_ns = clock_discipline_free_ns (&system->discipline, now->monotonic_ns);
  int64_t correction_ns = clock_discipline_correction_ns (&system->discipline, now->monotonic_ns);
  ClockEstimate estimate = { .frequency_ppm = system->frequency_ppm };
  clock_estimator_at (&system->estimator, free_ns, &estimate);
  double age_s = (double) (free_ns - best->at_ns) / NS_PER_S;

  snapshot->has_sample = true;
  snapshot->last_sample =
      timestamp_of (now->monotonic_ns - (free_ns - filter->samples[filter->newest].at_ns), now);
  snapshot->offset_s =
      (double) (best->offset_ns - correction_ns) / NS_PER_S + estimate.frequency_ppm * 1e-6 * age_s;
  snapshot->delay_s = best->delay_s;
  snapshot->jitter_s = ntp_filter_jitter_s (filter);
  snapshot->root_distance_s = ntp_filter_distance_s (best, FREQUENCY_TOLERANCE, free_ns);
  snapshot->dispersion_s = fmax (0, snapshot->root_distance_s - best->delay_s / 2
                                        - ntp_short_to_s (association->header.root_delay) / 2
                                        - ntp_short_to_s (association->header.root_dispersion));
}

bool
ntp_system_server_standing (const NtpSystem *system, int slot, NtpSelection *selection,
                            uint8_t *reach)
{
  if (slot < 0 || (unsigned) slot >= system->capacity || !system->associations[slot].used)
    return false;
  *selection = system->associations[slot].selection;
  *reach = system->associations[slot].reach;
  return true;
}

bool
ntp_system_server_snapshot (const NtpSystem *system, int slot, const NtpNow *now,
                            NtpServerSnapshot *snapshot)
{
  if (slot < 0 || (unsigned) slot >= system->capacity || !system->associations[slot].used)
    return false;

  const NtpAssociation *association = &system->associations[slot];
  bool is_planned = association->enabled && ntp_association_can_ask (association);
  *snapshot = (NtpServerSnapshot){
    .config = association->config,
    .state = ntp_association_state (association),
    .selection = association->selection,
    .reason =
        association->reason != NTP_REASON_NONE ? association->reason : association->select_reason,
    .authenticated = association->authenticated,
    .provisional = association->provisional,
    .address = association->address,
    .cookies = association->jar.count,
    .cookie_length = (unsigned) nts_cookies_next_length (&association->jar),
    .aead = association->keys.aead,
    .stratum = association->header.stratum,
    .reference_id = association->header.reference_id,
    .leap = association->header.leap,
    .reach = association->reach,
    .poll_log2 = (int) lround (log2 (association->interval_s)),
    .next_poll_ns = is_planned ? association->next_poll_ns : INT64_MAX,
    .naks = association->naks,
    .samples = association->samples,
    .key_exchanges = association->key_exchanges,
    .answers = association->answers,
  };
  show_samples (system, association, now, snapshot);
  return true;
}
