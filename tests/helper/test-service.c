/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What comes of a call of the service. What it tells of its own accord: test-service-signals.c. */

#include "served-engine.h"

static void
test_arguments (ServedEngine *self, gconstpointer data)
{
  start_on (self, G_BUS_TYPE_SESSION);
  expect (self->client, "AddServer", "('', @a{sv} {})", NAME ".Error.InvalidArgument");
  expect (self->client, "RemoveServer", "('a\\nb',)", NAME ".Error.InvalidArgument");
  expect (self->client, "SyncNow", "({'force': <true>},)", NAME ".Error.InvalidArgument");
  g_assert_cmpuint (self->engine.changes, ==, 0);
  g_assert_cmpuint (self->engine.n_syncs, ==, 0);

  expect (self->client, "AddServer", "('a', @a{sv} {})", NULL);
  expect (self->client, "RemoveServer", "('a',)", NAME ".Error.InvalidArgument");
  g_assert_cmpuint (self->engine.changes, ==, 2);
}

static void
on_step (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
         const char *signal, GVariant *parameters, gpointer data)
{
  g_autofree char *text = g_variant_print (parameters, FALSE);

  g_assert_cmpstr (text, ==, "('a', {'step': <'resolve'>})");
  ++*(guint *) data;
}

static guint
subscribe_to_steps (GDBusConnection *connection, guint *steps)
{
  return g_dbus_connection_signal_subscribe (connection, NAME, INTERFACE, "DiagnoseProgress", PATH,
                                             NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_step, steps, NULL);
}

/* Steps are told to who has asked, who has one diagnosis at a time. */
static void
test_diagnose (ServedEngine *self, gconstpointer data)
{
  GDBusConnection *other = test_bus_connect (test_bus);
  GAsyncResult *result = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autofree char *name = NULL;
  guint steps = 0, other_steps = 0;
  guint ours = subscribe_to_steps (self->client, &steps);

  subscribe_to_steps (other, &other_steps);
  start_on (self, G_BUS_TYPE_SESSION);
  begin (self->client, "Diagnose", "('a', @a{sv} {})", &result);
  while (steps == 0)
    g_main_context_iteration (NULL, TRUE);
  expect (self->client, "Diagnose", "('b', @a{sv} {})", NAME ".Error.Busy");
  expect (other, "GetLedger", "('a', uint32 0)", NULL); /* after which it would have heard */
  g_assert_cmpuint (other_steps, ==, 0);

  fake_engine_end_syncs (&self->engine);
  value = finish (self->client, &result, &name);
  g_assert_nonnull (value);
  g_assert_cmpstr (g_variant_get_type_string (value), ==, "(aa{sv})");
  g_dbus_connection_signal_unsubscribe (self->client, ours);
  g_dbus_connection_close_sync (other, NULL, NULL);
  g_object_unref (other);
}

/* What was shown counts against the clock when the call came, whatever it takes to authorise it. */
static void
test_accept (ServedEngine *self, gconstpointer data)
{
  self->engine.unix_us = 1789000000000000;
  start_on (self, G_BUS_TYPE_SESSION);
  expect (self->client, "AcceptTime", "(int64 1789007200250000,)", NULL);
  g_assert_cmpfloat (self->engine.accepted_s, ==, 7200.25);
  expect (self->client, "AcceptTime", "(int64 -9223372036854775808,)", NULL);
  g_assert_cmpfloat (self->engine.accepted_s, <, -9e12);
  expect (self->client, "RejectTime", "@() ()", NULL);
  g_assert_cmpuint (self->engine.changes, ==, 3);
}

static void
test_sync (ServedEngine *self, gconstpointer data)
{
  GAsyncResult *result = NULL;
  g_autoptr (GVariant) value = NULL, answer = NULL;
  g_autofree char *name = NULL;
  double correction = 0;

  start_on (self, G_BUS_TYPE_SESSION);
  begin (self->client, "SyncNow", "(@a{sv} {},)", &result);
  while (self->engine.n_syncs == 0)
    g_main_context_iteration (NULL, TRUE);
  self->engine.snapshot.offset_s = -0.5;
  fake_engine_end_syncs (&self->engine);
  value = finish (self->client, &result, &name);
  g_assert_nonnull (value);
  g_variant_get (value, "(@a{sv})", &answer);
  g_assert_true (g_variant_lookup (answer, "correction", "d", &correction));
  g_assert_cmpfloat (correction, ==, 2.5);
  g_assert_cmpfloat (self->offset, ==, -0.5); /* it came before the answer */
  g_assert_cmpstr (self->engine.who, ==, g_get_user_name ());
}

static void
test_caller_leaves (ServedEngine *self, gconstpointer data)
{
  GDBusConnection *other = test_bus_connect (test_bus);
  GAsyncResult *result = NULL;
  GCancellable *cancellable;

  start_on (self, G_BUS_TYPE_SESSION);
  begin (other, "SyncNow", "(@a{sv} {},)", &result);
  while (self->engine.n_syncs == 0)
    g_main_context_iteration (NULL, TRUE);
  cancellable = g_task_get_cancellable (self->engine.syncs[0]);
  run_for (20);
  g_assert_false (g_cancellable_is_cancelled (cancellable));

  g_dbus_connection_close_sync (other, NULL, NULL);
  while (!g_cancellable_is_cancelled (cancellable))
    g_main_context_iteration (NULL, TRUE);
  fake_engine_end_syncs (&self->engine);
  g_clear_object (&result);
  g_object_unref (other);
}

static void
test_busy (ServedEngine *self, gconstpointer data)
{
  GDBusConnection *other = test_bus_connect (test_bus);
  GAsyncResult *results[5] = { NULL };

  start_on (self, G_BUS_TYPE_SESSION);
  for (int i = 0; i < 4; i++)
    begin (self->client, "SyncNow", "(@a{sv} {},)", &results[i]);
  expect (self->client, "SyncNow", "(@a{sv} {},)", NAME ".Error.Busy");
  expect (self->client, "GetLedger", "('a', uint32 0)", NULL); /* waits for nobody */
  begin (other, "SyncNow", "(@a{sv} {},)", &results[4]);
  while (self->engine.n_syncs < 5)
    g_main_context_iteration (NULL, TRUE);

  fake_engine_end_syncs (&self->engine);
  for (int i = 0; i < 5; i++)
    {
      g_autofree char *name = NULL;
      g_autoptr (GVariant) value = finish (i < 4 ? self->client : other, &results[i], &name);
      g_assert_nonnull (value);
    }
  expect (self->client, "CancelSync", "@() ()", NULL);
  g_dbus_connection_close_sync (other, NULL, NULL);
  g_object_unref (other);
}

static void
test_end (ServedEngine *self, gconstpointer data)
{
  GAsyncResult *result = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autofree char *name = NULL;

  start_on (self, G_BUS_TYPE_SESSION);
  begin (self->client, "SyncNow", "(@a{sv} {},)", &result);
  while (self->engine.n_syncs == 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_pointer (&self->service, service_free);
  fake_engine_end_syncs (&self->engine);
  value = finish (self->client, &result, &name);
  g_assert_null (value); /* from us or, when we were gone first, from the bus */
  g_assert_nonnull (name);
}

static void
test_name_taken (ServedEngine *self, gconstpointer data)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      self->client, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", NAME, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

  g_assert_nonnull (reply);
  start_on (self, G_BUS_TYPE_SESSION);
  g_assert_nonnull (self->lost);
  g_assert_false (self->engine.started);
}

static void
count_warning (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  if (g_str_has_prefix (message, "polkit cannot be asked"))
    ++*(guint *) data;
}

/* A system bus on which no polkit can be reached. */
static void
test_no_polkit (ServedEngine *self, gconstpointer data)
{
  guint warnings = 0;
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  guint handler =
      g_log_set_handler ("gnomon-helper", G_LOG_LEVEL_WARNING, count_warning, &warnings);

  start_on (self, G_BUS_TYPE_SYSTEM);
  expect (self->client, "SyncNow", "(@a{sv} {},)", NAME ".Error.NotAuthorised");
  g_assert_cmpuint (warnings, ==, 1);
  g_log_remove_handler ("gnomon-helper", handler);
  g_log_set_always_fatal (fatal);
  g_assert_cmpuint (self->engine.n_syncs, ==, 0);
  expect (self->client, "GetLedger", "('a', uint32 0)", NULL);
}

int
main (int argc, char **argv)
{
  served_init (&argc, &argv);
  served_add ("/service/bad-arguments-do-not-reach-the-engine", test_arguments);
  served_add ("/service/steps-are-told-to-who-has-asked", test_diagnose);
  served_add ("/service/an-accepted-time-is-told-as-an-offset", test_accept);
  served_add ("/service/a-sync-is-answered-after-its-properties", test_sync);
  served_add ("/service/a-caller-who-leaves-ends-its-sync", test_caller_leaves);
  served_add ("/service/the-fifth-call-at-once-is-busy", test_busy);
  served_add ("/service/waiting-calls-fail-when-it-ends", test_end);
  served_add ("/service/does-not-start-when-the-name-is-taken", test_name_taken);
  served_add ("/service/without-polkit-everybody-is-denied", test_no_polkit);
  return served_run ();
}
