/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Eight pips in a row, filled and empty ones, as the meters draw them. */

#pragma once

#include <gtk/gtk.h>

#define PIP_ROW_N        8
#define PIP_ROW_DIAMETER 7 /* of a pip where there is room, px */

/* What a row of pips measures, px. */
int pip_row_measure (GtkOrientation orientation, int diameter);
/* Fills the middle of @widget, in its colour. @filled: bit 0 is the leftmost pip. */
void pip_row_draw (GtkWidget *widget, GtkSnapshot *snapshot, guint8 filled, int diameter);
