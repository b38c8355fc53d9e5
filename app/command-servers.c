/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon add and gnomon remove: which servers are asked. */

#include "command.h"

#include "catalogue.h"
#include "helper-calls.h"
#include "host-check.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

static struct
{
  int port;
  int ntp_port;
  char *ca;
  char *operator_name;
  char *country;
  char *accept;
  gboolean no_nts;
} wanted;

static const GOptionEntry ADD_OPTIONS[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &wanted.port,
    N_ ("TCP port that hands out the keys, 4460 if it is not given"), N_ ("PORT") },
  { "ca", 0, 0, G_OPTION_ARG_FILENAME, &wanted.ca,
    N_ ("Certificates (PEM) to check this server by, instead of the system’s"), N_ ("FILE") },
  { "accept", 0, 0, G_OPTION_ARG_STRING, &wanted.accept,
    N_ ("Certificates that are accepted: any, issuer or key"), N_ ("WHICH") },
  { "operator", 0, 0, G_OPTION_ARG_STRING, &wanted.operator_name, N_ ("Who runs it"), N_ ("NAME") },
  { "country", 0, 0, G_OPTION_ARG_STRING, &wanted.country, N_ ("Where it is, in English"),
    N_ ("NAME") },
  { "no-nts", 0, 0, G_OPTION_ARG_NONE, &wanted.no_nts,
    N_ ("Without authentication: it is compared, and never believed"), NULL },
  { "ntp-port", 0, 0, G_OPTION_ARG_INT, &wanted.ntp_port,
    N_ ("UDP port of the time, only with --no-nts; 123 if it is not given"), N_ ("PORT") },
  G_OPTION_ENTRY_NULL
};

static const char *
check_port (int port)
{
  /* 0 = not given. */
  return port >= 0 && port <= G_MAXUINT16 ? NULL : _ ("A port is a number from 1 to 65535");
}

static const char *
check_accept (const char *which)
{
  static const char *const KNOWN[] = { "any", "issuer", "key", NULL };

  return !which || g_strv_contains (KNOWN, which) ? NULL : _ ("--accept takes any, issuer or key");
}

/* The helper has another working directory. */
static const char *
check_ca (void)
{
  g_autofree char *given = g_steal_pointer (&wanted.ca);

  if (!given)
    return NULL;
  wanted.ca = g_canonicalize_filename (given, NULL);
  return g_file_test (wanted.ca, G_FILE_TEST_IS_REGULAR) ? NULL
                                                         : _ ("The file after --ca is not there");
}

static char *
prepare_add (CommandRun *run)
{
  const char *reason = host_check (run->arguments[0]);

  if (!reason)
    reason = check_port (wanted.port);
  if (!reason)
    reason = check_port (wanted.ntp_port);
  if (!reason)
    reason = check_accept (wanted.accept);
  if (!reason)
    reason = check_ca ();
  if (!reason && wanted.ntp_port > 0 && !wanted.no_nts)
    reason = _ ("--ntp-port needs --no-nts: other servers tell their port themselves");
  if (!reason && wanted.no_nts && (wanted.port > 0 || wanted.ca || wanted.accept))
    reason = _ ("--port, --ca and --accept are about keys, and there are none with --no-nts");
  return g_strdup (reason);
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
      if (!wanted.operator_name)
        wanted.operator_name = g_strdup (entry->operator_name);
      if (!wanted.country)
        wanted.country = g_strdup (entry->country);
      if (wanted.port == 0 && !wanted.no_nts)
        wanted.port = (int) entry->port;
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
  if (wanted.no_nts)
    g_variant_dict_insert (&options, "nts", "b", FALSE);
  if (wanted.port > 0)
    g_variant_dict_insert (&options, "port", "q", (guint16) wanted.port);
  if (wanted.ntp_port > 0)
    g_variant_dict_insert (&options, "ntp-port", "q", (guint16) wanted.ntp_port);
  insert_text (&options, "ca", wanted.ca);
  insert_text (&options, "operator", wanted.operator_name);
  insert_text (&options, "country", wanted.country);
  insert_text (&options, "accept", wanted.accept);
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
  .summary = N_ ("ask one more server"),
  .notes = N_ (
      "HOST is a name or an address. Who runs a public server, and where it is, is filled\n"
      "in from the list that comes with Gnomon. With --accept, issuer = of the same issuer as the\n"
      "last certificate that was believed, key = with the same key."),
  .options = ADD_OPTIONS,
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
  .summary = N_ ("do not ask a server any more"),
  .notes =
      N_ ("A server that the administrator’s file names is set aside; the file stays as it is."),
  .prepare = command_check_host,
  .start = start_remove,
};
