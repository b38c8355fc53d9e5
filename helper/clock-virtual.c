/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-driver.h"

#include "error.h"

#include <math.h>

/* What the line has gained at @monotonic_ns since it began, without steps. The fraction is kept
 * apart so that no change of the rate loses any of it. */
static gint64
line_at (const Clock *clock, gint64 monotonic_ns, double *rest_ns)
{
  double gained =
      (double) (monotonic_ns - clock->line_from_ns) * clock->line_rate + clock->line_rest_ns;
  double whole = floor (gained);

  if (rest_ns != NULL)
    *rest_ns = gained - whole;
  return clock->line_ns + (gint64) whole;
}

static ClockReading
virtual_read (const Clock *clock, ClockReading system)
{
  gint64 line_ns = line_at (clock, system.monotonic_ns, NULL);

  return (ClockReading){ .realtime_ns = system.realtime_ns + clock->stepped_ns + line_ns,
                         .monotonic_ns = system.monotonic_ns + line_ns };
}

static double
virtual_frequency (const Clock *clock)
{
  return clock->sped_up_ppm;
}

static double
virtual_rate (const Clock *clock)
{
  return clock->line_rate;
}

static void
turn_line (Clock *clock, double frequency_ppm)
{
  gint64 now_ns = clock_read_system (clock).monotonic_ns;

  clock->line_ns = line_at (clock, now_ns, &clock->line_rest_ns);
  clock->line_from_ns = now_ns;
  clock->line_rate = (1.0 + clock->own_rate) * (1.0 + frequency_ppm * 1e-6) - 1.0;
  clock->sped_up_ppm = frequency_ppm;
}

static gboolean
virtual_adjust (Clock *clock, const NtpAdjust *adjust, GError **error)
{
  if (!isfinite (adjust->step_s) || !isfinite (adjust->frequency_ppm)
      || fabs (adjust->frequency_ppm) > CLOCK_FREQUENCY_MAX_PPM)
    {
      g_set_error_literal (error, GNOMON_ERROR, GNOMON_ERROR_CLOCK_FAILED,
                           "The adjustment is beyond what a clock can do");
      return FALSE;
    }
  turn_line (clock, adjust->frequency_ppm);
  clock->stepped_ns += llround (adjust->step_s * 1e9);
  return TRUE;
}

void
clock_virtual_begin (Clock *clock, double offset_s, double frequency_ppm)
{
  clock->line_from_ns = clock_read_system (clock).monotonic_ns;
  clock->own_rate = -frequency_ppm * 1e-6;
  clock->line_rate = clock->own_rate;
  clock->stepped_ns = -llround (offset_s * 1e9);
}

const ClockDriver clock_virtual_driver = {
  .read = virtual_read,
  .adjust = virtual_adjust,
  .frequency = virtual_frequency,
  .rate = virtual_rate,
};
