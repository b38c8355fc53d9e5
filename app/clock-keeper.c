/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-keeper.h"

#define NAME "org.freedesktop.timedate1"
#define PATH "/org/freedesktop/timedate1"

static void
on_claimed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
clock_keeper_claim_async (GnomonHelperClient *client, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, data);
  GDBusProxy *proxy = gnomon_helper_client_get_proxy (client, task);
  gboolean on = TRUE;
  gboolean interactive = TRUE;

  g_task_set_source_tag (task, clock_keeper_claim_async);
  if (proxy)
    g_dbus_connection_call (g_dbus_proxy_get_connection (proxy), NAME, PATH, NAME, "SetNTP",
                            g_variant_new ("(bb)", on, interactive), NULL,
                            G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, G_MAXINT,
                            cancellable, on_claimed, g_steal_pointer (&task));
}

gboolean
clock_keeper_claim_finish (GnomonHelperClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
