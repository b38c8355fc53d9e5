/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-time.h"

#include <math.h>

#define NS_PER_S 1000000000

/* A span of time of at most 2^31 s, from 32.32 fixed point to ns and back, each rounded to the
 * nearest: going there and back from ns changes nothing. */
static int64_t
ns_from_fixed (uint64_t fixed)
{
  uint64_t fraction = ((fixed & UINT32_MAX) * NS_PER_S + (UINT64_C (1) << 31)) >> 32;

  return (int64_t) ((fixed >> 32) * NS_PER_S + fraction);
}

static uint64_t
fixed_from_ns (uint64_t ns)
{
  uint64_t fraction = (((ns % NS_PER_S) << 32) + NS_PER_S / 2) / NS_PER_S;

  /* Wraps at the end of an era, as timestamps do. */
  return ((ns / NS_PER_S) << 32) + fraction;
}

double
ntp_difference_s (NtpTimestamp later, NtpTimestamp earlier)
{
  return ldexp ((double) (int64_t) (later - earlier), -32);
}

int64_t
ntp_difference_ns (NtpTimestamp later, NtpTimestamp earlier)
{
  uint64_t difference = later - earlier;

  if (difference > INT64_MAX)
    return -ns_from_fixed (-difference);
  return ns_from_fixed (difference);
}

NtpTimestamp
ntp_timestamp_add_ns (NtpTimestamp timestamp, int64_t ns)
{
  if (ns < 0)
    return timestamp - fixed_from_ns (-(uint64_t) ns);
  return timestamp + fixed_from_ns ((uint64_t) ns);
}

NtpTimestamp
ntp_timestamp_from_unix_ns (int64_t unix_ns)
{
  NtpTimestamp timestamp = ntp_timestamp_add_ns ((NtpTimestamp) NTP_UNIX_EPOCH_S << 32, unix_ns);

  return timestamp == 0 ? 1 : timestamp;
}

int64_t
ntp_timestamp_to_unix_ns (NtpTimestamp timestamp, int64_t pivot_unix_ns)
{
  int64_t difference = ntp_difference_ns (timestamp, ntp_timestamp_from_unix_ns (pivot_unix_ns));

  if (difference > 0 && pivot_unix_ns > INT64_MAX - difference)
    return INT64_MAX;
  if (difference < 0 && pivot_unix_ns < INT64_MIN - difference)
    return INT64_MIN;
  return pivot_unix_ns + difference;
}

double
ntp_short_to_s (NtpShort value)
{
  return ldexp (value, -16);
}

NtpShort
ntp_short_from_s (double seconds)
{
  double value = ceil (ldexp (seconds, 16));

  if (!(value > 0))
    return 0;
  return value < UINT32_MAX ? (NtpShort) value : UINT32_MAX;
}

double
ntp_offset_s (NtpTimestamp t1, NtpTimestamp t2, NtpTimestamp t3, NtpTimestamp t4)
{
  /* ((T2 − T1) + (T3 − T4)) / 2, written so that near half an era the two differences cannot wrap
   * in opposite directions and cancel out. */
  return ntp_difference_s (t2, t1) - ntp_delay_s (t1, t2, t3, t4) / 2;
}

double
ntp_delay_s (NtpTimestamp t1, NtpTimestamp t2, NtpTimestamp t3, NtpTimestamp t4)
{
  return ntp_difference_s (t4 - t1, t3 - t2);
}
