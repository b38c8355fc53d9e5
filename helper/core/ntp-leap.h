/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Leap seconds: on which day one can be, and whose word for it counts. */

#pragma once

#include "ntp-packet.h"

/* How many servers that agree on the time announce what. */
typedef struct
{
  unsigned insert;
  unsigned delete;
  unsigned all; /* these two and those that announce nothing */
} NtpLeapVotes;

/* NTP_LEAP_INSERT or _DELETE when more than half say so and the UTC day of @now is the last one of
 * June or December, the only days that ever had one; else NTP_LEAP_NONE. */
uint8_t ntp_leap_decide (const NtpLeapVotes *votes, NtpTimestamp now);

/* True within 5 s of the midnight (UTC) that ends such a day: what is measured then may be a whole
 * second wrong on either side. */
bool ntp_leap_near (NtpTimestamp now);
