/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "catalogue-row.h"

#define RESULT_WIDTH 20 /* letters of a line */

struct _GnomonCatalogueRow
{
  AdwActionRow parent_instance;

  const CatalogueEntry *entry;
  GtkWidget *check;
  GtkWidget *spinner;
  GtkWidget *result;
  GtkWidget *headline;
  GtkWidget *certificate;
};

G_DEFINE_FINAL_TYPE (GnomonCatalogueRow, gnomon_catalogue_row, ADW_TYPE_ACTION_ROW)

static GtkWidget *
make_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new ("");

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
  gtk_widget_set_halign (label, GTK_ALIGN_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
gnomon_catalogue_row_class_init (GnomonCatalogueRowClass *klass)
{
}

static void
gnomon_catalogue_row_init (GnomonCatalogueRow *self)
{
  self->check = gtk_check_button_new ();
  gtk_widget_set_valign (self->check, GTK_ALIGN_CENTER);
  self->spinner = gtk_spinner_new ();
  self->result = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->headline = make_label ("body");
  gtk_label_set_wrap (GTK_LABEL (self->headline), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->headline), RESULT_WIDTH);
  self->certificate = make_label ("caption");
  gtk_widget_add_css_class (self->certificate, "dim-label");
  gtk_box_append (GTK_BOX (self->result), self->headline);
  gtk_box_append (GTK_BOX (self->result), self->certificate);
  gtk_widget_set_valign (self->result, GTK_ALIGN_CENTER);
  gtk_widget_hide (self->spinner);
  gtk_widget_hide (self->result);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->check);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->spinner);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->result);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->check);
}

GtkWidget *
gnomon_catalogue_row_new (const CatalogueEntry *entry, const char *subtitle)
{
  GnomonCatalogueRow *self = g_object_new (GNOMON_TYPE_CATALOGUE_ROW, "title", entry->host, NULL);

  self->entry = entry;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  return GTK_WIDGET (self);
}

GtkCheckButton *
gnomon_catalogue_row_get_check (GnomonCatalogueRow *self)
{
  g_return_val_if_fail (GNOMON_IS_CATALOGUE_ROW (self), NULL);
  return GTK_CHECK_BUTTON (self->check);
}

const CatalogueEntry *
gnomon_catalogue_row_get_entry (GnomonCatalogueRow *self)
{
  g_return_val_if_fail (GNOMON_IS_CATALOGUE_ROW (self), NULL);
  return self->entry;
}

void
gnomon_catalogue_row_show_testing (GnomonCatalogueRow *self)
{
  g_return_if_fail (GNOMON_IS_CATALOGUE_ROW (self));
  gtk_widget_hide (self->result);
  gtk_widget_show (self->spinner);
  gtk_spinner_start (GTK_SPINNER (self->spinner));
}

gboolean
gnomon_catalogue_row_is_testing (GnomonCatalogueRow *self)
{
  g_return_val_if_fail (GNOMON_IS_CATALOGUE_ROW (self), FALSE);
  return gtk_widget_get_visible (self->spinner);
}

void
gnomon_catalogue_row_show_result (GnomonCatalogueRow *self, const ProbeResult *result)
{
  g_autofree char *headline = NULL;
  g_autofree char *certificate = NULL;

  g_return_if_fail (GNOMON_IS_CATALOGUE_ROW (self));
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  gtk_widget_hide (self->spinner);
  gtk_widget_set_visible (self->result, result != NULL);
  if (!result)
    return;
  headline = probe_result_headline (result);
  certificate = probe_result_certificate (result, g_get_real_time ());
  gtk_label_set_label (GTK_LABEL (self->headline), headline);
  gtk_label_set_label (GTK_LABEL (self->certificate), certificate);
  gtk_widget_set_visible (self->certificate, *certificate != '\0');
  if (result->works)
    gtk_widget_remove_css_class (self->headline, "error");
  else
    gtk_widget_add_css_class (self->headline, "error");
}
