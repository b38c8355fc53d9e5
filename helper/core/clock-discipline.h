/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Estimate → step, slew, frequency; and the exact account of everything that was added to our
 * clock.
 *
 * The free clock is ours as it would be had nobody ever touched it. Its time is the monotonic clock
 * less what was slewed, because CLOCK_MONOTONIC is slewed together with CLOCK_REALTIME: while our
 * clock runs φ faster than by itself, it gains φ/(1 + φ) of each monotonic second. All @..._ns
 * arguments are monotonic where nothing else is said. */

#pragma once

#include "clock-estimator.h"
#include "ntp-system.h"

/* Private, and here only so that it can be a member of others. */
typedef struct
{
  int64_t stepped_ns; /* by us and by others */
  double slewed_s;    /* up to since_ns */
  int64_t since_ns;
  double rate_ppm;      /* the clock runs so much faster than by itself since since_ns */
  double frequency_ppm; /* the part of it that remains when the slew ends */
  int64_t slew_end_ns;  /* INT64_MAX = no slew under way */
  bool fast;            /* the slew under way is a first correction, and so is what follows it */
} ClockAccount;

typedef struct
{
  ClockAccount account;
  ClockAccount before; /* the last adjustment */
} ClockDiscipline;

/* @frequency_ppm: what the kernel is made to run at now. */
void clock_discipline_init (ClockDiscipline *discipline, double frequency_ppm, int64_t now_ns);

/* The time of the free clock at @at_ns: steady, unlike monotonic, while the clock is slewed. */
int64_t clock_discipline_free_ns (const ClockDiscipline *discipline, int64_t at_ns);

/* Everything added to the clock from the start until @at_ns, by us and by others; our clock less
 * this is the free clock. */
int64_t clock_discipline_correction_ns (const ClockDiscipline *discipline, int64_t at_ns);

/* Our clock's offset at @at_ns according to @estimate, which is of the free time of @at_ns. */
double clock_discipline_offset_s (const ClockDiscipline *discipline, const ClockEstimate *estimate,
                                  int64_t at_ns);

/* The measurement @offset_ns, @delay_s of our clock, sent at @sent_ns and answered at @received_ns,
 * as one of the free clock, also when the clock was slewed between. (Stepped between: do not ask.)
 */
ClockSample clock_discipline_sample (const ClockDiscipline *discipline, int64_t sent_ns,
                                     int64_t received_ns, int64_t offset_ns, double delay_s,
                                     double error_s);

/* What to do about @estimate (of the free time of @now_ns). @may_step: at start, after resume or
 * on request; then a correction above the threshold is a step and one below it a fast slew, and so
 * is a large one that must not step.
 * Fills step_s and frequency_ppm of @adjust and counts them as done; the kernel must do exactly
 * that: a step of llround (1e9 step_s) ns, a frequency in whole 2^-16 ppm.
 * False, with nothing filled or counted, when the change is beyond maximum_change_s. */
bool clock_discipline_update (ClockDiscipline *discipline, const ClockEstimate *estimate,
                              const NtpOptions *options, bool may_step, int64_t now_ns,
                              NtpAdjust *adjust);

/* The gentle slew that clock_discipline_update () has just begun may as well take until @until_ns,
 * when there is something to do anyway: it then needs no wake-up of its own, and less of a change
 * of the rate. Corrects frequency_ppm of @adjust. Nothing changes when it takes longer by itself,
 * or would take more than 64 s. */
void clock_discipline_stretch (ClockDiscipline *discipline, int64_t until_ns, NtpAdjust *adjust);

/* When the slew under way must be ended; INT64_MAX = none is under way. */
int64_t clock_discipline_wake_ns (const ClockDiscipline *discipline);

/* Ends the slew that is under way: the frequency that is left is the estimated one. Also to be
 * called before the program ends. */
void clock_discipline_end_slew (ClockDiscipline *discipline, int64_t now_ns, NtpAdjust *adjust);

/* Others stepped the clock by @amount_ns. */
void clock_discipline_foreign_step (ClockDiscipline *discipline, int64_t amount_ns);

/* Others made the clock run @rate_ppm faster than by itself; no slew of ours is under way any more.
 */
void clock_discipline_foreign_rate (ClockDiscipline *discipline, double rate_ppm, int64_t now_ns);
/* The rate as it is, to be set again with other words around it. */
double clock_discipline_hold (ClockDiscipline *discipline);

/* The kernel refused the last adjustment: the account is as before it. */
void clock_discipline_refused (ClockDiscipline *discipline);
