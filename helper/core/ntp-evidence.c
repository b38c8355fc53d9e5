/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the servers say, which of them are believed, and what the clock's error is according to
 * those: see ntp-system-private.h. */

#include "ntp-system-private.h"

#include <math.h>

#include "ntp-leap.h"

#define FREQUENCY_TOLERANCE 15e-6 /* RFC 5905 §7.2, PHI, s/s */
#define NS_PER_S            1e9

/* Ours. */
#define GLANCE_S        3600.0 /* a path that was seen for so long was seen at different times */
#define SETTLED_SAMPLES 2      /* of a server, before a first or requested correction rests on it */

/* ---- What is known ---- */

/* How far below and above @offset_s, our clock's, the truth can be, if the agreeing servers were
 * right and the clock has not drifted more since than its frequency is uncertain. */
typedef struct
{
  double below_s;
  double above_s;
} Margin;

static Margin
proven_margin (const NtpSystem *system, const ClockEstimate *estimate)
{
  const NtpProof *proof = &system->proof;
  if (proof->at_ns == NTP_NEVER)
    return (Margin){ INFINITY, INFINITY };

  double age_s = fmax (0, (double) (estimate->at_ns - proof->at_ns) / NS_PER_S);
  double moved_s = estimate->frequency_ppm * 1e-6 * age_s;
  double drifted_s = (FREQUENCY_TOLERANCE + estimate->frequency_sd_ppm * 1e-6) * age_s;
  double below_s = (double) (estimate->offset_ns - proof->low_ns) / NS_PER_S - moved_s;
  double above_s = (double) (proof->high_ns - estimate->offset_ns) / NS_PER_S + moved_s;
  return (Margin){ below_s + drifted_s, above_s + drifted_s };
}

/* Statistics of a path that was seen for a moment say nothing of a queue that stood in one
 * direction all the while, and that errs by up to half the delay, as the proven bound knows. So the
 * latter counts in the beginning, and fades as the path is seen at other times. */
static double
bound_s (const ClockEstimate *estimate, double proven_s)
{
  double left = fmax (0, 1 - estimate->watched_s / GLANCE_S);

  if (!(proven_s > estimate->uncertainty_s))
    return proven_s;
  return isfinite (proven_s)
             ? estimate->uncertainty_s + left * left * (proven_s - estimate->uncertainty_s)
             : estimate->uncertainty_s;
}

bool
ntp_evidence_estimate (const NtpSystem *system, const NtpNow *now, NtpBelief *belief)
{
  ClockEstimate *estimate = &belief->estimate;
  int64_t free_ns = clock_discipline_free_ns (&system->discipline, now->monotonic_ns);

  if (!clock_estimator_at (&system->estimator, free_ns, estimate))
    return false;

  Margin margin = proven_margin (system, estimate);
  double beyond_s = fmin (0, margin.above_s) - fmin (0, margin.below_s);
  estimate->offset_ns += llround (beyond_s * NS_PER_S);
  belief->offset_s = clock_discipline_offset_s (&system->discipline, estimate, now->monotonic_ns);
  double proven_s = fmax (margin.below_s + beyond_s, margin.above_s - beyond_s);
  belief->uncertainty_s = fmax (ldexp (1, system->precision_log2), bound_s (estimate, proven_s));
  return true;
}

/* The present of the free clock, for comparing. */
typedef struct
{
  int64_t now_ns; /* monotonic */
  NtpTimestamp realtime;
  int64_t free_ns;
  int64_t since_ns; /* older samples do not count, free time */
  int64_t correction_ns;
  double frequency; /* s/s */
  double drift;     /* how far that may be wrong, s/s */
} Frame;

static Frame
frame_of (const NtpSystem *system, const NtpNow *now)
{
  const ClockDiscipline *discipline = &system->discipline;
  Frame frame = { .now_ns = now->monotonic_ns,
                  .realtime = now->realtime,
                  .free_ns = clock_discipline_free_ns (discipline, now->monotonic_ns),
                  .since_ns = NTP_NEVER,
                  .correction_ns = clock_discipline_correction_ns (discipline, now->monotonic_ns),
                  .frequency = system->frequency_ppm * 1e-6,
                  .drift = FREQUENCY_TOLERANCE + system->frequency_sd_ppm * 1e-6 };
  ClockEstimate estimate;

  if (system->sync.stage == NTP_SYNC_MEASURING)
    frame.since_ns = system->sync.since_free_ns;
  if (clock_estimator_at (&system->estimator, frame.free_ns, &estimate))
    {
      frame.frequency = estimate.frequency_ppm * 1e-6;
      frame.drift = FREQUENCY_TOLERANCE + estimate.frequency_sd_ppm * 1e-6;
    }
  return frame;
}

/* ---- Samples ---- */

/* Near a leap second, either side may be a whole second off. */
static bool
is_leap_disputed (const NtpSystem *system, const NtpAssociation *association, const NtpNow *now)
{
  uint8_t leap = association->header.leap;
  bool announced =
      leap == NTP_LEAP_INSERT || leap == NTP_LEAP_DELETE || system->leap != NTP_LEAP_NONE;

  return announced && ntp_leap_near (now->realtime);
}

void
ntp_evidence_keep (NtpSystem *system, NtpAssociation *association, const NtpSample *sample,
                   NtpTimestamp when, const NtpNow *now)
{
  int64_t received_ns = now->monotonic_ns - ntp_difference_ns (now->realtime, when);
  int64_t sent_ns = received_ns - ntp_difference_ns (when, association->request.sent);
  Frame frame = frame_of (system, now);

  if (is_leap_disputed (system, association, now))
    return;
  /* The request's times were moved when we stepped the clock. */
  if (sent_ns < system->last_step_ns && system->last_step_ns <= received_ns)
    sent_ns = system->last_step_ns;
  ClockSample kept = clock_discipline_sample (&system->discipline, sent_ns, received_ns,
                                              sample->offset_ns, sample->delay_s, sample->error_s);
  if (!ntp_filter_add (&association->filter, &kept, frame.frequency, frame.drift))
    system->in_doubt = true;
}

/* ---- Selection ---- */

/* What a sample says of our clock's offset now. */
static double
offset_now_s (const ClockSample *sample, const Frame *frame)
{
  double age_s = (double) (frame->free_ns - sample->at_ns) / NS_PER_S;
  return (double) (sample->offset_ns - frame->correction_ns) / NS_PER_S + frame->frequency * age_s;
}

static bool
is_settled (const NtpAssociation *association, const Frame *frame)
{
  const NtpFilter *filter = &association->filter;
  unsigned count = 0;

  for (unsigned i = 0; i < filter->n; i++)
    if (filter->samples[i].at_ns >= frame->since_ns)
      count++;
  return count >= SETTLED_SAMPLES || association->burst == 0;
}

/* RFC 5905 §A.5.1.1: the server takes its time from us. */
static bool
is_loop (const NtpAssociation *association)
{
  return association->own_id != 0 && association->header.stratum > 1
         && association->header.reference_id == association->own_id;
}

/* What is said grows vaguer with time; but not so vague that a falseticker were right after all. */
static int64_t
judged_as_of_ns (const NtpAssociation *association, const Frame *frame)
{
  const NtpFilter *filter = &association->filter;

  if (association->selection != NTP_SELECTION_FALSETICKER || filter->n == 0)
    return frame->free_ns;
  return filter->samples[filter->newest].at_ns;
}

/* What a server says that has only provisional keys must be within the dates of its certificates.
 */
static NtpReason
judge_dates (const NtpAssociation *association, double offset_s, const Frame *frame)
{
  if (!association->provisional)
    return NTP_REASON_NONE;
  return nts_dates_judge (&association->dates,
                          ntp_timestamp_add_ns (frame->realtime, llround (offset_s * NS_PER_S)));
}

/* True with @candidate filled when @association has something to say; else why not is noted. */
static bool
make_candidate (NtpAssociation *association, const Frame *frame, NtpCandidate *candidate)
{
  const ClockSample *best = ntp_filter_best (&association->filter, frame->since_ns);
  int64_t as_of_ns = judged_as_of_ns (association, frame);

  association->select_reason = NTP_REASON_NONE;
  if (association->duplicate)
    {
      association->selection = NTP_SELECTION_NOT_USED;
      association->select_reason = NTP_REASON_DUPLICATE;
      return false;
    }
  if (is_loop (association))
    {
      association->selection = NTP_SELECTION_NOT_USED;
      association->select_reason = NTP_REASON_LOOP;
      return false;
    }
  if (association->unsynchronised)
    {
      association->selection = NTP_SELECTION_UNSYNCHRONISED;
      return false;
    }
  if (best == NULL || association->reach == 0 || association->denied)
    {
      association->selection = NTP_SELECTION_NO_SAMPLES;
      if (association->unanswered > 1)
        association->select_reason = NTP_REASON_NO_REPLY;
      else if (ntp_association_can_ask (association))
        association->select_reason = NTP_REASON_NO_SAMPLES;
      return false;
    }

  candidate->offset_s = offset_now_s (best, frame);
  candidate->distance_s = ntp_filter_distance_s (best, frame->drift, as_of_ns);
  candidate->operator_id = association->config.operator_id;
  candidate->votes = ntp_association_is_voter (association);
  candidate->settled = is_settled (association, frame);
  association->select_reason = judge_dates (association, candidate->offset_s, frame);
  if (association->select_reason != NTP_REASON_NONE)
    {
      association->selection = NTP_SELECTION_NOT_USED;
      return false;
    }
  if (candidate->distance_s <= NTP_SELECT_DISTANCE_MAX)
    return true;
  association->selection = NTP_SELECTION_DISTANT;
  association->select_reason = NTP_REASON_DISTANT;
  return false;
}

static void
note_results (NtpSystem *system, unsigned n_candidates)
{
  for (unsigned i = 0; i < n_candidates; i++)
    {
      const NtpCandidate *candidate = &system->candidates[i];
      NtpAssociation *association = &system->associations[candidate->slot];
      association->selection = candidate->selection;
      association->select_reason = candidate->reason;
      if (association->provisional && candidate->reason == NTP_REASON_NONE)
        association->select_reason = NTP_REASON_DATES_UNCHECKED;
      if (candidate->selection == NTP_SELECTION_FALSETICKER)
        clock_estimator_forget (&system->estimator, &association->source);
    }
}

void
ntp_evidence_select (NtpSystem *system, const NtpNow *now)
{
  Frame frame = frame_of (system, now);
  unsigned n_candidates = 0, n_authentic = 0;

  system->n_awaited = 0;
  for (unsigned i = 0; i < system->capacity; i++)
    {
      NtpAssociation *association = &system->associations[i];
      NtpCandidate *candidate = &system->candidates[n_candidates];
      if (!association->used)
        continue;
      bool is_voter = ntp_association_is_voter (association);
      bool is_heard = make_candidate (association, &frame, candidate);
      candidate->slot = (int) i;
      n_candidates += is_heard;
      n_authentic += is_voter && association->ever_authentic;
      system->n_awaited +=
          is_voter && (is_heard || ntp_schedule_is_awaited (association, now->monotonic_ns));
    }

  NtpQuorum quorum =
      ntp_select_quorum (&system->options, system->n_voters, system->n_operators, n_authentic);
  ntp_select (system->candidates, n_candidates, &quorum, system->scratch, &system->selection);
  note_results (system, n_candidates);
}

bool
ntp_evidence_is_ready (const NtpSystem *system)
{
  return system->selection.quorum && system->selection.settled
         && 2 * system->selection.agreeing > system->n_awaited;
}

bool
ntp_evidence_is_provisional (const NtpSystem *system)
{
  for (unsigned i = 0; i < system->capacity; i++)
    if (system->associations[i].provisional && ntp_evidence_is_believed (&system->associations[i]))
      return true;
  return false;
}

bool
ntp_evidence_forget_provisional (NtpSystem *system)
{
  bool forgot = false;

  for (unsigned i = 0; i < system->capacity; i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (!association->used || !association->provisional)
        continue;
      ntp_system_forget_path (system, association);
      ntp_association_forget_provisional (association);
      forgot = true;
    }
  return forgot;
}

/* ---- Estimate ---- */

bool
ntp_evidence_is_believed (const NtpAssociation *association)
{
  return association->used
         && (association->selection == NTP_SELECTION_CANDIDATE
             || association->selection == NTP_SELECTION_SYSTEM_PEER);
}

/* The oldest sample of a believed server that the estimator has not seen. False when there is
 * none; else it counts as seen. */
static bool
take_oldest_sample (NtpSystem *system, int64_t since_ns, NtpAssociation **source,
                    ClockSample *sample)
{
  unsigned taken = 0;

  *source = NULL;
  for (unsigned i = 0; i < system->capacity; i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (association->filter.waiting == 0 || !ntp_evidence_is_believed (association))
        continue;
      for (unsigned j = 0; j < association->filter.n; j++)
        {
          const ClockSample *other = &association->filter.samples[j];
          if ((association->filter.waiting >> j & 1) != 0 && other->at_ns >= since_ns
              && (*source == NULL || other->at_ns < sample->at_ns))
            {
              *source = association;
              *sample = *other;
              taken = j;
            }
        }
    }
  if (*source != NULL)
    (*source)->filter.waiting &= (uint8_t) ~(1u << taken);
  return *source != NULL;
}

/* When the agreeing servers prove that the estimate is wrong, it is the clock that has moved. */
static void
widen_when_disproved (NtpSystem *system, const Frame *frame)
{
  ClockEstimate estimate;

  if (!clock_estimator_at (&system->estimator, frame->free_ns, &estimate))
    return;
  double offset_s = clock_discipline_offset_s (&system->discipline, &estimate, frame->now_ns);
  double beyond_s = fmax (system->selection.low_s - offset_s, offset_s - system->selection.high_s);
  if (beyond_s > estimate.uncertainty_s)
    clock_estimator_widen (&system->estimator, beyond_s);
}

static void
note_proof (NtpSystem *system, const Frame *frame)
{
  system->proof = (NtpProof){
    .at_ns = frame->free_ns,
    .low_ns = frame->correction_ns + llround (system->selection.low_s * NS_PER_S),
    .high_ns = frame->correction_ns + llround (system->selection.high_s * NS_PER_S),
  };
}

bool
ntp_evidence_feed (NtpSystem *system, const NtpNow *now)
{
  Frame frame = frame_of (system, now);
  NtpAssociation *source;
  ClockSample sample;
  bool fed = false;

  widen_when_disproved (system, &frame);
  int64_t since_ns = frame.since_ns > system->fed_ns ? frame.since_ns : system->fed_ns;
  while (take_oldest_sample (system, since_ns, &source, &sample))
    {
      double offset_s = offset_now_s (&sample, &frame);
      if (offset_s < system->selection.low_s || offset_s > system->selection.high_s)
        continue;
      if (!clock_estimator_add (&system->estimator, &source->source, &sample))
        system->in_doubt = true;
      system->fed_ns = sample.at_ns;
      fed = true;
    }
  if (fed)
    note_proof (system, &frame);
  return fed;
}
