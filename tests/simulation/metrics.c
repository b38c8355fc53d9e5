/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "metrics.h"

#include <math.h>

#define SETTLED_S      3600.0
#define AFTER_OUTAGE_S 1800.0
#define AFTER_JUMP_S   7200.0
#define LASTING_S      300.0

void
metrics_init (Metrics *metrics, const Scenario *scenario)
{
  *metrics = (Metrics){
    .scenario = scenario,
    .limits = { { 10e-3, INFINITY, INFINITY },
                { 1e-3, INFINITY, INFINITY },
                { 100e-6, INFINITY, INFINITY } },
    .back = { 1e-3, INFINITY, INFINITY },
  };
}

/* Of two clocks, one is the first to leap. */
static bool
may_leap (const Scenario *scenario, double true_s)
{
  return scenario->leap != SCENARIO_NO_LEAP && fabs (true_s - scenario->leap_at_s) <= 1;
}

static bool
counts (const Scenario *scenario, double true_s)
{
  bool outage = scenario->outage_to_s > 0 && true_s > scenario->outage_from_s
                && true_s < scenario->outage_to_s + AFTER_OUTAGE_S;
  bool jump = scenario->jump_at_s > 0 && true_s >= scenario->jump_at_s
              && true_s < scenario->jump_at_s + AFTER_JUMP_S;
  return true_s >= SETTLED_S && !outage && !jump && !may_leap (scenario, true_s);
}

static void
judge (MetricsLimit *limit, double true_s, double error_s)
{
  limit->good_since_s =
      fabs (error_s) > limit->limit_s ? (double) INFINITY : fmin (limit->good_since_s, true_s);
  if (true_s - limit->good_since_s >= LASTING_S)
    limit->reached_s = fmin (limit->reached_s, limit->good_since_s);
}

void
metrics_add (Metrics *metrics, double true_s, double error_s, double estimated_error_s,
             double uncertainty_s, double kernel_error_s)
{
  const Scenario *scenario = metrics->scenario;

  for (int i = 0; i < 3; i++)
    judge (&metrics->limits[i], true_s, error_s);
  if (scenario->jump_at_s > 0 && true_s >= scenario->jump_at_s)
    judge (&metrics->back, true_s, error_s);
  if (true_s > scenario->outage_from_s && true_s <= scenario->outage_to_s)
    {
      metrics->outage_seconds++;
      metrics->outage_squares += error_s * error_s;
    }
  if (!may_leap (scenario, true_s))
    {
      metrics->all_seconds++;
      metrics->covered += fabs (error_s - estimated_error_s) <= uncertainty_s;
      metrics->kernel_covered += fabs (error_s) <= kernel_error_s;
    }
  if (!counts (scenario, true_s))
    return;

  metrics->seconds++;
  metrics->sum_s += error_s;
  metrics->squares += error_s * error_s;
  metrics->largest_s = fmax (metrics->largest_s, fabs (error_s));
  metrics->uncertainty_squares += uncertainty_s * uncertainty_s;
}

double
metrics_rms_s (const Metrics *metrics)
{
  return sqrt (metrics->squares / metrics->seconds);
}

double
metrics_bias_s (const Metrics *metrics)
{
  return metrics->sum_s / metrics->seconds;
}

double
metrics_outage_rms_s (const Metrics *metrics)
{
  return metrics->outage_seconds > 0 ? sqrt (metrics->outage_squares / metrics->outage_seconds) : 0;
}

double
metrics_coverage (const Metrics *metrics)
{
  return metrics->covered / metrics->all_seconds;
}

double
metrics_kernel_coverage (const Metrics *metrics)
{
  return metrics->kernel_covered / metrics->all_seconds;
}

double
metrics_ratio (const Metrics *metrics)
{
  return sqrt (metrics->uncertainty_squares / metrics->squares);
}

double
metrics_back_s (const Metrics *metrics)
{
  const Scenario *scenario = metrics->scenario;
  double slept_s = scenario->jump == SCENARIO_SUSPEND ? SCENARIO_SLEEP_S : 0;
  double since_s = metrics->back.reached_s - scenario->jump_at_s - slept_s;
  return scenario->jump_at_s > 0 ? fmax (0, since_s) : 0;
}
