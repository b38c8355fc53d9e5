/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One measurement: the header of an authentic reply and the four times → offset, delay and error,
 * or the reason for which the time in it cannot be used (RFC 5905 §8, §9.2). Pure; who sent the
 * reply and whether it is believed is decided elsewhere. */

#pragma once

#include "ntp-packet.h"

/* A measurement of our clock. */
typedef struct
{
  int64_t offset_ns; /* server − local */
  double delay_s;    /* above 0 */
  double error_s;    /* root delay / 2 + root dispersion + both precisions + drift meanwhile */
} NtpSample;

/* What we know of the exchange ourselves; nothing of it is taken from the wire. */
typedef struct
{
  NtpTimestamp sent;     /* T1 */
  NtpTimestamp received; /* T4 */
  NtpNow asked;          /* both clocks, read just before T1 */
  NtpNow heard;          /* and just after T4 */
  int precision_log2;    /* of our clock, log2 s */
} NtpExchange;

/* NTP_REASON_NONE with @sample filled, or why there is none. @header: of an authentic reply. */
NtpReason ntp_sample_judge (const NtpHeader *header, const NtpExchange *exchange,
                            NtpSample *sample);
