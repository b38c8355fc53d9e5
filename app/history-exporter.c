/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "history-exporter.h"

#include "client-error.h"
#include "helper-calls.h"
#include "history-export.h"

#include <glib/gi18n.h>

/* What the report is about. */
#define PERIOD     (30 * G_TIME_SPAN_DAY)
#define EVERYTHING 0

static const struct
{
  const char *title;
  const char *name;
} FORMATS[] = {
  [HISTORY_FORMAT_CSV] = { N_ ("Export Table"), "gnomon-history.csv" },
  [HISTORY_FORMAT_JSON] = { N_ ("Export Data"), "gnomon-history.json" },
  [HISTORY_FORMAT_REPORT] = { N_ ("Export Report"), "gnomon-report.html" },
};

/* One export on its way; freed when it has ended. */
typedef struct
{
  GnomonWindow *window;
  GnomonHelperClient *client;
  HistoryFormat format;
  GtkFileChooserNative *chooser;
  GFile *file;
  GVariant *events;
  GVariant *samples;
  GVariant *servers;
  GPtrArray *hosts;
  GPtrArray *ledgers;
} Export;

static void
export_free (Export *self)
{
  g_clear_object (&self->chooser);
  g_clear_object (&self->file);
  g_clear_pointer (&self->events, g_variant_unref);
  g_clear_pointer (&self->samples, g_variant_unref);
  g_clear_pointer (&self->servers, g_variant_unref);
  g_ptr_array_unref (self->hosts);
  g_ptr_array_unref (self->ledgers);
  g_object_unref (self->client);
  g_object_unref (self->window);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

static void
tell_failure (Export *self, const char *why)
{
  /* Translators: why a file could not be written. */
  g_autofree char *text = g_strdup_printf (_ ("Nothing was exported: %s"), why);
  gnomon_window_show_toast (self->window, text);
}

/* ---- Writing ---- */

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Export) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autofree char *text = g_strdup_printf (_ ("Saved as “%s”"), name);

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    gnomon_window_show_toast (self->window, text);
  else
    tell_failure (self, error->message);
}

static char *
make_text (Export *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  gint64 now = g_get_real_time ();
  const HistoryReport report = { .events = self->events,
                                 .samples = self->samples,
                                 .servers = self->servers,
                                 .hosts = self->hosts,
                                 .ledgers = self->ledgers,
                                 .from = now - PERIOD,
                                 .now = now,
                                 .zone = zone };

  if (self->format == HISTORY_FORMAT_CSV)
    return history_to_csv (self->events);
  if (self->format == HISTORY_FORMAT_JSON)
    return history_to_json (self->events, self->samples, self->servers, now);
  return history_to_report (&report);
}

/* GIO writes beside the file and renames it in the end, so that it is never half there. */
static void
write_file (Export *self)
{
  char *text = make_text (self);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  g_file_replace_contents_bytes_async (self->file, bytes, NULL, FALSE,
                                       G_FILE_CREATE_REPLACE_DESTINATION, NULL, on_written, self);
}

/* ---- Gathering ---- */

static void ask_for_ledger (Export *self);

static void
on_ledger (GObject *source, GAsyncResult *result, gpointer data)
{
  Export *self = data;
  GVariant *ledger = gnomon_helper_client_list_finish (self->client, result, NULL);

  /* A server of which nothing is known has no certificates. */
  if (!ledger)
    ledger = g_variant_ref_sink (g_variant_new ("aa{sv}", NULL));
  g_ptr_array_add (self->ledgers, ledger);
  ask_for_ledger (self);
}

/* One server after the other. */
static void
ask_for_ledger (Export *self)
{
  if (self->ledgers->len == self->hosts->len)
    write_file (self);
  else
    gnomon_helper_client_get_ledger_async (self->client, self->hosts->pdata[self->ledgers->len],
                                           EVERYTHING, NULL, on_ledger, self);
}

static void
read_servers (Export *self)
{
  self->servers = gnomon_helper_client_get_server_values (self->client);
  if (!self->servers)
    self->servers = g_variant_ref_sink (g_variant_new ("aa{sv}", NULL));
  for (gsize i = 0; i < g_variant_n_children (self->servers); i++)
    {
      g_autoptr (GVariant) server = g_variant_get_child_value (self->servers, i);
      const char *host;

      if (g_variant_lookup (server, "host", "&s", &host))
        g_ptr_array_add (self->hosts, g_strdup (host));
    }
}

static void
on_samples (GObject *source, GAsyncResult *result, gpointer data)
{
  Export *self = data;
  g_autoptr (GError) error = NULL;

  self->samples = gnomon_helper_client_list_finish (self->client, result, &error);
  if (!self->samples)
    {
      tell_failure (self, client_error_sentence (error));
      export_free (self);
      return;
    }
  read_servers (self);
  ask_for_ledger (self);
}

static void
on_events (GObject *source, GAsyncResult *result, gpointer data)
{
  Export *self = data;
  g_autoptr (GError) error = NULL;

  self->events = gnomon_helper_client_list_finish (self->client, result, &error);
  if (!self->events)
    {
      tell_failure (self, client_error_sentence (error));
      export_free (self);
      return;
    }
  if (self->format == HISTORY_FORMAT_CSV)
    write_file (self);
  else
    gnomon_helper_client_get_history_async (self->client, 0, EVERYTHING, NULL, on_samples, self);
}

/* ---- The file ---- */

static void
on_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  Export *self = data;

  if (response != GTK_RESPONSE_ACCEPT)
    {
      export_free (self);
      return;
    }
  self->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  gtk_native_dialog_destroy (dialog);
  gnomon_helper_client_get_events_async (self->client, 0, EVERYTHING, NULL, on_events, self);
}

static void
set_folder (GtkFileChooser *chooser)
{
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  g_autoptr (GFile) folder = g_file_new_for_path (documents ? documents : g_get_home_dir ());

  gtk_file_chooser_set_current_folder (chooser, folder, NULL);
}

void
history_exporter_run (GnomonWindow *window, GnomonHelperClient *client, HistoryFormat format)
{
  Export *self = g_new0 (Export, 1);

  self->window = g_object_ref (window);
  self->client = g_object_ref (client);
  self->format = format;
  self->hosts = g_ptr_array_new_with_free_func (g_free);
  self->ledgers = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  self->chooser =
      gtk_file_chooser_native_new (_ (FORMATS[format].title), GTK_WINDOW (window),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), FORMATS[format].name);
  set_folder (GTK_FILE_CHOOSER (self->chooser));
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}
