/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sandbox.h"

typedef struct
{
  GDBusConnection *connection;
  guint subscription;
  gboolean answered;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_dbus_connection_signal_unsubscribe (request->connection, request->subscription);
  g_object_unref (request->connection);
  g_free (request);
}

gboolean
sandbox_is_on (void)
{
  return g_strcmp0 (g_getenv ("GTK_USE_PORTAL"), "1") == 0
         || g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

/* The first word counts; the reference that waits for it goes with it. */
static gboolean
is_first_answer (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  gboolean first = !request->answered;

  request->answered = TRUE;
  return first;
}

static void
on_response (GDBusConnection *connection, const char *sender, const char *path,
             const char *interface, const char *signal, GVariant *parameters, gpointer data)
{
  GTask *task = data;
  g_autoptr (GVariant) results = NULL;
  guint response;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")) || !is_first_answer (task))
    return;
  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (response == 0)
    g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify) g_variant_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The desktop said no");
  g_object_unref (task);
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply || !is_first_answer (task))
    return;
  g_task_return_error (task, g_steal_pointer (&error));
  g_object_unref (task);
}

/* The object is known by its name before the call, so that no answer comes too early. */
static char *
request_path (GDBusConnection *connection, const char *token)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (connection) + 1);

  g_strdelimit (sender, ".", '_');
  return g_strdup_printf (PORTAL_PATH "/request/%s/%s", sender, token);
}

void
sandbox_request_async (GDBusConnection *connection, const char *interface, const char *method,
                       GVariant *parameters, GVariantDict *options, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  static guint n;
  g_autofree char *token = g_strdup_printf ("gnomon%u", ++n);
  g_autofree char *path = request_path (connection, token);
  g_autoptr (GVariant) sunk = g_variant_ref_sink (parameters);
  GTask *task = g_task_new (connection, cancellable, callback, data);
  Request *request = g_new0 (Request, 1);
  GVariantBuilder all = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);

  for (gsize i = 0; i < g_variant_n_children (sunk); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (sunk, i);
      g_variant_builder_add_value (&all, child);
    }
  g_variant_dict_insert (options, "handle_token", "s", token);
  g_variant_builder_add_value (&all, g_variant_dict_end (options));

  g_task_set_source_tag (task, sandbox_request_async);
  request->connection = g_object_ref (connection);
  request->subscription = g_dbus_connection_signal_subscribe (
      connection, PORTAL_NAME, "org.freedesktop.portal.Request", "Response", path, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_response, task, NULL);
  g_task_set_task_data (task, request, request_free);
  g_dbus_connection_call (connection, PORTAL_NAME, PORTAL_PATH, interface, method,
                          g_variant_builder_end (&all), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, cancellable, on_called, g_object_ref (task));
}

GVariant *
sandbox_request_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
