/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is drawn over and under the curve of the offset: what happened to the clock, and the
 * read-out of the one value that is looked at. */

#pragma once

#include "graph-canvas.h"

/* Key exchanges on the time axis, steps as dashed lines with their size. */
void graph_marks_paint (const GraphCanvas *p);
/* A grey field with words where the clock was so wrong that the curve does not fit. */
void graph_marks_paint_before_step (const GraphCanvas *p);

void graph_marks_paint_readout (const GraphCanvas *p, const OffsetEstimate *estimate);
/* The lines of the read-out: "+0.41 ms  ± 1.0 ms", "14:08:36 · nts.netnod.se". New. */
char *graph_marks_describe (const GraphCanvas *p, const OffsetEstimate *estimate,
                            gboolean first_line);
