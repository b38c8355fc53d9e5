/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One run of one scenario. */

#pragma once

#include <glib.h>

#include "metrics.h"

/* What a minute ended with. */
typedef struct
{
  double true_s;
  double error_s;
  double estimated_error_s;
  double uncertainty_s;
} SimulationPoint;

typedef struct
{
  Metrics metrics;
  unsigned first_packets; /* sent by the client in the first hour */
  unsigned packets;       /* and in all */
  unsigned refusals;      /* by the kernel */
} Simulation;

/* The same seed gives the same run. @points: gets a SimulationPoint for every minute, or
 * NULL. */
void simulation_run (Simulation *simulation, const Scenario *scenario, unsigned n_servers,
                     unsigned seed, GArray *points);

/* After the first hour. */
double simulation_packets_per_hour (const Simulation *simulation);
