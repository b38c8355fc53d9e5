/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lock-row.h"

#include "client-error.h"

#include <glib/gi18n.h>

struct _GnomonLockRow
{
  AdwActionRow parent_instance;

  GtkWidget *icon;
  GtkWidget *button;
  GnomonChangeLock *lock;
};

G_DEFINE_FINAL_TYPE (GnomonLockRow, gnomon_lock_row, ADW_TYPE_ACTION_ROW)

static void
update (GnomonLockRow *self)
{
  gboolean open = gnomon_change_lock_is_open (self->lock);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon),
                                open ? "changes-allow-symbolic" : "changes-prevent-symbolic");
  gtk_button_set_label (GTK_BUTTON (self->button), open ? _ ("Lock") : _ ("Unlock…"));
  gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                               open ? _ ("Unlocked until this window closes")
                                    : _ ("An administrator’s password is needed to change them"));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonLockRow) self = data;
  g_autoptr (GError) error = NULL;

  gtk_widget_set_sensitive (self->button, TRUE);
  if (gnomon_change_lock_open_finish (GNOMON_CHANGE_LOCK (source), result, &error)
      || client_error_is_cancelled (error))
    return;
  gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), client_error_sentence (error));
}

static void
on_clicked (GnomonLockRow *self)
{
  if (gnomon_change_lock_is_open (self->lock))
    {
      gnomon_change_lock_close (self->lock);
      return;
    }
  gtk_widget_set_sensitive (self->button, FALSE);
  gnomon_change_lock_open_async (self->lock, NULL, on_opened, g_object_ref (self));
}

static void
gnomon_lock_row_dispose (GObject *object)
{
  g_clear_object (&GNOMON_LOCK_ROW (object)->lock);
  G_OBJECT_CLASS (gnomon_lock_row_parent_class)->dispose (object);
}

static void
gnomon_lock_row_class_init (GnomonLockRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gnomon_lock_row_dispose;
}

static void
gnomon_lock_row_init (GnomonLockRow *self)
{
  self->icon = gtk_image_new ();
  self->button = gtk_button_new ();
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Settings for Everyone"));
}

void
gnomon_lock_row_follow (GnomonLockRow *self, GnomonChangeLock *lock)
{
  g_return_if_fail (GNOMON_IS_LOCK_ROW (self) && !self->lock);
  self->lock = g_object_ref (lock);
  g_signal_connect_object (lock, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
