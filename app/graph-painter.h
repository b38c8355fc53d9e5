/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Draws the whole graph of the offset but its read-out: the grid and the axes, the curve with its
 * band of uncertainty, the samples, and what happened to the clock. However many points there are,
 * no more than one per pixel is drawn of the curve. */

#pragma once

#include "graph-canvas.h"

void graph_painter_paint (const GraphCanvas *p);
