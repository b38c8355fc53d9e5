/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line of the simulation: one line of metrics for each run. */

#include <locale.h>
#include <math.h>

#include "client.h"
#include "plot.h"
#include "simulation.h"

static void
print (const Simulation *simulation, unsigned n_servers, unsigned seed)
{
  const Metrics *metrics = &simulation->metrics;

  g_print ("scenario=%s servers=%u seed=%u rms_us=%.2f max_us=%.2f bias_us=%.2f "
           "to_10ms_s=%.0f to_1ms_s=%.0f to_100us_s=%.0f packets_per_hour=%.2f first_hour=%u "
           "coverage=%.4f kernel=%.4f ratio=%.2f outage_rms_us=%.2f back_s=%.0f "
           "duration_s=%.0f\n",
           metrics->scenario->name, n_servers, seed, metrics_rms_s (metrics) * 1e6,
           metrics->largest_s * 1e6, metrics_bias_s (metrics) * 1e6, metrics->limits[0].reached_s,
           metrics->limits[1].reached_s, metrics->limits[2].reached_s,
           simulation_packets_per_hour (simulation), simulation->first_packets,
           metrics_coverage (metrics), metrics_kernel_coverage (metrics), metrics_ratio (metrics),
           metrics_outage_rms_s (metrics) * 1e6, metrics_back_s (metrics),
           metrics->scenario->duration_s);
}

static void
list_scenarios (void)
{
  for (unsigned i = 0; scenario_by_index (i) != NULL; i++)
    g_print ("%s\n", scenario_by_index (i)->name);
}

/* @name: "all" for all. The last run is plotted. */
static gboolean
run_all (const char *name, unsigned n_servers, unsigned seed, unsigned runs, const char *plot_path,
         GError **error)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (SimulationPoint));
  const Scenario *scenario = NULL;
  Simulation simulation;

  for (unsigned i = 0; scenario_by_index (i) != NULL; i++)
    for (unsigned j = 0; j < runs; j++)
      {
        if (!g_str_equal (name, "all") && !g_str_equal (name, scenario_by_index (i)->name))
          continue;
        scenario = scenario_by_index (i);
        g_array_set_size (points, 0);
        simulation_run (&simulation, scenario, n_servers, seed + j, points);
        print (&simulation, n_servers, seed + j);
      }
  if (scenario == NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "no scenario “%s”", name);
  return scenario != NULL
         && (plot_path == NULL || plot_write (plot_path, scenario->name, points, error));
}

int
main (int argc, char *argv[])
{
  g_autofree char *name = NULL, *plot_path = NULL;
  g_autoptr (GError) error = NULL;
  int seed = 1, runs = 1, n_servers = 4;
  gboolean list = FALSE;
  const GOptionEntry entries[] = {
    { "scenario", 's', 0, G_OPTION_ARG_STRING, &name, "What happens, or “all” (default wan)",
      "NAME" },
    { "seed", 'n', 0, G_OPTION_ARG_INT, &seed, "Of the random numbers (default 1)", "N" },
    { "runs", 'r', 0, G_OPTION_ARG_INT, &runs, "With this seed and those after it (default 1)",
      "N" },
    { "servers", 'c', 0, G_OPTION_ARG_INT, &n_servers, "1 to 16 (default 4)", "N" },
    { "plot", 'p', 0, G_OPTION_ARG_FILENAME, &plot_path, "The error of the last run, as SVG",
      "FILE" },
    { "list", 'l', 0, G_OPTION_ARG_NONE, &list, "Name the scenarios", NULL },
    { NULL }
  };

  setlocale (LC_ALL, "C.UTF-8");
  g_autoptr (GOptionContext) context = g_option_context_new ("- keep a simulated clock");
  g_option_context_add_main_entries (context, entries, NULL);
  gboolean understood = g_option_context_parse (context, &argc, &argv, &error);
  if (understood
      && (argc > 1 || seed < 0 || runs < 1 || n_servers < 1 || n_servers > WORLD_SERVERS_MAX))
    g_set_error (&error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "1 to %d servers, at least one run, a seed from 0", WORLD_SERVERS_MAX);
  if (error == NULL && list)
    list_scenarios ();
  else if (error == NULL)
    run_all (name != NULL ? name : "wan", (unsigned) n_servers, (unsigned) seed, (unsigned) runs,
             plot_path, &error);
  if (error != NULL)
    g_printerr ("simulate: %s\n", error->message);
  return error != NULL ? 2 : 0;
}
