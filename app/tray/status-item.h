/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The item of the tray, org.kde.StatusNotifierItem. It registers with each watcher that appears, so
 * it may be there before the panel and survives its restarts. It has a connection to the session
 * bus of its own, since the protocol knows no other way to take an item away than to leave the bus.
 */

#pragma once

#include "dbus-menu.h"

/* Signals:
 *   "activate" (): the icon was clicked, or cannot show its menu. */
#define GNOMON_TYPE_STATUS_ITEM (gnomon_status_item_get_type ())
G_DECLARE_FINAL_TYPE (GnomonStatusItem, gnomon_status_item, GNOMON, STATUS_ITEM, GObject)

/* @icon_theme_path: where the panel finds the icons if they are not in its theme, or "". */
GnomonStatusItem *gnomon_status_item_new (GnomonDbusMenu *menu, const char *icon_theme_path);
void gnomon_status_item_set_view (GnomonStatusItem *self, const TrayView *view);
/* It is not shown until then. */
void gnomon_status_item_set_shown (GnomonStatusItem *self, gboolean shown);
/* The token that the panel gave for what is done next, so that a window may come to the front; ""
 * if it gave none. It is good for once. New. */
char *gnomon_status_item_take_token (GnomonStatusItem *self);
