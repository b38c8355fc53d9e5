/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon add and gnomon remove: which servers are asked. */

#include "command.h"

#include "catalogue.h"
#include "command-server-options.h"
#include "helper-calls.h"
#include "host-check.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

static char *operator_name;
static char *country;

static const GOptionEntry ADD_OPTIONS[] = {
  { "operator", 0, 0, G_OPTION_ARG_STRING, &operator_name, N_ ("Who runs it"), N_ ("NAME") },
  { "country", 0, 0, G_OPTION_ARG_STRING, &country, N_ ("Where it is, in English"), N_ ("NAME") },
  G_OPTION_ENTRY_NULL
};

static char *
prepare_add (CommandRun *run)
{
  const char *reason = host_check (run->arguments[0]);
  return g_strdup (reason ? reason : command_server_options_check ());
}

/* What is known of a public server saves typing, as in the window. */
static void
take_from_catalogue (const char *host)
{
  g_autoptr (GBytes) bytes = g_resources_lookup_data ("/org/gnomon/Gnomon/servers.tsv",
                                                      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GPtrArray) entries = catalogue_parse (bytes ? g_bytes_get_data (bytes, NULL) : "");

  for (guint i = 0; i < entries->len; i++)
    {
      const CatalogueEntry *entry = g_ptr_array_index (entries, i);
      if (g_ascii_strcasecmp (entry->host, host) != 0)
        continue;
      if (!operator_name)
        operator_name = g_strdup (entry->operator_name);
      if (!country)
        country = g_strdup (entry->country);
      command_server_options_suggest_port (entry->port);
    }
}

static void
insert_text (GVariantDict *options, const char *key, const char *value)
{
  if (value && *value)
    g_variant_dict_insert (options, key, "s", value);
}

static GVariant *
add_options (void)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  command_server_options_insert (&options);
  insert_text (&options, "operator", operator_name);
  insert_text (&options, "country", country);
  return g_variant_dict_end (&options);
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *done = g_strdup_printf (_ ("“%s” is asked from now on."), run->arguments[0]);

  gnomon_helper_client_call_finish (run->client, result, &error);
  command_run_end (run, error, done);
}

static void
start_add (CommandRun *run)
{
  take_from_catalogue (run->arguments[0]);
  gnomon_helper_client_add_server_async (run->client, run->arguments[0], add_options (),
                                         run->cancellable, on_added, run);
}

const Command COMMAND_ADD = {
  .name = "add",
  .arguments = N_ ("HOST"),
  .least = 1,
  .most = 1,
  .authorised = TRUE,
  .summary = N_ ("ask one more server"),
  .notes = N_ (
      "HOST is a name or an address. Who runs a public server, and where it is, is filled\n"
      "in from the list that comes with Gnomon. With --accept, issuer = of the same issuer as the\n"
      "last certificate that was believed, key = with the same key."),
  .options = ADD_OPTIONS,
  .more_options = COMMAND_SERVER_OPTIONS,
  .prepare = prepare_add,
  .start = start_add,
};

/* ---- remove ---- */

static void
on_removed (GObject *source, GAsyncResult *result, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *done = g_strdup_printf (_ ("“%s” is not asked any more."), run->arguments[0]);

  gnomon_helper_client_call_finish (run->client, result, &error);
  command_run_end (run, error, done);
}

static void
start_remove (CommandRun *run)
{
  g_autoptr (GnomonServer) server = command_find_server (run);

  if (server)
    gnomon_helper_client_remove_server_async (run->client, gnomon_server_get_facts (server)->host,
                                              run->cancellable, on_removed, run);
}

const Command COMMAND_REMOVE = {
  .name = "remove",
  .arguments = N_ ("HOST"),
  .least = 1,
  .most = 1,
  .authorised = TRUE,
  .summary = N_ ("do not ask a server any more"),
  .notes =
      N_ ("A server that the administrator’s file names is set aside; the file stays as it is."),
  .prepare = command_check_host,
  .start = start_remove,
};
