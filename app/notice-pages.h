/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The small pages: a sign, a title, what it is about, and one thing to do. Their actions are in
 * notice-actions.h and app. */

#pragma once

#include <adwaita.h>

#include "notice.h"

#define GNOMON_TYPE_NOTICE_PAGES (gnomon_notice_pages_get_type ())
G_DECLARE_FINAL_TYPE (GnomonNoticePages, gnomon_notice_pages, GNOMON, NOTICE_PAGES, GtkWidget)

/* FALSE, and nothing is done, for those that have no small page: none, connecting and decision.
 * @now: µs since 1970 UTC. */
gboolean gnomon_notice_pages_show (GnomonNoticePages *self, Notice notice, const ClockFacts *clock,
                                   gint64 now);
/* Puts the keyboard's focus on the one thing to do. */
void gnomon_notice_pages_focus (GnomonNoticePages *self);
