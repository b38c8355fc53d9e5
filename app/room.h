/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether there is room for a comfortable line of text. Laid over a window, of which it takes the
 * width, it shows nothing: large text takes the same road as a small screen. */

#pragma once

#include <gtk/gtk.h>

/* Property "narrow", boolean, read only. It never changes while sizes are given out. */
#define GNOMON_TYPE_ROOM (gnomon_room_get_type ())
G_DECLARE_FINAL_TYPE (GnomonRoom, gnomon_room, GNOMON, ROOM, GtkWidget)

gboolean gnomon_room_is_narrow (GnomonRoom *self);
