/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One server: its keys and cookies, the request that is outstanding, which replies count, what kiss
 * codes do, and when it is asked next (RFC 5905 §8, §9; RFC 8915 §5.7). It knows nothing of other
 * servers. */

#pragma once

#include "ntp-filter.h"
#include "ntp-ke-retry.h"
#include "ntp-poll.h"
#include "ntp-sample.h"
#include "ntp-system.h"

#define NTP_BURST         4 /* answers that a burst is to bring */
#define NTP_BURST_ECONOMY 2 /* where packets are dear; a first correction needs so many */

/* The last request. Nothing in it comes from the wire. */
typedef struct
{
  bool outstanding;      /* no authentic reply has come yet */
  bool nak;              /* an unauthenticated NTSN came for it */
  unsigned forgeries;    /* replies that did not open */
  NtpTimestamp transmit; /* random */
  uint8_t unique_id[NTS_UNIQUE_ID_LENGTH];
  NtpTimestamp sent; /* T1 */
  NtpNow asked;
} NtpRequest;

typedef struct
{
  bool used;           /* false: the slot is free */
  bool enabled;        /* may be asked: in automatic running, or for "sync now" */
  bool authenticated;  /* the last accepted answer was */
  bool ever_authentic; /* in this run */
  bool unsynchronised; /* the last answer said that the server has no time to give */
  bool duplicate;      /* another server has its address and the vote */
  bool starting_ke;    /* NTP_ACTION_START_KE was given and not answered yet */
  bool stale;          /* the cookies seem to be worth nothing any more */
  bool denied;         /* not asked before next_poll_ns */
  bool provisional;    /* the keys are, as long as the dates of certificates were not checked */
  uint8_t reach;       /* RFC 5905 §9.2: of the last eight polls, newest in bit 0 */
  NtpServerConfig config;
  NtpAddress address;
  uint32_t own_id;  /* see ntp_system_own_id () */
  NtpReason reason; /* the last refusal or failure, NONE after an accepted answer */
  NtpSelection selection;
  NtpReason select_reason;

  int64_t next_poll_ns; /* INT64_MAX = none planned */
  int64_t turn_ns;      /* when that would be without jitter, of a regular poll */
  int64_t last_poll_ns; /* INT64_MIN = none yet */
  double interval_s;    /* between regular polls, in force */
  double random;        /* from 0 to 1, for the jitter of the next poll */
  unsigned burst;       /* answers wanted at the speed of the replies, 0 = regular polls */
  unsigned burst_lost;  /* requests of this burst without an answer */
  unsigned unanswered;  /* requests since the last answer, or since the keys came */
  unsigned proofs;      /* answers made with these keys */
  unsigned rate_steps;  /* the server wants us to come less often by so many powers of two */
  unsigned rate_hold;   /* polls before the first of these steps may be taken back */
  unsigned hint_polls;  /* since an unauthenticated DENY or RSTR, 0 = none came */

  unsigned naks;
  unsigned samples;
  unsigned key_exchanges;
  unsigned answers; /* since the last "sync now" */
  NtpKeRetry retry;
  int64_t keys_ns;  /* when the keys came, or were taken over from an earlier run */
  NtsDates dates;   /* of provisional keys */
  NtpHeader header; /* of the last answer */
  ClockSource source;
  NtpFilter filter;
  NtpRequest request;
  NtsKeys keys; /* aead 0 = none */
  NtsCookies jar;
} NtpAssociation;

/* What came of a packet. */
typedef enum
{
  NTP_HEARD_NOTHING, /* refused: nothing but the reason has changed */
  NTP_HEARD_HINT,    /* an unauthenticated kiss was noted */
  NTP_HEARD_ANSWER,  /* an answer without a usable time */
  NTP_HEARD_SAMPLE
} NtpHeard;

/* @keys, @jar and @address: as for ntp_system_add_server (). */
void ntp_association_init (NtpAssociation *association, const NtpServerConfig *config,
                           const NtsKeys *keys, const NtsCookies *jar, const NtpAddress *address);
/* Wipes all; the slot is free. */
void ntp_association_clear (NtpAssociation *association);
NtpServerState ntp_association_state (const NtpAssociation *association);
/* True when its word may count. */
bool ntp_association_is_voter (const NtpAssociation *association);

bool ntp_association_has_address (const NtpAssociation *association, const NtpAddress *address);

/* ---- Keys ---- */

/* When a key exchange (without NTS: an address look-up) should begin; INT64_MAX = not wanted. */
int64_t ntp_association_ke_due_ns (const NtpAssociation *association);
/* New keys, cookies and address replace the old ones together, and an outstanding request is void.
 * @keys and @offer are NULL without NTS. @dates: NULL, or the keys are provisional. */
void ntp_association_renew (NtpAssociation *association, const NtsKeys *keys,
                            const NtsKeOffer *offer, const NtpAddress *address,
                            const NtsDates *dates, int64_t now_ns);
/* Forgets provisional keys and all that was measured with them, as if there had been none. */
void ntp_association_forget_provisional (NtpAssociation *association);
/* The key exchange failed; what was there stays. */
void ntp_association_ke_failed (NtpAssociation *association, NtpReason reason, double random,
                                int64_t now_ns);

/* See ntp_system_copy_keys () and ntp_system_take_keys (). */
bool ntp_association_copy_keys (const NtpAssociation *association, NtsKeys *keys, NtsCookies *jar,
                                NtpAddress *address);
bool ntp_association_take_keys (NtpAssociation *association, NtsKeys *keys, NtsCookies *jar,
                                NtpAddress *address);

/* ---- Polls ---- */

/* True when a request could be made. */
bool ntp_association_can_ask (const NtpAssociation *association);
/* Asks for NTP_BURST answers at the speed of the replies; for one only while the server wants us to
 * come less often. */
void ntp_association_burst (NtpAssociation *association, int64_t now_ns);
/* Its poll interval where the system's is @base_s. Steps beyond the cap for what a server may ask
 * for are forgotten. */
double ntp_association_poll_s (NtpAssociation *association, double base_s,
                               const NtpOptions *options);
/* False for one that is asked less often than others, for what it answered. */
bool ntp_association_keeps_pace (const NtpAssociation *association);
/* The time of the next poll has come: judges what became of the last request. False when the burst
 * ended for lack of answers, so that a regular poll is to be planned instead. */
bool ntp_association_poll_due (NtpAssociation *association);
/* Makes a request; a cookie is spent on it. Its length, or 0 when it could not be made. @packet:
 * room for NTS_REQUEST_MAX. Plans its repetition where it belongs to a burst. */
size_t ntp_association_ask (NtpAssociation *association, const NtpEntropy *entropy,
                            const NtpNow *now, uint8_t *packet);
/* See ntp_system_sent (). A time that the request cannot have left at is ignored. */
void ntp_association_sent (NtpAssociation *association, NtpTimestamp when);
/* We stepped our clock by @step_ns: what the outstanding request noted moves with it. */
void ntp_association_stepped (NtpAssociation *association, int64_t step_ns);
/* Brings the next poll as near as manners allow. */
void ntp_association_hasten (NtpAssociation *association, int64_t now_ns);
/* Plans the next regular poll. */
void ntp_association_plan (NtpAssociation *association, const NtpPollPlan *plan);

/* ---- Replies, in ntp-reply.c ---- */

/* Judges a packet: outstanding, deadline, origin, unique identifier, authenticator, kiss codes,
 * time; in this order. @sample: filled for NTP_HEARD_SAMPLE. */
NtpHeard ntp_association_hear (NtpAssociation *association, const uint8_t *packet, size_t length,
                               NtpTimestamp when, const NtpNow *now, int precision_log2,
                               NtpSample *sample);
