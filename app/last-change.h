/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the clock was changed last, how and by whom. Pure. */

#pragma once

#include "clock-facts.h"
#include "history.h"

/* The newest step or gentle correction, ours or another program's; NULL = none. @entries: of
 * history_read (), which owns it. */
const HistoryEntry *last_change_find (GPtrArray *entries);
/* "Set forward by 2.501 s, today at 13:47, at your request".
 * @sync: what the last request of this session did, or NULL; it is known before the helper's
 * record.
 * @newest: on record, or NULL. @user: whose session it is. @now: µs since 1970 UTC. New. */
char *last_change_words (const ClockFacts *clock, const SyncResult *sync,
                         const HistoryEntry *newest, const char *user, gint64 now, GTimeZone *zone);
