/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The menu as a panel reads it, com.canonical.dbusmenu: all items always have their place in it,
 * those that are not wanted are invisible. Who draws it is told what changes, and nothing while
 * nothing does. */

#pragma once

#include "tray-view.h"

#define DBUS_MENU_PATH "/StatusNotifierItem/Menu"

/* Signals:
 *   "activated" (guint id): an item that can be was chosen;
 *   "about-to-show" (): the menu is going to be opened; it may be changed from the handler. */
#define GNOMON_TYPE_DBUS_MENU (gnomon_dbus_menu_get_type ())
G_DECLARE_FINAL_TYPE (GnomonDbusMenu, gnomon_dbus_menu, GNOMON, DBUS_MENU, GObject)

GnomonDbusMenu *gnomon_dbus_menu_new (void);
/* Copies the items of @view. */
void gnomon_dbus_menu_set_view (GnomonDbusMenu *self, const TrayView *view);
gboolean gnomon_dbus_menu_export (GnomonDbusMenu *self, GDBusConnection *connection,
                                  GError **error);
void gnomon_dbus_menu_unexport (GnomonDbusMenu *self);
