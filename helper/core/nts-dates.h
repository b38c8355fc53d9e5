/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Certificates and a clock that may be wrong (RFC 8915 §8.5): whether a certificate is valid can be
 * told only by somebody who knows the time, and the time is what it is wanted for.
 *
 * Where the dates are all that is wrong with a certificate, and nothing speaks for our clock, the
 * check of the dates waits. The keys are good for asking, nothing else: what the server then says,
 * authenticated, must be a time at which its own certificates are valid, the same is demanded of
 * everyone who agrees with it, and the clock is left alone until a person has decided. After that
 * the keys are forgotten, and there are new ones for certificates alone that are valid by the new
 * time. Whoever wants to lie with a certificate that ran out needs such of a majority of the
 * servers, and gets no time from before the one that is known to have passed. */

#pragma once

#include "ntp-reason.h"
#include "ntp-time.h"

/* When all certificates of a chain are valid, s since 1970 UTC, both ends included. */
typedef struct
{
  int64_t not_before_s;
  int64_t not_after_s;
} NtsDates;

/* Whether the check may wait. @now_s: of our clock. @passed_s: a time that has surely passed; what
 * ran out before it is refused, and *@dates is narrowed to what comes after it. NTP_REASON_NONE, or
 * with *@dates as it was: _CERTIFICATE_EXPIRED or _NOT_YET_VALID, also where our clock may well be
 * right, since it shows at most 400 days more than @passed_s, where certificates are good for so
 * long that they say nothing of the time (over 400 days), or so far from our clock that NTP cannot
 * tell the difference (68 years); _CERTIFICATE_INVALID when they are never valid together.
 */
NtpReason nts_dates_may_wait (NtsDates *dates, int64_t now_s, int64_t passed_s);

/* Whether certificates for which that was NTP_REASON_NONE are valid at @when, which a server says:
 * NTP_REASON_NONE, _CERTIFICATE_EXPIRED or _NOT_YET_VALID. */
NtpReason nts_dates_judge (const NtsDates *dates, NtpTimestamp when);
