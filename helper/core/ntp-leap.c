/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-leap.h"

#define NANOSECONDS_PER_S INT64_C (1000000000)
#define SECONDS_PER_DAY   86400
#define NEAR_S            5

/* Timestamps are read as of 1970…2106. */
#define PIVOT_UNIX_NS ((INT64_C (1) << 31) * NANOSECONDS_PER_S)

/* Days are counted from 0000-03-01, so that the leap day is the last of its year; the 400 years of
 * the Gregorian calendar have 146097 days. */
#define DAYS_PER_ERA            146097
#define DAYS_FROM_ERA_0_TO_1970 719468

/* True when @day, counted from 1970-01-01, is 30 June or 31 December. */
static bool
may_end_with_leap_second (int64_t day)
{
  int64_t of_era = (day + DAYS_FROM_ERA_0_TO_1970) % DAYS_PER_ERA;
  int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  /* From 1 March: March to June have 122 days, March to December 306. */
  return of_year == 122 - 1 || of_year == 306 - 1;
}

static int64_t
unix_s (NtpTimestamp now)
{
  return ntp_timestamp_to_unix_ns (now, PIVOT_UNIX_NS) / NANOSECONDS_PER_S;
}

uint8_t
ntp_leap_decide (const NtpLeapVotes *votes, NtpTimestamp now)
{
  if (!may_end_with_leap_second (unix_s (now) / SECONDS_PER_DAY))
    return NTP_LEAP_NONE;
  if (2 * votes->insert > votes->all)
    return NTP_LEAP_INSERT;
  if (2 * votes->delete > votes->all)
    return NTP_LEAP_DELETE;
  return NTP_LEAP_NONE;
}

bool
ntp_leap_near (NtpTimestamp now)
{
  int64_t seconds = unix_s (now);
  int64_t of_day = seconds % SECONDS_PER_DAY;
  if (of_day < NEAR_S)
    return may_end_with_leap_second (seconds / SECONDS_PER_DAY - 1);
  return of_day >= SECONDS_PER_DAY - NEAR_S && may_end_with_leap_second (seconds / SECONDS_PER_DAY);
}
