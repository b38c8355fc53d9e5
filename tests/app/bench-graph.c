/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long the graph takes to draw 10,000 points of a week. By hand, on any display:
 * ninja -C build tests/app/bench-graph && GSK_RENDERER=cairo build/tests/app/bench-graph */

#include <adwaita.h>
#include <math.h>

#include "offset-graph.h"

#define WEEK_S   604800
#define N_POINTS 10000
#define N_FRAMES 50

/* Half of them estimates, half of them samples of two servers. */
static GnomonOffsetSeries *
make_series (void)
{
  GnomonOffsetSeries *series = gnomon_offset_series_new ();
  gint64 now = offset_series_now ();

  for (int i = 0; i < N_POINTS; i++)
    {
      gint64 time = now - (gint64) (N_POINTS - i) * WEEK_S * G_USEC_PER_SEC / N_POINTS;
      double offset = 1e-3 * sin (i / 300.0);

      if (i % 2)
        gnomon_offset_series_add_sample (series, time, i % 4 == 1 ? "a.example" : "b.example",
                                         offset + 2e-4 * sin (i));
      else
        gnomon_offset_series_add_estimate (series, time, offset, 2e-3);
    }
  return series;
}

static double
draw_frame (GtkWidget *graph, GskRenderer *renderer)
{
  gint64 begin = g_get_monotonic_time ();
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  GTK_WIDGET_GET_CLASS (graph)->snapshot (graph, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (renderer, node, NULL);
  return (double) (g_get_monotonic_time () - begin) / 1000;
}

/* @changed: as if something had come in before each frame; else only the read-out moves. */
static void
measure (GtkWidget *graph, GskRenderer *renderer, gboolean changed)
{
  double least = INFINITY;
  double sum = 0;

  for (int i = 0; i < N_FRAMES; i++)
    {
      double took;
      if (changed)
        gnomon_offset_graph_set_server_visible (GNOMON_OFFSET_GRAPH (graph), 0, TRUE);
      took = draw_frame (graph, renderer);
      least = MIN (least, took);
      sum += took;
    }
  g_print ("%s: %.2f ms at best, %.2f ms on average\n", changed ? "all anew" : "nothing new", least,
           sum / N_FRAMES);
}

int
main (void)
{
  g_autoptr (GnomonOffsetSeries) series = make_series ();
  GtkWidget *window;
  GtkWidget *graph;
  GskRenderer *renderer;

  adw_init ();
  window = gtk_window_new ();
  graph = g_object_new (GNOMON_TYPE_OFFSET_GRAPH, NULL);
  gnomon_offset_graph_set_series (GNOMON_OFFSET_GRAPH (graph), series);
  gnomon_offset_graph_set_span (GNOMON_OFFSET_GRAPH (graph), WEEK_S);
  gtk_window_set_default_size (GTK_WINDOW (window), 700, 240);
  gtk_window_set_child (GTK_WINDOW (window), graph);
  gtk_window_present (GTK_WINDOW (window));
  while (gtk_widget_get_width (graph) == 0)
    g_main_context_iteration (NULL, TRUE);
  renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  g_print ("%d points, %d × %d px\n", N_POINTS, gtk_widget_get_width (graph),
           gtk_widget_get_height (graph));
  measure (graph, renderer, TRUE);
  measure (graph, renderer, FALSE);
  gtk_window_destroy (GTK_WINDOW (window));
  return 0;
}
