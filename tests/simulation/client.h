/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The shell of the simulated client, and its servers: the core's actions into the world, the
 * world's events into the core. */

#pragma once

#include "fake-server.h"
#include "ntp-system.h"
#include "world.h"

typedef struct
{
  World *world;
  NtpSystem *system;
  FakeServer servers[WORLD_SERVERS_MAX];
  gint64 wake_ns; /* monotonic */
  FakeAnswer answer;
  gboolean refused; /* by the kernel, the last adjustment */
  guint refusals;
} Client;

/* Servers of one operator each, all with NTS. */
void client_init (Client *client, World *world);
void client_clear (Client *client);
void client_event (Client *client, WorldEvent event);
NtpSnapshot client_snapshot (const Client *client);
