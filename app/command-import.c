/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon import: takes servers over from another program's configuration. */

#include "command.h"

#include "catalogue.h"
#include "command-print.h"
#include "helper-calls.h"
#include "import.h"
#include "server-adder.h"

#include <glib/gi18n.h>

static char *root;
/* Of all files: ImportEntry *, owned by those arrays of which PLANS is made. */
static GPtrArray *plans;

static const GOptionEntry OPTIONS[] = {
  { "root", 0, 0, G_OPTION_ARG_FILENAME, &root,
    N_ ("Look into the system below that folder, instead of this one"), N_ ("FOLDER") },
  G_OPTION_ENTRY_NULL
};

/* ---- Reading, before the helper is asked for anything ---- */

static gboolean
read_file (const char *path, ImportFormat format, GError **error)
{
  GPtrArray *entries = import_read (root, path, format, error);

  if (!entries)
    return FALSE;
  g_ptr_array_add (plans, entries);
  return TRUE;
}

static gboolean
read_named (const char *name, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (name, root ? "/" : NULL);
  ImportFormat format;

  return import_guess_format (root, path, &format, error) && read_file (path, format, error);
}

static gboolean
read_usual (GError **error)
{
  g_autoptr (GPtrArray) files = import_find (root);

  for (guint i = 0; i < files->len; i++)
    {
      const ImportFile *file = g_ptr_array_index (files, i);
      if (!read_file (file->path, file->format, error))
        return FALSE;
    }
  return TRUE;
}

static void
consult_catalogue (void)
{
  g_autoptr (GBytes) bytes = g_resources_lookup_data ("/org/gnomon/Gnomon/servers.tsv",
                                                      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GPtrArray) catalogue = catalogue_parse (bytes ? g_bytes_get_data (bytes, NULL) : "");

  for (guint i = 0; i < plans->len; i++)
    import_consult (g_ptr_array_index (plans, i), catalogue);
}

static char *
prepare_import (CommandRun *run)
{
  const char *name = run->arguments[0];
  g_autoptr (GError) error = NULL;
  g_autofree char *wrong = run->json ? NULL : command_check_answer (run);

  if (wrong)
    return g_steal_pointer (&wrong);
  plans = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  if (!(name ? read_named (name, &error) : read_usual (&error)))
    return g_strdup (error->message);
  consult_catalogue ();
  return NULL;
}

/* ---- The plan ---- */

static gboolean
is_wanted (CommandRun *run, const ImportEntry *entry)
{
  return entry->verdict != IMPORT_LEFT
         && !gnomon_helper_client_has_server (run->client, entry->host);
}

/* Calls @use for all entries of all files. */
static void
for_each (CommandRun *run, void (*use) (CommandRun *run, const ImportEntry *entry, gpointer data),
          gpointer data)
{
  for (guint i = 0; i < plans->len; i++)
    {
      const GPtrArray *entries = g_ptr_array_index (plans, i);
      for (guint j = 0; j < entries->len; j++)
        use (run, g_ptr_array_index (entries, j), data);
    }
}

static const char *
words_for_entry (CommandRun *run, const ImportEntry *entry)
{
  if (entry->verdict == IMPORT_LEFT)
    return _ ("Not taken");
  if (gnomon_helper_client_has_server (run->client, entry->host))
    return _ ("Asked already");
  return entry->verdict == IMPORT_TAKEN ? _ ("Taken") : _ ("Taken, changed");
}

static void
print_entry (CommandRun *run, const ImportEntry *entry, gpointer data)
{
  g_autofree char *notes = import_entry_notes (entry);
  g_autofree char *place = g_strdup_printf ("%s:%u", entry->file, entry->line);

  command_print_row (NULL, words_for_entry (run, entry), entry->host ? entry->host : entry->text);
  command_print_row (NULL, "", place);
  command_print_row (NULL, "", *notes ? notes : NULL);
}

static void
set_text (JsonObject *object, const char *name, const char *value)
{
  if (value)
    json_object_set_string_member (object, name, value);
}

static void
add_entry (CommandRun *run, const ImportEntry *entry, gpointer data)
{
  static const char *const VERDICTS[] = { "taken", "changed", "left" };
  g_autofree char *notes = import_entry_notes (entry);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "verdict", VERDICTS[entry->verdict]);
  set_text (object, "file", entry->file);
  json_object_set_int_member (object, "line", entry->line);
  set_text (object, "text", entry->text);
  set_text (object, "notes", notes);
  set_text (object, "host", entry->host);
  if (entry->host)
    {
      g_autoptr (GVariant) options = g_variant_ref_sink (import_entry_options (entry));
      json_object_set_boolean_member (object, "asked",
                                      gnomon_helper_client_has_server (run->client, entry->host));
      json_object_set_member (object, "options", variant_to_json (options));
    }
  json_array_add_object_element (data, object);
}

static JsonObject *
plan_object (CommandRun *run)
{
  JsonObject *object = json_object_new ();
  JsonArray *entries = json_array_new ();

  for_each (run, add_entry, entries);
  json_object_set_array_member (object, "entries", entries);
  return object;
}

/* ---- Carrying it out ---- */

static void
append_wanted (CommandRun *run, const ImportEntry *entry, gpointer data)
{
  if (is_wanted (run, entry))
    server_adder_append (data, entry->host, import_entry_options (entry));
}

static void
count_wanted (CommandRun *run, const ImportEntry *entry, gpointer data)
{
  guint *n = data;
  *n += is_wanted (run, entry);
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;
  guint n = server_adder_run_finish (result, &error);
  g_autofree char *left = server_adder_run_left (result);
  JsonObject *object;

  if (run->json && !error)
    {
      object = plan_object (run);
      json_object_set_int_member (object, "added", n);
      command_print_json (object, NULL);
      command_run_finish (run, COMMAND_OK);
      return;
    }
  if (!run->json)
    g_print (
        ngettext ("%u server is asked from now on.\n", "%u servers are asked from now on.\n", n),
        n);
  if (!run->json && error)
    g_print (_ ("Not taken over: %s\n"), left);
  command_run_end (run, error, NULL);
}

static void
add_all (CommandRun *run)
{
  ServerAdder *adder = server_adder_new (run->client);

  for_each (run, append_wanted, adder);
  server_adder_run_async (adder, run->cancellable, on_added, run);
}

static void
start_import (CommandRun *run)
{
  guint n = 0;
  g_autofree char *question = NULL;

  for_each (run, count_wanted, &n);
  if (run->json && !command_has_yes ())
    {
      command_print_json (plan_object (run), NULL);
      command_run_finish (run, COMMAND_OK);
      return;
    }
  if (!run->json)
    for_each (run, print_entry, NULL);
  if (n == 0 && !run->json)
    {
      g_print ("%s\n", plans->len > 0 ? _ ("There is no server to take over.")
                                      : _ ("No configuration of another program was found."));
      command_run_finish (run, COMMAND_FAILED);
      return;
    }
  question = g_strdup_printf (
      ngettext ("Ask this %u server from now on?", "Ask these %u servers from now on?", n), n);
  command_ask (run, question, add_all);
}

const Command COMMAND_IMPORT = {
  .name = "import",
  .arguments = N_ ("[FILE]"),
  .most = 1,
  .authorised = TRUE,
  .summary = N_ ("take servers over from chrony, ntpd, ntpd-rs or systemd-timesyncd"),
  .notes =
      N_ ("Without a file it looks into the usual places. What would be done is shown first;\n"
          "the other program and its files stay as they are. --json shows it, and does it with "
          "--yes."),
  .options = COMMAND_YES_OPTIONS,
  .more_options = OPTIONS,
  .prepare = prepare_import,
  .start = start_import,
};
