/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "reach-meter.h"

#include "pip-row.h"
#include "words.h"

#include <glib/gi18n.h>

struct _GnomonReachMeter
{
  GtkWidget parent_instance;
  guint8 pips; /* the oldest in bit 0 */
};

G_DEFINE_FINAL_TYPE (GnomonReachMeter, gnomon_reach_meter, GTK_TYPE_WIDGET)

static void
gnomon_reach_meter_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural, int *minimum_baseline,
                            int *natural_baseline)
{
  *minimum = *natural = pip_row_measure (orientation, PIP_ROW_DIAMETER);
}

/* Time goes to the right in every language. */
static void
gnomon_reach_meter_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  pip_row_draw (widget, snapshot, GNOMON_REACH_METER (widget)->pips, PIP_ROW_DIAMETER);
}

static void
gnomon_reach_meter_class_init (GnomonReachMeterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = gnomon_reach_meter_measure;
  widget_class->snapshot = gnomon_reach_meter_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
gnomon_reach_meter_init (GnomonReachMeter *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "accent");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               _ ("The last eight questions, the newest at the right"));
}

void
gnomon_reach_meter_set_reach (GnomonReachMeter *self, int reach)
{
  g_autofree char *words = words_for_answers (MAX (reach, 0));
  int answered = 0;

  g_return_if_fail (GNOMON_IS_REACH_METER (self));
  self->pips = 0;
  for (int i = 0; i < PIP_ROW_N && reach > 0; i++)
    if (reach >> i & 1)
      {
        self->pips |= (guint8) (1U << (PIP_ROW_N - 1 - i));
        answered++;
      }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) PIP_ROW_N,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) answered,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, words,
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
