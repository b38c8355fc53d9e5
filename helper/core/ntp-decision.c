/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A change beyond the limit waits for a person: the question and its two answers. See
 * ntp-system-private.h.
 *
 * Nothing is adjusted while the question stands and after it was answered with no; measuring goes
 * on. What was rejected is an offset of our clock, and as long as the servers say about the same,
 * nobody is asked again. The bound is wide enough for what a bad oscillator drifts in a day. */

#include "ntp-system-private.h"

#include <math.h>

/* Ours. */
#define SAME_OFFSET_S     60.0 /* or maximum_change_s where that is less: no new evidence */
#define SHOWN_TOLERANCE_S 5.0  /* a window that is slow to draw and to tell of the click */
#define ANSWER_LEAST_NS   (900 * INT64_C (1000000000)) /* so long at least an answer may take */

static bool
is_rejected (const NtpSystem *system, const NtpBelief *belief)
{
  double same_s = fmin (SAME_OFFSET_S, system->options.maximum_change_s);

  return system->rejected
         && fabs (belief->offset_s - system->rejected_s) <= same_s + belief->uncertainty_s;
}

void
ntp_decision_ask (NtpSystem *system, const NtpBelief *belief, bool requested, NtpActions *actions)
{
  if (!requested && is_rejected (system, belief))
    return;
  if (!system->decision)
    ntp_system_tell_event (system, NTP_EVENT_DECISION, belief->offset_s, requested,
                           ntp_evidence_is_provisional (system) ? NTP_REASON_DATES_UNCHECKED
                                                                : NTP_REASON_CHANGE_TOO_LARGE,
                           actions);
  system->decision = true;
  system->rejected = false;
}

void
ntp_decision_settle (NtpSystem *system)
{
  system->decision = false;
  system->rejected = false;
}

/* The intersection is asked too: the estimate may be slow to follow. */
static bool
is_still_said (const NtpSystem *system, const NtpBelief *belief, double shown_s)
{
  return fabs (shown_s - belief->offset_s) <= SHOWN_TOLERANCE_S + belief->uncertainty_s
         && shown_s >= system->selection.low_s - SHOWN_TOLERANCE_S
         && shown_s <= system->selection.high_s + SHOWN_TOLERANCE_S;
}

NtpAccept
ntp_system_accept (NtpSystem *system, double shown_s, const NtpNow *now, NtpActions *actions)
{
  NtpAccept outcome = NTP_ACCEPT_DONE;
  NtpBelief belief;

  ntp_system_begin_event (system, now, actions);
  if (system->decision)
    ntp_evidence_select (system, now);
  if (!system->decision || !system->options.may_adjust)
    outcome = NTP_ACCEPT_NOT_ASKED;
  else if (!system->selection.quorum
           || !ntp_state_is_fresh (system, now->monotonic_ns, ANSWER_LEAST_NS)
           || !ntp_evidence_estimate (system, now, &belief))
    outcome = NTP_ACCEPT_NO_QUORUM;
  else if (!is_still_said (system, &belief, shown_s))
    outcome = NTP_ACCEPT_OTHER_TIME;
  if (outcome == NTP_ACCEPT_DONE)
    ntp_steer_accept (system, &belief, now, actions);
  ntp_system_end_event (system, now, actions);
  return outcome;
}

bool
ntp_system_reject (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  bool asked = system->decision;
  NtpBelief belief;

  ntp_system_begin_event (system, now, actions);
  if (asked && ntp_evidence_estimate (system, now, &belief))
    {
      system->decision = false;
      system->rejected = true;
      system->rejected_s = belief.offset_s;
      system->changed = true;
      ntp_system_tell_event (system, NTP_EVENT_REJECTED, belief.offset_s, true,
                             NTP_REASON_CHANGE_REJECTED, actions);
    }
  ntp_system_end_event (system, now, actions);
  return asked;
}
