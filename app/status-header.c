/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "status-header.h"

/* The numbers in the sentence change all the time; nobody wants them read aloud each time. */
#define ANNOUNCE_INTERVAL_USEC (60 * G_USEC_PER_SEC)

struct _GnomonStatusHeader
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *disc;
  GtkImage *seal_image;
  GtkBox *lines;
  GtkLabel *sentence_label;
  GtkLabel *line_label;
  GtkLabel *small_label;

  Seal seal;
  gboolean has_seal;
  gboolean narrow;
  gint64 announced; /* monotonic, µs */
};

G_DEFINE_FINAL_TYPE (GnomonStatusHeader, gnomon_status_header, GTK_TYPE_WIDGET)

static void
show_seal (GnomonStatusHeader *self, Seal seal)
{
  if (self->has_seal)
    gtk_widget_remove_css_class (self->disc, seal_style_class (self->seal));
  gtk_widget_add_css_class (self->disc, seal_style_class (seal));
  gtk_image_set_from_icon_name (self->seal_image, seal_icon_name (seal));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->seal_image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  seal_label (seal), -1);
  self->seal = seal;
  self->has_seal = TRUE;
}

static void
announce (GnomonStatusHeader *self, const ClockStatus *status)
{
  g_autofree char *label = g_strdup_printf ("%s. %s", status->sentence, status->line);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  self->announced = g_get_monotonic_time ();
}

void
gnomon_status_header_show (GnomonStatusHeader *self, const ClockStatus *status)
{
  gboolean new_state;

  g_return_if_fail (GNOMON_IS_STATUS_HEADER (self));
  new_state = !self->has_seal || self->seal != status->seal;
  if (new_state)
    show_seal (self, status->seal);
  gtk_label_set_label (self->sentence_label, status->sentence);
  gtk_label_set_label (self->line_label, status->line);
  gtk_label_set_label (self->small_label, status->small);
  gtk_widget_set_visible (GTK_WIDGET (self->small_label), !self->narrow && *status->small);
  if (new_state || g_get_monotonic_time () - self->announced > ANNOUNCE_INTERVAL_USEC)
    announce (self, status);
}

static void
align (GtkLabel *label, gboolean centred)
{
  gtk_label_set_xalign (label, centred ? 0.5f : 0);
  gtk_label_set_justify (label, centred ? GTK_JUSTIFY_CENTER : GTK_JUSTIFY_LEFT);
}

void
gnomon_status_header_set_narrow (GnomonStatusHeader *self, gboolean narrow)
{
  g_return_if_fail (GNOMON_IS_STATUS_HEADER (self));
  self->narrow = narrow;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (GTK_BOX (self->box), narrow ? 12 : 24);
  align (self->sentence_label, narrow);
  align (self->line_label, narrow);
  gtk_widget_remove_css_class (GTK_WIDGET (self->sentence_label), narrow ? "title-1" : "title-2");
  gtk_widget_add_css_class (GTK_WIDGET (self->sentence_label), narrow ? "title-2" : "title-1");
  gtk_widget_set_visible (GTK_WIDGET (self->small_label),
                          !narrow && *gtk_label_get_label (self->small_label));
}

static void
gnomon_status_header_dispose (GObject *object)
{
  GnomonStatusHeader *self = GNOMON_STATUS_HEADER (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (gnomon_status_header_parent_class)->dispose (object);
}

static void
gnomon_status_header_class_init (GnomonStatusHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_status_header_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/status-header.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonStatusHeader, box);
  gtk_widget_class_bind_template_child (widget_class, GnomonStatusHeader, disc);
  gtk_widget_class_bind_template_child (widget_class, GnomonStatusHeader, seal_image);
  gtk_widget_class_bind_template_child (widget_class, GnomonStatusHeader, lines);
  gtk_widget_class_bind_template_child (widget_class, GnomonStatusHeader, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonStatusHeader, line_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonStatusHeader, small_label);
}

static void
gnomon_status_header_init (GnomonStatusHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
