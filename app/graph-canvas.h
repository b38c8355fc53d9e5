/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the parts of the graph are drawn on: places, colours, text, and the few signs that more than
 * one part needs. */

#pragma once

#include <gtk/gtk.h>

#include "graph-scale.h"

/* A part of the widget, px. */
typedef struct
{
  double x;
  double y;
  double width;
  double height;
} GraphPlot;

typedef struct
{
  GtkWidget *widget; /* whose font and colours are used */
  GtkSnapshot *snapshot;
  GnomonOffsetSeries *series;
  const GraphScale *scale;
  GraphPlot plot;  /* the graph without its labels */
  guint64 hidden;  /* bit n: the samples of server n are not shown */
  gboolean narrow; /* every second label of the time axis */
} GraphCanvas;

#define GRAPH_TOP_MARGIN    22 /* px for the words of a step */
#define GRAPH_BOTTOM_MARGIN 24 /* px for the time axis */
#define GRAPH_LABEL_GAP     10 /* px between a label and the graph */
#define GRAPH_LINE_WIDTH    2
#define GRAPH_SAMPLE_SIZE   6

/* Where the graph lies in a widget of this size; only widget and scale need be set. */
GraphPlot graph_canvas_place (const GraphCanvas *p, int width, int height);
double graph_canvas_x (const GraphCanvas *p, gint64 time);
double graph_canvas_y (const GraphCanvas *p, double offset);
/* The same, but not so far outside that cairo's fixed-point numbers would wrap round. */
double graph_canvas_near_y (const GraphCanvas *p, double offset);
double graph_canvas_right (const GraphCanvas *p);
double graph_canvas_bottom (const GraphCanvas *p);

gboolean graph_canvas_high_contrast (void);
/* A named colour of the style of @widget. */
GdkRGBA graph_canvas_colour (GtkWidget *widget, const char *name, double alpha);
void graph_canvas_set_source (cairo_t *cr, GtkWidget *widget, const char *name, double alpha);

/* Text in the size of a caption, (transfer full). */
PangoLayout *graph_canvas_caption (GtkWidget *widget, const char *text, gboolean bold);
int graph_canvas_text_width (PangoLayout *layout);
/* @x, @y: of the left or right end (@align 0 or 1) or the middle (0.5), and of the middle line. */
void graph_canvas_layout (const GraphCanvas *p, PangoLayout *layout, double x, double y,
                          double align, const GdkRGBA *colour);
/* A dim caption. */
void graph_canvas_text (const GraphCanvas *p, const char *text, double x, double y, double align);

/* A drawing clipped to the graph; end it with cairo_destroy (). */
cairo_t *graph_canvas_begin (const GraphCanvas *p);
/* Likewise, and to the part right of @x, px. */
cairo_t *graph_canvas_begin_from (const GraphCanvas *p, double x);
/* How the samples of a server look, here and in the legend: each is added to the path, and all are
 * filled at once. @size: across, px. */
void graph_canvas_add_sample (cairo_t *cr, guint server, double x, double y, double size);
void graph_canvas_fill_samples (GtkWidget *widget, cairo_t *cr, guint server);
/* A ringed dot on an estimate. */
void graph_canvas_dot (const GraphCanvas *p, const OffsetEstimate *estimate);
/* A small key whose bow is 4 px left of @x. */
void graph_canvas_key (GtkWidget *widget, cairo_t *cr, double x, double y);
