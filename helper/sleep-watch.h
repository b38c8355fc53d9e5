/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tells before the machine sleeps and when it wakes up, as logind does, and keeps it awake until
 * what must be done before has been done: a "delay" lock, which logind breaks after a few seconds.
 */

#pragma once

#include <gio/gio.h>

typedef struct SleepWatch SleepWatch;

/* Called from the main loop. @asleep: TRUE = about to sleep; the lock is held until the callee
 * returns. FALSE = awake, or staying so. */
typedef void (*SleepChanged) (gboolean asleep, gpointer data);

/* Without logind on this bus nothing is ever told. */
SleepWatch *sleep_watch_new (GDBusConnection *connection, SleepChanged changed, gpointer data);
void sleep_watch_free (SleepWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SleepWatch, sleep_watch_free)
