/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tells whether another time service keeps the clock: asks systemd about the units that do such a
 * thing. They are the ones that systemd itself turns on and off as "automatic time" (the lists in
 * systemd/ntp-units.d, see systemd-timedated.service(8)), and those known by name. */

#pragma once

#include <gio/gio.h>

typedef struct RivalWatch RivalWatch;

/* Called from the main loop, once when systemd has answered, and then whenever it is another;
 * the end of one only half a second later, if it has not come back. @unit: that is active,
 * "chrony.service"; NULL = none is, or there is no systemd on this bus. */
typedef void (*RivalChanged) (const char *unit, gpointer data);

/* @folders: of the lists, NULL-terminated; the first one that has a list of some name is heard.
 * NULL = where systemd looks. */
RivalWatch *rival_watch_new (GDBusConnection *connection, const char *const *folders,
                             RivalChanged changed, gpointer data);
void rival_watch_free (RivalWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RivalWatch, rival_watch_free)
