/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Small captions over values, in columns. What is not known is left out, and the rest moves up. */

#pragma once

#include <gtk/gtk.h>

#define GNOMON_TYPE_TILE_GRID (gnomon_tile_grid_get_type ())
G_DECLARE_FINAL_TYPE (GnomonTileGrid, gnomon_tile_grid, GNOMON, TILE_GRID, GtkWidget)

/* @even: all columns are as wide as the widest. */
void gnomon_tile_grid_set_columns (GnomonTileGrid *self, guint columns, gboolean even);
/* A caption that is new gets the next place. @value: NULL = not known. */
void gnomon_tile_grid_set (GnomonTileGrid *self, const char *caption, const char *value);
/* The same for clock_numbers_tell () and its like; @grid: a GnomonTileGrid. */
void gnomon_tile_grid_tell (gpointer grid, const char *caption, const char *value);
/* Places a meter before the value of that caption. @meter: a floating reference is sunk. */
void gnomon_tile_grid_add_meter (GnomonTileGrid *self, const char *caption, GtkWidget *meter);
