/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The authority on a private bus with a polkit that answers as the test says. */

#include "authority.h"
#include "error.h"
#include "test-bus.h"

static const char polkit_interface[] =
    "<node><interface name='org.freedesktop.PolicyKit1.Authority'>"
    "  <method name='CheckAuthorization'>"
    "    <arg type='(sa{sv})' direction='in'/><arg type='s' direction='in'/>"
    "    <arg type='a{ss}' direction='in'/><arg type='u' direction='in'/>"
    "    <arg type='s' direction='in'/><arg type='(bba{ss})' direction='out'/>"
    "  </method>"
    "  <method name='CancelCheckAuthorization'><arg type='s' direction='in'/></method>"
    "  <signal name='Changed'/>"
    "</interface></node>";

/* What polkit was asked, and how it is to answer. */
typedef struct
{
  const char *answer; /* a (bba{ss}), "error", or NULL = a person is thinking */
  guint asked;
  char *subject_kind, *subject_name, *action;
  guint32 flags;
  GDBusMethodInvocation *waiting;
  gboolean cancelled;
} Polkit;

typedef struct
{
  Polkit polkit;
  GDBusConnection *polkit_connection;
  GDBusConnection *connection; /* of the helper and, in these tests, of the caller */
  Authority *authority;
  GCancellable *cancellable;
} Fixture;

typedef struct
{
  gboolean done;
  gboolean allowed;
  GError *error;
} Outcome;

static GTestDBus *test_bus;

static void
remember_question (Polkit *polkit, GVariant *parameters)
{
  g_autoptr (GVariant) details = NULL;

  polkit->asked++;
  g_clear_pointer (&polkit->subject_kind, g_free);
  g_clear_pointer (&polkit->subject_name, g_free);
  g_clear_pointer (&polkit->action, g_free);
  g_variant_get (parameters, "((s@a{sv})s@a{ss}us)", &polkit->subject_kind, &details,
                 &polkit->action, NULL, &polkit->flags, NULL);
  g_variant_lookup (details, "name", "s", &polkit->subject_name);
}

static void
on_polkit_call (GDBusConnection *connection, const char *sender, const char *path,
                const char *interface, const char *method, GVariant *parameters,
                GDBusMethodInvocation *invocation, gpointer data)
{
  Polkit *polkit = data;

  if (g_str_equal (method, "CancelCheckAuthorization"))
    {
      polkit->cancelled = TRUE;
      g_dbus_method_invocation_return_value (invocation, NULL);
      return;
    }
  remember_question (polkit, parameters);
  if (polkit->answer == NULL)
    polkit->waiting = invocation;
  else if (g_str_equal (polkit->answer, "error"))
    g_dbus_method_invocation_return_dbus_error (
        invocation, "org.freedesktop.PolicyKit1.Error.NotAuthorized", "Only trusted callers");
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new_parsed (polkit->answer));
}

static void
start_polkit (Fixture *self)
{
  static const GDBusInterfaceVTable vtable = { on_polkit_call, NULL, NULL, { 0 } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (polkit_interface, NULL);
  g_autoptr (GVariant) reply = NULL;
  guint id;

  self->polkit_connection = test_bus_connect (test_bus);
  id = g_dbus_connection_register_object (self->polkit_connection,
                                          "/org/freedesktop/PolicyKit1/Authority",
                                          node->interfaces[0], &vtable, &self->polkit, NULL, NULL);
  g_assert_cmpuint (id, !=, 0);
  reply =
      g_dbus_connection_call_sync (self->polkit_connection, "org.freedesktop.DBus",
                                   "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                   g_variant_new ("(su)", "org.freedesktop.PolicyKit1", 0), NULL,
                                   G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (reply);
}

static void
setup (Fixture *self, gconstpointer data)
{
  start_polkit (self);
  self->connection = test_bus_connect (test_bus);
  self->authority = authority_new (self->connection, G_BUS_TYPE_SYSTEM);
  self->cancellable = g_cancellable_new ();
}

static void
teardown (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->polkit.waiting);
  g_free (self->polkit.subject_kind);
  g_free (self->polkit.subject_name);
  g_free (self->polkit.action);
  authority_free (self->authority);
  g_object_unref (self->cancellable);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_object_unref (self->connection);
  g_dbus_connection_close_sync (self->polkit_connection, NULL, NULL);
  g_object_unref (self->polkit_connection);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->allowed = authority_check_finish (NULL, result, &outcome->error);
  outcome->done = TRUE;
}

static void
begin (Fixture *self, const char *method, gboolean interactive, Outcome *outcome)
{
  *outcome = (Outcome){ 0 };
  authority_check_async (self->authority, method,
                         g_dbus_connection_get_unique_name (self->connection), interactive,
                         self->cancellable, on_checked, outcome);
}

/* @code: −1 = allowed. */
static void
expect (Fixture *self, const char *method, gboolean interactive, int code)
{
  Outcome outcome;

  begin (self, method, interactive, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (outcome.allowed, ==, code == -1);
  if (code == -1)
    g_assert_no_error (outcome.error);
  else
    g_assert_error (outcome.error, GNOMON_ERROR, code);
  g_clear_error (&outcome.error);
}

static void
test_question (Fixture *self, gconstpointer data)
{
  self->polkit.answer = "((true, false, @a{ss} {}),)";
  expect (self, "SyncNow", FALSE, -1);
  g_assert_cmpstr (self->polkit.subject_kind, ==, "system-bus-name");
  g_assert_cmpstr (self->polkit.subject_name, ==,
                   g_dbus_connection_get_unique_name (self->connection));
  g_assert_cmpstr (self->polkit.action, ==, "org.gnomon.helper.sync-now");
  g_assert_cmpuint (self->polkit.flags, ==, 0);

  expect (self, "AddServer", TRUE, -1);
  g_assert_cmpstr (self->polkit.action, ==, "org.gnomon.helper.configure");
  g_assert_cmpuint (self->polkit.flags, ==, 1); /* AllowUserInteraction */
}

static void
test_answers (Fixture *self, gconstpointer data)
{
  self->polkit.answer = "((false, false, @a{ss} {}),)";
  expect (self, "SyncNow", TRUE, GNOMON_ERROR_NOT_AUTHORISED);
  self->polkit.answer = "((false, true, @a{ss} {}),)"; /* a password would be needed */
  expect (self, "SyncNow", FALSE, GNOMON_ERROR_NOT_AUTHORISED);
  self->polkit.answer = "((false, false, {'polkit.dismissed': 'true'}),)";
  expect (self, "SyncNow", TRUE, GNOMON_ERROR_CANCELLED);
  self->polkit.answer = "error";
  expect (self, "SyncNow", TRUE, GNOMON_ERROR_NOT_AUTHORISED);
}

static void
test_table (Fixture *self, gconstpointer data)
{
  static const char *const open[] = { "GetHistory", "GetEvents", "GetLedger" };
  static const char *const guarded[] = { "SyncNow",      "CancelSync",    "AddServer",
                                         "ChangeServer", "RemoveServer",  "SetOptions",
                                         "SetAutomatic", "Diagnose",      "AcceptTime",
                                         "RejectTime",   "DeleteRecords", "CancelDiagnose" };

  self->polkit.answer = "((false, false, @a{ss} {}),)";
  for (size_t i = 0; i < G_N_ELEMENTS (open); i++)
    expect (self, open[i], FALSE, -1);
  g_assert_cmpuint (self->polkit.asked, ==, 0);
  for (size_t i = 0; i < G_N_ELEMENTS (guarded); i++)
    expect (self, guarded[i], FALSE, GNOMON_ERROR_NOT_AUTHORISED);
  g_assert_cmpuint (self->polkit.asked, ==, G_N_ELEMENTS (guarded));

  self->polkit.answer = "((true, false, @a{ss} {}),)";
  expect (self, "SetClockOfEverybody", FALSE, GNOMON_ERROR_NOT_AUTHORISED);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  Outcome outcome;

  begin (self, "SyncNow", TRUE, &outcome);
  while (self->polkit.waiting == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (outcome.done);
  g_cancellable_cancel (self->cancellable);
  while (!outcome.done || !self->polkit.cancelled)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (outcome.allowed);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&outcome.error);
}

static void
test_session (Fixture *self, gconstpointer data)
{
  authority_free (self->authority);
  self->authority = authority_new (self->connection, G_BUS_TYPE_SESSION);
  expect (self, "SyncNow", FALSE, -1); /* we are the same user as ourselves */
  expect (self, "SetClockOfEverybody", FALSE, GNOMON_ERROR_NOT_AUTHORISED);
  g_assert_cmpuint (self->polkit.asked, ==, 0);
}

/* A name that has left the bus is nobody, whoever it was. */
static void
test_session_left (Fixture *self, gconstpointer data)
{
  Outcome outcome = { 0 };

  authority_free (self->authority);
  self->authority = authority_new (self->connection, G_BUS_TYPE_SESSION);
  authority_check_async (self->authority, "SyncNow", ":1.4711", FALSE, NULL, on_checked, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (outcome.allowed);
  g_assert_error (outcome.error, GNOMON_ERROR, GNOMON_ERROR_NOT_AUTHORISED);
  g_clear_error (&outcome.error);
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

  ADD ("/authority/asks-polkit-about-the-bus-name-of-the-caller", test_question);
  ADD ("/authority/everything-but-yes-is-denied", test_answers);
  ADD ("/authority/every-method-has-its-action-and-others-are-denied", test_table);
  ADD ("/authority/cancelling-takes-the-question-back", test_cancelled);
  ADD ("/authority/on-a-session-bus-the-same-user-is-authorised", test_session);
  ADD ("/authority/a-caller-who-has-left-is-denied", test_session_left);
  status = g_test_run ();
  g_test_dbus_down (test_bus);
  g_object_unref (test_bus);
  return status;
}
