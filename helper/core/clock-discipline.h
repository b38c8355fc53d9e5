/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Estimate → step, slew, frequency. Keeps account of everything that was added to our clock,
 * exactly, so that the free clock can be computed at any time. */

#pragma once

#include "clock-estimator.h"
#include "ntp-system.h"

typedef struct ClockDiscipline ClockDiscipline;

void clock_discipline_init (ClockDiscipline *discipline, double frequency_ppm, int64_t now_ns);

/* Everything added to the clock from the start until @at_ns, by us and by others; our clock less
 * this is the free clock. */
double clock_discipline_correction_s (const ClockDiscipline *discipline, int64_t at_ns);

/* What to do about @estimate (of the free clock at @now_ns). @may_step: at start, after resume or
 * on request. Fills step and frequency of @adjust and counts them as done; *@wake_at_ns is when a
 * slew ends, INT64_MAX = no need to wake. False, with nothing filled or counted, when the change is
 * beyond maximum_change_s. */
bool clock_discipline_update (ClockDiscipline *discipline, const ClockEstimate *estimate,
                              const NtpOptions *options, bool may_step, int64_t now_ns,
                              NtpAdjust *adjust, int64_t *wake_at_ns);

/* Ends the slew that is under way: the frequency that is left is the estimated one. */
void clock_discipline_end_slew (ClockDiscipline *discipline, int64_t now_ns, NtpAdjust *adjust);

/* Others stepped the clock by @amount_s. */
void clock_discipline_foreign_step (ClockDiscipline *discipline, double amount_s);

/* The kernel refused the last adjustment at @now_ns: the account is as before it. */
void clock_discipline_refused (ClockDiscipline *discipline, int64_t now_ns);
