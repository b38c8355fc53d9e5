/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The live graph of the clock's offset. The pointer, or the arrow keys when it has the focus, read
 * a value out. It draws itself anew when something was added and when time has moved it by a pixel.
 */

#pragma once

#include <gtk/gtk.h>

#include "offset-series.h"

#define GNOMON_TYPE_OFFSET_GRAPH (gnomon_offset_graph_get_type ())
G_DECLARE_FINAL_TYPE (GnomonOffsetGraph, gnomon_offset_graph, GNOMON, OFFSET_GRAPH, GtkWidget)

void gnomon_offset_graph_set_series (GnomonOffsetGraph *self, GnomonOffsetSeries *series);
/* @seconds: how much time it shows. */
void gnomon_offset_graph_set_span (GnomonOffsetGraph *self, gint64 seconds);
gint64 gnomon_offset_graph_get_span (GnomonOffsetGraph *self);
void gnomon_offset_graph_set_narrow (GnomonOffsetGraph *self, gboolean narrow);
/* Shows or hides the samples of one server of the series. */
void gnomon_offset_graph_set_server_visible (GnomonOffsetGraph *self, guint server,
                                             gboolean visible);
