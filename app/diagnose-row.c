/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "diagnose-row.h"

#include "format.h"

#include <glib/gi18n.h>

/* Where the title of a row begins, so that what is below lines up with it, px. */
#define TITLE_INDENT 41

static GtkWidget *
make_row (guint place, const char *subtitle, GtkWidget *sign)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), diagnose_step_title (place));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), sign);
  gtk_widget_add_css_class (row, "numeric");
  return row;
}

static GtkWidget *
make_image (const char *icon_name, const char *style_class, const char *label)
{
  GtkWidget *image = gtk_image_new_from_icon_name (icon_name);

  gtk_widget_add_css_class (image, style_class);
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return image;
}

static GtkWidget *
make_sign (DiagnoseVerdict verdict)
{
  if (verdict == DIAGNOSE_PASSED)
    return make_image ("object-select-symbolic", "success", _ ("Passed"));
  if (verdict == DIAGNOSE_FAILED)
    return make_image ("gnomon-not-trusted-symbolic", "error", _ ("Failed"));
  return make_image ("view-more-horizontal-symbolic", "dim-label", _ ("Not reached"));
}

GtkWidget *
diagnose_row_new_running (guint place)
{
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Running"), -1);
  return make_row (place, _ ("Running…"), spinner);
}

GtkWidget *
diagnose_row_new (GVariant *step, gint64 now)
{
  DiagnoseVerdict verdict = diagnose_step_verdict (step);
  g_autofree char *evidence = diagnose_step_evidence (step, now);
  g_autofree char *took = format_amount (diagnose_step_duration (step));
  GtkWidget *row = make_row (diagnose_step_place (step), evidence, make_sign (verdict));
  GtkWidget *duration;
  const char *expert = "";

  if (verdict == DIAGNOSE_NOT_REACHED)
    {
      gtk_widget_add_css_class (row, "waiting");
      return row;
    }
  g_variant_lookup (step, "evidence", "&s", &expert);
  if (*expert)
    gtk_widget_set_tooltip_text (row, expert);
  duration = gtk_label_new (took);
  gtk_widget_add_css_class (duration, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), duration);
  return row;
}

GtkWidget *
diagnose_row_new_advice (const char *sentences, const char *label, GtkWidget **button)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *words = gtk_label_new (sentences);

  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  gtk_label_set_wrap_mode (GTK_LABEL (words), PANGO_WRAP_WORD_CHAR);
  *button = gtk_button_new_with_label (label);
  gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (*button))), TRUE);
  gtk_widget_set_halign (*button, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), *button);
  gtk_widget_set_margin_start (box, TITLE_INDENT);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}
