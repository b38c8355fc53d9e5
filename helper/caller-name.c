/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "caller-name.h"

#include <pwd.h>

#define ACCOUNT_SIZE_MAX 16384

static void
look_up (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  guint uid = GPOINTER_TO_UINT (data);
  g_autofree char *memory = g_malloc (ACCOUNT_SIZE_MAX);
  struct passwd account, *found = NULL;

  if (getpwuid_r ((uid_t) uid, &account, memory, ACCOUNT_SIZE_MAX, &found) == 0 && found != NULL)
    g_task_return_pointer (task, g_strdup (found->pw_name), g_free);
  else
    g_task_return_pointer (task, g_strdup_printf ("%u", uid), g_free);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint uid;

  if (reply == NULL)
    {
      g_debug ("The bus does not tell who calls: %s", error->message);
      g_task_return_pointer (task, g_strdup (""), g_free);
      return;
    }
  g_variant_get (reply, "(u)", &uid);
  g_task_set_task_data (task, GUINT_TO_POINTER (uid), NULL);
  g_task_run_in_thread (task, look_up);
}

void
caller_name_async (GDBusConnection *connection, const char *caller, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, caller_name_async);
  g_task_set_check_cancellable (task, FALSE);
  g_dbus_connection_call (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "GetConnectionUnixUser",
                          g_variant_new ("(s)", caller), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, cancellable, on_answered, task);
}

char *
caller_name_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
