/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "offset-graph.h"

#include "graph-marks.h"
#include "graph-painter.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define HEIGHT_WIDE   212
#define HEIGHT_NARROW 172
#define NOWHERE       G_MAXUINT

/* How much there is of each, and the times of the last ones. */
typedef struct
{
  guint estimates;
  guint samples;
  guint marks;
  gint64 estimate;
  gint64 sample;
} Points;

struct _GnomonOffsetGraph
{
  GtkWidget parent_instance;

  GnomonOffsetSeries *series;
  gint64 span; /* µs */
  gboolean narrow;
  guint64 hidden;

  GskRenderNode *painted; /* all but the newest and the read-out, NULL = to be painted anew */
  GraphScale scale;       /* of painted */
  GraphPlot plot;         /* likewise */
  Points points;          /* of painted */
  int width;              /* likewise, px */
  int height;

  guint readout; /* index of an estimate, or NOWHERE */
  guint tick;
};

G_DEFINE_FINAL_TYPE (GnomonOffsetGraph, gnomon_offset_graph, GTK_TYPE_WIDGET)

/* As that which is painted. */
static GraphCanvas
painted_canvas (GnomonOffsetGraph *self, GtkSnapshot *snapshot)
{
  return (GraphCanvas){
    .widget = GTK_WIDGET (self),
    .snapshot = snapshot,
    .series = self->series,
    .scale = &self->scale,
    .plot = self->plot,
    .hidden = self->hidden,
    .narrow = self->narrow,
  };
}

/* As it would be now. @scale: where the canvas's scale is kept. */
static GraphCanvas
make_canvas (GnomonOffsetGraph *self, GraphScale *scale, GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GraphCanvas canvas = painted_canvas (self, snapshot);

  canvas.scale = scale;
  graph_scale_fit (scale, self->series, offset_series_now (), self->span);
  canvas.plot =
      graph_canvas_place (&canvas, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  return canvas;
}

static void
repaint (GnomonOffsetGraph *self)
{
  g_clear_pointer (&self->painted, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The first @estimates and @samples, if there are so many. */
static Points
count_points (GnomonOffsetSeries *series, guint estimates, guint samples)
{
  Points points;
  guint n;
  const OffsetEstimate *estimate = gnomon_offset_series_get_estimates (series, &n);
  const OffsetSample *sample;

  memset (&points, 0, sizeof points);
  points.estimates = MIN (n, estimates);
  points.estimate = points.estimates > 0 ? estimate[points.estimates - 1].time : 0;
  sample = gnomon_offset_series_get_samples (series, &n);
  points.samples = MIN (n, samples);
  points.sample = points.samples > 0 ? sample[points.samples - 1].time : 0;
  gnomon_offset_series_get_marks (series, &points.marks);
  return points;
}

static void
paint (GnomonOffsetGraph *self)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  const GraphCanvas canvas = make_canvas (self, &self->scale, snapshot);

  graph_painter_paint (&canvas);
  self->plot = canvas.plot;
  self->painted = gtk_snapshot_to_node (snapshot);
  self->points = count_points (self->series, G_MAXUINT, G_MAXUINT);
  self->width = gtk_widget_get_width (GTK_WIDGET (self));
  self->height = gtk_widget_get_height (GTK_WIDGET (self));
}

/* A value that is new, or a read-out that moves, does not have all the points painted again, as
 * long as the graph would be the same but for a pixel. */
static gboolean
is_painted_right (GnomonOffsetGraph *self)
{
  Points now = count_points (self->series, self->points.estimates, self->points.samples);
  double moved;
  GraphScale fitted;

  if (!self->painted || now.estimates == 0 || memcmp (&now, &self->points, sizeof now) != 0)
    return FALSE;
  graph_scale_fit (&fitted, self->series, offset_series_now (), self->span);
  moved = (double) (fitted.end - self->scale.end) / (double) (fitted.end - fitted.start);
  return moved * self->width < 1 && fabs (fitted.top / self->scale.top - 1) * self->height < 2;
}

static void
on_series_changed (GnomonOffsetGraph *self)
{
  if (!is_painted_right (self))
    g_clear_pointer (&self->painted, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
gnomon_offset_graph_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GnomonOffsetGraph *self = GNOMON_OFFSET_GRAPH (widget);
  GraphCanvas canvas;
  guint n;
  const OffsetEstimate *estimates;

  if (!self->series)
    return;
  if (!self->painted)
    paint (self);
  if (self->painted)
    gtk_snapshot_append_node (snapshot, self->painted);
  canvas = painted_canvas (self, snapshot);
  graph_painter_paint_newest (&canvas, self->points.estimates, self->points.samples);
  estimates = gnomon_offset_series_get_estimates (self->series, &n);
  if (self->readout >= n || estimates[self->readout].time < self->scale.start)
    return;
  graph_marks_paint_readout (&canvas, &estimates[self->readout]);
}

static void
gnomon_offset_graph_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (gnomon_offset_graph_parent_class)->css_changed (widget, change);
  repaint (GNOMON_OFFSET_GRAPH (widget));
}

static void
gnomon_offset_graph_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GnomonOffsetGraph *self = GNOMON_OFFSET_GRAPH (widget);

  if (width != self->width || height != self->height)
    repaint (self);
}

static void
gnomon_offset_graph_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                             int *minimum, int *natural, int *minimum_baseline,
                             int *natural_baseline)
{
  GnomonOffsetGraph *self = GNOMON_OFFSET_GRAPH (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 120;
      *natural = 640;
      return;
    }
  *minimum = *natural = self->narrow ? HEIGHT_NARROW : HEIGHT_WIDE;
}

/* ---- The read-out ---- */

static void
announce (GnomonOffsetGraph *self)
{
  GraphScale scale;
  GraphCanvas canvas = make_canvas (self, &scale, NULL);
  guint n;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (self->series, &n);
  g_autofree char *value = NULL;
  g_autofree char *where = NULL;
  g_autofree char *text = NULL;

  if (self->readout >= n)
    return;
  value = graph_marks_describe (&canvas, &estimates[self->readout], TRUE);
  where = graph_marks_describe (&canvas, &estimates[self->readout], FALSE);
  text = g_strdup_printf ("%s, %s", value, where);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
set_readout (GnomonOffsetGraph *self, guint readout)
{
  if (self->readout == readout)
    return;
  self->readout = readout;
  announce (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, GnomonOffsetGraph *self)
{
  GraphScale scale;
  GraphCanvas canvas;
  const OffsetEstimate *estimates;
  guint n;
  guint found;
  gint64 time;

  if (!self->series)
    return;
  canvas = make_canvas (self, &scale, NULL);
  estimates = gnomon_offset_series_get_estimates (self->series, &n);
  time = scale.start
         + (gint64) ((x - canvas.plot.x) / canvas.plot.width * (double) (scale.end - scale.start));
  found = gnomon_offset_series_find (self->series, MAX (time, scale.start));
  if (found == n && n > 0 && estimates[n - 1].time >= scale.start)
    found = n - 1;
  set_readout (self, found < n ? found : NOWHERE);
}

static void
on_leave (GtkEventControllerMotion *controller, GnomonOffsetGraph *self)
{
  set_readout (self, NOWHERE);
}

/* The estimate at the next mark in that direction, or the end. */
static guint
find_mark (GnomonOffsetGraph *self, guint from, int direction, guint first, guint last)
{
  guint n;
  guint n_marks;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (self->series, &n);
  const OffsetMark *marks = gnomon_offset_series_get_marks (self->series, &n_marks);
  gint64 time = estimates[from].time;

  for (guint i = 0; i < n_marks; i++)
    {
      const OffsetMark *mark = &marks[direction > 0 ? i : n_marks - 1 - i];
      if (direction > 0 ? mark->time > time : mark->time < time)
        return CLAMP (gnomon_offset_series_find (self->series, mark->time), first, last);
    }
  return direction > 0 ? last : first;
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers,
        GnomonOffsetGraph *self)
{
  gboolean by_mark = (modifiers & GDK_CONTROL_MASK) != 0;
  guint n;
  guint first;
  guint at;

  gnomon_offset_series_get_estimates (self->series, &n);
  first = gnomon_offset_series_find (self->series, offset_series_now () - self->span);
  if (first >= n)
    return GDK_EVENT_PROPAGATE;
  at = self->readout < n && self->readout >= first ? self->readout : n - 1;

  switch (key)
    {
    case GDK_KEY_Left:
      set_readout (self,
                   by_mark ? find_mark (self, at, -1, first, n - 1) : MAX (at, first + 1) - 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
      set_readout (self, by_mark ? find_mark (self, at, 1, first, n - 1) : MIN (at + 1, n - 1));
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
      set_readout (self, first);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
      set_readout (self, n - 1);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* ---- Time passes ---- */

static gboolean
on_tick (gpointer data)
{
  repaint (GNOMON_OFFSET_GRAPH (data));
  return G_SOURCE_CONTINUE;
}

/* One redraw for each pixel that the graph has moved by. */
static void
start_ticking (GnomonOffsetGraph *self)
{
  guint milliseconds =
      (guint) (self->span / 1000 / MAX (gtk_widget_get_width (GTK_WIDGET (self)), 120));

  g_clear_handle_id (&self->tick, g_source_remove);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tick = g_timeout_add (MAX (milliseconds, 1000), on_tick, self);
}

static void
gnomon_offset_graph_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (gnomon_offset_graph_parent_class)->map (widget);
  start_ticking (GNOMON_OFFSET_GRAPH (widget));
}

static void
gnomon_offset_graph_unmap (GtkWidget *widget)
{
  GnomonOffsetGraph *self = GNOMON_OFFSET_GRAPH (widget);

  g_clear_handle_id (&self->tick, g_source_remove);
  GTK_WIDGET_CLASS (gnomon_offset_graph_parent_class)->unmap (widget);
}

static void
gnomon_offset_graph_dispose (GObject *object)
{
  GnomonOffsetGraph *self = GNOMON_OFFSET_GRAPH (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_pointer (&self->painted, gsk_render_node_unref);
  g_clear_object (&self->series);
  G_OBJECT_CLASS (gnomon_offset_graph_parent_class)->dispose (object);
}

static void
gnomon_offset_graph_class_init (GnomonOffsetGraphClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_offset_graph_dispose;
  widget_class->snapshot = gnomon_offset_graph_snapshot;
  widget_class->measure = gnomon_offset_graph_measure;
  widget_class->size_allocate = gnomon_offset_graph_size_allocate;
  widget_class->css_changed = gnomon_offset_graph_css_changed;
  widget_class->map = gnomon_offset_graph_map;
  widget_class->unmap = gnomon_offset_graph_unmap;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "offset-graph");
}

static void
gnomon_offset_graph_init (GnomonOffsetGraph *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  AdwStyleManager *style = adw_style_manager_get_default ();

  /* The colours that are looked up by name are no part of a widget's own style. */
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (repaint), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast", G_CALLBACK (repaint), self,
                           G_CONNECT_SWAPPED);
  self->readout = NOWHERE;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
}

void
gnomon_offset_graph_set_series (GnomonOffsetGraph *self, GnomonOffsetSeries *series)
{
  g_return_if_fail (GNOMON_IS_OFFSET_GRAPH (self) && self->series == NULL);
  self->series = g_object_ref (series);
  g_signal_connect_object (series, "changed", G_CALLBACK (on_series_changed), self,
                           G_CONNECT_SWAPPED);
}

/* "Clock offset, last 10 minutes" */
static char *
describe_span (gint64 seconds)
{
  gulong n;

  if (seconds < 3600)
    {
      n = (gulong) (seconds / 60);
      return g_strdup_printf (
          ngettext ("Clock offset, last %lu minute", "Clock offset, last %lu minutes", n), n);
    }
  if (seconds < 2 * 86400)
    {
      n = (gulong) (seconds / 3600);
      return n == 1 ? g_strdup (_ ("Clock offset, last hour"))
                    : g_strdup_printf (
                        ngettext ("Clock offset, last %lu hour", "Clock offset, last %lu hours", n),
                        n);
    }
  n = (gulong) (seconds / 86400);
  return g_strdup_printf (ngettext ("Clock offset, last %lu day", "Clock offset, last %lu days", n),
                          n);
}

gint64
gnomon_offset_graph_get_span (GnomonOffsetGraph *self)
{
  g_return_val_if_fail (GNOMON_IS_OFFSET_GRAPH (self), 0);
  return self->span / G_USEC_PER_SEC;
}

void
gnomon_offset_graph_set_span (GnomonOffsetGraph *self, gint64 seconds)
{
  g_autofree char *label = NULL;

  g_return_if_fail (GNOMON_IS_OFFSET_GRAPH (self));
  self->span = seconds * G_USEC_PER_SEC;
  label = describe_span (seconds);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  start_ticking (self);
  repaint (self);
}

void
gnomon_offset_graph_set_narrow (GnomonOffsetGraph *self, gboolean narrow)
{
  g_return_if_fail (GNOMON_IS_OFFSET_GRAPH (self));
  self->narrow = narrow;
  repaint (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
gnomon_offset_graph_set_server_visible (GnomonOffsetGraph *self, guint server, gboolean visible)
{
  g_return_if_fail (GNOMON_IS_OFFSET_GRAPH (self) && server < 64);
  if (visible)
    self->hidden &= ~(G_GUINT64_CONSTANT (1) << server);
  else
    self->hidden |= G_GUINT64_CONSTANT (1) << server;
  repaint (self);
}
