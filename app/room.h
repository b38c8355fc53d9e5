/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Holds what a window shows and tells it when to become narrow: when there is no room for a
 * comfortable line of text, or when it does not fit as it is. So large text and long words take the
 * same road as a small screen.
 *
 * What is wide never keeps the window from being made smaller: the room asks for no width until it
 * is narrow, and shows the start of its child for the moment that the child needs to follow. */

#pragma once

#include <adwaita.h>

/* Properties "child", GtkWidget, and "narrow", boolean, read only, which never changes while sizes
 * are given out. */
#define GNOMON_TYPE_ROOM (gnomon_room_get_type ())
G_DECLARE_FINAL_TYPE (GnomonRoom, gnomon_room, GNOMON, ROOM, GtkWidget)

/* Puts a room between @window and its content. Owned by the window. */
GnomonRoom *gnomon_room_enclose (AdwWindow *window);

gboolean gnomon_room_is_narrow (GnomonRoom *self);
