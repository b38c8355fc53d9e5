/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "graph-painter.h"

#include "format.h"
#include "graph-marks.h"

#include <glib/gi18n.h>
#include <math.h>

#define BAND_ALPHA 0.14

/* ---- Grid and axes ---- */

static void
paint_grid (const GraphCanvas *p)
{
  for (int i = -1; i <= 1; i++)
    {
      double offset = i * p->scale->grid;
      double y = round (graph_canvas_y (p, offset));
      g_autofree char *text = format_round_offset (offset);
      GdkRGBA colour = graph_canvas_colour (p->widget, "window_fg_color", i == 0 ? 0.2 : 0.08);

      gtk_snapshot_append_color (
          p->snapshot, &colour,
          &GRAPHENE_RECT_INIT ((float) p->plot.x, (float) y, (float) p->plot.width, 1));
      graph_canvas_text (p, text, p->plot.x - GRAPH_LABEL_GAP, y, 1);
    }
}

/* @tick: between two labels, s. */
static const char *
time_format (gint64 tick)
{
  if (tick < 60)
    return _ ("%H:%M:%S");
  /* Translators: formats of g_date_time_format () for the time axis: a time of day, a day. */
  return tick < 86400 ? _ ("%H:%M") : _ ("%-d %b");
}

static void
paint_time (const GraphCanvas *p, GDateTime *time, double x, const char *format)
{
  g_autofree char *text = g_date_time_format (time, format);
  g_autoptr (PangoLayout) layout = graph_canvas_caption (p->widget, text, FALSE);
  double half = graph_canvas_text_width (layout) / 2.0;

  x = CLAMP (x, p->plot.x + half, graph_canvas_right (p) - half);
  graph_canvas_text (p, text, x, graph_canvas_bottom (p) + GRAPH_BOTTOM_MARGIN / 2.0 + 3, 0.5);
}

/* Labels stand at round times of day, so they move with the graph. */
static void
paint_times (const GraphCanvas *p)
{
  gint64 span = p->scale->end - p->scale->start;
  gint64 tick = graph_scale_tick (span) * (p->narrow ? 2 : 1);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  gint64 unix_now = g_date_time_to_unix (now);
  gint64 zone = g_date_time_get_utc_offset (now) / G_USEC_PER_SEC;
  gint64 last = (unix_now + zone) / tick * tick - zone;

  for (gint64 at = last; (unix_now - at) * G_USEC_PER_SEC <= span; at -= tick)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (at);
      paint_time (p, time, graph_canvas_x (p, p->scale->end - (unix_now - at) * G_USEC_PER_SEC),
                  time_format (tick));
    }
}

/* ---- The estimate ---- */

/* What all estimates that fall on one pixel come to. */
typedef struct
{
  double x;
  double y;
  double top;
  double bottom;
  gboolean begins; /* the clock was stepped before it */
} Column;

static gboolean
stepped_between (const GraphCanvas *p, gint64 from, gint64 to)
{
  guint n;
  const OffsetMark *marks = gnomon_offset_series_get_marks (p->series, &n);

  for (guint i = 0; i < n; i++)
    if (marks[i].kind == OFFSET_MARK_STEP && marks[i].time > from && marks[i].time <= to)
      return TRUE;
  return FALSE;
}

/* @from: the number of the first estimate. */
static GArray *
make_columns (const GraphCanvas *p, guint from)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (Column));
  guint n;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (p->series, &n);

  for (guint i = from; i < n; i++)
    {
      const OffsetEstimate *e = &estimates[i];
      Column column = { floor (graph_canvas_x (p, e->time)), graph_canvas_near_y (p, e->offset),
                        graph_canvas_near_y (p, e->offset + e->uncertainty),
                        graph_canvas_near_y (p, e->offset - e->uncertainty),
                        i > from && stepped_between (p, estimates[i - 1].time, e->time) };
      Column *last = columns->len > 0 ? &g_array_index (columns, Column, columns->len - 1) : NULL;

      if (!last || column.begins || column.x > last->x)
        {
          g_array_append_val (columns, column);
          continue;
        }
      last->y = column.y;
      last->top = MIN (last->top, column.top);
      last->bottom = MAX (last->bottom, column.bottom);
    }
  return columns;
}

static void
paint_stretch (const GraphCanvas *p, cairo_t *cr, const Column *columns, guint n)
{
  for (guint i = 0; i < n; i++)
    cairo_line_to (cr, columns[i].x, columns[i].top);
  for (guint i = n; i-- > 0;)
    cairo_line_to (cr, columns[i].x, columns[i].bottom);
  cairo_close_path (cr);
  graph_canvas_set_source (cr, p->widget, "accent_color", BAND_ALPHA);
  cairo_fill_preserve (cr);
  if (graph_canvas_high_contrast ())
    {
      graph_canvas_set_source (cr, p->widget, "accent_color", 1);
      cairo_set_line_width (cr, 1);
      cairo_stroke_preserve (cr);
    }
  cairo_new_path (cr);

  for (guint i = 0; i < n; i++)
    cairo_line_to (cr, columns[i].x, columns[i].y);
  graph_canvas_set_source (cr, p->widget, "accent_color", 1);
  cairo_set_line_width (cr, GRAPH_LINE_WIDTH);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
}

static void
paint_estimates (const GraphCanvas *p, cairo_t *cr, guint from)
{
  g_autoptr (GArray) columns = make_columns (p, from);
  const Column *all = (const Column *) (gconstpointer) columns->data;

  for (guint i = 0; i < columns->len;)
    {
      guint end = i + 1;
      while (end < columns->len && !all[end].begins)
        end++;
      paint_stretch (p, cr, all + i, end - i);
      i = end;
    }
}

/* ---- Samples ---- */

/* Samples closer than this cover one another, px. */
#define CELL 4

typedef struct
{
  guint columns;
  guint rows;
  guint *servers; /* whose sample a cell was taken for last, plus 1 */
} Cells;

/* FALSE when the cell has one of this server already. */
static gboolean
take_cell (const GraphCanvas *p, const Cells *cells, guint server, double x, double y)
{
  guint column = (guint) CLAMP ((x - p->plot.x) / CELL, 0, cells->columns - 1);
  guint row = (guint) CLAMP ((y - p->plot.y) / CELL, 0, cells->rows - 1);
  guint *cell = &cells->servers[row * cells->columns + column];
  gboolean taken = *cell == server + 1;

  *cell = server + 1;
  return !taken;
}

/* One path for all of a server, which does not grow darker where they overlap. */
static void
paint_samples_of (const GraphCanvas *p, cairo_t *cr, guint server, guint from, const Cells *cells)
{
  guint n;
  const OffsetSample *samples = gnomon_offset_series_get_samples (p->series, &n);

  while (n-- > from && samples[n].time >= p->scale->start)
    {
      double x = graph_canvas_x (p, samples[n].time);
      double y = graph_canvas_near_y (p, samples[n].offset);

      if (samples[n].server == server && take_cell (p, cells, server, x, y))
        graph_canvas_add_sample (cr, server, x, y, GRAPH_SAMPLE_SIZE);
    }
  graph_canvas_fill_samples (p->widget, cr, server);
}

/* @from: the number of the first sample. */
static void
paint_samples (const GraphCanvas *p, cairo_t *cr, guint from)
{
  guint columns = (guint) MAX (p->plot.width / CELL, 0) + 1;
  guint rows = (guint) MAX (p->plot.height / CELL, 0) + 1;
  g_autofree guint *servers = g_new0 (guint, (gsize) columns * rows);
  const Cells cells = { columns, rows, servers };

  /* Nobody sees it on dots, of which there may be more than of all else. */
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  for (guint i = 0; i < gnomon_offset_series_get_n_hosts (p->series); i++)
    if (i >= 64 || !(p->hidden >> i & 1))
      paint_samples_of (p, cr, i, from, &cells);
}

/* ---- All of it ---- */

static void
paint_points (const GraphCanvas *p)
{
  guint first = gnomon_offset_series_find (p->series, p->scale->start);
  cairo_t *cr = graph_canvas_begin (p);

  paint_estimates (p, cr, first > 0 ? first - 1 : 0);
  cairo_destroy (cr);
  cr = graph_canvas_begin (p);
  paint_samples (p, cr, 0);
  cairo_destroy (cr);
}

void
graph_painter_paint (const GraphCanvas *p)
{
  guint n;

  gnomon_offset_series_get_estimates (p->series, &n);
  graph_marks_paint_before_step (p);
  paint_grid (p);
  paint_times (p);
  if (n == 0)
    {
      graph_canvas_text (p, _ ("The graph begins with the first answer"),
                         p->plot.x + p->plot.width / 2, p->plot.y + p->plot.height / 4, 0.5);
      return;
    }
  paint_points (p);
  graph_marks_paint (p);
}

void
graph_painter_paint_newest (const GraphCanvas *p, guint n_estimates, guint n_samples)
{
  guint n, all_samples;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (p->series, &n);

  gnomon_offset_series_get_samples (p->series, &all_samples);
  if (n == 0)
    return;
  if (n_estimates < n || n_samples < all_samples)
    {
      guint from = n_estimates > 0 ? n_estimates - 1 : 0;
      cairo_t *cr = graph_canvas_begin_from (p, graph_canvas_x (p, estimates[from].time));

      paint_estimates (p, cr, from);
      paint_samples (p, cr, n_samples);
      cairo_destroy (cr);
    }
  graph_canvas_dot (p, &estimates[n - 1]);
}
