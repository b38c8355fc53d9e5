/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "surroundings.h"

#include "property-watch.h"
#include "rival-watch.h"
#include "sleep-watch.h"

#define NETWORK_MANAGER "org.freedesktop.NetworkManager"

struct Surroundings
{
  Engine *engine;
  RivalWatch *rivals;
  SleepWatch *sleep;
  PropertyWatch *connectivity;
  PropertyWatch *metered;
  PropertyWatch *battery;
  gboolean is_metered;
  gboolean on_battery;
};

static void
on_rival (const char *unit, gpointer data)
{
  Surroundings *self = data;

  engine_set_rival (self->engine, TRUE, unit);
}

static void
on_sleep (gboolean asleep, gpointer data)
{
  Surroundings *self = data;

  if (asleep)
    engine_prepare_sleep (self->engine);
  else
    engine_wake (self->engine);
}

/* NMConnectivityState */
static void
on_connectivity (GVariant *value, gpointer data)
{
  static const EngineConnectivity states[] = {
    ENGINE_CONNECTIVITY_UNKNOWN, ENGINE_CONNECTIVITY_NONE, ENGINE_CONNECTIVITY_PORTAL,
    ENGINE_CONNECTIVITY_LIMITED, ENGINE_CONNECTIVITY_FULL,
  };
  Surroundings *self = data;
  guint32 state = value != NULL ? g_variant_get_uint32 (value) : 0;

  engine_set_connectivity (
      self->engine, state < G_N_ELEMENTS (states) ? states[state] : ENGINE_CONNECTIVITY_UNKNOWN);
}

static void
tell_economy (Surroundings *self)
{
  engine_set_economy (self->engine, self->is_metered || self->on_battery);
}

/* NMMetered: 1 = yes, 3 = probably. */
static void
on_metered (GVariant *value, gpointer data)
{
  Surroundings *self = data;
  guint32 metered = value != NULL ? g_variant_get_uint32 (value) : 0;

  self->is_metered = metered == 1 || metered == 3;
  tell_economy (self);
}

static void
on_battery (GVariant *value, gpointer data)
{
  Surroundings *self = data;

  self->on_battery = value != NULL && g_variant_get_boolean (value);
  tell_economy (self);
}

Surroundings *
surroundings_new (Engine *engine, GDBusConnection *connection, GBusType bus)
{
  static const PropertyPlace connectivity = { NETWORK_MANAGER, "/org/freedesktop/NetworkManager",
                                              NETWORK_MANAGER, "Connectivity", "u" };
  static const PropertyPlace metered = { NETWORK_MANAGER, "/org/freedesktop/NetworkManager",
                                         NETWORK_MANAGER, "Metered", "u" };
  static const PropertyPlace battery = { "org.freedesktop.UPower", "/org/freedesktop/UPower",
                                         "org.freedesktop.UPower", "OnBattery", "b" };
  Surroundings *self = g_new0 (Surroundings, 1);

  self->engine = engine;
  if (bus != G_BUS_TYPE_SYSTEM)
    {
      engine_set_rival (engine, TRUE, NULL);
      return self;
    }
  self->rivals = rival_watch_new (connection, NULL, on_rival, self);
  self->sleep = sleep_watch_new (connection, on_sleep, self);
  self->connectivity = property_watch_new (connection, &connectivity, on_connectivity, self);
  self->metered = property_watch_new (connection, &metered, on_metered, self);
  self->battery = property_watch_new (connection, &battery, on_battery, self);
  return self;
}

void
surroundings_free (Surroundings *self)
{
  g_clear_pointer (&self->rivals, rival_watch_free);
  g_clear_pointer (&self->sleep, sleep_watch_free);
  g_clear_pointer (&self->connectivity, property_watch_free);
  g_clear_pointer (&self->metered, property_watch_free);
  g_clear_pointer (&self->battery, property_watch_free);
  g_free (self);
}
