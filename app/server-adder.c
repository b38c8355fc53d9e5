/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-adder.h"

#include "helper-calls.h"

typedef struct
{
  char *host;
  GVariant *options;
} Wanted;

struct ServerAdder
{
  GnomonHelperClient *client;
  GArray *wanted; /* Wanted */
  guint added;
};

static void
clear_wanted (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->host);
  g_variant_unref (wanted->options);
}

ServerAdder *
server_adder_new (GnomonHelperClient *client)
{
  ServerAdder *adder = g_new0 (ServerAdder, 1);

  adder->client = g_object_ref (client);
  adder->wanted = g_array_new (FALSE, FALSE, sizeof (Wanted));
  g_array_set_clear_func (adder->wanted, clear_wanted);
  return adder;
}

void
server_adder_free (ServerAdder *adder)
{
  g_object_unref (adder->client);
  g_array_unref (adder->wanted);
  g_free (adder);
}

void
server_adder_append (ServerAdder *adder, const char *host, GVariant *options)
{
  Wanted wanted = { g_strdup (host), g_variant_ref_sink (options) };
  g_array_append_val (adder->wanted, wanted);
}

static void add_next (GTask *task);

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ServerAdder *adder = g_task_get_task_data (task);
  GError *error = NULL;

  if (!gnomon_helper_client_call_finish (GNOMON_HELPER_CLIENT (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  adder->added++;
  add_next (task);
}

static void
add_next (GTask *task)
{
  ServerAdder *adder = g_task_get_task_data (task);
  Wanted *next;

  if (adder->added == adder->wanted->len)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  next = &g_array_index (adder->wanted, Wanted, adder->added);
  gnomon_helper_client_add_server_async (adder->client, next->host, next->options,
                                         g_task_get_cancellable (task), on_added,
                                         g_object_ref (task));
}

void
server_adder_run_async (ServerAdder *adder, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, server_adder_run_async);
  g_task_set_task_data (task, adder, (GDestroyNotify) server_adder_free);
  add_next (task);
}

guint
server_adder_run_finish (GAsyncResult *result, GError **error)
{
  ServerAdder *adder = g_task_get_task_data (G_TASK (result));

  g_task_propagate_boolean (G_TASK (result), error);
  return adder->added;
}
