/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "import-window.h"

#include "catalogue-here.h"
#include "client-error.h"
#include "import.h"
#include "placement.h"
#include "room.h"
#include "server-adder.h"

#include <glib/gi18n.h>

struct _GnomonImportWindow
{
  AdwWindow parent_instance;

  GtkBox *head;
  GtkBox *foot;
  GtkWidget *add_button;
  GtkInfoBar *failure_bar;
  GtkLabel *failure_label;
  AdwPreferencesGroup *files_group;
  AdwActionRow *file_row;
  GtkBox *plan;

  GnomonHelperClient *client;
  GCancellable *cancellable;
  GtkFileChooserNative *file_chooser;
  char *root;
  GtkCheckButton *other_file; /* that was chosen; those that were found are its group */
  char *other_path;
  GPtrArray *entries; /* ImportEntry, NULL = nothing has been read */
  GPtrArray *ticks;   /* GtkCheckButton with its ImportEntry as "entry" */
  guint wanted;       /* servers of the running addition, 0 = none runs */
};

G_DEFINE_FINAL_TYPE (GnomonImportWindow, gnomon_import_window, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_IMPORTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- The button ---- */

static guint
count_wanted (GnomonImportWindow *self)
{
  guint n = 0;

  for (guint i = 0; i < self->ticks->len; i++)
    n += gtk_check_button_get_active (g_ptr_array_index (self->ticks, i));
  return n;
}

static void
update_add_button (GnomonImportWindow *self)
{
  guint n = count_wanted (self);
  g_autofree char *label = g_strdup_printf (ngettext ("Add %u Server", "Add %u Servers", n), n);

  gtk_button_set_label (GTK_BUTTON (self->add_button), n > 0 ? label : _ ("Add"));
  gtk_widget_set_sensitive (self->add_button, n > 0 && self->wanted == 0);
}

static void
show_problem (GnomonImportWindow *self, const char *text)
{
  gtk_label_set_label (self->failure_label, text ? text : "");
  gtk_info_bar_set_revealed (self->failure_bar, text != NULL);
}

/* ---- The plan ---- */

static GtkWidget *
make_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  return row;
}

static GtkWidget *
make_server_row (GnomonImportWindow *self, ImportEntry *entry)
{
  g_autofree char *notes = import_entry_notes (entry);
  gboolean listed = gnomon_helper_client_has_server (self->client, entry->host);
  GtkWidget *row =
      make_row (entry->host, listed ? _ ("This server is in your list already") : notes);
  GtkWidget *check = gtk_check_button_new ();

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  gtk_widget_set_sensitive (row, !listed);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), !listed);
  g_object_set_data (G_OBJECT (check), "entry", entry);
  g_signal_connect_swapped (check, "notify::active", G_CALLBACK (update_add_button), self);
  g_ptr_array_add (self->ticks, check);
  return row;
}

static void
add_servers (GnomonImportWindow *self, ImportVerdict verdict, const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();
  guint n = 0;

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  for (guint i = 0; i < self->entries->len; i++)
    {
      ImportEntry *entry = g_ptr_array_index (self->entries, i);
      if (entry->verdict != verdict)
        continue;
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_server_row (self, entry));
      n++;
    }
  gtk_box_append (self->plan, group);
  gtk_widget_set_visible (group, n > 0);
}

static void
add_left (GnomonImportWindow *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *all = adw_expander_row_new ();
  g_autofree char *count = NULL;
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const ImportEntry *entry = g_ptr_array_index (self->entries, i);
      g_autofree char *notes = NULL;
      g_autofree char *place = NULL;

      if (entry->verdict != IMPORT_LEFT)
        continue;
      n++;
      notes = import_entry_notes (entry);
      /* Translators: a file, the number of a line in it, and why that line is left. */
      place = g_strdup_printf (_ ("%s, line %u: %s"), entry->file, entry->line, notes);
      adw_expander_row_add_row (ADW_EXPANDER_ROW (all), make_row (entry->text, place));
    }
  count = g_strdup_printf (ngettext ("%u line", "%u lines", n), n);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (all), _ ("Not Taken"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (all), count);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), all);
  gtk_box_append (self->plan, group);
  gtk_widget_set_visible (group, n > 0);
}

static void
forget_plan (GnomonImportWindow *self)
{
  GtkWidget *child;

  g_ptr_array_set_size (self->ticks, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->plan))))
    gtk_box_remove (self->plan, child);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
}

/* Takes @entries over. */
static void
show_plan (GnomonImportWindow *self, GPtrArray *entries)
{
  g_autoptr (GPtrArray) catalogue = catalogue_load ();

  self->entries = entries;
  import_consult (entries, catalogue);
  add_servers (self, IMPORT_TAKEN, _ ("Taken as They Are"));
  add_servers (self, IMPORT_CHANGED, _ ("Taken, but Changed"));
  add_left (self);
  if (self->ticks->len == 0)
    show_problem (self, _ ("This file names no server that Gnomon could ask."));
}

/* ---- Reading, where it keeps no window waiting ---- */

typedef struct
{
  char *root;
  char *path;
  ImportFormat format; /* IMPORT_N_FORMATS = to be guessed */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->root);
  g_free (job->path);
  g_free (job);
}

static void
run_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  GPtrArray *entries = NULL;

  if (job->format < IMPORT_N_FORMATS
      || import_guess_format (job->root, job->path, &job->format, &error))
    entries = import_read (job->root, job->path, job->format, &error);
  if (entries)
    g_task_return_pointer (task, entries, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  GnomonImportWindow *self = GNOMON_IMPORT_WINDOW (source);
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  forget_plan (self);
  show_problem (self, error ? error->message : NULL);
  if (entries)
    show_plan (self, entries);
  update_add_button (self);
}

static void
read_file (GnomonImportWindow *self, const char *root, const char *path, ImportFormat format)
{
  g_autoptr (GTask) task = NULL;
  Job *job = g_new0 (Job, 1);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  *job = (Job){ g_strdup (root), g_strdup (path), format };
  task = g_task_new (self, self->cancellable, on_read, NULL);
  g_task_set_source_tag (task, read_file);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_job);
}

/* ---- Which file ---- */

static void
on_file_ticked (GtkCheckButton *check, GParamSpec *pspec, GnomonImportWindow *self)
{
  const ImportFile *file = g_object_get_data (G_OBJECT (check), "file");

  if (!gtk_check_button_get_active (check))
    return;
  if (file)
    read_file (self, self->root, file->path, file->format);
  else
    read_file (self, NULL, self->other_path, IMPORT_N_FORMATS);
}

/* @file: NULL = the one that is chosen. */
static GtkCheckButton *
add_tick (GnomonImportWindow *self, AdwActionRow *row, const ImportFile *file)
{
  GtkWidget *check = gtk_check_button_new ();

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->other_file);
  adw_action_row_add_prefix (row, check);
  /* Which also gives it the row's name. */
  adw_action_row_set_activatable_widget (row, check);
  g_object_set_data (G_OBJECT (check), "file", (gpointer) file);
  g_signal_connect (check, "notify::active", G_CALLBACK (on_file_ticked), self);
  return GTK_CHECK_BUTTON (check);
}

/* Those that are found stand above the other one; the first is read at once. */
static void
add_files (GnomonImportWindow *self)
{
  GPtrArray *files = import_find (self->root);
  GtkCheckButton *first = NULL;

  g_object_set_data_full (G_OBJECT (self), "files", files, (GDestroyNotify) g_ptr_array_unref);
  self->other_file = add_tick (self, self->file_row, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->other_file), FALSE);
  g_object_ref (self->file_row);
  adw_preferences_group_remove (self->files_group, GTK_WIDGET (self->file_row));
  for (guint i = 0; i < files->len; i++)
    {
      const ImportFile *file = g_ptr_array_index (files, i);
      GtkWidget *row = make_row (import_format_name (file->format), file->path);
      GtkCheckButton *check = add_tick (self, ADW_ACTION_ROW (row), file);

      adw_preferences_group_add (self->files_group, row);
      first = first ? first : check;
    }
  adw_preferences_group_add (self->files_group, GTK_WIDGET (self->file_row));
  g_object_unref (self->file_row);
  if (first)
    gtk_check_button_set_active (first, TRUE);
}

static void
on_file_chosen (GtkNativeDialog *dialog, int response, GnomonImportWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = response == GTK_RESPONSE_ACCEPT && file ? g_file_get_path (file) : NULL;

  gtk_native_dialog_hide (dialog);
  if (!path)
    return;
  adw_action_row_set_subtitle (self->file_row, path);
  g_free (self->other_path);
  self->other_path = g_steal_pointer (&path);
  gtk_widget_set_sensitive (GTK_WIDGET (self->other_file), TRUE);
  gtk_check_button_set_active (self->other_file, FALSE);
  gtk_check_button_set_active (self->other_file, TRUE);
}

static void
on_choose_file_clicked (GnomonImportWindow *self)
{
  if (!self->file_chooser)
    {
      self->file_chooser =
          gtk_file_chooser_native_new (_ ("Choose a Configuration File"), GTK_WINDOW (self),
                                       GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
      gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->file_chooser), TRUE);
      g_signal_connect (self->file_chooser, "response", G_CALLBACK (on_file_chosen), self);
    }
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->file_chooser));
}

/* ---- Adding ---- */

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonImportWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint added = server_adder_run_finish (result, &error);

  /* The window has been closed meanwhile. */
  if (!self->client)
    return;
  if (!error)
    {
      /* The parent closes on the signal, and may be gone before this window is. */
      gtk_window_set_transient_for (GTK_WINDOW (self), NULL);
      gtk_window_close (GTK_WINDOW (self));
      g_signal_emit (self, signals[SIGNAL_IMPORTED], 0);
      return;
    }
  text = server_adder_run_describe (result, error);
  if (!client_error_is_cancelled (error) || added > 0)
    show_problem (self, text);
  self->wanted = 0;
  for (guint i = 0; i < self->ticks->len; i++)
    {
      GtkCheckButton *check = g_ptr_array_index (self->ticks, i);
      const ImportEntry *entry = g_object_get_data (G_OBJECT (check), "entry");
      if (gnomon_helper_client_has_server (self->client, entry->host))
        gtk_check_button_set_active (check, FALSE);
    }
  update_add_button (self);
}

static void
on_add_clicked (GnomonImportWindow *self)
{
  ServerAdder *adder;

  if (self->wanted > 0 || count_wanted (self) == 0)
    return;
  self->wanted = count_wanted (self);
  adder = server_adder_new (self->client);
  for (guint i = 0; i < self->ticks->len; i++)
    {
      GtkCheckButton *check = g_ptr_array_index (self->ticks, i);
      const ImportEntry *entry = g_object_get_data (G_OBJECT (check), "entry");
      if (gtk_check_button_get_active (check))
        server_adder_append (adder, entry->host, import_entry_options (entry));
    }
  show_problem (self, NULL);
  update_add_button (self);
  server_adder_run_async (adder, NULL, on_added, g_object_ref (self));
}

/* ---- The window ---- */

static void
gnomon_import_window_dispose (GObject *object)
{
  GnomonImportWindow *self = GNOMON_IMPORT_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->file_chooser);
  g_clear_object (&self->client);
  g_clear_pointer (&self->root, g_free);
  g_clear_pointer (&self->other_path, g_free);
  if (self->ticks)
    g_ptr_array_set_size (self->ticks, 0);
  G_OBJECT_CLASS (gnomon_import_window_parent_class)->dispose (object);
}

static void
gnomon_import_window_finalize (GObject *object)
{
  GnomonImportWindow *self = GNOMON_IMPORT_WINDOW (object);

  g_ptr_array_unref (self->ticks);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  G_OBJECT_CLASS (gnomon_import_window_parent_class)->finalize (object);
}

static void
gnomon_import_window_class_init (GnomonImportWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_import_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = gnomon_import_window_finalize;
  signals[SIGNAL_IMPORTED] = g_signal_new ("imported", GNOMON_TYPE_IMPORT_WINDOW, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/import-window.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonImportWindow, head);
  gtk_widget_class_bind_template_child (widget_class, GnomonImportWindow, foot);
  gtk_widget_class_bind_template_child (widget_class, GnomonImportWindow, add_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonImportWindow, failure_bar);
  gtk_widget_class_bind_template_child (widget_class, GnomonImportWindow, failure_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonImportWindow, files_group);
  gtk_widget_class_bind_template_child (widget_class, GnomonImportWindow, file_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonImportWindow, plan);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_file_clicked);
}

static void
on_room_changed (GnomonRoom *room, GParamSpec *pspec, GnomonImportWindow *self)
{
  placement_move (self->add_button, gnomon_room_is_narrow (room) ? self->foot : self->head);
}

static void
gnomon_import_window_init (GnomonImportWindow *self)
{
  GnomonRoom *room;

  self->ticks = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  room = gnomon_room_enclose (ADW_WINDOW (self));
  g_signal_connect_object (room, "notify::narrow", G_CALLBACK (on_room_changed), self, 0);
}

GnomonImportWindow *
gnomon_import_window_new (GtkWindow *parent, GnomonHelperClient *client, const char *root)
{
  GnomonImportWindow *self =
      g_object_new (GNOMON_TYPE_IMPORT_WINDOW, "transient-for", parent, NULL);

  self->client = g_object_ref (client);
  self->root = g_strdup (root);
  add_files (self);
  update_add_button (self);
  return self;
}
