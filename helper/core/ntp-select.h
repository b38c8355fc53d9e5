/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which servers tell the truth: the intersection algorithm of RFC 5905 §11.2.1 with an absolute
 * quorum behind it. Each server claims that the true time lies within its distance around its
 * offset. The intersection is where more than half of the claims hold, and the offsets of those
 * lie in it; this keeps a liar from dragging it to the edge of the honest claims.
 *
 * A server whose interval covers the whole intersection agrees, though its offset lies outside: it
 * says the same, only less exactly. And where all claims hold together, but the offsets are too far
 * apart for the RFC's rule (two servers, one near and one far), nobody contradicts anybody: the
 * intersection is made to reach all offsets.
 *
 * A majority of those that happen to answer is not enough: who can block honest servers would make
 * a minority of liars a majority. So the number that must agree depends on the servers configured
 * and on those that have been authentic before. */

#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "ntp-reason.h"
#include "ntp-system.h"

#define NTP_SELECT_DISTANCE_MAX 1.0 /* s; RFC 5905 §11.2.3, MAXDIST */

/* One server that may be heard. */
typedef struct
{
  double offset_s;   /* all against the same clock at the same time */
  double distance_s; /* half the width of its interval */
  uint32_t operator_id;
  bool votes;             /* false: only compared */
  bool settled;           /* has enough samples, or will not get more soon */
  int slot;               /* the caller's */
  NtpSelection selection; /* the result, for which selection and reason may be anything before */
  NtpReason reason;
} NtpCandidate;

typedef struct
{
  unsigned sources;   /* servers that must agree, at least 1 */
  unsigned majority;  /* more than half of so many must agree */
  unsigned operators; /* different ones that must be among them */
} NtpQuorum;

typedef struct
{
  bool quorum;  /* enough servers of enough operators agree, and may be believed */
  bool settled; /* all of them are settled */
  double low_s; /* the intersection; only when agreeing is not 0 */
  double high_s;
  unsigned agreeing;  /* 0 = there is no majority among those that vote */
  unsigned operators; /* different ones among them */
  unsigned voting;
  int peer; /* index of the agreeing candidate with the smallest distance, −1 = none */
} NtpSelectResult;

/* The quorum for @voters servers of @operators different operators that may vote, of which
 * @authentic have ever been, under @options. */
NtpQuorum ntp_select_quorum (const NtpOptions *options, unsigned voters, unsigned operators,
                             unsigned authentic);

/* Judges @n candidates. @scratch: room for 3 · @n. */
void ntp_select (NtpCandidate *candidates, unsigned n, const NtpQuorum *quorum, double *scratch,
                 NtpSelectResult *result);

/* How many different numbers there are; sorts them. @spare: room for @n more. */
unsigned ntp_select_count_different (double *numbers, unsigned n, double *spare);
