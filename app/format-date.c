/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "format-date.h"

#include "format.h"

#include <glib/gi18n.h>

static GDateTime *
date_time (gint64 usec, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (usec / G_USEC_PER_SEC);
  return utc ? g_date_time_to_timezone (utc, zone) : NULL;
}

static char *
written (gint64 usec, GTimeZone *zone, const char *format)
{
  g_autoptr (GDateTime) time = date_time (usec, zone);
  return time ? g_date_time_format (time, format) : g_strdup ("—");
}

/* How many days ago it was, by the calendar; negative in the future. */
static int
days_ago (gint64 usec, gint64 now_usec, GTimeZone *zone)
{
  g_autoptr (GDateTime) time = date_time (usec, zone);
  g_autoptr (GDateTime) now = date_time (now_usec, zone);
  GDate day;
  GDate today;

  if (!time || !now)
    return G_MAXINT;
  g_date_set_dmy (&day, (GDateDay) g_date_time_get_day_of_month (time),
                  (GDateMonth) g_date_time_get_month (time),
                  (GDateYear) g_date_time_get_year (time));
  g_date_set_dmy (&today, (GDateDay) g_date_time_get_day_of_month (now),
                  (GDateMonth) g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));
  return g_date_days_between (&day, &today);
}

static gboolean
is_same_year (gint64 usec, gint64 now_usec, GTimeZone *zone)
{
  g_autoptr (GDateTime) time = date_time (usec, zone);
  g_autoptr (GDateTime) now = date_time (now_usec, zone);
  return time && now && g_date_time_get_year (time) == g_date_time_get_year (now);
}

char *
format_minute (gint64 usec, GTimeZone *zone)
{
  /* Translators: a time of day to the minute, as g_date_time_format () takes it, like all below. */
  return written (usec, zone, _ ("%H:%M"));
}

char *
format_weekday (gint64 usec, gint64 now_usec, GTimeZone *zone)
{
  g_autofree char *words = written (
      usec, zone, is_same_year (usec, now_usec, zone) ? _ ("%A, %-d %B") : _ ("%A, %-d %B %Y"));

  /* Many languages write the names of days small in a sentence; this one stands alone. */
  return format_capitalised (words);
}

char *
format_day_heading (gint64 usec, gint64 now_usec, GTimeZone *zone)
{
  int days = days_ago (usec, now_usec, zone);

  if (days == 0)
    return g_strdup (_ ("Today"));
  return days == 1 ? g_strdup (_ ("Yesterday")) : format_weekday (usec, now_usec, zone);
}

char *
format_date (gint64 usec, GTimeZone *zone)
{
  return written (usec, zone, _ ("%-d %B %Y"));
}

char *
format_when (gint64 usec, gint64 now_usec, GTimeZone *zone)
{
  int days = days_ago (usec, now_usec, zone);

  if (days == 0)
    return written (usec, zone, _ ("Today, %H:%M"));
  if (days == 1)
    return written (usec, zone, _ ("Yesterday, %H:%M"));
  return written (usec, zone, is_same_year (usec, now_usec, zone) ? _ ("%-d %B") : _ ("%-d %B %Y"));
}

char *
format_iso8601 (gint64 usec, GTimeZone *zone)
{
  return written (usec, zone, "%Y-%m-%dT%H:%M:%S%:z");
}

gboolean
format_is_same_day (gint64 usec, gint64 other_usec, GTimeZone *zone)
{
  return days_ago (usec, other_usec, zone) == 0;
}
