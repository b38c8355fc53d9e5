/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "since-check.h"

#define NOW         (G_GINT64_CONSTANT (1795613400) * G_USEC_PER_SEC) /* 2026-11-25T13:30:00Z */
#define NOVEMBER_25 G_GINT64_CONSTANT (1795564800)

static void
good_moments_are_read (void)
{
  static const struct
  {
    const char *text;
    gint64 seconds; /* since 1970 UTC */
  } MOMENTS[] = {
    { "0s", 1795613400 },
    { "90s", 1795613310 },
    { "90m", 1795608000 },
    { "24h", 1795527000 },
    { "30d", 1793021400 },
    { "2w", 1794403800 },
    /* In a zone that is an hour ahead of UTC. */
    { "2026-11-25", NOVEMBER_25 - 3600 },
    { "2026-11-25T14:00", NOVEMBER_25 + 13 * 3600 },
    { "2026-11-25 14:00", NOVEMBER_25 + 13 * 3600 },
    { "2026-11-25T14:00:07", NOVEMBER_25 + 13 * 3600 + 7 },
    { "2026-11-25T14:00Z", NOVEMBER_25 + 14 * 3600 },
    { "2026-11-25T14:00:00-02:00", NOVEMBER_25 + 16 * 3600 },
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("+01:00");

  for (guint i = 0; i < G_N_ELEMENTS (MOMENTS); i++)
    {
      gint64 since = -1;
      g_assert_null (since_check (MOMENTS[i].text, NOW, zone, &since));
      g_assert_cmpint (since, ==, MOMENTS[i].seconds * G_USEC_PER_SEC);
    }
}

static void
bad_moments_are_refused (void)
{
  static const char *const TEXTS[] = {
    "",
    "s",
    "d",
    "-1d",
    "1",
    "1.5h",
    "1 d",
    "30 days",
    "soon",
    "2026-13-01",
    "2026",
    "2026-11-25T",
    "2026-11-25T25:00",
    "2026-11-2514:00",
    "9999999999999999999w",
    "6000w",
    "\xff",
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  for (guint i = 0; i < G_N_ELEMENTS (TEXTS); i++)
    {
      gint64 since = -1;
      const char *reason = since_check (TEXTS[i], NOW, zone, &since);
      if (!reason || since != -1)
        g_error ("“%s” is taken for %" G_GINT64_FORMAT, TEXTS[i], since);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/since-check/good-moments-are-read", good_moments_are_read);
  g_test_add_func ("/since-check/bad-moments-are-refused", bad_moments_are_refused);
  return g_test_run ();
}
