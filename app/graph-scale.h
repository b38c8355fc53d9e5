/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a point of the series lies on the graph. Pure. */

#pragma once

#include "offset-series.h"

typedef struct
{
  gint64 start; /* µs on the axis of the series */
  gint64 end;
  double top;  /* s: the graph reaches from −top to +top */
  double grid; /* s: there are lines at −grid, 0 and +grid */
} GraphScale;

/* @span: how much time the graph shows at most, µs, ending at @now; less, but a minute at least,
 * while the series is shorter. The height is fitted to nine tenths of what is visible since the
 * last step, and to the last value, so that neither a step nor a single odd value flattens the
 * rest. */
void graph_scale_fit (GraphScale *scale, GnomonOffsetSeries *series, gint64 now, gint64 span);

/* 0 = start, 1 = end; beyond for what is not visible. */
double graph_scale_x (const GraphScale *scale, gint64 time);
/* 0 = +top, 1 = −top. */
double graph_scale_y (const GraphScale *scale, double offset);

/* Time between two labels of the axis, s, so that there are 5 to 7 of them. */
gint64 graph_scale_tick (gint64 span);
/* The last time that the step visible furthest right happened, or scale->start. */
gint64 graph_scale_last_step (const GraphScale *scale, GnomonOffsetSeries *series);
/* Since when the line had been above or below the graph when that step came; the time of the step
 * if it was not. */
gint64 graph_scale_outside_since (const GraphScale *scale, GnomonOffsetSeries *series);
