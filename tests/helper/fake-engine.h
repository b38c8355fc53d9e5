/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An engine that knows what the test says and does nothing, for the tests of the service. */

#pragma once

#include "engine.h"

struct Engine
{
  const EngineListener *listener;
  gpointer listener_data;
  NtpSnapshot snapshot;
  gboolean started;
  gboolean rival_known;
  char rival[64];
  gboolean asleep;
  EngineConnectivity connectivity;
  gboolean economy;
  guint changes; /* how often a method asked for one */
  gint64 unix_us;
  double accepted_s;
  GTask *syncs[8];
  guint n_syncs;
  char *who; /* who asked for the last one */
};

/* Ends all syncs that run: with success, or as cancelled where they have been. */
void fake_engine_end_syncs (Engine *engine);
