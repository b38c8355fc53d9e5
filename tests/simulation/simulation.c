/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "simulation.h"

#include <math.h>

#include "client.h"

#define FIRST_HOUR_S 3600.0

static void
look (Simulation *simulation, const World *world, const Client *client, GArray *points)
{
  NtpSnapshot snapshot = client_snapshot (client);
  double error_s = world_error_s (world);
  metrics_add (&simulation->metrics, world->true_s, error_s, -snapshot.offset_s,
               snapshot.uncertainty_s, world_maximum_error_s (world));
  simulation->packets = world->sent;
  if (world->true_s <= FIRST_HOUR_S)
    simulation->first_packets = world->sent;
  if (points != NULL && (long) world->true_s % 60 == 0)
    {
      SimulationPoint point = { world->true_s, error_s, -snapshot.offset_s,
                                snapshot.uncertainty_s };
      g_array_append_val (points, point);
    }
}

void
simulation_run (Simulation *simulation, const Scenario *scenario, unsigned n_servers, unsigned seed,
                GArray *points)
{
  World world;
  Client client;
  WorldEvent event;

  *simulation = (Simulation){ 0 };
  metrics_init (&simulation->metrics, scenario);
  world_init (&world, scenario, n_servers, seed);
  client_init (&client, &world);
  do
    {
      event = world_next (&world);
      if (event == WORLD_SECOND || event == WORLD_END)
        look (simulation, &world, &client, points);
      else
        client_event (&client, event);
    }
  while (event != WORLD_END);
  simulation->refusals = client.refusals;
  client_clear (&client);
}

double
simulation_packets_per_hour (const Simulation *simulation)
{
  double seconds = simulation->metrics.scenario->duration_s - FIRST_HOUR_S;
  return (simulation->packets - simulation->first_packets) * 3600 / seconds;
}
