/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "format.h"

#include <glib/gi18n.h>
#include <math.h>

#define MINUTE 60.0
#define HOUR   3600.0
#define DAY    86400.0

/* How many decimals a number in a unit gets. */
typedef int (*DecimalsFunc) (double value, double unit);

typedef struct
{
  double size;  /* of the unit, s */
  double limit; /* in the unit: from here on the next one is used */
  const char *text;
  const char *spoken;
} Unit;

static const Unit UNITS[] = {
  /* Translators: microseconds, milliseconds and seconds, each after a number and a no-break space.
   */
  { 1e-6, 100, N_ ("%s µs"), N_ ("%s microseconds") },
  { 1e-3, 1000, N_ ("%s ms"), N_ ("%s milliseconds") },
  { 1, 60, N_ ("%s s"), N_ ("%s seconds") },
};

static char *
unknown (void)
{
  return g_strdup ("—");
}

static double
round_to (double value, int decimals)
{
  double scale = pow (10, decimals);
  return round (value * scale) / scale;
}

static int
two_digits (double value, double unit)
{
  if (value >= 10)
    return 0;
  return value >= 1 || unit < 1e-4 ? 1 : 2;
}

static int
three_digits (double value, double unit)
{
  if (unit >= 1)
    return value >= 10 ? 2 : 3;
  if (value >= 100)
    return 0;
  return value >= 10 ? 1 : two_digits (value, unit);
}

static int
many_digits (double value, double unit)
{
  if (unit >= 1)
    return 6;
  return unit < 1e-4 ? 2 : 3;
}

/* Rounding may carry into the next number of digits or the next unit, so it comes first. */
static double
round_in_unit (double seconds, const Unit *unit, DecimalsFunc decimals_for, int *decimals)
{
  double value = seconds / unit->size;

  *decimals = decimals_for (value, unit->size);
  value = round_to (value, *decimals);
  *decimals = decimals_for (value, unit->size);
  return value;
}

/* The compiler cannot check a format that comes from a table; xgettext does. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static char *
fill_in (const char *format, const char *number)
{
  return g_strdup_printf (format, number);
}

static char *
fill_in_count (const char *format, guint count)
{
  return g_strdup_printf (format, count);
}

#pragma GCC diagnostic pop

static char *
with_small_unit (double seconds, DecimalsFunc decimals_for, gboolean spoken)
{
  for (guint i = 0; i < G_N_ELEMENTS (UNITS); i++)
    {
      const Unit *unit = &UNITS[i];
      g_autofree char *number = NULL;
      int decimals;
      double value = round_in_unit (seconds, unit, decimals_for, &decimals);

      if (value >= unit->limit)
        continue;
      if (value < pow (10, -decimals) / 2)
        decimals = 0;
      number = g_strdup_printf ("%.*f", decimals, value);
      return fill_in (_ (spoken ? unit->spoken : unit->text), number);
    }
  return NULL;
}

static char *
with_large_unit (double seconds)
{
  if (seconds >= DAY)
    {
      double days = floor (seconds / DAY);
      gulong count = (gulong) MIN (days, 1e9);
      return g_strdup_printf (ngettext ("%lu day", "%lu days", count), count);
    }
  if (seconds >= HOUR)
    {
      int minutes = (int) (seconds / MINUTE);
      /* Translators: hours and minutes, as in "2 h 03 min" (no-break spaces). */
      return g_strdup_printf (_ ("%d h %02d min"), minutes / 60, minutes % 60);
    }
  /* Translators: minutes and seconds, as in "12 min 07 s" (no-break spaces). */
  return g_strdup_printf (_ ("%d min %02d s"), (int) seconds / 60, (int) seconds % 60);
}

static char *
magnitude (double seconds, DecimalsFunc decimals_for)
{
  char *text;

  if (!isfinite (seconds))
    return unknown ();
  seconds = fabs (seconds);
  text = with_small_unit (seconds, decimals_for, FALSE);
  return text ? text : with_large_unit (round (seconds));
}

/* A number that is written as nought gets no sign. */
static gboolean
reads_as_zero (const char *text)
{
  for (; *text && !g_ascii_isalpha (*text); text++)
    if (g_ascii_isdigit (*text) && *text != '0')
      return FALSE;
  return TRUE;
}

const char *
format_sign_mark (const char *words)
{
  switch (g_unichar_get_script (g_utf8_get_char (words)))
    {
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_HEBREW:
      return "\342\200\217\342\200\216";
    default:
      return "";
    }
}

static char *
with_sign (double number, char *text)
{
  g_autofree char *unsigned_text = text;

  if (!isfinite (number) || reads_as_zero (text))
    return g_steal_pointer (&unsigned_text);
  return g_strconcat (format_sign_mark (_ ("Offset")), number < 0 ? "−" : "+", text, NULL);
}

char *
format_amount (double seconds)
{
  return magnitude (seconds, two_digits);
}

char *
format_bound (double seconds)
{
  double step;

  if (!isfinite (seconds))
    return unknown ();
  seconds = fabs (seconds);
  if (seconds <= 1e-9)
    return format_amount (seconds);
  if (seconds > MINUTE)
    return format_amount (ceil (seconds / MINUTE) * MINUTE);
  step = pow (10, floor (log10 (seconds)) - 1);
  /* What is already a round number must not go up for the last bit of its binary form. */
  return format_amount (ceil (seconds / step - 1e-6) * step);
}

char *
format_uncertainty (double seconds)
{
  g_autofree char *text = format_amount (seconds);

  if (!isfinite (seconds))
    return g_steal_pointer (&text);
  return g_strdup_printf ("± %s", text);
}

char *
format_offset (double seconds)
{
  return with_sign (seconds, magnitude (seconds, three_digits));
}

/* Room for as many decimals as a round number can need. */
static int
no_needless_digits (double value, double unit)
{
  int decimals = 0;

  while (decimals < 3 && fabs (value - round_to (value, decimals)) > 1e-6 * value)
    decimals++;
  return decimals;
}

char *
format_round_offset (double seconds)
{
  char *text;

  if (fabs (seconds) < 1e-12)
    return g_strdup ("0");
  text = magnitude (seconds, no_needless_digits);
  return with_sign (seconds, text);
}

char *
format_correction (double seconds)
{
  return magnitude (seconds, three_digits);
}

char *
format_slow_or_fast (double seconds)
{
  g_autofree char *text = format_amount (seconds);

  if (!isfinite (seconds) || reads_as_zero (text))
    return g_steal_pointer (&text);
  return g_strdup_printf (seconds > 0 ? _ ("%s slow") : _ ("%s fast"), text);
}

char *
format_spoken_offset (double seconds)
{
  g_autofree char *text = NULL;

  if (!isfinite (seconds))
    return g_strdup (_ ("offset not known"));
  text = with_small_unit (fabs (seconds), two_digits, TRUE);
  if (!text)
    text = with_large_unit (fabs (seconds));
  if (reads_as_zero (text))
    return g_steal_pointer (&text);
  return g_strdup_printf (seconds > 0 ? _ ("%s slow") : _ ("%s fast"), text);
}

char *
format_tenths (double seconds)
{
  g_autofree char *number = g_strdup_printf ("%.1f", seconds);
  return fill_in (_ ("%s s"), number);
}

char *
format_precise (double seconds, gboolean sign)
{
  char *text = magnitude (seconds, many_digits);
  return sign ? with_sign (seconds, text) : text;
}

char *
format_long_offset (double seconds)
{
  g_autofree char *seconds_text = NULL;
  gint64 tenths;
  int minutes;

  if (!isfinite (seconds) || fabs (seconds) < MINUTE - 0.05 || fabs (seconds) >= DAY - 0.05)
    return format_offset (seconds);
  tenths = (gint64) round (fabs (seconds) * 10);
  minutes = (int) (tenths / 600);
  seconds_text = g_strdup_printf ("%04.1f", (double) (tenths % 600) / 10);
  if (minutes >= 60)
    /* Translators: hours, minutes and seconds, as in "2 h 03 min 07.2 s" (no-break spaces). */
    return with_sign (seconds, g_strdup_printf (_ ("%d h %02d min %s s"), minutes / 60,
                                                minutes % 60, seconds_text));
  /* Translators: minutes and seconds, as in "12 min 07.2 s" (no-break spaces). */
  return with_sign (seconds, g_strdup_printf (_ ("%d min %s s"), minutes, seconds_text));
}

char *
format_ppm (double ppm, gboolean sign)
{
  g_autofree char *number = NULL;
  char *text;

  if (!isfinite (ppm))
    return unknown ();
  number = g_strdup_printf ("%.3f", fabs (ppm));
  /* Translators: parts per million, after a number and a no-break space. */
  text = g_strdup_printf (_ ("%s ppm"), number);
  return sign ? with_sign (ppm, text) : text;
}

char *
format_poll (int log2)
{
  static const char *const SUPERSCRIPTS[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  g_autofree char *amount = NULL;
  g_autofree char *digits = g_strdup_printf ("%d", ABS (log2));
  g_autoptr (GString) power = g_string_new (log2 < 0 ? "⁻" : NULL);

  for (const char *digit = digits; *digit; digit++)
    g_string_append (power, SUPERSCRIPTS[*digit - '0']);
  amount = g_strdup_printf (log2 < 0 ? "%.3f" : "%.0f", exp2 (log2));
  /* Translators: a poll interval in seconds, and as a power of two: "64 s (2⁶)". */
  return g_strdup_printf (_ ("%s s (2%s)"), amount, power->str);
}

char *
format_interval (int log2)
{
  guint seconds = 1u << CLAMP (log2, 0, 30);

  if (log2 < 0)
    return format_precise (exp2 (log2), FALSE);
  if (seconds < 60)
    /* Translators: spans of time; keep the no-break spaces. */
    return g_strdup_printf (_ ("%u s"), seconds);
  if (seconds < 3600)
    return g_strdup_printf (_ ("%u min %u s"), seconds / 60, seconds % 60);
  return g_strdup_printf (_ ("%u h %u min"), seconds / 3600, seconds / 60 % 60);
}

char *
format_span (SpanPhrases phrases, gint64 seconds)
{
  static const gint64 SIZES[] = { 1, 60, 3600, 86400 };
  guint unit = 0;
  guint count;

  seconds = MAX (seconds, 0);
  while (unit + 1 < G_N_ELEMENTS (SIZES) && seconds >= SIZES[unit + 1])
    unit++;
  count = (guint) MIN (seconds / SIZES[unit], G_MAXINT);
  return fill_in_count (ngettext (phrases[unit][0], phrases[unit][1], count), count);
}

char *
format_in (gint64 seconds)
{
  static SpanPhrases PHRASES = {
    { NG_ ("in %u second", "in %u seconds") },
    { NG_ ("in %u minute", "in %u minutes") },
    { NG_ ("in %u hour", "in %u hours") },
    { NG_ ("in %u day", "in %u days") },
  };
  return format_span (PHRASES, seconds);
}

char *
format_ago (gint64 seconds)
{
  static SpanPhrases PHRASES = {
    { NG_ ("%u second ago", "%u seconds ago") },
    { NG_ ("%u minute ago", "%u minutes ago") },
    { NG_ ("%u hour ago", "%u hours ago") },
    { NG_ ("%u day ago", "%u days ago") },
  };
  return format_span (PHRASES, seconds);
}

static GDateTime *
date_time (gint64 usec, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (usec / G_USEC_PER_SEC);
  return utc ? g_date_time_to_timezone (utc, zone) : NULL;
}

char *
format_time_of_day (gint64 usec, GTimeZone *zone)
{
  g_autoptr (GDateTime) time = date_time (usec, zone);
  /* Translators: a time of day to the second, as g_date_time_format () takes it. */
  return time ? g_date_time_format (time, _ ("%H:%M:%S")) : unknown ();
}

char *
format_day_and_time (gint64 usec, gint64 now_usec, GTimeZone *zone)
{
  g_autoptr (GDateTime) time = date_time (usec, zone);
  g_autoptr (GDateTime) now = date_time (now_usec, zone);
  g_autoptr (GDateTime) yesterday = now ? g_date_time_add_days (now, -1) : NULL;

  if (!time || !yesterday)
    return unknown ();
  if (g_date_time_get_year (time) != g_date_time_get_year (now))
    /* Translators: these four are formats of g_date_time_format (). */
    return g_date_time_format (time, _ ("on %-d %B %Y at %H:%M"));
  if (g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (now))
    return g_date_time_format (time, _ ("today at %H:%M"));
  if (g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (yesterday))
    return g_date_time_format (time, _ ("yesterday at %H:%M"));
  return g_date_time_format (time, _ ("on %-d %B at %H:%M"));
}

char *
format_capitalised (const char *words)
{
  char first[6];
  int length;

  if (!*words)
    return g_strdup ("");
  length = g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (words)), first);
  return g_strdup_printf ("%.*s%s", length, first, g_utf8_next_char (words));
}

int
format_columns (const char *text)
{
  int columns = 0;

  for (; *text; text = g_utf8_next_char (text))
    {
      gunichar letter = g_utf8_get_char (text);
      if (!g_unichar_iszerowidth (letter))
        columns += g_unichar_iswide (letter) ? 2 : 1;
    }
  return columns;
}

char *
format_fingerprint (const char *digits)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; digits[i]; i++)
    {
      if (i > 0 && i % 2 == 0)
        g_string_append_c (text, ':');
      g_string_append_c (text, g_ascii_toupper (digits[i]));
    }
  return g_string_free (text, FALSE);
}
