/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The system's own state, and what its parts may ask of each other. Included by the files below and
 * by nobody else:
 *
 *   ntp-system.c    the events; the only place where the shell comes in, but for
 *   ntp-world.c     what happens to the clock, the machine and the network without us
 *   ntp-schedule.c  who is asked when, who needs keys, when to wake up
 *   ntp-evidence.c  samples → selection → estimate
 *   ntp-steer.c     estimate → adjustment
 *   ntp-sync.c      "sync now"
 *   ntp-decision.c  the question that is put to a person
 *   ntp-state.c     what it all amounts to; the snapshot */

#pragma once

#include "clock-discipline.h"
#include "ntp-association.h"
#include "ntp-select.h"

#define NTP_SETTLING_NS (10 * INT64_C (1000000000)) /* ours */

#define NTP_NEVER INT64_MIN /* a monotonic time that has not come */

typedef enum
{
  NTP_SYNC_IDLE,
  NTP_SYNC_MEASURING,
  NTP_SYNC_SETTING /* the adjustment was given; the next event tells whether the kernel took it */
} NtpSyncStage;

typedef struct
{
  NtpSyncStage stage;
  int64_t started_ns;
  int64_t since_free_ns; /* older samples do not count, in free time */
  NtpSyncResult result;
} NtpSync;

/* The numbers of the last update that experts want to see. */
typedef struct
{
  int64_t at_ns; /* NTP_NEVER = there was none */
  unsigned updates;
  int64_t interval_ns;
  int64_t patience_ns; /* how long the next one may take, as the polls were planned then */
  double offset_s;
  double mean_square_offset; /* s², recent mean */
  double frequency_ppm;
  double frequency_change_ppm;
  double root_delay_s;
  double root_dispersion_s;
  uint8_t stratum;
  uint32_t reference_id;
} NtpTracking;

/* The interval that the agreeing servers proved the free clock's offset to lie in. */
typedef struct
{
  int64_t at_ns; /* free time; NTP_NEVER = nothing is proven */
  int64_t low_ns;
  int64_t high_ns;
} NtpProof;

struct NtpSystem
{
  NtpOptions options;
  int precision_log2;
  double frequency_ppm; /* what was known of it at start */
  double frequency_sd_ppm;
  int64_t epoch_ns;

  unsigned capacity;
  unsigned n_servers;   /* slots in use */
  unsigned n_voters;    /* of them: may be believed */
  unsigned n_operators; /* different ones of the voters */
  unsigned n_starting;  /* START_KE given and not answered */
  NtpAssociation *associations;
  NtpCandidate *candidates;
  double *scratch; /* 3 · capacity */

  ClockEstimator estimator;
  ClockDiscipline discipline;
  NtpSelectResult selection;
  unsigned n_awaited; /* voters that were heard in the last selection or still may be */
  int64_t fed_ns;     /* free time of the last sample that went to the estimator */
  NtpProof proof;
  NtpTracking tracking;
  uint8_t leap;
  bool in_doubt;            /* a sample does not fit to what was known */
  int64_t doubted_ns;       /* monotonic, when all servers were last asked for that reason */
  bool economy;             /* packets are dear */
  bool hold;                /* and now they lead nowhere */
  bool kernel_synchronised; /* as told to the kernel with the last adjustment */
  bool may_step;            /* no update yet since the start or since the machine slept */
  bool decision;            /* a change beyond the limit waits for a person */
  bool rejected;            /* a person has decided against it: never together with decision */
  double rejected_s;        /* the offset of our clock then */
  bool clock_failed;        /* the kernel refused the last adjustment */
  bool adjust_given;        /* one was given, and the shell has not come back yet */
  bool was_first;           /* that one ended may_step */
  bool correction_untold;   /* it is worth a record */
  NtpEvent correction;
  int64_t refused_ns;        /* monotonic */
  int64_t distrusted_ns;     /* monotonic, when others were last seen to change the rate */
  int64_t settling_until_ns; /* what was measured before was thrown away, and new answers are due */
  int64_t step_ns;           /* of the last adjustment */
  int64_t last_step_ns;      /* monotonic */
  int64_t step_before_ns;
  int64_t foreign_step_ns; /* monotonic, when one was last undone */

  NtpSync sync;
  NtpState state;
  NtpReason reason;
  bool started;    /* all servers have been heard or have failed at least once */
  bool changed;    /* by this event */
  int64_t wake_ns; /* as told to the shell */
  NtpAction spare; /* see ntp_system_push () */
  uint8_t packet[NTS_REQUEST_MAX];
};

/* ---- ntp-system.c ---- */

/* A new action of the list; a spare one that nobody reads when the list is full. */
NtpAction *ntp_system_push (NtpSystem *system, NtpActions *actions, NtpActionKind kind, int slot);
/* True when an event that may push a few more can still push @n. */
bool ntp_system_has_room (const NtpActions *actions, unsigned n);
void ntp_system_tell_event (NtpSystem *system, NtpEventKind kind, double amount_s, bool requested,
                            NtpReason reason, NtpActions *actions);

/* Around every event. Each but a refusal by the kernel means that the last adjustment was taken. */
void ntp_system_begin_event (NtpSystem *system, const NtpNow *now, NtpActions *actions);
void ntp_system_end_event (NtpSystem *system, const NtpNow *now, NtpActions *actions);
/* Servers have changed, or what they said: goes on with whatever waits for that. */
void ntp_system_consider (NtpSystem *system, const NtpNow *now, NtpActions *actions);
/* The server is reached over another path from now on, or no more. */
void ntp_system_forget_path (NtpSystem *system, NtpAssociation *association);

/* ---- ntp-schedule.c ---- */

/* Who may be asked, after the mode changed: everybody in automatic running and while syncing. */
void ntp_schedule_enable (NtpSystem *system);
/* Plans the next regular poll of @association. */
void ntp_schedule_plan (NtpSystem *system, NtpAssociation *association, const NtpNow *now);
/* Those of all that are in no burst. */
void ntp_schedule_plan_all (NtpSystem *system, const NtpNow *now);
/* A burst that nobody asked for. */
void ntp_schedule_burst (NtpSystem *system, NtpAssociation *association, const NtpNow *now);
/* In doubt, asks all servers soon, whoever's turn it is; not often. */
void ntp_schedule_settle_doubt (NtpSystem *system, const NtpNow *now);
/* True while an answer or keys may come from @association within seconds. */
bool ntp_schedule_is_awaited (const NtpAssociation *association, int64_t now_ns);
/* Starts the key exchanges that are due and sends at most one request. True when a burst ended for
 * lack of answers, which may decide what others wait for; then nothing was sent. */
bool ntp_schedule_run (NtpSystem *system, const NtpEntropy *entropy, const NtpNow *now,
                       NtpActions *actions);
int64_t ntp_schedule_wake_ns (const NtpSystem *system);

/* ---- ntp-evidence.c ---- */

/* Keeps a measurement of our clock, whose reply came at @when, in the terms of the free clock. */
void ntp_evidence_keep (NtpSystem *system, NtpAssociation *association, const NtpSample *sample,
                        NtpTimestamp when, const NtpNow *now);
/* Selects anew among the samples that are there. */
void ntp_evidence_select (NtpSystem *system, const NtpNow *now);
/* True when a quorum stands that a first or requested correction may rest on: its members have
 * enough samples, and it is a majority of all that may still be heard. */
bool ntp_evidence_is_ready (const NtpSystem *system);
/* Gives the new samples of believed servers to the estimator, those that lie in the intersection.
 * False when there were none. */
bool ntp_evidence_feed (NtpSystem *system, const NtpNow *now);
/* True while a server agrees whose keys are provisional. */
bool ntp_evidence_is_provisional (const NtpSystem *system);
/* Forgets all provisional keys, and what was measured with them. False when there are none. */
bool ntp_evidence_forget_provisional (NtpSystem *system);
/* True for a server that agrees. */
bool ntp_evidence_is_believed (const NtpAssociation *association);

/* What the error of our clock is thought to be. */
typedef struct
{
  ClockEstimate estimate; /* of the free clock, never outside of what is proven */
  double offset_s;        /* of our clock, from it */
  double uncertainty_s;   /* the truth is within offset_s ± this; see NtpSnapshot */
} NtpBelief;

/* False when nothing is known. */
bool ntp_evidence_estimate (const NtpSystem *system, const NtpNow *now, NtpBelief *belief);

/* ---- ntp-steer.c ---- */

/* Corrects the clock by the estimate, which was just fed. NTP_REASON_NONE when that was done (or,
 * while observing, would have been), else why not. */
NtpReason ntp_steer_correct (NtpSystem *system, bool requested, const NtpNow *now,
                             NtpActions *actions);
/* Steps the clock by what is believed, however far that is. */
void ntp_steer_accept (NtpSystem *system, const NtpBelief *belief, const NtpNow *now,
                       NtpActions *actions);
/* Something has changed: selects, feeds and corrects, where automatic running wants it. */
void ntp_steer_update (NtpSystem *system, const NtpNow *now, NtpActions *actions);
/* When the slew under way must be ended, or at once when a correction is to be told; INT64_MAX =
 * never. */
int64_t ntp_steer_wake_ns (const NtpSystem *system);
/* Ends it if the time has come. */
void ntp_steer_end_slew (NtpSystem *system, const NtpNow *now, NtpActions *actions);
/* Others stepped the clock. */
void ntp_steer_foreign_step (NtpSystem *system, double amount_s, const NtpNow *now,
                             NtpActions *actions);
/* Others changed the clock's rate, or slew it. */
void ntp_steer_foreign_rate (NtpSystem *system, double rate_ppm, bool slewing, const NtpNow *now,
                             NtpActions *actions);
/* From now on the clock is somebody else's. */
void ntp_steer_hand_over (NtpSystem *system, const NtpNow *now, NtpActions *actions);
/* The kernel passes on whether the clock is right; it must not go on saying so. */
void ntp_steer_tell_unsynchronised (NtpSystem *system, const NtpNow *now, NtpActions *actions);
/* The kernel took the last adjustment, or refused it. */
void ntp_steer_taken (NtpSystem *system, NtpActions *actions);
void ntp_steer_refused (NtpSystem *system, const NtpNow *now);

/* ---- ntp-sync.c ---- */

void ntp_sync_begin (NtpSystem *system, const NtpNow *now, NtpActions *actions);
/* Something that a running one waits for may have come. */
void ntp_sync_consider (NtpSystem *system, const NtpNow *now, NtpActions *actions);
/* @slot has new keys, or one answer more. */
void ntp_sync_tell_keys (NtpSystem *system, int slot, NtpActions *actions);
void ntp_sync_tell_answer (NtpSystem *system, int slot, NtpActions *actions);
/* The adjustment was taken, or refused. */
void ntp_sync_clock_set (NtpSystem *system, NtpReason error, const NtpNow *now,
                         NtpActions *actions);
void ntp_sync_cancel (NtpSystem *system, const NtpNow *now, NtpActions *actions);
int64_t ntp_sync_wake_ns (const NtpSystem *system);

/* ---- ntp-decision.c ---- */

/* A change beyond the limit was held back: asks for a decision, unless the same was rejected. */
void ntp_decision_ask (NtpSystem *system, const NtpBelief *belief, bool requested,
                       NtpActions *actions);
/* The clock is being corrected: whatever was asked is settled. */
void ntp_decision_settle (NtpSystem *system);

/* ---- ntp-state.c ---- */

/* Notes the numbers of an update. */
void ntp_state_track (NtpSystem *system, const NtpBelief *belief, const NtpNow *now);

/* True when the last update is not older than some polls, and in any case than @least_ns. */
bool ntp_state_is_fresh (const NtpSystem *system, int64_t now_ns, int64_t least_ns);
/* Judges the state anew; tells when synchronisation was gained or lost. */
void ntp_state_update (NtpSystem *system, const NtpNow *now, NtpActions *actions);
