/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the next key exchange with one server may begin (RFC 8915 §4.2). Each attempt that is not
 * followed by an authentic NTP reply makes the pause longer, also one that gave cookies: a server
 * whose keys never work must not be asked for new ones in a loop. Address look-ups for servers
 * without NTS keep the same pauses. */

#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "ntp-reason.h"

typedef struct
{
  unsigned failures;   /* attempts since the last proof that keys work */
  int64_t earliest_ns; /* of the next attempt; INT64_MIN = at once */
  int64_t started_ns;  /* of the last attempt; INT64_MIN = never */
  NtpReason reason;    /* why the last attempt failed, NTP_REASON_NONE when it did not */
  bool early;          /* one attempt before earliest_ns is permitted */
} NtpKeRetry;

/* The pause before the @n-th retry, from 1 on: 10 · 1.5^(n−1) s, at most five days. */
double ntp_ke_retry_pause_s (unsigned n);

/* True for a failure that a change of the network may cure; false when the server answered. */
bool ntp_ke_retry_is_network_failure (NtpReason reason);

void ntp_ke_retry_init (NtpKeRetry *retry);
/* When an attempt may begin, on the monotonic clock. Never within 10 s of the start of the last. */
int64_t ntp_ke_retry_due_ns (const NtpKeRetry *retry);

/* An attempt begins. */
void ntp_ke_retry_started (NtpKeRetry *retry, int64_t now_ns);
/* It failed. @random: from 0 to 1; makes the pause up to a quarter longer. */
void ntp_ke_retry_failed (NtpKeRetry *retry, NtpReason reason, double random, int64_t now_ns);
/* It gave keys that nobody has proven yet. */
void ntp_ke_retry_succeeded (NtpKeRetry *retry, int64_t now_ns);
/* An authentic reply was made with the keys: the count starts anew. */
void ntp_ke_retry_proven (NtpKeRetry *retry);

/* The network is another: one early attempt if the network was to blame. */
void ntp_ke_retry_network_changed (NtpKeRetry *retry);
/* A person asked for it: one early attempt whatever the reason was. */
void ntp_ke_retry_requested (NtpKeRetry *retry);
