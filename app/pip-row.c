/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pip-row.h"

#include <adwaita.h>

#define GAP         3
#define EMPTY_ALPHA 0.16f

int
pip_row_measure (GtkOrientation orientation, int diameter)
{
  return orientation == GTK_ORIENTATION_HORIZONTAL ? PIP_ROW_N * diameter + (PIP_ROW_N - 1) * GAP
                                                   : diameter;
}

static void
draw_pip (GtkSnapshot *snapshot, float x, float y, float diameter, const GdkRGBA *colour,
          gboolean ring)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x, y, diameter, diameter);
  GskRoundedRect circle;

  gsk_rounded_rect_init_from_rect (&circle, &bounds, diameter / 2);
  if (ring)
    {
      gtk_snapshot_append_border (snapshot, &circle, (float[4]){ 1, 1, 1, 1 },
                                  (GdkRGBA[4]){ *colour, *colour, *colour, *colour });
      return;
    }
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, colour, &bounds);
  gtk_snapshot_pop (snapshot);
}

void
pip_row_draw (GtkWidget *widget, GtkSnapshot *snapshot, guint8 filled, int diameter)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  gboolean high_contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  float y = (float) (gtk_widget_get_height (widget) - diameter) / 2;
  GdkRGBA full;
  GdkRGBA empty;

  gtk_style_context_get_color (style, &full);
  if (!gtk_style_context_lookup_color (style, "window_fg_color", &empty))
    empty = full;
  if (!high_contrast)
    empty.alpha *= EMPTY_ALPHA;

  for (int i = 0; i < PIP_ROW_N; i++)
    {
      gboolean is_filled = filled >> i & 1;
      draw_pip (snapshot, (float) (i * (diameter + GAP)), y, (float) diameter,
                is_filled ? &full : &empty, high_contrast && !is_filled);
    }
}
