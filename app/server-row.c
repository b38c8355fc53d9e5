/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-row.h"

#include "cookie-meter.h"
#include "format.h"
#include "words.h"

#include <glib/gi18n.h>
#include <math.h>

#define PIP_WIDE   7
#define PIP_NARROW 5

struct _GnomonServerRow
{
  AdwActionRow parent_instance;

  GtkImage *seal_image;
  GtkBox *numbers;
  GtkBox *cookie_box;
  GnomonCookieMeter *cookie_meter;
  GtkLabel *cookie_label;
  GtkBox *offset_box;
  GtkLabel *offset_label;
  GtkLabel *delay_label;

  GnomonServer *server;
  Seal seal;
  gboolean has_seal;
  gboolean narrow;
  char *label; /* as a screen reader is told, or NULL */
};

G_DEFINE_FINAL_TYPE (GnomonServerRow, gnomon_server_row, ADW_TYPE_ACTION_ROW)

static void
show_seal (GnomonServerRow *self, Seal seal)
{
  GtkWidget *image = GTK_WIDGET (self->seal_image);

  if (self->has_seal && self->seal == seal)
    return;
  if (self->has_seal)
    gtk_widget_remove_css_class (image, seal_style_class (self->seal));
  gtk_widget_add_css_class (image, seal_style_class (seal));
  gtk_image_set_from_icon_name (self->seal_image, seal_icon_name (seal));
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  seal_label (seal), -1);
  self->seal = seal;
  self->has_seal = TRUE;
}

static void
show_cookies (GnomonServerRow *self, const ServerFacts *facts)
{
  gboolean known = facts->nts && facts->cookies >= 0;
  g_autofree char *words = words_for_cookies (facts->cookies);
  g_autofree char *number = g_strdup_printf ("%d", facts->cookies);

  gtk_widget_set_visible (GTK_WIDGET (self->cookie_box), known);
  if (!known)
    return;
  gnomon_cookie_meter_set_cookies (self->cookie_meter, facts->cookies);
  gtk_label_set_label (self->cookie_label, self->narrow ? number : words);
}

static void
show_measurement (GnomonServerRow *self, const ServerFacts *facts)
{
  g_autofree char *offset = format_offset (facts->offset);
  g_autofree char *words = format_slow_or_fast (facts->offset);
  g_autofree char *precise = format_precise (facts->offset, TRUE);
  g_autofree char *amount = format_amount (facts->delay);
  g_autofree char *delay = g_strdup_printf (_ ("delay %s"), amount);
  /* Translators: an offset with all its digits, and the same in words. */
  g_autofree char *tooltip = g_strdup_printf (_ ("%s (%s)"), precise, words);
  gboolean known = isfinite (facts->offset);

  gtk_label_set_label (self->offset_label, offset);
  gtk_label_set_label (self->delay_label, known ? delay : _ ("no answer"));
  /* GTK asks for the tooltip again each time. */
  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (self->offset_box)),
                 known ? tooltip : NULL)
      != 0)
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->offset_box), known ? tooltip : NULL);
}

static void
describe (GnomonServerRow *self, const ServerFacts *facts, const char *operator_words,
          const char *words)
{
  g_autofree char *cookies = words_for_cookies (facts->cookies);
  g_autofree char *offset = format_spoken_offset (facts->offset);
  const char *parts[6];
  int n = 0;
  g_autofree char *label = NULL;

  parts[n++] = facts->host;
  if (*operator_words)
    parts[n++] = operator_words;
  parts[n++] = words;
  if (cookies && facts->nts)
    parts[n++] = cookies;
  if (isfinite (facts->offset))
    parts[n++] = offset;
  parts[n] = NULL;
  label = g_strjoinv (", ", (char **) parts);
  if (g_strcmp0 (label, self->label) == 0)
    return;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_free (self->label);
  self->label = g_steal_pointer (&label);
}

void
gnomon_server_row_update (GnomonServerRow *self, double clock_offset)
{
  const ServerFacts *facts;
  g_autofree char *run_by = NULL;
  g_autofree char *words = NULL;
  g_autofree char *subtitle = NULL;
  const char *who;

  g_return_if_fail (GNOMON_IS_SERVER_ROW (self));
  facts = gnomon_server_get_facts (self->server);
  run_by = words_for_operator (facts);
  words = words_for_server (facts, clock_offset, g_get_real_time ());
  who = self->narrow ? facts->operator_name : run_by;
  /* Translators: who runs a server, and what it is doing. */
  subtitle = *who ? g_strdup_printf (_ ("%s · %s"), who, words) : g_strdup (words);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), facts->host);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  show_seal (self, seal_for_server (facts));
  show_cookies (self, facts);
  show_measurement (self, facts);
  describe (self, facts, run_by, words);
}

void
gnomon_server_row_set_narrow (GnomonServerRow *self, gboolean narrow)
{
  g_return_if_fail (GNOMON_IS_SERVER_ROW (self));
  self->narrow = narrow;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->numbers),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (self->numbers, narrow ? 3 : 24);
  gtk_box_reorder_child_after (self->numbers,
                               GTK_WIDGET (narrow ? self->cookie_box : self->offset_box),
                               GTK_WIDGET (narrow ? self->offset_box : self->cookie_box));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->cookie_box),
                                  narrow ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_halign (GTK_WIDGET (self->cookie_box), narrow ? GTK_ALIGN_END : GTK_ALIGN_START);
  gnomon_cookie_meter_set_diameter (self->cookie_meter, narrow ? PIP_NARROW : PIP_WIDE);
  gtk_widget_set_visible (GTK_WIDGET (self->delay_label), !narrow);
}

GnomonServer *
gnomon_server_row_get_server (GnomonServerRow *self)
{
  g_return_val_if_fail (GNOMON_IS_SERVER_ROW (self), NULL);
  return self->server;
}

static void
gnomon_server_row_finalize (GObject *object)
{
  GnomonServerRow *self = GNOMON_SERVER_ROW (object);

  g_clear_object (&self->server);
  g_clear_pointer (&self->label, g_free);
  G_OBJECT_CLASS (gnomon_server_row_parent_class)->finalize (object);
}

static void
gnomon_server_row_class_init (GnomonServerRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gnomon_server_row_finalize;
  g_type_ensure (GNOMON_TYPE_COOKIE_METER);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/server-row.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonServerRow, seal_image);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerRow, numbers);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerRow, cookie_box);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerRow, cookie_meter);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerRow, cookie_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerRow, offset_box);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerRow, offset_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerRow, delay_label);
}

static void
gnomon_server_row_init (GnomonServerRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* The title alone; describe () says more. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

GtkWidget *
gnomon_server_row_new (GnomonServer *server, GtkSizeGroup *cookies, GtkSizeGroup *offsets)
{
  GnomonServerRow *self = g_object_new (GNOMON_TYPE_SERVER_ROW, NULL);

  self->server = g_object_ref (server);
  gtk_size_group_add_widget (cookies, GTK_WIDGET (self->cookie_box));
  gtk_size_group_add_widget (offsets, GTK_WIDGET (self->offset_box));
  return GTK_WIDGET (self);
}
