/* SPDX-License-Identifier: GPL-3.0-or-later */

#define _GNU_SOURCE /* RTLD_NEXT */

#include "format-date.h"

#include <dlfcn.h>
#include <langinfo.h>

/* 2026-11-23 was a Monday: 14:32:05 at +01:00. */
#define NOW (G_GINT64_CONSTANT (1795440725) * G_USEC_PER_SEC)

static gboolean small_days;

/* GLib finds this one before the C library's: no locale but C is sure to be installed. */
char *
nl_langinfo (nl_item item)
{
  static char monday[] = "lundi";
  char *(*original) (nl_item) = NULL;

  if (small_days && item == DAY_2)
    return monday;
  *(void **) &original = dlsym (RTLD_NEXT, "nl_langinfo");
  g_assert_nonnull (original);
  return original (item);
}

typedef char *(*Formatter) (gint64 usec, gint64 now_usec, GTimeZone *zone);

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
assert_days (Formatter format, const char *const expected[5])
{
  static const gint64 AGO[5] = { 0, 15 * 3600, 39 * 3600, 60 * 86400, 400 * 86400 };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("+01:00");

  for (guint i = 0; i < G_N_ELEMENTS (AGO); i++)
    assert_text (format (NOW - AGO[i] * G_USEC_PER_SEC, NOW, zone), expected[i]);
}

static void
test_days (void)
{
  /* 15 hours before half past two in the afternoon was yesterday, and 39 the day before. */
  assert_days (format_weekday,
               (const char *const[5]){ "Monday, 23 November", "Sunday, 22 November",
                                       "Saturday, 21 November", "Thursday, 24 September",
                                       "Sunday, 19 October 2025" });
  assert_days (format_day_heading,
               (const char *const[5]){ "Today", "Yesterday", "Saturday, 21 November",
                                       "Thursday, 24 September", "Sunday, 19 October 2025" });
  assert_days (format_when,
               (const char *const[5]){ "Today, 14:32", "Yesterday, 23:32", "21 November",
                                       "24 September", "19 October 2025" });
}

static void
test_small_days (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("+01:00");
  const gint64 earlier = NOW - 7 * G_TIME_SPAN_DAY;

  small_days = TRUE;
  assert_text (format_weekday (NOW, NOW, zone), "Lundi, 23 November");
  assert_text (format_day_heading (earlier, NOW, zone), "Lundi, 16 November");
  small_days = FALSE;
}

static void
test_times (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("+01:00");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  assert_text (format_minute (NOW, zone), "14:32");
  assert_text (format_date (NOW, zone), "23 November 2026");
  assert_text (format_iso8601 (NOW, zone), "2026-11-23T14:32:05+01:00");
  assert_text (format_iso8601 (NOW, utc), "2026-11-23T13:32:05+00:00");
  assert_text (format_minute (G_MAXINT64, zone), "—");
  g_assert_true (format_is_same_day (NOW, NOW - 14 * G_TIME_SPAN_HOUR, zone));
  g_assert_false (format_is_same_day (NOW, NOW - 15 * G_TIME_SPAN_HOUR, zone));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format-date/days", test_days);
  g_test_add_func ("/format-date/small-days", test_small_days);
  g_test_add_func ("/format-date/times", test_times);
  return g_test_run ();
}
