/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tray as a whole: shows what the helper says in the item and its menu, does what is chosen
 * there, and tells the news. It lives in a process of its own that loads no GTK, so the window is
 * never merely hidden: its process comes and goes with it.
 *
 * "Sync Securely Now" takes the way that the button takes, the helper's client, but needs no
 * window: what came of it is told by a notification. */

#pragma once

#include "helper-client.h"

/* Signals:
 *   "finished" (): a person chose Quit, or neither tray nor notifications are wanted any more. */
#define GNOMON_TYPE_TRAY (gnomon_tray_get_type ())
G_DECLARE_FINAL_TYPE (GnomonTray, gnomon_tray, GNOMON, TRAY, GObject)

/* @session: where panel, notifications and the window are; @helper_bus: where the helper is. */
GnomonTray *gnomon_tray_new (GDBusConnection *session, GBusType helper_bus);
/* FALSE if it has nothing to do: neither is wanted. */
gboolean gnomon_tray_is_wanted (GnomonTray *self);
