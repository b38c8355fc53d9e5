/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lays children out as words in a paragraph: beside each other, each as wide as it likes to be, and
 * on the next line when the line is full. All lines are as high as the highest child. */

#pragma once

#include <gtk/gtk.h>

#define GNOMON_TYPE_WRAP_LAYOUT (gnomon_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (GnomonWrapLayout, gnomon_wrap_layout, GNOMON, WRAP_LAYOUT, GtkLayoutManager)
