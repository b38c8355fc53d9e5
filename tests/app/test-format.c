/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "format.h"

#include <gio/gio.h>
#include <locale.h>
#include <math.h>

/* The tables write a plain space where there must be a no-break space. */
static void
assert_text (char *text, const char *expected)
{
  g_autofree char *taken = text;
  g_auto (GStrv) parts = g_strsplit (expected, "_", -1);
  g_autofree char *with_spaces = g_strjoinv ("\302\240", parts);

  g_assert_cmpstr (taken, ==, with_spaces);
}

typedef struct
{
  double seconds;
  const char *text; /* "_" = no-break space */
} Case;

static void
amounts_have_two_or_three_digits (void)
{
  static const Case CASES[] = {
    { 0, "0_µs" },
    { 3.24e-6, "3.2_µs" },
    { 44e-6, "44_µs" },
    { 99.4e-6, "99_µs" },
    { 99.6e-6, "0.10_ms" },
    { 0.00031, "0.31_ms" },
    { -0.00031, "0.31_ms" },
    { 0.000996, "1.0_ms" },
    { 0.00996, "10_ms" },
    { 0.014, "14_ms" },
    { 0.1434, "143_ms" },
    { 0.99996, "1.0_s" },
    { 2.501, "2.5_s" },
    { 59.4, "59_s" },
    { 59.7, "1_min_00_s" },
    { 727, "12_min_07_s" },
    { 7387.2, "2_h_03_min" },
    { 86400, "1 day" },
    { 5 * 86400 + 3, "5 days" },
    { INFINITY, "—" },
    { NAN, "—" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    assert_text (format_amount (CASES[i].seconds), CASES[i].text);
}

static void
bounds_are_never_rounded_down (void)
{
  static const Case CASES[] = {
    { 0.0012, "1.2_ms" }, { 0.001201, "1.3_ms" }, { 0.00129, "1.3_ms" }, { 0.0131, "14_ms" },
    { 0.00991, "10_ms" }, { 46.1e-6, "47_µs" },   { 0.141, "150_ms" },   { 2.501, "2.6_s" },
    { 61, "2_min_00_s" }, { INFINITY, "—" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    assert_text (format_bound (CASES[i].seconds), CASES[i].text);
}

static void
offsets_have_a_sign (void)
{
  static const Case CASES[] = {
    { 0.00031, "+0.31_ms" },
    { -0.00012, "−0.12_ms" },
    { -0.0432, "−43.2_ms" },
    { 0.432, "+432_ms" },
    { 2.501, "+2.501_s" },
    { -12.3456, "−12.35_s" },
    { 0, "0_µs" },
    { -1e-9, "0_µs" },
    { 7387.2, "+2_h_03_min" },
    { NAN, "—" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    assert_text (format_offset (CASES[i].seconds), CASES[i].text);
  assert_text (format_uncertainty (0.000981), "±_0.98_ms");
  assert_text (format_precise (0.000312, TRUE), "+0.312_ms");
  assert_text (format_precise (0.01421, FALSE), "14.210_ms");
  assert_text (format_precise (-31e-6, TRUE), "−31.00_µs");
  assert_text (format_long_offset (7387.24), "+2_h_03_min_07.2_s");
  assert_text (format_long_offset (-725.2), "−12_min_05.2_s");
  assert_text (format_long_offset (3599.96), "+1_h_00_min_00.0_s");
  assert_text (format_long_offset (59.2), "+59.20_s");
  assert_text (format_long_offset (-200000), "−2 days");
  assert_text (format_ppm (-12.482, TRUE), "−12.482_ppm");
  assert_text (format_ppm (0.019, FALSE), "0.019_ppm");
  assert_text (format_round_offset (0.002), "+2_ms");
  assert_text (format_round_offset (-0.5e-3), "−0.5_ms");
  assert_text (format_round_offset (0), "0");
  assert_text (format_poll (6), "64_s (2⁶)");
  assert_text (format_poll (10), "1024_s (2¹⁰)");
}

static void
positive_offset_means_slow (void)
{
  assert_text (format_slow_or_fast (0.00031), "0.31_ms slow");
  assert_text (format_slow_or_fast (-0.043), "43_ms fast");
  assert_text (format_slow_or_fast (0), "0_µs");
  assert_text (format_spoken_offset (0.00038), "0.38 milliseconds slow");
}

static void
spans_use_the_greatest_unit_that_fits (void)
{
  static const struct
  {
    gint64 seconds;
    const char *text;
  } CASES[] = {
    { -3, "0 seconds ago" }, { 1, "1 second ago" },      { 59, "59 seconds ago" },
    { 60, "1 minute ago" },  { 3599, "59 minutes ago" }, { 7200, "2 hours ago" },
    { 86400, "1 day ago" },  { 200000, "2 days ago" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    assert_text (format_ago (CASES[i].seconds), CASES[i].text);
  assert_text (format_in (52), "in 52 seconds");
}

static void
days_have_names_when_they_are_near (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("+01:00");
  /* 2026-11-23 13:47:21 UTC+1 */
  gint64 time = G_GINT64_CONSTANT (1795438041) * G_USEC_PER_SEC;

  assert_text (format_time_of_day (time, zone), "13:47:21");
  assert_text (format_day_and_time (time, time + G_TIME_SPAN_HOUR, zone), "today at 13:47");
  assert_text (format_day_and_time (time, time + 11 * G_TIME_SPAN_HOUR, zone),
               "yesterday at 13:47");
  assert_text (format_day_and_time (time, time + 4 * G_TIME_SPAN_DAY, zone),
               "on 23 November at 13:47");
  assert_text (format_day_and_time (time, time + 60 * G_TIME_SPAN_DAY, zone),
               "on 23 November 2026 at 13:47");
}

static void
text_is_put_in_shape (void)
{
  assert_text (format_capitalised ("vouches for the time"), "Vouches for the time");
  assert_text (format_capitalised ("über"), "Über");
  assert_text (format_capitalised (""), "");
  assert_text (format_fingerprint ("8f2c91"), "8F:2C:91");
  assert_text (format_fingerprint (""), "");
}

/* Makes a locale of our own, since few computers have one with a comma. */
static gboolean
use_comma (const char *directory)
{
  g_autofree char *locale = g_build_filename (directory, "de_DE.UTF-8", NULL);
  const char *command[] = { "localedef", "-i", "de_DE", "-f", "UTF-8", locale, NULL };

  g_spawn_sync (NULL, (char **) command, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, NULL, NULL);
  g_setenv ("LOCPATH", directory, TRUE);
  return setlocale (LC_NUMERIC, "de_DE.UTF-8") != NULL;
}

static void
remove_all (GFile *file)
{
  g_autoptr (GFileEnumerator) children =
      g_file_enumerate_children (file, "standard::name", 0, NULL, NULL);
  GFile *child;

  while (children && g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) && child)
    remove_all (child);
  g_file_delete (file, NULL, NULL);
}

static void
decimal_sign_follows_the_locale (void)
{
  g_autofree char *directory = g_dir_make_tmp ("gnomon-XXXXXX", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (directory);

  if (use_comma (directory))
    {
      assert_text (format_offset (0.00031), "+0,31_ms");
      assert_text (format_bound (0.00129), "1,3_ms");
      assert_text (format_offset (-1e-9), "0_µs");
      assert_text (format_ppm (-12.482, TRUE), "−12,482_ppm");
      assert_text (format_tenths (1.8), "1,8_s");
    }
  else
    g_test_skip ("no locale de_DE.UTF-8 and no way to make one");
  setlocale (LC_NUMERIC, "C");
  remove_all (file);
}

static void
intervals_are_said_for_everybody (void)
{
  assert_text (format_interval (4), "16_s");
  assert_text (format_interval (6), "1_min_4_s");
  assert_text (format_interval (10), "17_min_4_s");
  assert_text (format_interval (12), "1_h_8_min");
  assert_text (format_interval (17), "36_h_24_min");
}

static void
signs_stay_before_their_numbers (void)
{
  g_assert_cmpstr (format_sign_mark ("Offset"), ==, "");
  g_assert_cmpstr (format_sign_mark ("Смещение"), ==, "");
  g_assert_cmpstr (format_sign_mark ("偏移"), ==, "");
  g_assert_cmpstr (format_sign_mark ("היסט"), ==, "\u200f\u200e");
  g_assert_cmpstr (format_sign_mark ("الإزاحة"), ==, "\u200f\u200e");
  g_assert_cmpstr (format_sign_mark (""), ==, "");
}

static void
columns_are_not_letters (void)
{
  g_assert_cmpint (format_columns (""), ==, 0);
  g_assert_cmpint (format_columns ("add HOST"), ==, 8);
  g_assert_cmpint (format_columns ("hinzufügen"), ==, 10);
  g_assert_cmpint (format_columns ("u\u0308"), ==, 1);
  g_assert_cmpint (format_columns ("時計"), ==, 4);
}

int
main (int argc, char *argv[])
{
  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/amounts-have-two-or-three-digits", amounts_have_two_or_three_digits);
  g_test_add_func ("/format/bounds-are-never-rounded-down", bounds_are_never_rounded_down);
  g_test_add_func ("/format/offsets-have-a-sign", offsets_have_a_sign);
  g_test_add_func ("/format/positive-offset-means-slow", positive_offset_means_slow);
  g_test_add_func ("/format/spans-use-the-greatest-unit-that-fits",
                   spans_use_the_greatest_unit_that_fits);
  g_test_add_func ("/format/days-have-names-when-they-are-near",
                   days_have_names_when_they_are_near);
  g_test_add_func ("/format/intervals-are-said-for-everybody", intervals_are_said_for_everybody);
  g_test_add_func ("/format/signs-stay-before-their-numbers", signs_stay_before_their_numbers);
  g_test_add_func ("/format/columns-are-not-letters", columns_are_not_letters);
  g_test_add_func ("/format/text-is-put-in-shape", text_is_put_in_shape);
  g_test_add_func ("/format/decimal-sign-follows-the-locale", decimal_sign_follows_the_locale);
  return g_test_run ();
}
