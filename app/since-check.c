/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "since-check.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define DAY_LENGTH    strlen ("2026-11-23")
#define MINUTE_LENGTH strlen ("2026-11-23T14:00")
/* A hundred years are more than any computer remembers. */
#define MOST_SECONDS (100LL * 366 * 86400)

static gint64
seconds_of (char unit)
{
  switch (unit)
    {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    case 'w':
      return 7 * 86400;
    default:
      return 0;
    }
}

static gboolean
read_span (const char *text, gint64 now, gint64 *since)
{
  gsize length = strlen (text);
  g_autofree char *digits = length > 1 ? g_strndup (text, length - 1) : NULL;
  gint64 unit = digits ? seconds_of (text[length - 1]) : 0;
  guint64 n;

  if (unit == 0
      || !g_ascii_string_to_unsigned (digits, 10, 0, (guint64) (MOST_SECONDS / unit), &n, NULL))
    return FALSE;
  *since = now - (gint64) n * unit * G_USEC_PER_SEC;
  return TRUE;
}

static gboolean
read_date (const char *text, GTimeZone *zone, gint64 *since)
{
  g_autoptr (GString) whole = g_string_new (text);
  g_autoptr (GDateTime) time = NULL;

  if (whole->len > DAY_LENGTH && whole->str[DAY_LENGTH] == ' ')
    whole->str[DAY_LENGTH] = 'T';
  if (whole->len == DAY_LENGTH)
    g_string_append (whole, "T00:00:00");
  else if (whole->len >= MINUTE_LENGTH && whole->str[MINUTE_LENGTH] != ':')
    g_string_insert (whole, (gssize) MINUTE_LENGTH, ":00");
  time = g_date_time_new_from_iso8601 (whole->str, zone);
  if (!time)
    return FALSE;
  *since = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}

const char *
since_check (const char *text, gint64 now, GTimeZone *zone, gint64 *since)
{
  if (read_span (text, now, since) || read_date (text, zone, since))
    return NULL;
  return _ ("A time is a day (2026-11-23), a day and a time (2026-11-23T14:00), or how long ago "
            "(24h, 30d)");
}
