/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is promised of the clock, whatever befalls it: one row for each scenario. */

#include <locale.h>
#include <math.h>

#include "simulation.h"

#define SEEDS 10

/* The worst of all seeds must stay within; the coverage is that of all seeds together. 0 = not
 * promised. */
typedef struct
{
  const char *scenario;
  unsigned n_servers;
  double rms_us;
  double max_us;
  double to_10ms_s;
  double to_1ms_s;
  double packets_per_hour;
  double first_packets;
  double back_s;
} Promise;

static const Promise promises[] = {
  /* scenario, servers, rms, max, 10 ms, 1 ms, packets/h, in the first hour, back after a jump */
  { "lan", 4, 23, 120, 2, 60, 18, 110, 0 },
  { "lan", 1, 46, 250, 2, 100, 6, 30, 0 },
  { "lan-temp", 4, 24, 130, 2, 60, 65, 130, 0 },
  { "lan-fast", 4, 3, 20, 2, 2, 891, 910, 0 },
  { "wan", 4, 180, 700, 2, 130, 14.3, 110, 0 },
  { "wan", 1, 450, 1500, 2, 300, 3.8, 30, 0 },
  { "wan", 16, 100, 400, 2, 60, 57.5, 430, 0 },
  { "wan-fast", 4, 48, 250, 2, 60, 223, 300, 0 },
  { "wifi-loss", 4, 400, 1700, 900, 0, 14.8, 130, 0 },
  { "wifi-loss", 1, 1200, 4000, 1500, 0, 4, 40, 0 },
  { "wifi", 4, 250, 1000, 2, 600, 14.6, 120, 0 },
  { "asym", 4, 2300, 5000, 2, 0, 14.3, 110, 0 },
  { "asym", 1, 2700, 5000, 2, 0, 3.8, 30, 0 },
  { "wander-8", 1, 750, 4000, 2, 300, 3.8, 30, 0 },
  { "wander-8", 4, 350, 2000, 2, 130, 14.6, 110, 0 },
  { "temp", 4, 400, 2000, 2, 130, 16, 110, 0 },
  { "temp", 1, 1000, 3500, 2, 300, 5, 30, 0 },
  { "off0.3", 4, 180, 700, 9, 130, 14.3, 110, 0 },
  { "off0.45", 4, 180, 700, 100, 150, 14.3, 110, 0 },
  { "off100", 4, 180, 700, 5, 130, 14.3, 110, 0 },
  { "falsetick", 4, 180, 900, 2, 130, 14.3, 110, 0 },
  { "drifttick", 4, 230, 1300, 2, 0, 17, 125, 0 },
  { "loss20", 4, 240, 900, 2, 300, 14.5, 130, 0 },
  { "loss20", 1, 583, 2500, 2, 400, 4, 32, 0 },
  { "outage2h", 4, 220, 900, 2, 130, 15, 110, 0 },
  { "step5s", 4, 220, 900, 2, 130, 14.6, 110, 2 },
  { "step5s-unseen", 4, 220, 900, 2, 130, 15, 110, 400 },
  { "pause", 4, 220, 900, 2, 130, 15, 110, 800 },
  { "suspend", 4, 220, 900, 2, 130, 15, 110, 2 },
  { "suspend", 1, 500, 1500, 2, 300, 4, 30, 60 },
  { "suspend-near", 4, 220, 900, 2, 130, 15, 110, 5 },
  { "leap", 4, 220, 900, 2, 130, 15, 110, 0 },
  { "leap", 1, 450, 1500, 2, 300, 4, 30, 0 },
  { "leap-lied", 4, 220, 900, 2, 130, 15, 110, 0 },
  { "leap-early", 4, 220, 900, 2, 130, 15, 110, 0 },
  { "smear", 4, 300, 1500, 2, 0, 16.5, 115, 0 },
  { "battery", 4, 40, 250, 2, 130, 40, 80, 0 },
  { "far", 4, 1000, 4000, 6, 0, 14.5, 110, 0 },
  { "wander-7", 4, 600, 5000, 2, 130, 43, 110, 0 },
  { "skewed", 4, 300, 1200, 2, 130, 14.5, 110, 0 },
  { "reroute", 4, 2100, 3000, 2, 130, 14.5, 110, 0 },
};

static void
check_run (const Promise *promise, const Simulation *simulation)
{
  const Metrics *metrics = &simulation->metrics;

  g_assert_cmpfloat (metrics_rms_s (metrics) * 1e6, <=, promise->rms_us);
  g_assert_cmpfloat (metrics->largest_s * 1e6, <=, promise->max_us);
  g_assert_cmpfloat (metrics->limits[0].reached_s, <=, promise->to_10ms_s);
  if (promise->to_1ms_s > 0)
    g_assert_cmpfloat (metrics->limits[1].reached_s, <=, promise->to_1ms_s);
  g_assert_cmpfloat (simulation_packets_per_hour (simulation), <=, promise->packets_per_hour);
  g_assert_cmpfloat (simulation->first_packets, <=, promise->first_packets);
  g_assert_cmpfloat (metrics_back_s (metrics), <=, promise->back_s);
  g_assert_cmpuint (simulation->refusals, ==, 0);
}

static void
test_promise (gconstpointer data)
{
  const Promise *promise = data;
  const Scenario *scenario = scenario_by_name (promise->scenario);
  double coverage = 0, kernel_coverage = 0;

  for (unsigned seed = 1; seed <= SEEDS; seed++)
    {
      Simulation simulation;
      g_test_message ("seed %u", seed);
      simulation_run (&simulation, scenario, promise->n_servers, seed, NULL);
      check_run (promise, &simulation);
      coverage += metrics_coverage (&simulation.metrics) / SEEDS;
      kernel_coverage += metrics_kernel_coverage (&simulation.metrics) / SEEDS;
    }
  /* Nobody can see that a path has become longer in one direction. */
  if (g_str_equal (promise->scenario, "reroute"))
    return;
  g_assert_cmpfloat (coverage, >=, 0.99);
  g_assert_cmpfloat (kernel_coverage, >=, 0.99);
}

static void
test_same_seed_same_run (void)
{
  Simulation first, second, other;
  const Scenario *scenario = scenario_by_name ("loss20");

  simulation_run (&first, scenario, 4, 7, NULL);
  simulation_run (&second, scenario, 4, 7, NULL);
  simulation_run (&other, scenario, 4, 8, NULL);
  g_assert_cmpfloat (first.metrics.squares, ==, second.metrics.squares);
  g_assert_cmpuint (first.packets, ==, second.packets);
  g_assert_cmpfloat (first.metrics.squares, !=, other.metrics.squares);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (promises); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/simulation/%s/%u", promises[i].scenario, promises[i].n_servers);
      g_test_add_data_func (path, &promises[i], test_promise);
    }
  g_test_add_func ("/simulation/same-seed-same-run", test_same_seed_same_run);
  return g_test_run ();
}
