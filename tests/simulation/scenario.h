/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may befall a clock: oscillators, paths, servers and accidents, each with a name. What is not
 * set does not happen. */

#pragma once

#include <stdbool.h>

#define SCENARIO_SLEEP_S 3600.0

/* One direction of the path to a server: base + jitter · Exp (1), and while the air is busy, for
 * 25 s of every 97 s, + burst · Exp (1). */
typedef struct
{
  double base_s;
  double jitter_s;
  double burst_s;
} ScenarioPath;

typedef enum
{
  SCENARIO_SET,     /* somebody else sets the clock ahead by jump_s, and the client is told */
  SCENARIO_UNSEEN,  /* all clocks jump, and nobody tells; backwards: a virtual machine paused */
  SCENARIO_SUSPEND, /* sleeps for an hour, over which the hardware clock is jump_s wrong */
} ScenarioJump;

typedef enum
{
  SCENARIO_NO_LEAP,
  SCENARIO_LEAP,       /* on 31 December, and all but a smearing server announce it on that day */
  SCENARIO_LEAP_LIED,  /* the last server alone announces one for that day, and makes one */
  SCENARIO_LEAP_EARLY, /* all announce one on a day that cannot have any, and make none */
} ScenarioLeap;

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
  ScenarioJump jump;
  double jump_at_s;
  double jump_s;

  ScenarioLeap leap;
  double leap_at_s; /* so long after the start the UTC day ends, with its last second inserted */
  bool liar_smears; /* the last server spreads the leap second over a day and announces nothing */

  bool economy; /* the client is told that packets are dear */

  int minimum_poll_log2;
  int maximum_poll_log2;
} Scenario;

/* NULL: no such. */
const Scenario *scenario_by_name (const char *name);
/* NULL: no more. */
const Scenario *scenario_by_index (unsigned index);
