/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-driver.h"

#include "error.h"

#include "core/ntp-packet.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/timex.h>

/* adjtimex (2): freq counts 2^-16 ppm and goes to ±500 ppm; a tick more or less is 100 ppm. */
#define FREQ_PER_PPM 65536.0
#define FREQ_MAX_PPM 500.0
#define TICK_NOMINAL 10000
#define TICK_PPM     100.0
#define ERROR_MAX_US 16000000.0 /* above this the kernel itself says "unsynchronised" */

static ClockReading
system_read (const Clock *clock, ClockReading system)
{
  return system;
}

static double
system_rate (const Clock *clock)
{
  /* The kernel steers its monotonic clock, and with it our timers, like the realtime clock. */
  return 0.0;
}

static double
rate_of (glong freq, glong tick)
{
  return (double) freq / FREQ_PER_PPM + (double) (tick - TICK_NOMINAL) * TICK_PPM;
}

static double
system_frequency (const Clock *clock)
{
  struct timex timex = { .modes = 0 };

  if (adjtimex (&timex) < 0)
    return 0.0;
  return rate_of (timex.freq, timex.tick);
}

static gboolean
refused (GError **error)
{
  g_set_error (error, GNOMON_ERROR, GNOMON_ERROR_CLOCK_FAILED,
               "The kernel refused to set the clock: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
step (Clock *clock, double step_s, GError **error)
{
  gint64 step_ns = llround (step_s * 1e9);
  struct timex timex = { .modes = ADJ_SETOFFSET | ADJ_NANO };

  if (step_ns == 0)
    return TRUE;
  /* The part below a second must not be negative. */
  timex.time.tv_sec = (time_t) (step_ns / NS_PER_S);
  timex.time.tv_usec = (suseconds_t) (step_ns % NS_PER_S);
  if (timex.time.tv_usec < 0)
    {
      timex.time.tv_sec -= 1;
      timex.time.tv_usec += (suseconds_t) NS_PER_S;
    }
  if (adjtimex (&timex) < 0)
    return refused (error);
  clock->gap_ns += step_ns;
  return TRUE;
}

/* What is left of a slew that the kernel makes by itself, for whoever asked it to. */
typedef struct
{
  gboolean by_adjtime; /* adjtime (3) */
  gboolean by_loop;    /* the kernel's phase-locked loop, as ntpd and timesyncd use it */
} KernelSlew;

static gboolean
read_kernel (struct timex *timex, KernelSlew *slew)
{
  struct timex adjtime = { .modes = ADJ_OFFSET_SS_READ };

  *timex = (struct timex){ .modes = 0 };
  if (adjtimex (timex) < 0 || adjtimex (&adjtime) < 0)
    return FALSE;
  slew->by_adjtime = adjtime.offset != 0;
  slew->by_loop = timex->offset != 0;
  return TRUE;
}

static gboolean
system_take_rate (Clock *clock, double *rate_ppm, gboolean *slewing)
{
  gboolean slews_anew, changed;
  struct timex timex;
  KernelSlew slew;

  if (!read_kernel (&timex, &slew))
    return FALSE;
  *slewing = slew.by_adjtime || slew.by_loop;
  slews_anew = *slewing && !clock->slew_told;
  clock->slew_told = *slewing;
  /* The kernel's own rounding is one unit. */
  changed = ABS (timex.freq - clock->known_freq) > 1 || timex.tick != clock->known_tick;
  if (changed)
    {
      clock->known_freq = timex.freq;
      clock->known_tick = timex.tick;
    }
  *rate_ppm = rate_of (clock->known_freq, clock->known_tick);
  return changed || slews_anew;
}

/* The loop forgets its offset when it is given another one, which it takes only while it is on. */
static gboolean
end_kernel_slew (GError **error)
{
  struct timex none = { .modes = ADJ_OFFSET_SINGLESHOT };
  struct timex loop = { .modes = ADJ_STATUS | ADJ_OFFSET, .status = STA_PLL | STA_UNSYNC };
  struct timex timex;
  KernelSlew slew;

  if (!read_kernel (&timex, &slew))
    return refused (error);
  if (slew.by_adjtime && adjtimex (&none) < 0)
    return refused (error);
  if (slew.by_loop && adjtimex (&loop) < 0)
    return refused (error);
  return TRUE;
}

static glong
microseconds (double seconds)
{
  double us = ceil (seconds * 1e6);

  return us >= 0 && us < ERROR_MAX_US ? (glong) us : (glong) ERROR_MAX_US;
}

static int
leap_status (uint8_t leap)
{
  if (leap == NTP_LEAP_INSERT)
    return STA_INS;
  return leap == NTP_LEAP_DELETE ? STA_DEL : 0;
}

/* Frequency goes into freq alone as long as it fits, since ticks are for large first corrections
 * only. STA_PLL stays clear: the kernel's own loop would steer against us. */
static gboolean
system_adjust (Clock *clock, const NtpAdjust *adjust, GError **error)
{
  struct timex timex = { .modes =
                             ADJ_FREQUENCY | ADJ_TICK | ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR };
  double ticks = 0.0;
  glong freq;

  if (!isfinite (adjust->step_s) || !isfinite (adjust->frequency_ppm)
      || fabs (adjust->frequency_ppm) > CLOCK_FREQUENCY_MAX_PPM)
    {
      errno = EINVAL;
      return refused (error);
    }
  if (fabs (adjust->frequency_ppm) > FREQ_MAX_PPM)
    ticks = round (adjust->frequency_ppm / TICK_PPM);
  timex.tick = TICK_NOMINAL + (glong) ticks;
  timex.freq = lround ((adjust->frequency_ppm - ticks * TICK_PPM) * FREQ_PER_PPM);
  timex.status = (adjust->synchronised ? 0 : STA_UNSYNC) | leap_status (adjust->leap);
  timex.maxerror = microseconds (adjust->maximum_error_s);
  timex.esterror = microseconds (adjust->estimated_error_s);

  /* A step makes the kernel forget status and errors, so these come after it. */
  if (!end_kernel_slew (error) || !step (clock, adjust->step_s, error))
    return FALSE;
  freq = timex.freq;
  if (adjtimex (&timex) < 0)
    return refused (error);
  clock->slew_told = FALSE;
  clock->known_freq = freq;
  clock->known_tick = TICK_NOMINAL + (glong) ticks;
  clock->expected_leap_s = (timex.status & STA_DEL) != 0   ? 1
                           : (timex.status & STA_INS) != 0 ? -1
                                                           : 0;
  return TRUE;
}

static gboolean
observe_adjust (Clock *clock, const NtpAdjust *adjust, GError **error)
{
  g_set_error_literal (error, GNOMON_ERROR, GNOMON_ERROR_CLOCK_FAILED,
                       "The clock is only observed");
  return FALSE;
}

const ClockDriver clock_system_driver = {
  .read = system_read,
  .adjust = system_adjust,
  .frequency = system_frequency,
  .rate = system_rate,
  .take_rate = system_take_rate,
};

const ClockDriver clock_observe_driver = {
  .read = system_read,
  .adjust = observe_adjust,
  .frequency = system_frequency,
  .rate = system_rate,
  .take_rate = system_take_rate,
};
