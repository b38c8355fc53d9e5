/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "graph-canvas.h"

#include "format.h"

#include <adwaita.h>
#include <math.h>

#define CAPTION_SCALE 0.82
#define SAMPLE_ALPHA  0.62
#define DOT_RADIUS    4.5

gboolean
graph_canvas_high_contrast (void)
{
  return adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
}

GdkRGBA
graph_canvas_colour (GtkWidget *widget, const char *name, double alpha)
{
  GdkRGBA colour = { 0.5f, 0.5f, 0.5f, 1 };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &colour);
  colour.alpha *= (float) alpha;
  return colour;
}

void
graph_canvas_set_source (cairo_t *cr, GtkWidget *widget, const char *name, double alpha)
{
  GdkRGBA colour = graph_canvas_colour (widget, name, alpha);
  gdk_cairo_set_source_rgba (cr, &colour);
}

/* ---- Text ---- */

PangoLayout *
graph_canvas_caption (GtkWidget *widget, const char *text, gboolean bold)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (CAPTION_SCALE));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  return layout;
}

int
graph_canvas_text_width (PangoLayout *layout)
{
  int width;
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

/* @x, @y: of the left or right end (@align 0 or 1) or the middle (0.5), and of the middle line. */
void
graph_canvas_layout (const GraphCanvas *p, PangoLayout *layout, double x, double y, double align,
                     const GdkRGBA *colour)
{
  int width;
  int height;
  graphene_point_t place;

  pango_layout_get_pixel_size (layout, &width, &height);
  place = GRAPHENE_POINT_INIT ((float) round (x - width * align), (float) round (y - height / 2.0));
  gtk_snapshot_save (p->snapshot);
  gtk_snapshot_translate (p->snapshot, &place);
  gtk_snapshot_append_layout (p->snapshot, layout, colour);
  gtk_snapshot_restore (p->snapshot);
}

void
graph_canvas_text (const GraphCanvas *p, const char *text, double x, double y, double align)
{
  g_autoptr (PangoLayout) layout = graph_canvas_caption (p->widget, text, FALSE);
  GdkRGBA colour =
      graph_canvas_colour (p->widget, "window_fg_color", graph_canvas_high_contrast () ? 1 : 0.55);

  graph_canvas_layout (p, layout, x, y, align, &colour);
}

/* ---- Places ---- */

double
graph_canvas_x (const GraphCanvas *p, gint64 time)
{
  return p->plot.x + graph_scale_x (p->scale, time) * p->plot.width;
}

double
graph_canvas_y (const GraphCanvas *p, double offset)
{
  return p->plot.y + graph_scale_y (p->scale, offset) * p->plot.height;
}

double
graph_canvas_right (const GraphCanvas *p)
{
  return p->plot.x + p->plot.width;
}

double
graph_canvas_bottom (const GraphCanvas *p)
{
  return p->plot.y + p->plot.height;
}

double
graph_canvas_near_y (const GraphCanvas *p, double offset)
{
  return CLAMP (graph_canvas_y (p, offset), p->plot.y - 100, graph_canvas_bottom (p) + 100);
}

GraphPlot
graph_canvas_place (const GraphCanvas *p, int width, int height)
{
  g_autofree char *label = format_round_offset (-p->scale->grid);
  g_autoptr (PangoLayout) layout = graph_canvas_caption (p->widget, label, FALSE);
  double left = graph_canvas_text_width (layout) + GRAPH_LABEL_GAP;
  double right = DOT_RADIUS + 1;

  return (GraphPlot){ left, GRAPH_TOP_MARGIN, MAX (width - left - right, 1),
                      MAX (height - GRAPH_TOP_MARGIN - GRAPH_BOTTOM_MARGIN, 1) };
}

cairo_t *
graph_canvas_begin (const GraphCanvas *p)
{
  return graph_canvas_begin_from (p, p->plot.x);
}

cairo_t *
graph_canvas_begin_from (const GraphCanvas *p, double x)
{
  double left = CLAMP (floor (x), p->plot.x, graph_canvas_right (p) - 1);
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT ((float) left, (float) p->plot.y, (float) (graph_canvas_right (p) - left),
                          (float) p->plot.height);

  return gtk_snapshot_append_cairo (p->snapshot, &bounds);
}

/* ---- Signs ---- */

void
graph_canvas_add_sample (cairo_t *cr, guint server, double x, double y, double size)
{
  double half = size / 2;

  cairo_new_sub_path (cr);

  switch (server % 4)
    {
    case 0:
      cairo_arc (cr, x, y, half, 0, 2 * G_PI);
      break;
    case 1:
      cairo_rectangle (cr, x - half * 0.9, y - half * 0.9, size * 0.9, size * 0.9);
      break;
    case 2:
      cairo_move_to (cr, x, y - half);
      cairo_line_to (cr, x + half * 1.1, y + half);
      cairo_line_to (cr, x - half * 1.1, y + half);
      cairo_close_path (cr);
      break;
    default:
      cairo_move_to (cr, x, y - half * 1.2);
      cairo_line_to (cr, x + half * 1.2, y);
      cairo_line_to (cr, x, y + half * 1.2);
      cairo_line_to (cr, x - half * 1.2, y);
      cairo_close_path (cr);
      break;
    }
}

void
graph_canvas_fill_samples (GtkWidget *widget, cairo_t *cr, guint server)
{
  static const char *const LIGHT[] = { "purple_3", "orange_3", "green_4", "brown_3" };
  static const char *const DARK[] = { "purple_2", "orange_2", "green_2", "brown_2" };
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  /* With more than four servers the shapes come again, in other colours. */
  guint colour = (server + server / 4) % 4;

  graph_canvas_set_source (cr, widget, dark ? DARK[colour] : LIGHT[colour],
                           graph_canvas_high_contrast () ? 1 : SAMPLE_ALPHA);
  cairo_fill (cr);
}

void
graph_canvas_dot (const GraphCanvas *p, const OffsetEstimate *estimate)
{
  double x = graph_canvas_x (p, estimate->time);
  double y = CLAMP (graph_canvas_y (p, estimate->offset), p->plot.y, graph_canvas_bottom (p));
  graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) x - 7, (float) y - 7, 14, 14);
  cairo_t *cr = gtk_snapshot_append_cairo (p->snapshot, &bounds);

  cairo_arc (cr, x, y, DOT_RADIUS + 1.5, 0, 2 * G_PI);
  graph_canvas_set_source (cr, p->widget, "card_bg_color", 1);
  cairo_fill (cr);
  cairo_arc (cr, x, y, DOT_RADIUS, 0, 2 * G_PI);
  graph_canvas_set_source (cr, p->widget, "accent_color", 1);
  cairo_fill (cr);
  cairo_destroy (cr);
}

void
graph_canvas_key (GtkWidget *widget, cairo_t *cr, double x, double y)
{
  graph_canvas_set_source (cr, widget, "window_fg_color", 0.7);
  cairo_set_line_width (cr, 1.5);
  cairo_arc (cr, x - 4, y, 2.4, 0, 2 * G_PI);
  cairo_stroke (cr);
  cairo_move_to (cr, x - 1.6, y);
  cairo_line_to (cr, x + 6, y);
  cairo_move_to (cr, x + 3, y);
  cairo_line_to (cr, x + 3, y + 2.5);
  cairo_move_to (cr, x + 5.3, y);
  cairo_line_to (cr, x + 5.3, y + 2.5);
  cairo_stroke (cr);
}
