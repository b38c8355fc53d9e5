/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may befall a clock: oscillators, paths, servers and accidents, each with a name. What is not
 * set does not happen. */

#pragma once

#include <stdbool.h>

/* One direction of the path to a server: base + jitter · Exp (1), and while the air is busy, for
 * 25 s of every 97 s, + burst · Exp (1). */
typedef struct
{
  double base_s;
  double jitter_s;
  double burst_s;
} ScenarioPath;

typedef struct
{
  const char *name;
  double duration_s;

  /* The client's clock: begins error_s ahead, and gains frequency + random walk + sine. */
  double error_s;
  double frequency_ppm;
  double wander; /* of the frequency, s/s per √s */
  double sine_ppm;
  double sine_period_s;

  ScenarioPath request; /* the way to the servers */
  ScenarioPath reply;
  double spread; /* server i is 1 + spread · i times as far */
  double skew_s; /* requests take 1, −1, 2, −2 … times so much longer */
  double loss;   /* share of the packets */

  double liar_error_s; /* the last server is so much ahead, */
  double liar_ppm;     /* and gains so much */

  double outage_from_s; /* nothing gets through */
  double outage_to_s;
  double reroute_at_s; /* requests take so much longer from then on */
  double reroute_s;
  double
      jump_at_s; /* somebody else sets the client's clock; all clocks of a virtual machine that */
  double jump_s; /* paused, when it is not seen */
  bool jump_unseen;

  int minimum_poll_log2;
  int maximum_poll_log2;
} Scenario;

/* NULL: no such. */
const Scenario *scenario_by_name (const char *name);
/* NULL: no more. */
const Scenario *scenario_by_index (unsigned index);
