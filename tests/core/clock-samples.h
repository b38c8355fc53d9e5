/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the estimator is told, and what it says. */

#pragma once

#include <glib.h>
#include <math.h>

#include "clock-estimator.h"

#define S     G_GINT64_CONSTANT (1000000000)
#define START (G_GINT64_CONSTANT (123456) * S)

static inline ClockSample
sample_at (gint64 at_ns, gint64 offset_ns, double delay_s)
{
  return (ClockSample){ .at_ns = at_ns, .offset_ns = offset_ns, .delay_s = delay_s };
}

/* Whatever it is, it makes sense. */
static inline ClockEstimate
estimate_at (const ClockEstimator *estimator, gint64 at_ns)
{
  ClockEstimate estimate;
  g_assert_true (clock_estimator_at (estimator, at_ns, &estimate));
  g_assert_cmpint (estimate.at_ns, ==, at_ns);
  g_assert_true (isfinite (estimate.offset_sd_s));
  g_assert_true (isfinite (estimate.uncertainty_s));
  g_assert_true (isfinite (estimate.frequency_ppm));
  g_assert_true (isfinite (estimate.frequency_sd_ppm));
  g_assert_cmpfloat (estimate.uncertainty_s, >=, estimate.offset_sd_s);
  return estimate;
}
