/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers to translated text: the only place where the application writes a number. Pure: no clock
 * is read, no file, no window; the locale decides about the decimal point and the language.
 *
 * All amounts of time are in seconds. An offset is "server minus local": positive means that our
 * clock is slow. A minus sign is U+2212, and a no-break space stands before each unit. Units step
 * by size (µs, ms, s, min, h, days). A number that is not known (NaN, infinity) is an em dash.
 * Every returned string is new: free it with g_free (). */

#pragma once

#include <glib.h>

/* Two significant digits, at most three: "0.31 ms", "14 ms", "2 h 03 min". The sign is dropped. */
char *format_amount (double seconds);
/* The same, rounded up to two digits: a bound must not be made tighter by writing it down. */
char *format_bound (double seconds);
/* "± 1.0 ms". */
char *format_uncertainty (double seconds);
/* With its sign: "+0.31 ms", "−43.2 ms", "+2.501 s". */
char *format_offset (double seconds);
/* The same for a round number, without needless decimals: "+2 ms", "−0.5 s", "0". */
char *format_round_offset (double seconds);
/* A correction in words of its size alone, to the millisecond: "2.501 s", "0.31 ms". */
char *format_correction (double seconds);
/* An offset in words: "0.31 ms slow", "43 ms fast", "0 µs". */
char *format_slow_or_fast (double seconds);
/* The same for a screen reader, with its unit spelled out: "0.38 milliseconds slow". */
char *format_spoken_offset (double seconds);
/* How long something took, to a tenth of a second: "1.8 s". */
char *format_tenths (double seconds);
/* All digits that mean something, for experts: "+0.312 ms" with @sign, "14.210 ms" without. */
char *format_precise (double seconds, gboolean sign);
/* With its sign and to a tenth of a second where it is hours and minutes: "+2 h 03 min 07.2 s". */
char *format_long_offset (double seconds);
/* Parts per million, three decimals: "−12.482 ppm". */
char *format_ppm (double ppm, gboolean sign);
/* "64 s (2⁶)": a poll interval of 2^@log2 seconds. */
char *format_poll (int log2);
/* The same for everybody: "1 min 4 s", "36 h 24 min". */
char *format_interval (int log2);

/* ---- Spans of time in whole seconds, minutes, hours or days ---- */

/* Marks a singular and its plural for xgettext where a table holds them. */
#define NG_(singular, plural) singular, plural

/* The singular and the plural of one phrase per unit: seconds, minutes, hours, days; each takes one
 * number, "%u". */
typedef const char *const SpanPhrases[4][2];

/* The phrase for @seconds in the greatest unit that it fills at least once. Below 0 counts as 0. */
char *format_span (SpanPhrases phrases, gint64 seconds);
/* "in 52 seconds" */
char *format_in (gint64 seconds);
/* "12 seconds ago" */
char *format_ago (gint64 seconds);

/* ---- Times of day; @usec and @now_usec: µs since 1970 UTC, shown in @zone ---- */

/* "13:47:21" */
char *format_time_of_day (gint64 usec, GTimeZone *zone);
/* "today at 13:47", "yesterday at 18:05", "on 12 January at 18:05", with the year if it is another.
 */
char *format_day_and_time (gint64 usec, gint64 now_usec, GTimeZone *zone);

/* ---- Text ---- */

/* What comes before a sign, so that it stays to the left of its number in text like @words, and the
 * number to the right of its unit: the marks U+200F and U+200E in a script that is written from
 * right to left, "" in any other. Static. */
const char *format_sign_mark (const char *words);

/* The same with a capital at the beginning. */
char *format_capitalised (const char *words);
/* How many columns of a terminal @text takes: printf () pads by bytes. */
int format_columns (const char *text);
/* Hexadecimal digits in pairs with colons between them: "8F:2C:91". */
char *format_fingerprint (const char *digits);
