/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-adder.h"

#include "client-error.h"
#include "helper-calls.h"
#include "witness-words.h"

#include <glib/gi18n.h>

typedef struct
{
  char *host;
  GVariant *options;
  gboolean added;
} Wanted;

struct ServerAdder
{
  GnomonHelperClient *client;
  GArray *wanted; /* Wanted */
  guint next;
  GError *error; /* the first, NULL = none yet */
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
  g_clear_error (&adder->error);
  g_free (adder);
}

void
server_adder_append (ServerAdder *adder, const char *host, GVariant *options)
{
  Wanted wanted = { g_strdup (host), g_variant_ref_sink (options), FALSE };
  g_array_append_val (adder->wanted, wanted);
}

static void add_next (GTask *task);

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ServerAdder *adder = g_task_get_task_data (task);
  Wanted *wanted = &g_array_index (adder->wanted, Wanted, adder->next);
  g_autoptr (GError) error = NULL;
  gboolean refused;

  wanted->added = gnomon_helper_client_call_finish (GNOMON_HELPER_CLIENT (source), result, &error);
  refused = g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_INVALID_ARGUMENT);
  if (error && !adder->error)
    adder->error = g_error_copy (error);
  adder->next = error && !refused ? adder->wanted->len : adder->next + 1;
  add_next (task);
}

static void
add_next (GTask *task)
{
  ServerAdder *adder = g_task_get_task_data (task);
  Wanted *next;

  if (adder->next < adder->wanted->len)
    {
      next = &g_array_index (adder->wanted, Wanted, adder->next);
      gnomon_helper_client_add_server_async (adder->client, next->host, next->options,
                                             g_task_get_cancellable (task), on_added,
                                             g_object_ref (task));
    }
  else if (adder->error)
    g_task_return_error (task, g_error_copy (adder->error));
  else
    g_task_return_boolean (task, TRUE);
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

static guint
count_added (const ServerAdder *adder)
{
  guint added = 0;

  for (guint i = 0; i < adder->wanted->len; i++)
    added += g_array_index (adder->wanted, Wanted, i).added;
  return added;
}

guint
server_adder_run_finish (GAsyncResult *result, GError **error)
{
  g_task_propagate_boolean (G_TASK (result), error);
  return count_added (g_task_get_task_data (G_TASK (result)));
}

char *
server_adder_run_left (GAsyncResult *result)
{
  ServerAdder *adder = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();

  for (guint i = 0; i < adder->wanted->len; i++)
    if (!g_array_index (adder->wanted, Wanted, i).added)
      g_ptr_array_add (hosts, g_array_index (adder->wanted, Wanted, i).host);
  g_ptr_array_add (hosts, NULL);
  return g_strjoinv (", ", (char **) hosts->pdata);
}

char *
server_adder_run_describe (GAsyncResult *result, const GError *error)
{
  ServerAdder *adder = g_task_get_task_data (G_TASK (result));
  guint added = count_added (adder);
  g_autofree char *share = words_for_share (added, adder->wanted->len);
  g_autofree char *left = server_adder_run_left (result);

  if (added == 0)
    return g_strdup (client_error_sentence (error));
  return g_strdup_printf (
      /* Translators: "1 of 3 servers was added, but not a.example, b.example. The time service is
       * not running."; the plural is that of the servers that were added. */
      ngettext ("%s was added, but not %s. %s", "%s were added, but not %s. %s", added), share,
      left, client_error_sentence (error));
}
