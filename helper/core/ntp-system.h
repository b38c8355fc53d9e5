/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The whole of the core, as the shell sees it: events in, actions and a snapshot out.
 *
 * The shell owns sockets, TLS, the kernel clock, files and D-Bus and has no opinion on time; the
 * core decides everything and touches nothing. One thread. No function here blocks, allocates,
 * reads a clock or draws random numbers. For the sign of an offset see ntp-time.h; a frequency in
 * ppm has the same sign: positive means that our clock runs slow by itself and is sped up by so
 * much.
 *
 * Each event takes the present and an empty list of actions, and fills the list. The shell performs
 * the actions in order before it passes the next event. Then, while the last NTP_ACTION_WAKE time
 * is not in the future, it passes ntp_system_timer (), so that all that is due is done in one
 * wake-up. */

#pragma once

#include "ntp-address.h"
#include "nts-dates.h"
#include "nts-fields.h"
#include "nts-ke.h"
#include "ntp-reason.h"
#include "ntp-time.h"

typedef struct NtpSystem NtpSystem;

/* What an administrator or user may choose. The shell checks the ranges. */
typedef struct
{
  bool automatic;           /* keep the clock right all the time; false = measure only on request */
  bool may_adjust;          /* false = observe only: no NTP_ACTION_ADJUST comes */
  NtpReason observe_reason; /* why that is false, to be the reason of the state; NONE = it is not */
  double step_threshold_s;  /* a larger correction is a step at start, after resume or on request */
  double maximum_change_s;  /* a larger one needs a person's decision */
  unsigned minimum_sources; /* servers that must agree; fewer configured: more than half of them */
  unsigned minimum_operators; /* different operators among them; fewer configured: all there are */
  int minimum_poll_log2;      /* log2 s */
  int maximum_poll_log2;
} NtpOptions;

/* The values of the documented configuration file: automatic, may adjust, 0.5 s, 1000 s, 3, 2,
 * 6, 10. */
extern const NtpOptions ntp_options_default;

/* What the core must know of a server; its name and certificate are the shell's. */
typedef struct
{
  bool nts;             /* false = unauthenticated: compared, never believed unless trusted */
  bool trusted;         /* only for nts = false, and only when the administrator has written so */
  uint32_t operator_id; /* servers with the same number are run by the same people */
} NtpServerConfig;

/* Random octets for one event, fresh for every call. */
typedef struct
{
  uint8_t octets[64];
} NtpEntropy;

/* ---- Actions ---- */

typedef enum
{
  NTP_ACTION_SEND, /* slot, packet, length: to the NTP address of the slot; then ntp_system_sent ()
                    */
  NTP_ACTION_WAKE, /* wake_at_ns: call ntp_system_timer () then; replaces the previous one */
  NTP_ACTION_START_KE, /* slot: begin a key exchange, or for nts = false look up the address; answer
                          with ntp_system_keys (), ntp_system_address () or ntp_system_failed () */
  NTP_ACTION_ADJUST,   /* adjust; when the kernel refuses, ntp_system_clock_failed () */
  NTP_ACTION_PROGRESS, /* progress: of a running "sync now" */
  NTP_ACTION_SYNC_DONE, /* result: it is over, in whichever way */
  NTP_ACTION_CHANGED,   /* something that the snapshot shows has changed */
  NTP_ACTION_EVENT      /* event: something was done to the clock, or nearly so, for the record */
} NtpActionKind;

/* The clock shall be moved by step_s at once (0 = not), and then run frequency_ppm faster than it
 * does by itself (slewing is in it; the core wakes itself up to end a slew). The rest is for kernel
 * and readers. */
typedef struct
{
  double step_s;
  double frequency_ppm;
  bool synchronised;
  uint8_t leap; /* NTP_LEAP_NONE, _INSERT or _DELETE, for the end of the present UTC day */
  double estimated_error_s;
  double maximum_error_s;
} NtpAdjust;

typedef enum
{
  NTP_PHASE_KEYS,
  NTP_PHASE_MEASURING,
  NTP_PHASE_COMPARING,
  NTP_PHASE_SETTING,
  NTP_PHASE_DONE
} NtpPhase;

typedef struct
{
  NtpPhase phase;
  int slot;         /* of the server that the step concerns, −1 = all */
  unsigned answers; /* of all servers in this phase */
  unsigned wanted;
} NtpProgress;

/* How "sync now" ended. error: NTP_REASON_NONE, _NO_SERVERS, _NO_REPLY, _NO_QUORUM, _KE_TIMEOUT (no
 * key exchange succeeded), _CHANGE_TOO_LARGE, _CLOCK_FAILED or _CANCELLED. */
typedef struct
{
  NtpReason error;
  double offset_before_s;
  double correction_s; /* what was stepped or is being slewed; 0 when nothing was changed */
  bool stepped;
  double uncertainty_s; /* of the clock after the correction */
  unsigned answered;    /* servers with an authenticated answer since the click */
  unsigned vouched;     /* of them: agree */
  unsigned operators;   /* different operators of those that agree */
  double duration_s;
} NtpSyncResult;

typedef enum
{
  NTP_EVENT_STEPPED,           /* by us */
  NTP_EVENT_SLEWED,            /* by us, an offset worth telling */
  NTP_EVENT_FOREIGN_STEP,      /* another program stepped the clock */
  NTP_EVENT_FOREIGN_SLEW,      /* … slewed it; nobody knows by how much */
  NTP_EVENT_FOREIGN_FREQUENCY, /* … made it run faster by amount_s in each second */
  NTP_EVENT_RESUMED,
  NTP_EVENT_SYNCHRONISED, /* for the first time, or again */
  NTP_EVENT_LOST,         /* synchronisation */
  NTP_EVENT_DECISION,     /* a change beyond the limit was held back */
  NTP_EVENT_ACCEPTED,     /* a person has decided for it … */
  NTP_EVENT_REJECTED      /* … or against it */
} NtpEventKind;

typedef struct
{
  NtpEventKind kind;
  double amount_s; /* of the change, 0 where there is none */
  bool requested;  /* by a person: "sync now" or a decision */
  NtpReason reason;
  unsigned vouched;
  unsigned operators;
} NtpEvent;

typedef struct
{
  NtpActionKind kind;
  int slot;
  const uint8_t *packet; /* NTP_ACTION_SEND: borrowed until the next event */
  size_t length;
  int64_t wake_at_ns; /* NTP_ACTION_WAKE: on the monotonic clock; INT64_MAX = never */
  NtpAdjust adjust;
  NtpProgress progress;
  NtpSyncResult result;
  NtpEvent event;
} NtpAction;

#define NTP_ACTIONS_MAX                                                                            \
  16 /* one event never fills more; what is due beyond comes with the next timer */

typedef struct
{
  NtpAction items[NTP_ACTIONS_MAX];
  unsigned count;
} NtpActions;

/* ---- Making one ---- */

/* Octets that a system for @capacity servers needs, all it will ever need. */
size_t ntp_system_size (unsigned capacity);

/* Makes a system in @memory (aligned as by malloc, owned by the caller, which wipes it with
 * nts_wipe () and frees it when done). @precision_log2: of our clock, log2 s. @steered_ppm: by how
 * much the clock is sped up now, whoever did that. @frequency_ppm ± @frequency_sd_ppm: by how much
 * it should be, from the drift file, or 0 ± 100 without one. */
NtpSystem *ntp_system_init (void *memory, unsigned capacity, const NtpOptions *options,
                            int precision_log2, double steered_ppm, double frequency_ppm,
                            double frequency_sd_ppm, const NtpNow *now);

/* ---- Events ---- */

/* Replaces all options. Polls under way go on. What was being slewed when may_adjust ends stays as
 * it is, at the rate that the clock needs; when may_adjust begins, it is as at start. */
void ntp_system_set_options (NtpSystem *system, const NtpOptions *options, const NtpNow *now,
                             NtpActions *actions);

/* Adds a server and returns its slot, which stays the same until it is removed, or −1 when there is
 * no room.
 * @keys and @jar: kept from an earlier run together with the NTP address they belong to, or NULL;
 * copied. */
int ntp_system_add_server (NtpSystem *system, const NtpServerConfig *config, const NtsKeys *keys,
                           const NtsCookies *jar, const NtpAddress *address, const NtpNow *now,
                           NtpActions *actions);
/* Forgets a server, wipes its keys. Events for the slot that come later are ignored. */
void ntp_system_remove_server (NtpSystem *system, int slot, const NtpNow *now, NtpActions *actions);

/* The wake-up time has come. At most one request is sent per call. */
void ntp_system_timer (NtpSystem *system, const NtpEntropy *entropy, const NtpNow *now,
                       NtpActions *actions);

/* The packet of the last NTP_ACTION_SEND of @slot left at @when: once with the time read before
 * sending, and again with the kernel's stamp if one comes; the last one before the reply counts,
 * and one that comes after it is ignored. Never taken from the wire. */
void ntp_system_sent (NtpSystem *system, int slot, NtpTimestamp when);
/* What a server would give as its reference identifier if it took its time from the address that
 * requests of @slot leave from (RFC 5905 §7.3); one that does is not believed. 0 = not known. */
void ntp_system_own_id (NtpSystem *system, int slot, uint32_t reference_id);
/* A packet came from the NTP address of @slot. @when: kernel stamp, or the time read after
 * receiving. A refused packet leaves a reason in the snapshot and changes nothing else. (Whether
 * the server takes its time from us, NTP_REASON_LOOP, cannot be told here: our addresses are not
 * known.)
 */
void ntp_system_packet (NtpSystem *system, int slot, const uint8_t *packet, size_t length,
                        NtpTimestamp when, const NtpNow *now, NtpActions *actions);

/* A key exchange succeeded: new keys, cookies and NTP address replace the old ones together. All
 * copied. */
void ntp_system_keys (NtpSystem *system, int slot, const NtsKeys *keys, const NtsKeOffer *offer,
                      const NtpAddress *address, const NtpNow *now, NtpActions *actions);
/* The same where the dates of the certificates must wait (nts_dates_may_wait ()). The keys are
 * provisional: the server is believed only if what it says lies within @dates, nothing of what
 * rests on it is done to the clock before ntp_system_accept (), and they are not given out to be
 * kept. They are forgotten, and new ones asked for, when that is done, and when any other server
 * gets keys by certificates that are valid now. */
void ntp_system_provisional_keys (NtpSystem *system, int slot, const NtsKeys *keys,
                                  const NtsKeOffer *offer, const NtpAddress *address,
                                  const NtsDates *dates, const NtpNow *now, NtpActions *actions);
/* nts = false: the address was found. */
void ntp_system_address (NtpSystem *system, int slot, const NtpAddress *address, const NtpNow *now,
                         NtpActions *actions);
/* What START_KE asked for failed. Old keys and cookies stay. @entropy: for the jitter of the
 * back-off. */
void ntp_system_failed (NtpSystem *system, int slot, NtpReason reason, const NtpEntropy *entropy,
                        const NtpNow *now, NtpActions *actions);

/* "Sync securely now": asks all servers at once; ends with NTP_ACTION_SYNC_DONE, within 20 s at the
 * latest. False when one is running; then nothing is changed. */
bool ntp_system_sync_now (NtpSystem *system, const NtpNow *now, NtpActions *actions);
/* Ends a running one with nothing changed; it is over with NTP_REASON_CANCELLED. */
void ntp_system_cancel_sync (NtpSystem *system, const NtpNow *now, NtpActions *actions);

typedef enum
{
  NTP_ACCEPT_DONE,       /* the clock is stepped */
  NTP_ACCEPT_NOT_ASKED,  /* no change is held back */
  NTP_ACCEPT_NO_QUORUM,  /* no quorum of fresh samples stands any more */
  NTP_ACCEPT_OTHER_TIME, /* the servers say another time than the one that was shown */
} NtpAccept;

/* The answer to NTP_STATE_NEEDS_DECISION. Yes: steps the clock however far that is, if a quorum
 * whose newest sample is not older than three polls (or 15 min, if that is more) still says what
 * was shown to the person: @shown_s, the shown time less our clock's at that moment, may be 5 s and
 * the uncertainty away from the offset. Else nothing is changed. */
NtpAccept ntp_system_accept (NtpSystem *system, double shown_s, const NtpNow *now,
                             NtpActions *actions);
/* No: the clock is kept as it is, the state is NTP_STATE_UNSYNCHRONISED with
 * NTP_REASON_CHANGE_REJECTED, and measuring goes on. The question comes again when the offset is
 * more than 60 s (or maximum_change_s, if that is less) and the uncertainty away from the one that
 * was rejected, or when "sync now" runs into it; an offset within the limit is corrected as ever.
 * False when nothing was asked; then nothing is changed. */
bool ntp_system_reject (NtpSystem *system, const NtpNow *now, NtpActions *actions);

/* Somebody else moved the clock by @amount_s (realtime against monotonic). Never for our own steps.
 */
void ntp_system_clock_jumped (NtpSystem *system, double amount_s, const NtpNow *now,
                              NtpActions *actions);
/* Somebody else has made the clock run @rate_ppm faster than it does by itself, some time before
 * now; with @slewing it is also being moved, nobody knows how far, and @rate_ppm may be ours. Where
 * the clock is kept right, the rate is set again, with an NTP_ACTION_ADJUST that must end such a
 * slew, and what was measured before says little; else it is only taken into account. */
void ntp_system_rate_changed (NtpSystem *system, double rate_ppm, bool slewing, const NtpNow *now,
                              NtpActions *actions);
/* The machine slept; what was measured before says little. */
void ntp_system_resumed (NtpSystem *system, const NtpNow *now, NtpActions *actions);
/* A network came or went: one early attempt for what the network had hindered. */
void ntp_system_network_changed (NtpSystem *system, bool available, const NtpNow *now,
                                 NtpActions *actions);
/* Packets are dear: the computer runs on its battery, or the network is metered. Until that ends,
 * each server's polls are twice as far apart, up to maximum_poll_log2 (so half the
 * packets wherever polls are not that rare already), and the bursts after resume, a change of the
 * network and when automatic running begins ask for half as many answers. What a person asks for,
 * and what a doubt does, is as ever. False in the beginning. */
void ntp_system_set_economy (NtpSystem *system, bool economy, const NtpNow *now,
                             NtpActions *actions);
/* Whether the network lets nothing through before somebody has signed in: then nobody is asked but
 * by "sync now", so that no cookie is lost and no attempt counts. When that ends all are asked at
 * once.
 */
void ntp_system_set_hold (NtpSystem *system, bool hold, const NtpNow *now, NtpActions *actions);
/* The last NTP_ACTION_ADJUST was refused by the kernel; the clock is as it was. */
void ntp_system_clock_failed (NtpSystem *system, const NtpNow *now, NtpActions *actions);

/* ---- What it knows ---- */

typedef enum
{
  NTP_STATE_OFF,
  NTP_STATE_STARTING,
  NTP_STATE_SYNCHRONISED,
  NTP_STATE_HOLDOVER,
  NTP_STATE_UNSYNCHRONISED,
  NTP_STATE_NEEDS_DECISION
} NtpState;

/* What uncertainty_s is: the smaller one of two bounds, and in the first minutes the larger one.
 * One is statistical: the estimator's, which holds in at least 99 % of all seconds if the paths are
 * as they were seen to be. The other one is proven: the far end of the intersection of the last
 * quorum (RFC 5905 §11.2.1), widened since by 15 ppm and the deviation of the frequency; it holds
 * if more than half of the servers with a vote are right about themselves. offset_s is never
 * outside of the latter. */
typedef struct
{
  NtpState state;
  NtpReason reason;
  double offset_s;
  double uncertainty_s; /* the truth is within offset_s ± this; INFINITY while nothing is known */
  double frequency_ppm;
  double frequency_sd_ppm;
  bool ever_synchronised;
  NtpTimestamp last_sync; /* 0 = never */
  NtpTimestamp last_step; /* 0 = never */
  uint8_t leap;           /* NTP_LEAP_* */
  unsigned witnesses;     /* servers that agree */
  unsigned asked;
  unsigned operators; /* different ones among those that agree */
  double last_offset_s;
  double rms_offset_s;
  double residual_frequency_ppm;
  double root_delay_s;
  double root_dispersion_s;
  uint8_t stratum;
  uint32_t reference_id;
  unsigned updates; /* of the estimate, all in all */
  double update_interval_s;
  bool syncing;
  int64_t slew_end_ns; /* monotonic, when the slew that is under way ends; INT64_MAX = none is */
} NtpSnapshot;

typedef enum
{
  NTP_SERVER_RESOLVING,
  NTP_SERVER_KEY_EXCHANGE,
  NTP_SERVER_POLLING,
  NTP_SERVER_UNREACHABLE,
  NTP_SERVER_FAILED
} NtpServerState;

/* The states of RFC 5905 §11.2 and Figure 25 as people see them; design of the D-Bus contract. */
typedef enum
{
  NTP_SELECTION_NOT_USED,
  NTP_SELECTION_NO_SAMPLES,
  NTP_SELECTION_UNSYNCHRONISED,
  NTP_SELECTION_DISTANT,
  NTP_SELECTION_FALSETICKER,
  NTP_SELECTION_OUTLIER,
  NTP_SELECTION_CANDIDATE,
  NTP_SELECTION_SYSTEM_PEER
} NtpSelection;

typedef struct
{
  NtpServerConfig config;
  NtpServerState state;
  NtpSelection selection;
  NtpReason reason;   /* the last refusal or failure; NONE when all is well */
  bool authenticated; /* the last accepted answer was */
  bool provisional;   /* its keys are */
  NtpAddress address; /* of NTP; family 0 = not known */
  unsigned cookies;
  unsigned cookie_length;
  uint16_t aead; /* 0 = no keys */
  bool has_sample;
  uint8_t stratum;
  uint32_t reference_id;
  uint8_t leap;
  uint8_t reach;
  int poll_log2;            /* of the interval in force, rounded; next_poll_ns is exact */
  int64_t next_poll_ns;     /* monotonic; INT64_MAX = none planned */
  NtpTimestamp last_sample; /* 0 = none */
  double offset_s;
  double delay_s;
  double dispersion_s; /* what measuring it added to its own error: precision and age */
  double jitter_s;
  double root_distance_s;
  unsigned naks;
  unsigned samples;       /* times that were taken from it, all in all */
  unsigned key_exchanges; /* successful ones */
  unsigned answers;       /* authenticated ones since the last "sync now" */
} NtpServerSnapshot;

void ntp_system_snapshot (const NtpSystem *system, const NtpNow *now, NtpSnapshot *snapshot);
/* False when the slot holds no server. */
bool ntp_system_server_snapshot (const NtpSystem *system, int slot, const NtpNow *now,
                                 NtpServerSnapshot *snapshot);
/* Two of the things that a snapshot tells, which change without a word from the server, at hardly
 * any cost. False as above. */
bool ntp_system_server_standing (const NtpSystem *system, int slot, NtpSelection *selection,
                                 uint8_t *reach);

/* Takes keys and cookies of @slot out, so that they can be kept for the next run and no cookie is
 * used twice: call it only when no further event will be passed. False when there are none worth
 * keeping. */
bool ntp_system_take_keys (NtpSystem *system, int slot, NtsKeys *keys, NtsCookies *jar,
                           NtpAddress *address);
/* The same, and leaves them in: the caller passes no ntp_system_timer () as long as the copy can
 * still be used by anybody. */
bool ntp_system_copy_keys (const NtpSystem *system, int slot, NtsKeys *keys, NtsCookies *jar,
                           NtpAddress *address);
