/* SPDX-License-Identifier: GPL-3.0-or-later */

/* NTP timestamps, eras and differences, and the one definition of the sign of "offset".
 *
 * offset = server − local, in seconds: positive means that our clock is slow, and adjusting the
 * clock by an offset means adding it. Every module, the D-Bus contract and the command lines follow
 * this. */

#pragma once

#include <stdint.h>

/* Seconds since 1900-01-01 as 32.32 fixed point, modulo 2^32 s (RFC 5905 §6). 0 = unknown.
 * Never compare two of them with "<": take their difference. */
typedef uint64_t NtpTimestamp;

/* Unsigned 16.16 seconds: root delay and root dispersion (RFC 5905 §6). */
typedef uint32_t NtpShort;

#define NTP_UNIX_EPOCH_S 2208988800u /* 1970-01-01 in era 0, RFC 5905 Figure 4 */

/* The present, read once per event by the shell. Both are of the clock that is being kept right, so
 * a step shows in realtime only. */
typedef struct
{
  int64_t monotonic_ns;  /* never stepped; the zero point does not matter; runs on during suspend */
  NtpTimestamp realtime; /* may be stepped */
} NtpNow;

/* later − earlier, right for true differences below 2^31 s (68 years) in any era. */
double ntp_difference_s (NtpTimestamp later, NtpTimestamp earlier);
/* The same in ns, rounded to the nearest; saturates nowhere, since 2^31 s fit into 63 bits of ns.
 */
int64_t ntp_difference_ns (NtpTimestamp later, NtpTimestamp earlier);

/* @timestamp moved by @ns, which may be negative. */
NtpTimestamp ntp_timestamp_add_ns (NtpTimestamp timestamp, int64_t ns);

/* @unix_ns: ns since 1970-01-01 UTC, any era. Never 0: a known time that would be 0 comes out as 1,
 * 0.2 ns late. */
NtpTimestamp ntp_timestamp_from_unix_ns (int64_t unix_ns);
/* ns since 1970-01-01 UTC, in the era that puts the result within 68 years of @pivot_unix_ns;
 * saturates at the ends of int64_t. */
int64_t ntp_timestamp_to_unix_ns (NtpTimestamp timestamp, int64_t pivot_unix_ns);

double ntp_short_to_s (NtpShort value);
/* Rounded up; negative gives 0, 65536 s and more the largest value. */
NtpShort ntp_short_from_s (double seconds);

/* RFC 5905 §8. t1: our transmit, t2: server receive, t3: server transmit, t4: our receive. */
double ntp_offset_s (NtpTimestamp t1, NtpTimestamp t2, NtpTimestamp t3, NtpTimestamp t4);
/* Round trip less the time in the server; may come out slightly negative and is not clamped here.
 */
double ntp_delay_s (NtpTimestamp t1, NtpTimestamp t2, NtpTimestamp t3, NtpTimestamp t4);
