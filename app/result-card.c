/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "result-card.h"

#include "format.h"
#include "tile-grid.h"

#include <glib/gi18n.h>

struct _GnomonResultCard
{
  GtkWidget parent_instance;

  GtkWidget *card;
  GtkLabel *caption;
  GtkLabel *headline;
  GtkLabel *sentence;
  GtkBox *foot;
  GnomonTileGrid *details;
  GtkWidget *buttons;
  GtkWidget *history_button;
  GtkWidget *diagnose_button;
  GtkWidget *done_button;
};

G_DEFINE_FINAL_TYPE (GnomonResultCard, gnomon_result_card, GTK_TYPE_WIDGET)

static char *
say_what_was_done (const SyncResult *result)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *time = format_time_of_day (result->time, zone);

  if (!result->stepped)
    return g_strdup (result->correction > 0
                         ? _ ("Your clock was slow. It is being sped up gently until it is right.")
                         : _ ("Your clock was fast. It is being slowed down gently until it is "
                              "right."));
  return g_strdup_printf (result->correction > 0
                              ? _ ("Your clock was slow. It was set forward at %s.")
                              : _ ("Your clock was fast. It was set back at %s."),
                          time);
}

void
gnomon_result_card_show_result (GnomonResultCard *self, const SyncResult *result)
{
  g_autofree char *correction = format_offset (result->correction);
  g_autofree char *sentence = say_what_was_done (result);
  g_autofree char *uncertainty = format_uncertainty (result->uncertainty);
  g_autofree char *servers = NULL;
  g_autofree char *operators = g_strdup_printf ("%u", result->operators);
  g_autofree char *took = format_tenths (result->duration);

  g_return_if_fail (GNOMON_IS_RESULT_CARD (self));
  /* Translators: so many servers of so many that answered. */
  servers = g_strdup_printf (_ ("%u of %u"), result->vouched, result->answered);
  gtk_widget_set_visible (GTK_WIDGET (self->caption), TRUE);
  gtk_label_set_label (self->headline, correction);
  gtk_widget_add_css_class (GTK_WIDGET (self->headline), "big-number");
  gtk_label_set_label (self->sentence, sentence);
  gnomon_tile_grid_set (self->details, _ ("Uncertainty"), uncertainty);
  gnomon_tile_grid_set (self->details, _ ("Servers"), servers);
  gnomon_tile_grid_set (self->details, _ ("Operators"), operators);
  gnomon_tile_grid_set (self->details, C_ ("time", "Took"), took);
  gtk_widget_set_visible (GTK_WIDGET (self->details), TRUE);
  gtk_widget_set_visible (self->history_button, TRUE);
  gtk_widget_set_visible (self->diagnose_button, FALSE);
  gtk_widget_grab_focus (self->done_button);
}

void
gnomon_result_card_show_failure (GnomonResultCard *self, const char *sentence)
{
  g_return_if_fail (GNOMON_IS_RESULT_CARD (self));
  gtk_widget_set_visible (GTK_WIDGET (self->caption), FALSE);
  gtk_label_set_label (self->headline, _ ("Nothing was changed"));
  gtk_widget_remove_css_class (GTK_WIDGET (self->headline), "big-number");
  gtk_label_set_label (self->sentence, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->details), FALSE);
  gtk_widget_set_visible (self->history_button, FALSE);
  gtk_widget_set_visible (self->diagnose_button, TRUE);
  gtk_widget_grab_focus (self->done_button);
}

void
gnomon_result_card_set_narrow (GnomonResultCard *self, gboolean narrow)
{
  g_return_if_fail (GNOMON_IS_RESULT_CARD (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->foot),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gnomon_tile_grid_set_columns (self->details, narrow ? 2 : 4, narrow);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->buttons),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_halign (self->buttons, narrow ? GTK_ALIGN_FILL : GTK_ALIGN_END);
}

static void
gnomon_result_card_dispose (GObject *object)
{
  GnomonResultCard *self = GNOMON_RESULT_CARD (object);

  g_clear_pointer (&self->card, gtk_widget_unparent);
  G_OBJECT_CLASS (gnomon_result_card_parent_class)->dispose (object);
}

static void
gnomon_result_card_class_init (GnomonResultCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_result_card_dispose;
  g_type_ensure (GNOMON_TYPE_TILE_GRID);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/result-card.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonResultCard, card);
  gtk_widget_class_bind_template_child (widget_class, GnomonResultCard, caption);
  gtk_widget_class_bind_template_child (widget_class, GnomonResultCard, headline);
  gtk_widget_class_bind_template_child (widget_class, GnomonResultCard, sentence);
  gtk_widget_class_bind_template_child (widget_class, GnomonResultCard, foot);
  gtk_widget_class_bind_template_child (widget_class, GnomonResultCard, details);
  gtk_widget_class_bind_template_child (widget_class, GnomonResultCard, buttons);
  gtk_widget_class_bind_template_child (widget_class, GnomonResultCard, history_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonResultCard, diagnose_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonResultCard, done_button);
}

static void
gnomon_result_card_init (GnomonResultCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gnomon_tile_grid_set_columns (self->details, 4, FALSE);
}
