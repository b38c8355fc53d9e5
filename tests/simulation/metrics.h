/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How well a clock was kept: its error, client − true, looked at every true second. What counts is
 * from one hour after the start on, and not until half an hour after an outage and two hours after
 * a jump. */

#pragma once

#include "scenario.h"

typedef struct
{
  double limit_s;
  double good_since_s; /* INFINITY = the last error was beyond */
  double reached_s;    /* since when it has been kept for five minutes, INFINITY = never was */
} MetricsLimit;

typedef struct
{
  const Scenario *scenario;
  double seconds;
  double sum_s;
  double squares;
  double largest_s;
  double all_seconds;
  double covered;        /* of all: seconds in which the error was within the uncertainty */
  double kernel_covered; /* and within what the kernel tells programs */
  double uncertainty_squares;
  double outage_seconds;
  double outage_squares;
  MetricsLimit limits[3]; /* 10 ms, 1 ms, 0.1 ms */
  MetricsLimit back;      /* 1 ms after a jump */
} Metrics;

void metrics_init (Metrics *metrics, const Scenario *scenario);
/* @estimated_error_s ± @uncertainty_s: what the client thinks of its error. */
void metrics_add (Metrics *metrics, double true_s, double error_s, double estimated_error_s,
                  double uncertainty_s, double kernel_error_s);

double metrics_rms_s (const Metrics *metrics);
double metrics_bias_s (const Metrics *metrics);
/* Inside the outage; 0 without one. */
double metrics_outage_rms_s (const Metrics *metrics);
/* Of all seconds, from the first on, outages and jumps included. */
double metrics_coverage (const Metrics *metrics);
double metrics_kernel_coverage (const Metrics *metrics);
/* RMS of the uncertainty by that of the error. */
double metrics_ratio (const Metrics *metrics);
/* Seconds from the jump until the clock was right again; 0 without one. */
double metrics_back_s (const Metrics *metrics);
