/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Estimate → adjustment: see ntp-system-private.h. */

#include "ntp-system-private.h"

#include <math.h>

#include "ntp-leap.h"

#define NS_PER_S 1e9

/* Ours. */
#define SLEW_WORTH_TELLING_S 0.01 /* smaller ones go on all the time */
#define GOOD_UNCERTAINTY_S   0.1  /* for undoing what others did to the clock … */
#define DISTRUST_PAUSE_NS    (600 * INT64_C (1000000000))
#define FOREIGN_RATE_SD_S    0.5                         /* 500 ppm, unnoticed between two polls */
#define RETRY_NS             (10 * INT64_C (1000000000)) /* after the kernel refused */
#define UNDO_PAUSE_NS        (10 * INT64_C (1000000000)) /* … but not to fight them */

static uint8_t
leap_of_agreeing (const NtpSystem *system, const NtpNow *now, double offset_s)
{
  NtpLeapVotes votes = { 0 };

  for (unsigned i = 0; i < system->capacity; i++)
    {
      const NtpAssociation *association = &system->associations[i];
      if (!ntp_evidence_is_believed (association))
        continue;
      votes.all++;
      votes.insert += association->header.leap == NTP_LEAP_INSERT;
      votes.delete += association->header.leap == NTP_LEAP_DELETE;
    }
  return ntp_leap_decide (&votes,
                          ntp_timestamp_add_ns (now->realtime, llround (offset_s * NS_PER_S)));
}

/* We stepped our clock, or, with the opposite sign, did not after all. */
static void
note_step (NtpSystem *system, int64_t step_ns)
{
  for (unsigned i = 0; i < system->capacity; i++)
    if (system->associations[i].used)
      ntp_association_stepped (&system->associations[i], step_ns);
}

static void
push_adjust (NtpSystem *system, const NtpAdjust *adjust, const NtpNow *now, NtpActions *actions)
{
  system->adjust_given = true;
  system->kernel_synchronised = adjust->synchronised;
  system->correction_untold = false;
  system->was_first = false;
  system->step_ns = llround (adjust->step_s * NS_PER_S);
  system->step_before_ns = system->last_step_ns;
  if (system->step_ns != 0)
    {
      note_step (system, system->step_ns);
      system->last_step_ns = now->monotonic_ns;
    }
  ntp_system_push (system, actions, NTP_ACTION_ADJUST, -1)->adjust = *adjust;
}

/* What is to go on record once the kernel has taken the adjustment. */
static void
note_correction (NtpSystem *system, double offset_s, bool requested)
{
  bool stepped = system->step_ns != 0;

  system->correction = (NtpEvent){ .kind = stepped ? NTP_EVENT_STEPPED : NTP_EVENT_SLEWED,
                                   .amount_s = offset_s,
                                   .requested = requested,
                                   .vouched = system->selection.agreeing,
                                   .operators = system->selection.operators };
  system->correction_untold = stepped || requested || fabs (offset_s) >= SLEW_WORTH_TELLING_S;
}

/* False with nothing done when the change is beyond the limit of @options. */
static bool
adjust_within (NtpSystem *system, const NtpBelief *belief, const NtpOptions *options, bool may_step,
               bool requested, const NtpNow *now, NtpActions *actions)
{
  NtpAdjust adjust = { .synchronised = true, .leap = system->leap };

  if (!clock_discipline_update (&system->discipline, &belief->estimate, options, may_step,
                                now->monotonic_ns, &adjust))
    return false;
  /* What may well be noise is in no hurry. */
  if (fabs (belief->offset_s) <= belief->estimate.offset_sd_s)
    clock_discipline_stretch (&system->discipline, ntp_schedule_wake_ns (system), &adjust);
  double left_s = fabs (belief->offset_s - adjust.step_s);
  adjust.estimated_error_s = left_s + belief->estimate.offset_sd_s;
  adjust.maximum_error_s = left_s + belief->uncertainty_s;
  ntp_decision_settle (system);
  push_adjust (system, &adjust, now, actions);
  note_correction (system, belief->offset_s, requested);
  return true;
}

static NtpReason
adjust_clock (NtpSystem *system, const NtpBelief *belief, bool may_step, bool requested,
              const NtpNow *now, NtpActions *actions)
{
  if (!ntp_evidence_is_provisional (system)
      && adjust_within (system, belief, &system->options, may_step, requested, now, actions))
    return NTP_REASON_NONE;
  ntp_decision_ask (system, belief, requested, actions);
  return NTP_REASON_CHANGE_TOO_LARGE;
}

void
ntp_steer_accept (NtpSystem *system, const NtpBelief *belief, const NtpNow *now,
                  NtpActions *actions)
{
  NtpOptions unlimited = system->options;

  unlimited.maximum_change_s = INFINITY;
  unlimited.step_threshold_s = 0;
  system->leap = leap_of_agreeing (system, now, belief->offset_s);
  system->changed = true;
  ntp_system_tell_event (system, NTP_EVENT_ACCEPTED, belief->offset_s, true, NTP_REASON_NONE,
                         actions);
  adjust_within (system, belief, &unlimited, true, true, now, actions);
  if (ntp_evidence_forget_provisional (system))
    ntp_evidence_select (system, now);
  system->was_first = system->may_step;
  system->may_step = false;
}

NtpReason
ntp_steer_correct (NtpSystem *system, bool requested, const NtpNow *now, NtpActions *actions)
{
  NtpBelief belief;

  if (!ntp_evidence_estimate (system, now, &belief))
    return NTP_REASON_NO_QUORUM;
  system->leap = leap_of_agreeing (system, now, belief.offset_s);
  ntp_state_track (system, &belief, now);
  system->changed = true;

  NtpReason reason = NTP_REASON_NONE;
  if (system->options.may_adjust)
    reason = adjust_clock (system, &belief, system->may_step || requested, requested, now, actions);
  else if (ntp_evidence_is_provisional (system))
    reason = NTP_REASON_CHANGE_TOO_LARGE;
  if (reason == NTP_REASON_NONE)
    {
      system->was_first = system->may_step;
      system->may_step = false;
    }
  return reason;
}

void
ntp_steer_update (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  ntp_evidence_select (system, now);
  if (!system->options.automatic || system->sync.stage != NTP_SYNC_IDLE
      || !system->selection.quorum)
    return;
  if (system->may_step && !ntp_evidence_is_ready (system))
    return;
  if (ntp_evidence_feed (system, now))
    ntp_steer_correct (system, false, now, actions);
}

int64_t
ntp_steer_wake_ns (const NtpSystem *system)
{
  int64_t wake_ns = clock_discipline_wake_ns (&system->discipline);

  if (!system->options.may_adjust)
    return INT64_MAX;
  if (system->correction_untold)
    return system->epoch_ns;
  if (system->clock_failed && wake_ns < system->refused_ns + RETRY_NS)
    return system->refused_ns + RETRY_NS;
  return wake_ns;
}

/* From now on the clock runs at the rate that it needs. */
static void
end_slew (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  NtpAdjust adjust = { .synchronised = system->kernel_synchronised, .leap = system->leap };
  NtpBelief belief;

  if (!ntp_evidence_estimate (system, now, &belief))
    return;
  clock_discipline_end_slew (&system->discipline, now->monotonic_ns, &adjust);
  adjust.estimated_error_s = fabs (belief.offset_s) + belief.estimate.offset_sd_s;
  adjust.maximum_error_s =
      adjust.synchronised ? fabs (belief.offset_s) + belief.uncertainty_s : (double) INFINITY;
  push_adjust (system, &adjust, now, actions);
}

void
ntp_steer_end_slew (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  if (ntp_steer_wake_ns (system) <= now->monotonic_ns)
    end_slew (system, now, actions);
}

void
ntp_steer_hand_over (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  if (clock_discipline_wake_ns (&system->discipline) != INT64_MAX)
    end_slew (system, now, actions);
}

/* The account is exact, so a good estimate is as good as before and the clock can be put right at
 * once. */
void
ntp_steer_foreign_step (NtpSystem *system, double amount_s, const NtpNow *now, NtpActions *actions)
{
  NtpBelief belief;

  system->decision = false;
  clock_discipline_foreign_step (&system->discipline, llround (amount_s * NS_PER_S));
  ntp_system_tell_event (system, NTP_EVENT_FOREIGN_STEP, amount_s, false, NTP_REASON_NONE, actions);

  if (!system->options.automatic || !system->options.may_adjust
      || system->sync.stage != NTP_SYNC_IDLE || system->may_step
      || !ntp_evidence_estimate (system, now, &belief) || belief.uncertainty_s > GOOD_UNCERTAINTY_S)
    return;
  if (system->foreign_step_ns != NTP_NEVER
      && now->monotonic_ns < system->foreign_step_ns + UNDO_PAUSE_NS)
    return;
  system->foreign_step_ns = now->monotonic_ns;
  adjust_clock (system, &belief, true, false, now, actions);
}

/* How far the clock came off its way before that was noticed is not known. */
static void
distrust_samples (NtpSystem *system, const NtpNow *now)
{
  clock_estimator_widen (&system->estimator, FOREIGN_RATE_SD_S);
  system->proof.at_ns = NTP_NEVER;
  for (unsigned i = 0; i < system->capacity; i++)
    if (system->associations[i].used)
      ntp_filter_clear (&system->associations[i].filter);
  /* One doubt may have led to the other, and of the first nothing is left. */
  if (system->distrusted_ns == NTP_NEVER
      || now->monotonic_ns >= system->distrusted_ns + DISTRUST_PAUSE_NS)
    system->doubted_ns = NTP_NEVER;
  system->distrusted_ns = now->monotonic_ns;
  system->in_doubt = true;
  ntp_schedule_settle_doubt (system, now);
  system->settling_until_ns = now->monotonic_ns + NTP_SETTLING_NS;
}

void
ntp_steer_foreign_rate (NtpSystem *system, double rate_ppm, bool slewing, const NtpNow *now,
                        NtpActions *actions)
{
  double change_ppm = rate_ppm - clock_discipline_hold (&system->discipline);

  clock_discipline_foreign_rate (&system->discipline, rate_ppm, now->monotonic_ns);
  if (!system->options.may_adjust)
    return;
  ntp_system_tell_event (system, slewing ? NTP_EVENT_FOREIGN_SLEW : NTP_EVENT_FOREIGN_FREQUENCY,
                         slewing ? 0 : change_ppm * 1e-6, false, NTP_REASON_NONE, actions);
  distrust_samples (system, now);
  if (system->options.automatic && system->sync.stage == NTP_SYNC_IDLE && !system->may_step)
    end_slew (system, now, actions);
}

void
ntp_steer_tell_unsynchronised (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  NtpAdjust adjust = { .synchronised = false,
                       .leap = NTP_LEAP_NONE,
                       .estimated_error_s = INFINITY,
                       .maximum_error_s = INFINITY };

  if (!system->options.may_adjust || !system->kernel_synchronised || system->adjust_given
      || system->clock_failed)
    return;
  adjust.frequency_ppm = clock_discipline_hold (&system->discipline);
  push_adjust (system, &adjust, now, actions);
}

void
ntp_steer_taken (NtpSystem *system, NtpActions *actions)
{
  if (system->adjust_given)
    system->clock_failed = false;
  if (system->correction_untold)
    ntp_system_push (system, actions, NTP_ACTION_EVENT, -1)->event = system->correction;
  system->adjust_given = false;
  system->correction_untold = false;
}

void
ntp_steer_refused (NtpSystem *system, const NtpNow *now)
{
  if (!system->adjust_given)
    return;
  clock_discipline_refused (&system->discipline);
  if (system->step_ns != 0)
    note_step (system, -system->step_ns);
  system->last_step_ns = system->step_before_ns;
  system->may_step = system->may_step || system->was_first;
  system->refused_ns = now->monotonic_ns;
  system->clock_failed = true;
  system->adjust_given = false;
  system->correction_untold = false;
  system->changed = true;
}
