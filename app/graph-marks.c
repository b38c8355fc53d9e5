/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "graph-marks.h"

#include "format-date.h"
#include "format.h"

#include <glib/gi18n.h>
#include <math.h>

/* How far outside of the graph the clock must have been for a step to be told in words. */
#define FAR_OUTSIDE 2
/* Between the middle of a wedge and its words, px. */
#define WEDGE_GAP      8
#define CORNER_RADIUS  9
#define READOUT_HEIGHT 44

static void
paint_wedge (const GraphCanvas *p, double x)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) x - 5, 0, 10, GRAPH_TOP_MARGIN);
  cairo_t *cr = gtk_snapshot_append_cairo (p->snapshot, &bounds);
  double y = GRAPH_TOP_MARGIN / 2.0 - 6;

  cairo_move_to (cr, x - 4.5, y);
  cairo_line_to (cr, x + 4.5, y);
  cairo_line_to (cr, x, y + 7);
  graph_canvas_set_source (cr, p->widget, "window_fg_color", 1);
  cairo_fill (cr);
  cairo_destroy (cr);
}

/* Says how large the step was, beside its wedge, if that fits between @begin, where the step before
 * it ends, and @limit, where what is newer begins. Returns where the rest has to end. */
static double
paint_step_words (const GraphCanvas *p, double amount, double x, double begin, double limit)
{
  g_autofree char *offset = format_offset (amount);
  g_autofree char *text =
      isfinite (amount) ? g_strdup_printf (_ ("Step %s"), offset) : g_strdup (_ ("Step"));
  g_autoptr (PangoLayout) layout = graph_canvas_caption (p->widget, text, TRUE);
  GdkRGBA colour = graph_canvas_colour (p->widget, "window_fg_color", 1);
  double width = graph_canvas_text_width (layout) + WEDGE_GAP;
  gboolean right = x + width <= limit;

  paint_wedge (p, x);
  if (!right && (x > limit || x - width < begin))
    return MIN (x - WEDGE_GAP, limit);
  graph_canvas_layout (p, layout, right ? x + WEDGE_GAP : x - WEDGE_GAP, GRAPH_TOP_MARGIN / 2.0 - 3,
                       right ? 0 : 1, &colour);
  return (right ? x : x - width) - WEDGE_GAP;
}

static void
paint_step (const GraphCanvas *p, cairo_t *cr, const OffsetMark *mark, double x)
{
  static const double DASHES[] = { 4, 3 };

  graph_canvas_set_source (cr, p->widget, "window_fg_color", 0.7);
  cairo_set_line_width (cr, 1.5);
  cairo_set_dash (cr, DASHES, G_N_ELEMENTS (DASHES), 0);
  cairo_move_to (cr, x, p->plot.y);
  cairo_line_to (cr, x, graph_canvas_bottom (p));
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

/* Of the first @n marks, where the wedge of the last step ends; the start of the widget if there is
 * none. */
static double
end_of_step_before (const GraphCanvas *p, const OffsetMark *marks, guint n)
{
  while (n-- > 0)
    if (marks[n].kind == OFFSET_MARK_STEP)
      return graph_canvas_x (p, marks[n].time) + WEDGE_GAP;
  return 0;
}

void
graph_marks_paint (const GraphCanvas *p)
{
  guint n;
  const OffsetMark *marks = gnomon_offset_series_get_marks (p->series, &n);
  cairo_t *cr = graph_canvas_begin (p);
  guint first = n;
  double limit = graph_canvas_right (p);

  while (first > 0 && marks[first - 1].time >= p->scale->start)
    first--;
  for (guint i = first; i < n; i++)
    if (marks[i].kind == OFFSET_MARK_KEYS)
      graph_canvas_key (p->widget, cr, graph_canvas_x (p, marks[i].time),
                        graph_canvas_bottom (p) - 6);
    else
      paint_step (p, cr, &marks[i], graph_canvas_x (p, marks[i].time));
  cairo_destroy (cr);
  for (guint i = n; i > first; i--)
    if (marks[i - 1].kind == OFFSET_MARK_STEP)
      limit = paint_step_words (p, marks[i - 1].amount, graph_canvas_x (p, marks[i - 1].time),
                                end_of_step_before (p, marks + first, i - 1 - first), limit);
}

/* Before a step that does not fit the line would lie far outside: words say where. */
void
graph_marks_paint_before_step (const GraphCanvas *p)
{
  guint n;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (p->series, &n);
  gint64 step = graph_scale_last_step (p->scale, p->series);
  guint after = gnomon_offset_series_find (p->series, step);
  GdkRGBA shade = graph_canvas_colour (p->widget, "window_fg_color", 0.04);
  double left;
  double right = graph_canvas_x (p, step);
  g_autofree char *amount = NULL;
  g_autofree char *text = NULL;
  g_autoptr (PangoLayout) layout = NULL;

  if (step == p->scale->start || after == 0
      || fabs (estimates[after - 1].offset) < FAR_OUTSIDE * p->scale->top)
    return;
  left = MAX (graph_canvas_x (p, graph_scale_outside_since (p->scale, p->series)), p->plot.x);
  gtk_snapshot_append_color (p->snapshot, &shade,
                             &GRAPHENE_RECT_INIT ((float) left, (float) p->plot.y,
                                                  (float) (right - left), (float) p->plot.height));
  amount = format_slow_or_fast (estimates[after - 1].offset);
  /* Translators: "clock was" above "2.5 s slow". */
  text = g_strdup_printf (_ ("clock was\n%s"), amount);
  layout = graph_canvas_caption (p->widget, text, FALSE);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  if (graph_canvas_text_width (layout) < right - left - 8)
    {
      GdkRGBA dim = graph_canvas_colour (p->widget, "window_fg_color", 0.55);
      graph_canvas_layout (p, layout, (left + right) / 2, graph_canvas_y (p, 0), 0.5, &dim);
    }
}

/* ---- The read-out ---- */

/* The server that answered just then, or NULL. */
static const char *
host_near (const GraphCanvas *p, gint64 time)
{
  gint64 near = (p->scale->end - p->scale->start) / 200;
  guint n;
  const OffsetSample *samples = gnomon_offset_series_get_samples (p->series, &n);
  const char *host = NULL;

  for (guint i = 0; i < n; i++)
    {
      gint64 distance = ABS (samples[i].time - time);
      if (distance > near)
        continue;
      near = distance;
      host = gnomon_offset_series_get_host (p->series, samples[i].server);
    }
  return host;
}

char *
graph_marks_describe (const GraphCanvas *p, const OffsetEstimate *estimate, gboolean first_line)
{
  g_autofree char *offset = format_offset (estimate->offset);
  g_autofree char *uncertainty = format_uncertainty (estimate->uncertainty);
  gint64 usec = g_get_real_time () - (offset_series_now () - estimate->time);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *time = p->scale->end - p->scale->start > G_TIME_SPAN_DAY
                              ? format_when (usec, g_get_real_time (), zone)
                              : format_time_of_day (usec, zone);
  const char *host = host_near (p, estimate->time);

  if (first_line)
    return g_strdup_printf ("%s  %s", offset, uncertainty);
  /* Translators: a time of day, and the server that answered then. */
  return host ? g_strdup_printf (_ ("%s · %s"), time, host) : g_steal_pointer (&time);
}

static void
paint_box (const GraphCanvas *p, const graphene_rect_t *bounds)
{
  GskRoundedRect outline;
  GdkRGBA background = graph_canvas_colour (p->widget, "popover_bg_color", 1);
  GdkRGBA border =
      graph_canvas_colour (p->widget, "window_fg_color", graph_canvas_high_contrast () ? 1 : 0.15);

  gsk_rounded_rect_init_from_rect (&outline, bounds, CORNER_RADIUS);
  gtk_snapshot_push_rounded_clip (p->snapshot, &outline);
  gtk_snapshot_append_color (p->snapshot, &background, bounds);
  gtk_snapshot_pop (p->snapshot);
  gtk_snapshot_append_border (p->snapshot, &outline, (float[4]){ 1, 1, 1, 1 },
                              (GdkRGBA[4]){ border, border, border, border });
}

void
graph_marks_paint_readout (const GraphCanvas *p, const OffsetEstimate *estimate)
{
  g_autofree char *value = graph_marks_describe (p, estimate, TRUE);
  g_autofree char *where = graph_marks_describe (p, estimate, FALSE);
  g_autoptr (PangoLayout) first = graph_canvas_caption (p->widget, value, TRUE);
  g_autoptr (PangoLayout) second = graph_canvas_caption (p->widget, where, FALSE);
  GdkRGBA colour = graph_canvas_colour (p->widget, "window_fg_color", 1);
  GdkRGBA dim = graph_canvas_colour (p->widget, "window_fg_color", 0.7);
  double x = graph_canvas_x (p, estimate->time);
  double width = MAX (graph_canvas_text_width (first), graph_canvas_text_width (second)) + 24;
  double left = x + 10 + width <= graph_canvas_right (p) ? x + 10 : x - 10 - width;
  double top = p->plot.y + 2;
  graphene_rect_t line =
      GRAPHENE_RECT_INIT ((float) round (x), (float) p->plot.y, 1, (float) p->plot.height);

  left = MAX (left, p->plot.x);
  gtk_snapshot_append_color (p->snapshot, &dim, &line);
  graph_canvas_dot (p, estimate);
  paint_box (p, &GRAPHENE_RECT_INIT ((float) left, (float) top, (float) width, READOUT_HEIGHT));
  graph_canvas_layout (p, first, left + 12, top + READOUT_HEIGHT * 0.32, 0, &colour);
  graph_canvas_layout (p, second, left + 12, top + READOUT_HEIGHT * 0.7, 0, &dim);
}
