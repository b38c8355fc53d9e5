/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Draws the graph of the offset but its read-out: the grid and the axes, the curve with its
 * band of uncertainty, the samples, and what happened to the clock. However many points there are,
 * no more than one per pixel is drawn of the curve. */

#pragma once

#include "graph-canvas.h"

void graph_painter_paint (const GraphCanvas *p);
/* Draws what has been added since, on the same scale: the estimates and samples after the first
 * @n_estimates and
 * @n_samples, and the dot that the curve ends with. Very little when that is little. */
void graph_painter_paint_newest (const GraphCanvas *p, guint n_estimates, guint n_samples);
