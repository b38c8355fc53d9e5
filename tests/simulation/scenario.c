/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "scenario.h"

#include <stddef.h>
#include <string.h>

#define DAY        .duration_s = 86400
#define HALF_DAY   .duration_s = 43200
#define OSCILLATOR .frequency_ppm = 20, .wander = 1e-9
#define POLLS      .minimum_poll_log2 = 6, .maximum_poll_log2 = 10
#define LAN        .request = { 100e-6, 50e-6 }, .reply = { 100e-6, 50e-6 }
#define WAN        .request = { 10e-3, 1e-3 }, .reply = { 10e-3, 1e-3 }
#define QUIET      .request = { 10e-3, 0.2e-3 }, .reply = { 10e-3, 0.2e-3 }
#define WIFI       .request = { 1.5e-3, 1e-3, 30e-3 }, .reply = { 1.5e-3, 1e-3, 30e-3 }

/* clang-format off */
static const Scenario scenarios[] = {
  { "lan", DAY, OSCILLATOR, POLLS, LAN },
  { "lan-fast", DAY, OSCILLATOR, LAN, .minimum_poll_log2 = 4, .maximum_poll_log2 = 4 },
  { "wan", DAY, OSCILLATOR, POLLS, WAN },
  { "wan-fast", DAY, OSCILLATOR, WAN, .minimum_poll_log2 = 4, .maximum_poll_log2 = 6 },
  { "wifi", DAY, OSCILLATOR, POLLS, WIFI },
  { "asym", DAY, OSCILLATOR, POLLS, .request = { 14e-3, 5e-3 }, .reply = { 10e-3, 0.5e-3 } },
  { "wander-8", DAY, POLLS, WAN, .frequency_ppm = 20, .wander = 1e-8 },
  { "temp", DAY, OSCILLATOR, POLLS, WAN, .sine_ppm = 1, .sine_period_s = 7200 },
  { "off0.3", DAY, POLLS, WAN, .frequency_ppm = -50, .wander = 1e-9, .error_s = 0.3 },
  { "off0.45", DAY, POLLS, WAN, .frequency_ppm = 300, .wander = 1e-9, .error_s = 0.45 },
  { "off100", DAY, POLLS, WAN, .frequency_ppm = 50, .wander = 1e-9, .error_s = 100 },
  { "falsetick", DAY, OSCILLATOR, POLLS, WAN, .liar_error_s = 0.05 },
  { "loss20", DAY, OSCILLATOR, POLLS, WAN, .loss = 0.2 },
  { "outage2h", HALF_DAY, OSCILLATOR, POLLS, WAN, .outage_from_s = 14400, .outage_to_s = 21600 },
  { "step5s", HALF_DAY, OSCILLATOR, POLLS, WAN, .jump_at_s = 21600, .jump_s = 5 },

  { "step5s-unseen", HALF_DAY, OSCILLATOR, POLLS, WAN, .jump_at_s = 21600, .jump_s = 5,
    .jump = SCENARIO_UNSEEN },
  { "pause", HALF_DAY, OSCILLATOR, POLLS, WAN, .jump_at_s = 21600, .jump_s = -30,
    .jump = SCENARIO_UNSEEN },
  { "suspend", HALF_DAY, OSCILLATOR, POLLS, WAN, .jump_at_s = 21600, .jump_s = 0.7,
    .jump = SCENARIO_SUSPEND },
  { "suspend-near", HALF_DAY, OSCILLATOR, POLLS, WAN, .jump_at_s = 21600, .jump_s = -0.2,
    .jump = SCENARIO_SUSPEND },
  { "leap", HALF_DAY, OSCILLATOR, POLLS, WAN, .leap = SCENARIO_LEAP, .leap_at_s = 21600 },
  { "leap-lied", HALF_DAY, OSCILLATOR, POLLS, WAN, .leap = SCENARIO_LEAP_LIED, .leap_at_s = 21600 },
  { "leap-early", HALF_DAY, OSCILLATOR, POLLS, WAN, .leap = SCENARIO_LEAP_EARLY,
    .leap_at_s = 21600 },
  { "smear", DAY, OSCILLATOR, POLLS, WAN, .leap = SCENARIO_LEAP, .leap_at_s = 43200,
    .liar_smears = true },
  { "battery", DAY, POLLS, LAN, .frequency_ppm = 20, .wander = 1e-8, .economy = true },
  { "far", DAY, OSCILLATOR, POLLS, .request = { 100e-3, 10e-3 }, .reply = { 100e-3, 10e-3 } },
  { "wander-10", DAY, POLLS, WAN, .frequency_ppm = 20, .wander = 1e-10 },
  { "wander-7", DAY, POLLS, WAN, .frequency_ppm = 20, .wander = 1e-7 },
  { "lan-wander-8", DAY, POLLS, LAN, .frequency_ppm = 20, .wander = 1e-8 },
  { "lan-temp", DAY, OSCILLATOR, POLLS, LAN, .sine_ppm = 1, .sine_period_s = 7200 },
  { "skewed", DAY, OSCILLATOR, POLLS, QUIET, .skew_s = 1e-3 },
  { "skewed-far", DAY, OSCILLATOR, POLLS, QUIET, .skew_s = 1e-3, .spread = 1 },
  { "reroute", DAY, OSCILLATOR, POLLS, WAN, .reroute_at_s = 43200, .reroute_s = 4e-3 },
  { "wifi-loss", DAY, OSCILLATOR, POLLS, WIFI, .loss = 0.3 },
  { "wifi-temp", DAY, OSCILLATOR, POLLS, WIFI, .sine_ppm = 1, .sine_period_s = 7200 },
  { "temp-loss", DAY, OSCILLATOR, POLLS, WAN, .loss = 0.2, .sine_ppm = 1, .sine_period_s = 7200 },
  { "wander-0", DAY, POLLS, WAN, .frequency_ppm = 20 },
  { "sat", DAY, OSCILLATOR, POLLS, .request = { 0.3, 20e-3 }, .reply = { 0.3, 20e-3 } },
  { "lan-quiet", DAY, OSCILLATOR, POLLS, .request = { 100e-6, 2e-6 }, .reply = { 100e-6, 2e-6 } },
  { "drifttick", DAY, OSCILLATOR, POLLS, WAN, .liar_ppm = 11.6 }, /* 1 s a day, as in a smear */
};
/* clang-format on */

const Scenario *
scenario_by_index (unsigned index)
{
  return index < sizeof scenarios / sizeof *scenarios ? &scenarios[index] : NULL;
}

const Scenario *
scenario_by_name (const char *name)
{
  for (unsigned i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
    if (strcmp (scenarios[i].name, name) == 0)
      return &scenarios[i];
  return NULL;
}
