/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon server: all that is known of one server. */

#include "command.h"

#include "command-print.h"
#include "format.h"
#include "helper-calls.h"
#include "host-check.h"
#include "server-numbers.h"
#include "words.h"

#include <glib/gi18n.h>

char *
command_check_host (CommandRun *run)
{
  const char *reason = host_check (run->arguments[0]);
  return g_strdup (reason);
}

GnomonServer *
command_find_server (CommandRun *run)
{
  const char *host = run->arguments[0];
  GnomonServer *server = gnomon_helper_client_find_server (run->client, host);

  if (server)
    return server;
  if (run->json)
    command_print_json (json_object_new (), "NoSuchServer");
  else
    g_printerr (_ ("“%s” is none of the servers that are asked; “gnomon sources” lists them.\n"),
                host);
  command_run_finish (run, COMMAND_FAILED);
  return NULL;
}

static char *
day (gint64 usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (usec / G_USEC_PER_SEC);
  return usec > 0 && time ? g_date_time_format (time, _ ("%-d %B %Y")) : NULL;
}

static const char *
text (const char *value)
{
  return *value ? value : NULL;
}

static void
print_certificate (const ServerFacts *facts)
{
  g_autofree char *end = day (facts->certificate_not_after);
  g_autofree char *fingerprint = format_fingerprint (facts->certificate_sha256);

  if (!end)
    return;
  command_print_heading (_ ("Certificate"));
  command_print_row (NULL, _ ("Valid Until"), end);
  command_print_row (NULL, _ ("Issued To"), text (facts->certificate_subject));
  command_print_row (NULL, _ ("Issued By"), text (facts->certificate_issuer));
  command_print_row (NULL, _ ("Fingerprint"), text (fingerprint));
}

static void
print_text (GnomonServer *server, double clock_offset)
{
  const ServerFacts *facts = gnomon_server_get_facts (server);
  gint64 now = g_get_real_time ();
  g_autofree char *words = words_for_server (facts, clock_offset, now);
  g_autofree char *sentence = format_capitalised (words);
  g_autofree char *operator_name = words_for_operator (facts);

  g_print ("%s\n", facts->host);
  if (*operator_name)
    g_print ("%s\n", operator_name);
  g_print ("%s\n", sentence);
  command_print_heading (_ ("Measurement"));
  server_measurement_tell (facts, now, command_print_row, NULL);
  command_print_heading (_ ("Protection"));
  server_protection_tell (facts, command_print_row, NULL);
  print_certificate (facts);
}

/* One line for each certificate that it has shown. */
static void
print_ledger (GVariant *certificates)
{
  if (g_variant_n_children (certificates) > 0)
    command_print_heading (_ ("Trust History"));
  for (gsize i = 0; i < g_variant_n_children (certificates); i++)
    {
      g_autoptr (GVariant) certificate = g_variant_get_child_value (certificates, i);
      gint64 first = 0;
      const char *issuer = "";
      const char *sha256 = "";
      g_autofree char *since = NULL;
      g_autofree char *fingerprint = NULL;

      g_variant_lookup (certificate, "first", "x", &first);
      g_variant_lookup (certificate, "issuer", "&s", &issuer);
      g_variant_lookup (certificate, "sha256", "&s", &sha256);
      since = day (first);
      fingerprint = format_fingerprint (sha256);
      command_print_row (NULL, since ? since : "", issuer);
      command_print_row (NULL, "", fingerprint);
    }
}

static void
print_json (GnomonServer *server, GVariant *certificates)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "server", variant_to_json (gnomon_server_get_values (server)));
  json_object_set_member (object, "ledger", variant_to_json (certificates));
  command_print_json (object, NULL);
}

static void
on_ledger (GObject *source, GAsyncResult *result, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) certificates =
      gnomon_helper_client_list_finish (run->client, result, &error);
  g_autoptr (GnomonServer) server = NULL;

  if (!certificates)
    {
      command_run_fail (run, error);
      return;
    }
  server = command_find_server (run);
  if (!server)
    return;
  if (run->json)
    print_json (server, certificates);
  else
    {
      print_text (server, gnomon_helper_client_get_facts (run->client)->offset);
      print_ledger (certificates);
    }
  command_run_finish (run, COMMAND_OK);
}

static void
start_server (CommandRun *run)
{
  g_autoptr (GnomonServer) server = command_find_server (run);

  if (server)
    gnomon_helper_client_get_ledger_async (run->client, gnomon_server_get_facts (server)->host, 0,
                                           run->cancellable, on_ledger, run);
}

const Command COMMAND_SERVER = {
  .name = "server",
  .arguments = N_ ("HOST"),
  .least = 1,
  .most = 1,
  .summary = N_ ("show all that is known of one server"),
  .prepare = command_check_host,
  .start = start_server,
};
