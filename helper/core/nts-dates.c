/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-dates.h"

#define DAY_S     INT64_C (86400)
#define LONGEST_S (400 * DAY_S) /* ours: public authorities give no more than 398 days */
/* After a time that has surely passed, a clock that shows less than this more is none that is off.
 */
#define PLAUSIBLE_S LONGEST_S
/* As far as a difference of timestamps reaches, RFC 5905 §6, less what a window may be long. */
#define FARTHEST_S ((INT64_C (1) << 31) - LONGEST_S)
/* ns since 1970 of later times do not fit, nor do they come. */
#define LATEST_S (INT64_MAX / INT64_C (1000000000))

NtpReason
nts_dates_may_wait (NtsDates *dates, int64_t now_s, int64_t passed_s)
{
  int64_t from_s = dates->not_before_s, until_s = dates->not_after_s;
  NtpReason reason =
      now_s < from_s ? NTP_REASON_CERTIFICATE_NOT_YET_VALID : NTP_REASON_CERTIFICATE_EXPIRED;

  if (from_s > until_s)
    return NTP_REASON_CERTIFICATE_INVALID;
  if (until_s < passed_s)
    return NTP_REASON_CERTIFICATE_EXPIRED;
  if (now_s >= passed_s && now_s - passed_s <= PLAUSIBLE_S)
    return reason;
  if (from_s < 0 || until_s > LATEST_S || until_s - from_s > LONGEST_S)
    return reason;
  if (now_s < from_s - FARTHEST_S || now_s > until_s + FARTHEST_S)
    return reason;
  if (from_s < passed_s)
    dates->not_before_s = passed_s;
  return NTP_REASON_NONE;
}

static NtpTimestamp
timestamp_of (int64_t unix_s)
{
  return ntp_timestamp_from_unix_ns (unix_s * INT64_C (1000000000));
}

NtpReason
nts_dates_judge (const NtsDates *dates, NtpTimestamp when)
{
  if (ntp_difference_s (when, timestamp_of (dates->not_before_s)) < 0)
    return NTP_REASON_CERTIFICATE_NOT_YET_VALID;
  /* The second that is named last is still within. */
  if (ntp_difference_s (when, timestamp_of (dates->not_after_s)) >= 1)
    return NTP_REASON_CERTIFICATE_EXPIRED;
  return NTP_REASON_NONE;
}
