/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The service on a private bus with an engine that does what the test says. */

#include "fake-engine.h"
#include "service.h"
#include "test-bus.h"

#include <math.h>

#define NAME      "org.gnomon.Helper1"
#define PATH      "/org/gnomon/Helper1"
#define INTERFACE "org.gnomon.Helper1"

/* ---- The bus ---- */

typedef struct
{
  Engine engine;
  Service *service;
  GDBusConnection *client;
  char *lost;    /* the message */
  guint signals; /* PropertiesChanged that came */
  double offset; /* as signalled last */
  guint subscribed;
} Fixture;

static GTestDBus *test_bus;

static void
on_lost (const char *message, gpointer data)
{
  Fixture *self = data;

  g_assert_null (self->lost);
  self->lost = g_strdup (message);
}

static void
on_properties_changed (GDBusConnection *connection, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
  Fixture *self = data;
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

/* Runs the main loop for a time in which nothing is to happen. */
static void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_timeout, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
start_on (Fixture *self, GBusType bus)
{
  self->service = service_new (&self->engine, bus, on_lost, self);
  while (!self->engine.started && self->lost == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
setup (Fixture *self, gconstpointer data)
{
  self->engine.snapshot.uncertainty_s = INFINITY;
  self->client = test_bus_connect (test_bus);
  self->subscribed = g_dbus_connection_signal_subscribe (
      self->client, NAME, "org.freedesktop.DBus.Properties", "PropertiesChanged", PATH, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_properties_changed, self, NULL);
}

static void
teardown (Fixture *self, gconstpointer data)
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

static void
begin (GDBusConnection *client, const char *method, const char *arguments, GAsyncResult **result)
{
  g_dbus_connection_call (client, NAME, PATH, INTERFACE, method, g_variant_new_parsed (arguments),
                          NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL, on_result, result);
}

/* Returns what the method returned, or NULL with the D-Bus name of its error in @name. */
static GVariant *
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

static void
expect (GDBusConnection *client, const char *method, const char *arguments, const char *error)
{
  GAsyncResult *result = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autofree char *name = NULL;

  begin (client, method, arguments, &result);
  value = finish (client, &result, &name);
  g_assert_cmpstr (name, ==, error);
}

static void
change_by (Fixture *self, EngineChange how, double offset)
{
  self->engine.snapshot.offset_s = offset;
  self->engine.listener->changed (&self->engine, how, self->engine.listener_data);
}

static void
change (Fixture *self, double offset)
{
  change_by (self, ENGINE_CHANGE_MEASURED, offset);
}

static void
wait_for_signals (Fixture *self, guint count)
{
  while (self->signals < count)
    g_main_context_iteration (NULL, TRUE);
}

static double
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

/* ---- Tests ---- */

static void
test_pace (Fixture *self, gconstpointer data)
{
  gint64 begun;

  start_on (self, G_BUS_TYPE_SESSION);
  get_double (self->client, "Offset");
  run_for (1100); /* the last publication is then over a second ago */
  self->signals = 0;

  begun = g_get_monotonic_time ();
  for (int i = 1; i <= 100; i++)
    change (self, i);
  wait_for_signals (self, 1);
  g_assert_cmpfloat (self->offset, ==, 100);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 500000);

  for (int i = 101; i <= 200; i++)
    {
      change (self, i);
      run_for (1);
    }
  g_assert_cmpuint (self->signals, ==, 1);
  wait_for_signals (self, 2);
  g_assert_cmpfloat (self->offset, ==, 200);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 990000);
}

static void
test_state (Fixture *self, gconstpointer data)
{
  gint64 begun;

  start_on (self, G_BUS_TYPE_SESSION);
  change (self, 1);
  run_for (50);
  self->signals = 0;

  begun = g_get_monotonic_time ();
  self->engine.snapshot.state = NTP_STATE_SYNCHRONISED;
  change (self, 2);
  wait_for_signals (self, 1);
  g_assert_cmpfloat (self->offset, ==, 2);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 500000);
}

/* Question and answer are told together, and a question that stays without an answer is told too.
 */
static void
test_answer (Fixture *self, gconstpointer data)
{
  gint64 begun;

  start_on (self, G_BUS_TYPE_SESSION);
  get_double (self->client, "Offset");
  run_for (1100);
  self->signals = 0;

  change_by (self, ENGINE_CHANGE_ASKED, 1);
  run_for (100);
  g_assert_cmpuint (self->signals, ==, 0);
  change (self, 2);
  wait_for_signals (self, 1);
  g_assert_cmpfloat (self->offset, ==, 2);

  run_for (1100);
  g_assert_cmpuint (self->signals, ==, 1);
  begun = g_get_monotonic_time ();
  change_by (self, ENGINE_CHANGE_ASKED, 3);
  wait_for_signals (self, 2);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 990000);
}

/* Numbers are told as long as somebody is there who has read one; all else to whoever listens. */
static void
test_readers (Fixture *self, gconstpointer data)
{
  GDBusConnection *reader = test_bus_connect (test_bus);

  start_on (self, G_BUS_TYPE_SESSION);
  run_for (1100);
  self->signals = 0;
  change (self, 1);
  run_for (50);
  g_assert_cmpuint (self->signals, ==, 0);
  change_by (self, ENGINE_CHANGE_SETTINGS, 2);
  wait_for_signals (self, 1);
  self->engine.snapshot.state = NTP_STATE_SYNCHRONISED;
  change (self, 3);
  wait_for_signals (self, 2);

  g_assert_cmpfloat (get_double (reader, "Offset"), ==, 3);
  change (self, 4);
  wait_for_signals (self, 3);
  g_dbus_connection_close_sync (reader, NULL, NULL);
  expect (self->client, "GetLedger", "('a', uint32 0)", NULL); /* before which it is known */
  run_for (1100);
  change (self, 5);
  run_for (50);
  g_assert_cmpuint (self->signals, ==, 3);
  g_object_unref (reader);
}

static void
test_present (Fixture *self, gconstpointer data)
{
  start_on (self, G_BUS_TYPE_SESSION);
  g_assert_true (isinf (get_double (self->client, "Uncertainty")));
  run_for (1100);
  self->engine.snapshot.offset_s = 0.25; /* nothing has been told */
  g_assert_cmpfloat (get_double (self->client, "Offset"), ==, 0.25);
}

static void
test_arguments (Fixture *self, gconstpointer data)
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
test_diagnose (Fixture *self, gconstpointer data)
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
test_accept (Fixture *self, gconstpointer data)
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
test_sync (Fixture *self, gconstpointer data)
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
test_caller_leaves (Fixture *self, gconstpointer data)
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
test_busy (Fixture *self, gconstpointer data)
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
test_end (Fixture *self, gconstpointer data)
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
test_name_taken (Fixture *self, gconstpointer data)
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
test_no_polkit (Fixture *self, gconstpointer data)
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

#define ADD(path, function) g_test_add (path, Fixture, NULL, setup, function, teardown)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  test_bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (test_bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (test_bus), TRUE);

  ADD ("/service/changes-are-told-at-once-and-then-once-a-second", test_pace);
  ADD ("/service/a-new-state-does-not-wait", test_state);
  ADD ("/service/an-answer-is-told-with-its-question", test_answer);
  ADD ("/service/numbers-are-told-to-readers", test_readers);
  ADD ("/service/a-reader-gets-the-present", test_present);
  ADD ("/service/bad-arguments-do-not-reach-the-engine", test_arguments);
  ADD ("/service/steps-are-told-to-who-has-asked", test_diagnose);
  ADD ("/service/an-accepted-time-is-told-as-an-offset", test_accept);
  ADD ("/service/a-sync-is-answered-after-its-properties", test_sync);
  ADD ("/service/a-caller-who-leaves-ends-its-sync", test_caller_leaves);
  ADD ("/service/the-fifth-call-at-once-is-busy", test_busy);
  ADD ("/service/waiting-calls-fail-when-it-ends", test_end);
  ADD ("/service/does-not-start-when-the-name-is-taken", test_name_taken);
  ADD ("/service/without-polkit-everybody-is-denied", test_no_polkit);
  status = g_test_run ();
  g_test_dbus_down (test_bus);
  g_object_unref (test_bus);
  return status;
}
