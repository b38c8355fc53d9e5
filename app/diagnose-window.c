/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "diagnose-window.h"

#include "client-error.h"
#include "diagnose-row.h"
#include "helper-calls.h"
#include "placement.h"
#include "room.h"
#include "seal.h"

#include <glib/gi18n.h>

struct _GnomonDiagnoseWindow
{
  AdwWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  AdwWindowTitle *window_title;
  GtkBox *head;
  GtkBox *foot;
  GtkButton *run_button;
  GtkWidget *copy_button;
  GtkWidget *status;
  GtkWidget *disc;
  GtkImage *seal_image;
  GtkLabel *headline;
  GtkLabel *summary;
  GtkListBox *steps_list;

  GnomonHelperClient *client;
  char *host;
  GCancellable *cancellable; /* of the running test, NULL = none runs */
  GtkWidget *running_row;    /* of the step that runs, NULL = none */
  GVariant *steps;           /* of the last test that ended, may be NULL */
  Seal seal;
};

G_DEFINE_FINAL_TYPE (GnomonDiagnoseWindow, gnomon_diagnose_window, ADW_TYPE_WINDOW)

/* ---- What came of it ---- */

/* The words are a live region: a screen reader says them when they change. */
static void
show_status (GnomonDiagnoseWindow *self, Seal seal, const char *headline, const char *summary)
{
  g_autofree char *label = g_strdup_printf ("%s. %s", headline, summary);

  gtk_widget_remove_css_class (self->disc, seal_style_class (self->seal));
  gtk_widget_add_css_class (self->disc, seal_style_class (seal));
  gtk_image_set_from_icon_name (self->seal_image, seal_icon_name (seal));
  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), *summary);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->status), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  self->seal = seal;
}

static void
copy (GnomonDiagnoseWindow *self, char *text, const char *toast)
{
  g_autofree char *taken = text;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), taken);
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (toast));
}

static void
on_copy_clicked (GnomonDiagnoseWindow *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  if (self->steps)
    copy (self, diagnose_report (self->host, self->steps, g_get_real_time (), zone),
          _ ("Report copied"));
}

/* The window closes first: it is modal, and what comes next is another one. */
static void
leave_for (GnomonDiagnoseWindow *self, const char *action)
{
  g_autoptr (GtkWindow) parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (parent)
    g_object_ref (parent);
  gtk_window_close (GTK_WINDOW (self));
  if (parent)
    gtk_widget_activate_action (GTK_WIDGET (parent), action, NULL);
}

static void run (GnomonDiagnoseWindow *self);

static void
on_advice_clicked (GtkButton *button, GnomonDiagnoseWindow *self)
{
  switch ((DiagnoseAction) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "action")))
    {
    case DIAGNOSE_ACTION_COPY_NOTE:
      copy (self, diagnose_note (self->host, self->steps), _ ("Note copied"));
      break;
    case DIAGNOSE_ACTION_OTHER_SERVER:
    case DIAGNOSE_ACTION_EDIT_NAME:
      leave_for (self, "app.add-server");
      break;
    case DIAGNOSE_ACTION_SIGN_IN:
      leave_for (self, "win.sign-in");
      break;
    case DIAGNOSE_ACTION_RUN_AGAIN:
    default:
      run (self);
      break;
    }
}

static void
append_advice (GnomonDiagnoseWindow *self, GVariant *step)
{
  const ClockFacts *facts = gnomon_helper_client_get_facts (self->client);
  const char *reason = "";
  DiagnoseAction action;
  g_autofree char *sentences = NULL;
  GtkWidget *button;

  g_variant_lookup (step, "reason", "&s", &reason);
  sentences = diagnose_explain (diagnose_step_place (step), reason, facts->connectivity, &action);
  gtk_list_box_append (self->steps_list, diagnose_row_new_advice (
                                             sentences, diagnose_action_label (action), &button));
  g_object_set_data (G_OBJECT (button), "action", GUINT_TO_POINTER (action));
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_advice_clicked), self, 0);
}

static void
append_step (GnomonDiagnoseWindow *self, GVariant *step)
{
  GtkWidget *row;

  if (diagnose_step_place (step) == DIAGNOSE_N_STEPS)
    return;
  row = diagnose_row_new (step, g_get_real_time ());
  gtk_list_box_append (self->steps_list, row);
  if (diagnose_step_verdict (step) != DIAGNOSE_FAILED)
    return;
  gtk_widget_add_css_class (row, "explained");
  append_advice (self, step);
}

static void
remove_running_row (GnomonDiagnoseWindow *self)
{
  if (self->running_row)
    gtk_list_box_remove (self->steps_list, self->running_row);
  self->running_row = NULL;
}

static void
clear_list (GnomonDiagnoseWindow *self)
{
  GtkWidget *row;

  self->running_row = NULL;
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->steps_list))) != NULL)
    gtk_list_box_remove (self->steps_list, row);
}

static void
append_running (GnomonDiagnoseWindow *self, guint place)
{
  if (place >= DIAGNOSE_N_STEPS)
    return;
  self->running_row = diagnose_row_new_running (place);
  gtk_list_box_append (self->steps_list, self->running_row);
}

/* ---- The test ---- */

static void
show_running (GnomonDiagnoseWindow *self, gboolean running)
{
  gtk_button_set_label (self->run_button, running ? _ ("Cancel") : _ ("Run Again"));
  gtk_widget_set_sensitive (self->copy_button, !running && self->steps);
}

static void
on_step (GVariant *step, gpointer data)
{
  GnomonDiagnoseWindow *self = data;
  guint place = diagnose_step_place (step);

  remove_running_row (self);
  append_step (self, step);
  if (diagnose_step_verdict (step) == DIAGNOSE_PASSED)
    append_running (self, place + 1);
}

/* What was told on the way may have got lost; the result is whole. */
static void
show_steps (GnomonDiagnoseWindow *self)
{
  gboolean passed = diagnose_all_passed (self->steps);
  g_autofree char *summary = diagnose_summary (self->steps);

  clear_list (self);
  for (gsize i = 0; i < g_variant_n_children (self->steps); i++)
    {
      g_autoptr (GVariant) step = g_variant_get_child_value (self->steps, i);
      append_step (self, step);
    }
  show_status (self, passed ? SEAL_RIGHT : SEAL_NOT_TRUSTED,
               passed ? _ ("This server works") : _ ("No time from this server"), summary);
}

static void
show_failure (GnomonDiagnoseWindow *self, const GError *error)
{
  clear_list (self);
  if (client_error_is_cancelled (error))
    show_status (self, SEAL_OFF, _ ("The test was cancelled"), "");
  else if (g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_BUSY))
    show_status (self, SEAL_WARNING, _ ("The test did not begin"),
                 _ ("The test before has not ended yet. It does in a few seconds."));
  else
    show_status (self, SEAL_WARNING, _ ("The test did not begin"), client_error_sentence (error));
}

static void
on_diagnosed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonDiagnoseWindow) self = data;
  g_autoptr (GError) error = NULL;
  GVariant *steps =
      gnomon_helper_client_list_finish (GNOMON_HELPER_CLIENT (source), result, &error);

  g_clear_object (&self->cancellable);
  if (steps)
    {
      g_clear_pointer (&self->steps, g_variant_unref);
      self->steps = steps;
      show_steps (self);
    }
  else
    show_failure (self, error);
  show_running (self, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->steps_list),
                          gtk_widget_get_first_child (GTK_WIDGET (self->steps_list)) != NULL);
}

static void
run (GnomonDiagnoseWindow *self)
{
  g_clear_pointer (&self->steps, g_variant_unref);
  clear_list (self);
  append_running (self, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->steps_list), TRUE);
  show_status (self, SEAL_SYNCHRONISING, _ ("Testing this server…"), "");
  show_running (self, TRUE);
  self->cancellable = g_cancellable_new ();
  gnomon_helper_client_diagnose_async (self->client, self->host, g_variant_new ("a{sv}", NULL),
                                       on_step, self->cancellable, on_diagnosed,
                                       g_object_ref (self));
}

static void
on_run_clicked (GnomonDiagnoseWindow *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  else
    run (self);
}

/* ---- The window ---- */

static gboolean
gnomon_diagnose_window_close_request (GtkWindow *window)
{
  GnomonDiagnoseWindow *self = GNOMON_DIAGNOSE_WINDOW (window);

  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  return GTK_WINDOW_CLASS (gnomon_diagnose_window_parent_class)->close_request (window);
}

static void
gnomon_diagnose_window_finalize (GObject *object)
{
  GnomonDiagnoseWindow *self = GNOMON_DIAGNOSE_WINDOW (object);

  g_clear_object (&self->client);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->steps, g_variant_unref);
  g_free (self->host);
  G_OBJECT_CLASS (gnomon_diagnose_window_parent_class)->finalize (object);
}

static void
gnomon_diagnose_window_class_init (GnomonDiagnoseWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gnomon_diagnose_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = gnomon_diagnose_window_close_request;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/gnomon/Gnomon/diagnose-window.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, head);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, foot);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, run_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, copy_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, status);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, disc);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, seal_image);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, headline);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, summary);
  gtk_widget_class_bind_template_child (widget_class, GnomonDiagnoseWindow, steps_list);
  gtk_widget_class_bind_template_callback (widget_class, on_run_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
}

/* Between two buttons there would be no room for the title. */
static void
on_room_changed (GnomonRoom *room, GParamSpec *pspec, GnomonDiagnoseWindow *self)
{
  gboolean narrow = gnomon_room_is_narrow (room);

  placement_move (GTK_WIDGET (self->run_button), narrow ? self->foot : self->head);
  if (narrow)
    gtk_button_set_icon_name (GTK_BUTTON (self->copy_button), "edit-copy-symbolic");
  else
    gtk_button_set_label (GTK_BUTTON (self->copy_button), _ ("Copy Report"));
  gtk_widget_set_tooltip_text (self->copy_button, narrow ? _ ("Copy Report") : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copy Report"), -1);
}

static void
gnomon_diagnose_window_init (GnomonDiagnoseWindow *self)
{
  GnomonRoom *room;

  gtk_widget_init_template (GTK_WIDGET (self));
  room = gnomon_room_enclose (ADW_WINDOW (self));
  g_signal_connect_object (room, "notify::narrow", G_CALLBACK (on_room_changed), self, 0);
}

GtkWindow *
gnomon_diagnose_window_new (GtkWindow *parent, GnomonHelperClient *client, const char *host)
{
  GnomonDiagnoseWindow *self =
      g_object_new (GNOMON_TYPE_DIAGNOSE_WINDOW, "transient-for", parent, NULL);

  self->client = g_object_ref (client);
  self->host = g_strdup (host);
  adw_window_title_set_subtitle (self->window_title, host);
  run (self);
  return GTK_WINDOW (self);
}
