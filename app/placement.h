/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One widget, two places: a button of the header bar that goes to the foot of a narrow window. */

#pragma once

#include <gtk/gtk.h>

/* Moves @widget to the end of @place, from the box that it stands in. It keeps the focus if it has
 * it. A box is shown as long as something stands in it. */
void placement_move (GtkWidget *widget, GtkBox *place);
