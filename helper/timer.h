/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One moment to come, which may be moved or given up: nothing ticks. */

#pragma once

#include <glib.h>

#define TIMER_NEVER (-1)

/* Attached to the default main context, from whose thread alone it may be used, and set to
 * TIMER_NEVER. Free it with timer_free (), also
 * from within @fire. */
GSource *timer_new (void (*fire) (gpointer data), gpointer data);
void timer_free (GSource *timer);
/* Fires once, @delay_us from now; 0 = as soon as the main loop runs. */
void timer_set (GSource *timer, gint64 delay_us);
