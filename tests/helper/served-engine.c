/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "served-engine.h"

#include <math.h>

GTestDBus *test_bus;

static void
on_lost (const char *message, gpointer data)
{
  ServedEngine *self = data;

  g_assert_null (self->lost);
  self->lost = g_strdup (message);
}

static void
on_properties_changed (GDBusConnection *connection, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
  ServedEngine *self = data;
  g_autoptr (GVariant) changed = g_variant_get_child_value (parameters, 1);

  self->signals++;
  g_variant_lookup (changed, "Offset", "d", &self->offset);
}

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_timeout, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

void
start_on (ServedEngine *self, GBusType bus)
{
  self->service = service_new (&self->engine, bus, on_lost, self);
  while (!self->engine.started && self->lost == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
setup (ServedEngine *self, gconstpointer data)
{
  self->engine.snapshot.uncertainty_s = INFINITY;
  self->client = test_bus_connect (test_bus);
  self->subscribed = g_dbus_connection_signal_subscribe (
      self->client, NAME, "org.freedesktop.DBus.Properties", "PropertiesChanged", PATH, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_properties_changed, self, NULL);
}

static void
teardown (ServedEngine *self, gconstpointer data)
{
  g_clear_pointer (&self->service, service_free);
  fake_engine_end_syncs (&self->engine);
  g_dbus_connection_signal_unsubscribe (self->client, self->subscribed);
  g_dbus_connection_close_sync (self->client, NULL, NULL);
  g_object_unref (self->client);
  g_free (self->engine.who);
  g_free (self->lost);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

void
begin (GDBusConnection *client, const char *method, const char *arguments, GAsyncResult **result)
{
  g_dbus_connection_call (client, NAME, PATH, INTERFACE, method, g_variant_new_parsed (arguments),
                          NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL, on_result, result);
}

GVariant *
finish (GDBusConnection *client, GAsyncResult **result, char **name)
{
  g_autoptr (GError) error = NULL;
  GVariant *value;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  value = g_dbus_connection_call_finish (client, *result, &error);
  g_clear_object (result);
  *name = value == NULL ? g_dbus_error_get_remote_error (error) : NULL;
  return value;
}

void
expect (GDBusConnection *client, const char *method, const char *arguments, const char *error)
{
  GAsyncResult *result = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autofree char *name = NULL;

  begin (client, method, arguments, &result);
  value = finish (client, &result, &name);
  g_assert_cmpstr (name, ==, error);
}

void
change_by (ServedEngine *self, EngineChange how, double offset)
{
  self->engine.snapshot.offset_s = offset;
  self->engine.listener->changed (&self->engine, how, self->engine.listener_data);
}

void
change (ServedEngine *self, double offset)
{
  change_by (self, ENGINE_CHANGE_MEASURED, offset);
}

void
wait_for_signals (ServedEngine *self, guint count)
{
  while (self->signals < count)
    g_main_context_iteration (NULL, TRUE);
}

double
get_double (GDBusConnection *client, const char *property)
{
  GAsyncResult *result = NULL;
  g_autoptr (GVariant) reply = NULL, value = NULL;
  g_autofree char *name = NULL;

  g_dbus_connection_call (client, NAME, PATH, "org.freedesktop.DBus.Properties", "Get",
                          g_variant_new ("(ss)", INTERFACE, property), NULL, G_DBUS_CALL_FLAGS_NONE,
                          10000, NULL, on_result, &result);
  reply = finish (client, &result, &name);
  g_assert_nonnull (reply);
  g_variant_get (reply, "(v)", &value);
  return g_variant_get_double (value);
}

void
served_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  test_bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (test_bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (test_bus), TRUE);
}

void
served_add (const char *path, ServedTest test)
{
  g_test_add (path, ServedEngine, NULL, setup, test, teardown);
}

int
served_run (void)
{
  int status = g_test_run ();

  g_test_dbus_down (test_bus);
  g_object_unref (test_bus);
  return status;
}
