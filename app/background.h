/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What goes on without the window: the tray, a program of its own that loads no GTK. */

#pragma once

#include <gio/gio.h>

/* TRUE if the command line asks for it: --background, and no command. */
gboolean background_is_asked (int argc, char **argv);
/* Becomes the tray, with the same arguments. Returns only when that fails, with an exit status and
 * after having said why. The environment's GNOMON_LIBEXECDIR is for a tray that is not installed.
 */
int background_become (char **argv);
/* Has the bus start the tray now, and whenever tray or notifications are switched on, for as long
 * as @settings lives. A tray that runs already stays the only one, and one that is not wanted any
 * more ends by itself.
 * @settings: may be NULL. */
void background_follow (GDBusConnection *session, GSettings *settings);
