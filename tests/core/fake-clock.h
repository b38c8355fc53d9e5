/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Our clock in the fake world: a line in true time that is turned and shifted. */

#pragma once

#include <glib.h>

#include "ntp-time.h"

#define FAKE_BEGIN_NS (G_GINT64_CONSTANT (1780000000) * 1000000000) /* 2026-05-28, since 1970 */

typedef struct
{
  gint64 since_ns; /* true time since the beginning; the line goes on from here */
  double monotonic_ns;
  double realtime_ns; /* since FAKE_BEGIN_NS */
  double own_ppm;     /* positive = loses time */
  double steered_ppm;
} FakeClock;

double fake_clock_rate (const FakeClock *clock);
double fake_clock_monotonic_ns (const FakeClock *clock, gint64 true_ns);
/* Since 1970. */
gint64 fake_clock_unix_ns (const FakeClock *clock, gint64 true_ns);
NtpNow fake_clock_now (const FakeClock *clock, gint64 true_ns);
/* Goes on from @true_ns at another rate, @step_s later. */
void fake_clock_turn (FakeClock *clock, gint64 true_ns, double step_s, double steered_ppm);
