/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-discipline.h"

#include <math.h>

/* Beside the estimated frequency. A clock that is 500 ppm off hurts nobody and is what kernels
 * allow (RFC 5905 §11.3); at start, 1/12 moves half a second in six seconds. */
#define SLEW_PPM         500.0
#define SLEW_FAST_PPM    83333.0
#define SLEW_FAST_FROM_S 0.128 /* RFC 5905 §7.2, STEPT: beyond, something has happened */
#define SLEW_LEAST_S     1.0   /* no slew is shorter: gentle, and few wake-ups come late by much */
#define STRETCH_MOST_NS  (64 * INT64_C (1000000000))

#define FREQUENCY_LARGEST_PPM 1000.0
#define KERNEL_UNITS_PER_PPM  65536.0         /* adjtimex: struct timex, freq */
#define STEPPED_MOST_NS       (INT64_MAX / 4) /* 73 years, more than NTP can tell apart */
#define NS_PER_S              1e9

/* As the kernel can have it. */
static double
to_kernel_ppm (double ppm)
{
  return round (ppm * KERNEL_UNITS_PER_PPM) / KERNEL_UNITS_PER_PPM;
}

void
clock_discipline_init (ClockDiscipline *discipline, double frequency_ppm, int64_t now_ns)
{
  double ppm = to_kernel_ppm (frequency_ppm);
  ClockAccount account = {
    .since_ns = now_ns, .rate_ppm = ppm, .frequency_ppm = ppm, .slew_end_ns = INT64_MAX
  };
  *discipline = (ClockDiscipline){ .account = account, .before = account };
}

/* In @at_ns − since_ns of monotonic time the free clock has gone 1/(1 + φ) of that. */
static double
slewed_s (const ClockAccount *account, int64_t at_ns)
{
  double rate = account->rate_ppm * 1e-6;
  return account->slewed_s + (double) (at_ns - account->since_ns) / NS_PER_S * rate / (1 + rate);
}

/* A request may have left before the last change of the rate. */
static const ClockAccount *
account_of (const ClockDiscipline *discipline, int64_t at_ns)
{
  return at_ns < discipline->account.since_ns ? &discipline->before : &discipline->account;
}

int64_t
clock_discipline_free_ns (const ClockDiscipline *discipline, int64_t at_ns)
{
  return at_ns - llround (slewed_s (account_of (discipline, at_ns), at_ns) * NS_PER_S);
}

int64_t
clock_discipline_correction_ns (const ClockDiscipline *discipline, int64_t at_ns)
{
  return discipline->account.stepped_ns
         + llround (slewed_s (account_of (discipline, at_ns), at_ns) * NS_PER_S);
}

double
clock_discipline_offset_s (const ClockDiscipline *discipline, const ClockEstimate *estimate,
                           int64_t at_ns)
{
  int64_t correction_ns = clock_discipline_correction_ns (discipline, at_ns);
  return (double) (estimate->offset_ns - correction_ns) / NS_PER_S;
}

ClockSample
clock_discipline_sample (const ClockDiscipline *discipline, int64_t sent_ns, int64_t received_ns,
                         int64_t offset_ns, double delay_s, double error_s)
{
  int64_t before_ns = clock_discipline_correction_ns (discipline, sent_ns);
  int64_t after_ns = clock_discipline_correction_ns (discipline, received_ns);
  int64_t gained_ns = after_ns - before_ns;
  return (ClockSample){
    .at_ns = clock_discipline_free_ns (discipline, sent_ns + (received_ns - sent_ns) / 2),
    .offset_ns = offset_ns + before_ns + gained_ns / 2,
    .delay_s = delay_s - (double) gained_ns / NS_PER_S,
    .error_s = error_s,
  };
}

/* The account up to now is closed and goes on at a new rate. */
static void
set_rate (ClockAccount *account, double rate_ppm, int64_t now_ns)
{
  account->slewed_s = slewed_s (account, now_ns);
  account->since_ns = now_ns;
  account->rate_ppm = to_kernel_ppm (rate_ppm);
}

/* How long, in free time, @offset_s is slewed. */
static double
slew_duration_s (double offset_s, bool fast)
{
  double ppm = fast ? SLEW_FAST_PPM : SLEW_PPM;
  return fmax (SLEW_LEAST_S, fabs (offset_s) / (ppm * 1e-6));
}

/* What becomes known while a first correction is under way belongs to it. */
static void
start_slew (ClockAccount *account, double offset_s, bool first, int64_t now_ns)
{
  account->fast = first || account->fast || fabs (offset_s) > SLEW_FAST_FROM_S;
  double duration_s = slew_duration_s (offset_s, account->fast);
  double rate_ppm = account->frequency_ppm + offset_s / duration_s * 1e6;
  set_rate (account, rate_ppm, now_ns);
  account->slew_end_ns = now_ns + llround (duration_s * (1 + rate_ppm * 1e-6) * NS_PER_S);
}

static int64_t
clamp_ns (int64_t ns)
{
  return ns > STEPPED_MOST_NS ? STEPPED_MOST_NS : ns < -STEPPED_MOST_NS ? -STEPPED_MOST_NS : ns;
}

static void
count_step (ClockAccount *account, int64_t step_ns)
{
  account->stepped_ns = clamp_ns (account->stepped_ns + clamp_ns (step_ns));
}

bool
clock_discipline_update (ClockDiscipline *discipline, const ClockEstimate *estimate,
                         const NtpOptions *options, bool may_step, int64_t now_ns,
                         NtpAdjust *adjust)
{
  double offset_s = clock_discipline_offset_s (discipline, estimate, now_ns);
  if (!(fabs (offset_s) <= options->maximum_change_s))
    return false;

  ClockAccount *account = &discipline->account;
  discipline->before = *account;
  account->frequency_ppm = to_kernel_ppm (
      fmax (-FREQUENCY_LARGEST_PPM, fmin (FREQUENCY_LARGEST_PPM, estimate->frequency_ppm)));

  adjust->step_s = 0;
  if (may_step && fabs (offset_s) > options->step_threshold_s)
    {
      adjust->step_s = offset_s;
      account->slew_end_ns = INT64_MAX;
      account->fast = false;
      count_step (account, llround (offset_s * NS_PER_S));
      set_rate (account, account->frequency_ppm, now_ns);
    }
  else
    start_slew (account, offset_s, may_step, now_ns);
  adjust->frequency_ppm = account->rate_ppm;
  return true;
}

/* Of each monotonic second φ/(1 + φ) is gained: of the whole what it would have been, with a φ for
 * the longer time. */
void
clock_discipline_stretch (ClockDiscipline *discipline, int64_t until_ns, NtpAdjust *adjust)
{
  ClockAccount *account = &discipline->account;
  double rate = account->rate_ppm * 1e-6;
  double frequency = account->frequency_ppm * 1e-6;

  if (account->fast || account->slew_end_ns >= until_ns
      || until_ns - account->since_ns > STRETCH_MOST_NS)
    return;
  double shorter =
      (double) (account->slew_end_ns - account->since_ns) / (double) (until_ns - account->since_ns);
  double share = (rate - frequency) / (1 + rate) * shorter;
  account->rate_ppm = to_kernel_ppm ((frequency + share) / (1 - share) * 1e6);
  account->slew_end_ns = until_ns;
  adjust->frequency_ppm = account->rate_ppm;
}

int64_t
clock_discipline_wake_ns (const ClockDiscipline *discipline)
{
  return discipline->account.slew_end_ns;
}

void
clock_discipline_end_slew (ClockDiscipline *discipline, int64_t now_ns, NtpAdjust *adjust)
{
  ClockAccount *account = &discipline->account;
  discipline->before = *account;
  set_rate (account, account->frequency_ppm, now_ns);
  account->slew_end_ns = INT64_MAX;
  account->fast = false;
  adjust->step_s = 0;
  adjust->frequency_ppm = account->rate_ppm;
}

void
clock_discipline_foreign_step (ClockDiscipline *discipline, int64_t amount_ns)
{
  count_step (&discipline->account, amount_ns);
  count_step (&discipline->before, amount_ns);
}

void
clock_discipline_foreign_rate (ClockDiscipline *discipline, double rate_ppm, int64_t now_ns)
{
  ClockAccount *account = &discipline->account;
  discipline->before = *account;
  set_rate (account, rate_ppm, now_ns);
  account->slew_end_ns = INT64_MAX;
  account->fast = false;
}

double
clock_discipline_hold (ClockDiscipline *discipline)
{
  discipline->before = discipline->account;
  return discipline->account.rate_ppm;
}

void
clock_discipline_refused (ClockDiscipline *discipline)
{
  discipline->account = discipline->before;
}
