/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the graph shows, as a table: for those who cannot see it, and for those who want numbers. */

#pragma once

#include <adwaita.h>

#include "offset-series.h"

/* The points of the last @seconds as they are now, newest first. A new modal window above @parent.
 */
GtkWindow *offset_table_new (GtkWindow *parent, GnomonOffsetSeries *series, gint64 seconds);
