/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Days and times of day to translated text. Pure, as format.h: @usec and @now_usec are µs since
 * 1970 UTC, shown in @zone; what is no date is an em dash. All strings are new. */

#pragma once

#include <glib.h>

/* "16:35" */
char *format_minute (gint64 usec, GTimeZone *zone);
/* "Monday, 23 November", with the year if it is another than now, for a line of its own: with a
 * capital in every language. */
char *format_weekday (gint64 usec, gint64 now_usec, GTimeZone *zone);
/* The same for a heading, with "Today" and "Yesterday" for those. */
char *format_day_heading (gint64 usec, gint64 now_usec, GTimeZone *zone);
/* "12 January 2027" */
char *format_date (gint64 usec, GTimeZone *zone);
/* When something was in a list: "Today, 14:20", "Yesterday, 09:12", "14 October", "14 October
 * 2025".
 */
char *format_when (gint64 usec, gint64 now_usec, GTimeZone *zone);
/* For files and reports, the same in every language: "2026-11-23T14:32:05+01:00". */
char *format_iso8601 (gint64 usec, GTimeZone *zone);
/* Whether both are on the same day there. */
gboolean format_is_same_day (gint64 usec, gint64 other_usec, GTimeZone *zone);
