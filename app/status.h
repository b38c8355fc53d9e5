/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The state of the clock in three lines: is it right, who says so, since when. Pure. */

#pragma once

#include <gio/gio.h>

#include "clock-facts.h"
#include "seal.h"

typedef struct
{
  Seal seal;
  char *sentence;
  char *line;  /* who vouches for it */
  char *small; /* may be "" */
} ClockStatus;

void clock_status_clear (ClockStatus *status);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ClockStatus, clock_status_clear)

/* Fills @status, which need not be cleared before. @servers: GnomonServer items. @now: µs since
 * 1970 UTC. */
void clock_status_init (ClockStatus *status, const ClockFacts *clock, GListModel *servers,
                        gint64 now, GTimeZone *zone);
/* The same while "sync securely now" runs; @changed: the clock is being set. */
void clock_status_init_syncing (ClockStatus *status, guint servers, gboolean changed);
/* TRUE if servers have answered, but too few of them agree. @servers: GnomonServer items. */
gboolean clock_servers_disagree (const ClockFacts *clock, GListModel *servers);

/* What is to be said of a clock that is not the computer's, or that is only looked at, so that it
 * is not taken for another: "Make-believe clock"; "" of all others. Static. */
const char *clock_mode_words (const ClockFacts *facts);
