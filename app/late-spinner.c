/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "late-spinner.h"

#define WAIT_MS 300

struct _GnomonLateSpinner
{
  GtkWidget parent_instance;

  GtkWidget *spinner;
  guint wait;
};

G_DEFINE_FINAL_TYPE (GnomonLateSpinner, gnomon_late_spinner, GTK_TYPE_WIDGET)

static gboolean
on_waited (gpointer data)
{
  GnomonLateSpinner *self = GNOMON_LATE_SPINNER (data);

  self->wait = 0;
  gtk_widget_show (self->spinner);
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  return G_SOURCE_REMOVE;
}

static void
gnomon_late_spinner_map (GtkWidget *widget)
{
  GnomonLateSpinner *self = GNOMON_LATE_SPINNER (widget);

  GTK_WIDGET_CLASS (gnomon_late_spinner_parent_class)->map (widget);
  self->wait = g_timeout_add (WAIT_MS, on_waited, self);
}

static void
gnomon_late_spinner_unmap (GtkWidget *widget)
{
  GnomonLateSpinner *self = GNOMON_LATE_SPINNER (widget);

  g_clear_handle_id (&self->wait, g_source_remove);
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  gtk_widget_hide (self->spinner);
  GTK_WIDGET_CLASS (gnomon_late_spinner_parent_class)->unmap (widget);
}

static void
gnomon_late_spinner_dispose (GObject *object)
{
  GnomonLateSpinner *self = GNOMON_LATE_SPINNER (object);

  g_clear_handle_id (&self->wait, g_source_remove);
  g_clear_pointer (&self->spinner, gtk_widget_unparent);
  G_OBJECT_CLASS (gnomon_late_spinner_parent_class)->dispose (object);
}

static void
gnomon_late_spinner_class_init (GnomonLateSpinnerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_late_spinner_dispose;
  widget_class->map = gnomon_late_spinner_map;
  widget_class->unmap = gnomon_late_spinner_unmap;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PROGRESS_BAR);
}

static void
gnomon_late_spinner_init (GnomonLateSpinner *self)
{
  self->spinner = g_object_new (GTK_TYPE_SPINNER, "visible", FALSE, "accessible-role",
                                GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_set_parent (self->spinner, GTK_WIDGET (self));
}
