/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An entry of the history in words. Pure. */

#pragma once

#include "history.h"

/* What happened: "Set forward by 2.501 s". New. */
char *history_title (const HistoryEntry *entry);
/* By whom and on what evidence: "maria · 4 servers, run by 3 operators"; may be "". New. */
char *history_subtitle (const HistoryEntry *entry);
/* When, within its day: "13:47:21", "since 13:47", "13:47 – 14:20". New. */
char *history_time (const HistoryEntry *entry, GTimeZone *zone);
/* The sign of its kind, and its style class, "" = none. Static. */
const char *history_icon_name (HistoryKind kind);
const char *history_style_class (HistoryKind kind);
/* "Everything". Static. */
const char *history_filter_label (HistoryFilter filter);
