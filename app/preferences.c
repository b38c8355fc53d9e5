/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "preferences.h"

#include "autostart.h"
#include "client-error.h"
#include "helper-calls.h"
#include "lock-row.h"
#include "option-row.h"

#include <glib/gi18n.h>

struct _GnomonPreferences
{
  AdwPreferencesWindow parent_instance;

  GtkWidget *own_group;
  GtkSwitch *tray_switch;
  AdwActionRow *login_row;
  GtkSwitch *login_switch;
  GtkSwitch *notifications_switch;
  GnomonLockRow *clock_lock_row;
  GnomonLockRow *records_lock_row;
  GtkSwitch *automatic_switch;
  GnomonOptionRow *step_row;
  GnomonOptionRow *change_row;
  GnomonOptionRow *sources_row;
  GnomonOptionRow *operators_row;
  GnomonOptionRow *shortest_row;
  GnomonOptionRow *longest_row;
  GnomonOptionRow *keep_row;
  GtkWidget *delete_button;

  GnomonHelperClient *client;
  GnomonChangeLock *lock;
  GSettings *settings; /* or NULL */
  gboolean showing;    /* what nobody has chosen */
};

G_DEFINE_FINAL_TYPE (GnomonPreferences, gnomon_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
tell (GnomonPreferences *self, const char *text)
{
  AdwToast *toast = adw_toast_new ("");

  g_object_set (toast, "title", text, NULL);
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), toast);
}

/* Nothing to say to somebody who has cancelled it, or who has closed the window. */
static void
tell_problem (GnomonPreferences *self, const GError *error)
{
  if (self->client && !client_error_is_cancelled (error))
    tell (self, client_error_sentence (error));
}

/* ---- General ---- */

static void
show_login (GnomonPreferences *self)
{
  gboolean on = autostart_is_on (self->settings);

  self->showing = TRUE;
  gtk_switch_set_active (self->login_switch, on);
  gtk_switch_set_state (self->login_switch, on);
  self->showing = FALSE;
}

static void
on_login_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonPreferences) self = data;
  g_autoptr (GError) error = NULL;

  if (!autostart_set_finish (result, &error))
    tell_problem (self, error);
  if (self->client)
    show_login (self);
}

static gboolean
on_login_switched (GtkSwitch *login_switch, gboolean wanted, GnomonPreferences *self)
{
  if (self->showing)
    return FALSE;
  autostart_set_async (self->settings, wanted, NULL, on_login_set, g_object_ref (self));
  /* The state follows when it has been done. */
  return TRUE;
}

static void
follow_settings (GnomonPreferences *self)
{
  show_login (self);
  if (!self->settings)
    {
      gtk_widget_set_sensitive (self->own_group, FALSE);
      return;
    }
  g_settings_bind (self->settings, "tray", self->tray_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "notifications", self->notifications_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
}

/* ---- Clock ---- */

static void
update (GnomonPreferences *self)
{
  gboolean present = gnomon_helper_client_get_presence (self->client) == HELPER_PRESENT;
  gboolean open = present && gnomon_change_lock_is_open (self->lock);
  gboolean automatic = gnomon_helper_client_get_facts (self->client)->automatic;

  self->showing = TRUE;
  gtk_switch_set_active (self->automatic_switch, automatic);
  gtk_switch_set_state (self->automatic_switch, automatic);
  self->showing = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->automatic_switch), open);
  gtk_widget_set_sensitive (self->delete_button, open);
}

static void
on_automatic_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonPreferences) self = data;
  g_autoptr (GError) error = NULL;

  if (!gnomon_helper_client_call_finish (GNOMON_HELPER_CLIENT (source), result, &error))
    tell_problem (self, error);
  if (self->client)
    update (self);
}

static gboolean
on_automatic_switched (GtkSwitch *automatic_switch, gboolean wanted, GnomonPreferences *self)
{
  if (self->showing)
    return FALSE;
  gnomon_helper_client_set_automatic_async (self->client, wanted, NULL, on_automatic_set,
                                            g_object_ref (self));
  return TRUE;
}

/* ---- Records ---- */

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonPreferences) self = data;
  g_autoptr (GError) error = NULL;

  if (!gnomon_helper_client_call_finish (GNOMON_HELPER_CLIENT (source), result, &error))
    tell_problem (self, error);
  else if (self->client)
    tell (self, _ ("The records have been deleted."));
}

static void
on_delete_answered (GnomonPreferences *self, const char *response)
{
  if (self->client && g_str_equal (response, "delete"))
    gnomon_helper_client_delete_records_async (self->client, NULL, on_deleted, g_object_ref (self));
}

static void
on_delete_clicked (GnomonPreferences *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (self), _ ("Delete All Records?"),
      _ ("What was measured and what was done to the clock is forgotten for everyone on this "
         "computer. The clock goes on as before."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), "delete",
                                    _ ("Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_delete_answered), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- The window ---- */

static void
for_each_option (GnomonPreferences *self, void (*do_it) (GnomonOptionRow *row, GnomonPreferences *))
{
  GnomonOptionRow *rows[] = { self->step_row,      self->change_row,   self->sources_row,
                              self->operators_row, self->shortest_row, self->longest_row,
                              self->keep_row };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    do_it (rows[i], self);
}

static void
flush (GnomonOptionRow *row, GnomonPreferences *self)
{
  gnomon_option_row_flush (row);
}

static void
follow (GnomonOptionRow *row, GnomonPreferences *self)
{
  gnomon_option_row_follow (row, self->client, self->lock);
}

static gboolean
on_close_request (GnomonPreferences *self)
{
  for_each_option (self, flush);
  return FALSE;
}

static void
gnomon_preferences_dispose (GObject *object)
{
  GnomonPreferences *self = GNOMON_PREFERENCES (object);

  if (self->lock)
    gnomon_change_lock_close (self->lock);
  g_clear_object (&self->client);
  g_clear_object (&self->lock);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (gnomon_preferences_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, own_group);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, tray_switch);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, login_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, login_switch);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, notifications_switch);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, clock_lock_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, records_lock_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, automatic_switch);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, step_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, change_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, sources_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, operators_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, shortest_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, longest_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, keep_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonPreferences, delete_button);
}

static void
gnomon_preferences_class_init (GnomonPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_preferences_dispose;
  g_type_ensure (GNOMON_TYPE_LOCK_ROW);
  g_type_ensure (GNOMON_TYPE_OPTION_ROW);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/preferences.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_automatic_switched);
  gtk_widget_class_bind_template_callback (widget_class, on_close_request);
  gtk_widget_class_bind_template_callback (widget_class, on_delete_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_login_switched);
}

static void
gnomon_preferences_init (GnomonPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GnomonPreferences *
gnomon_preferences_new (GtkWindow *parent, GnomonHelperClient *client, GSettings *settings)
{
  GnomonPreferences *self = g_object_new (GNOMON_TYPE_PREFERENCES, "transient-for", parent, NULL);

  self->client = g_object_ref (client);
  self->settings = settings ? g_object_ref (settings) : NULL;
  self->lock = gnomon_change_lock_new (client);
  gnomon_lock_row_follow (self->clock_lock_row, self->lock);
  gnomon_lock_row_follow (self->records_lock_row, self->lock);
  for_each_option (self, follow);
  follow_settings (self);
  g_signal_connect_object (client, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lock, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return self;
}
