/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names a drop-down for a screen reader. GTK 4.8 gives its name to nobody: the button in it is what
 * a reader comes to. */

#pragma once

#include <gtk/gtk.h>

/* @drop_down: of a GtkStringList. */
void accessible_drop_down_name (GtkDropDown *drop_down, const char *name);
