/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was measured, for the graph: the samples of each server and the estimate with its
 * uncertainty, from run to run. Every one of the last hours is kept, then one of each server in ten
 * minutes, after a week one in an hour, and after a month one in six. Lines of a file in the state
 * directory, which is read when somebody asks. */

#pragma once

#include "state.h"

/* GetHistory gives no more at a time. */
#define HISTORY_POINTS_MAX 20000

typedef struct History History;

/* @state: borrowed; NULL = the last few thousand points are kept in memory. */
History *history_new (State *state);
/* Without saving. */
void history_free (History *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (History, history_free)

/* @time_us: µs since 1970 UTC. @host: of the server, "" = it is the estimate. @offset_s and
 * @uncertainty_s: as in the D-Bus contract; what is not finite is not kept. */
void history_add (History *history, gint64 time_us, const char *host, double offset_s,
                  double uncertainty_s);
/* Writes what has come since the last time. */
void history_save (History *history);
/* TRUE when it ought to be thinned. */
gboolean history_is_large (const History *history);
/* Thins what has become older by @now_us, and forgets what is older than @before_us. */
void history_thin (History *history, gint64 now_us, gint64 before_us);
/* As GetHistory of the D-Bus contract: since @since_us, oldest first, not more than @most points (0
 * = HISTORY_POINTS_MAX), evenly thinned for each server; new and floating. */
GVariant *history_get (History *history, gint64 since_us, guint most);
void history_delete (History *history);
