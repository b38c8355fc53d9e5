/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-dates.h"

#include <glib.h>

#define DAY  G_GINT64_CONSTANT (86400)
#define YEAR (365 * DAY)

/* 2025-01-01; ninety days of validity begin then. */
#define BEGIN G_GINT64_CONSTANT (1735689600)
#define END   (BEGIN + 90 * DAY)

static NtpTimestamp
at (gint64 unix_s)
{
  return ntp_timestamp_from_unix_ns (unix_s * G_GINT64_CONSTANT (1000000000));
}

static void
test_may_wait (void)
{
  static const struct
  {
    NtsDates dates;
    gint64 now_s, passed_s;
    NtpReason reason;
    gint64 from_s; /* narrowed */
  } cases[] = {
    { { BEGIN, END }, 0, 1, NTP_REASON_NONE, BEGIN },
    { { BEGIN, END }, BEGIN - 7 * YEAR, BEGIN - YEAR, NTP_REASON_NONE, BEGIN },
    { { BEGIN, END }, BEGIN - DAY, BEGIN + DAY, NTP_REASON_NONE, BEGIN + DAY },
    { { BEGIN, END }, END + 12 * YEAR, END, NTP_REASON_NONE, END },
    /* It ran out before a time that is known to have passed: whoever has the key may be anybody. */
    { { BEGIN, END }, BEGIN - YEAR, END + 1, NTP_REASON_CERTIFICATE_EXPIRED, BEGIN },
    { { BEGIN, END }, END + YEAR, END + 1, NTP_REASON_CERTIFICATE_EXPIRED, BEGIN },
    /* A clock that may well be right is held to be. */
    { { BEGIN, END }, BEGIN - 1, BEGIN - DAY, NTP_REASON_CERTIFICATE_NOT_YET_VALID, BEGIN },
    { { BEGIN, END }, BEGIN - DAY, BEGIN - DAY, NTP_REASON_CERTIFICATE_NOT_YET_VALID, BEGIN },
    { { BEGIN, END }, BEGIN - DAY - 1, BEGIN - DAY, NTP_REASON_NONE, BEGIN },
    { { BEGIN, END }, END + 1, BEGIN, NTP_REASON_CERTIFICATE_EXPIRED, BEGIN },
    { { BEGIN, END }, END + 400 * DAY, END, NTP_REASON_CERTIFICATE_EXPIRED, BEGIN },
    { { BEGIN, END }, END + 400 * DAY + 1, END, NTP_REASON_NONE, END },
    /* Whoever is valid for ever says nothing of the time. */
    { { BEGIN, BEGIN + 400 * DAY }, 0, 1, NTP_REASON_NONE, BEGIN },
    { { BEGIN, BEGIN + 400 * DAY + 1 }, 0, 1, NTP_REASON_CERTIFICATE_NOT_YET_VALID, BEGIN },
    { { BEGIN, BEGIN + 10 * YEAR }, BEGIN + 11 * YEAR, 0, NTP_REASON_CERTIFICATE_EXPIRED, BEGIN },
    { { 0, G_MAXINT64 }, -1, 0, NTP_REASON_CERTIFICATE_NOT_YET_VALID, 0 },
    { { G_MININT64, BEGIN }, END, 0, NTP_REASON_CERTIFICATE_EXPIRED, G_MININT64 },
    { { G_MAXINT64 - DAY, G_MAXINT64 },
      0,
      0,
      NTP_REASON_CERTIFICATE_NOT_YET_VALID,
      G_MAXINT64 - DAY },
    /* A chain of which no two are valid together. */
    { { END, BEGIN }, 0, 0, NTP_REASON_CERTIFICATE_INVALID, END },
    { { G_MAXINT64, G_MININT64 }, 0, 0, NTP_REASON_CERTIFICATE_INVALID, G_MAXINT64 },
    /* Farther off than NTP can tell (RFC 5905 §6: 68 years). */
    { { BEGIN, END }, BEGIN - 66 * YEAR, 0, NTP_REASON_NONE, BEGIN },
    { { BEGIN, END }, END + 66 * YEAR, 0, NTP_REASON_NONE, BEGIN },
    { { BEGIN, END }, BEGIN - 69 * YEAR, 0, NTP_REASON_CERTIFICATE_NOT_YET_VALID, BEGIN },
    { { BEGIN, END }, END + 69 * YEAR, 0, NTP_REASON_CERTIFICATE_EXPIRED, BEGIN },
    { { BEGIN, END }, G_MAXINT64, 0, NTP_REASON_CERTIFICATE_EXPIRED, BEGIN },
    { { BEGIN, END }, G_MININT64, 0, NTP_REASON_CERTIFICATE_NOT_YET_VALID, BEGIN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      NtsDates dates = cases[i].dates;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (nts_dates_may_wait (&dates, cases[i].now_s, cases[i].passed_s), ==,
                       cases[i].reason);
      g_assert_cmpint (dates.not_before_s, ==, cases[i].from_s);
      g_assert_cmpint (dates.not_after_s, ==, cases[i].dates.not_after_s);
    }
}

static void
test_judge (void)
{
  static const NtsDates dates = { BEGIN, END };

  g_assert_cmpint (nts_dates_judge (&dates, at (BEGIN)), ==, NTP_REASON_NONE);
  g_assert_cmpint (nts_dates_judge (&dates, at (BEGIN + DAY)), ==, NTP_REASON_NONE);
  g_assert_cmpint (nts_dates_judge (&dates, at (END)), ==, NTP_REASON_NONE);
  g_assert_cmpint (nts_dates_judge (&dates, at (END + 1) - 1), ==, NTP_REASON_NONE);
  g_assert_cmpint (nts_dates_judge (&dates, at (END + 1)), ==, NTP_REASON_CERTIFICATE_EXPIRED);
  g_assert_cmpint (nts_dates_judge (&dates, at (BEGIN) - 1), ==,
                   NTP_REASON_CERTIFICATE_NOT_YET_VALID);
  g_assert_cmpint (nts_dates_judge (&dates, at (BEGIN - 20 * YEAR)), ==,
                   NTP_REASON_CERTIFICATE_NOT_YET_VALID);
  g_assert_cmpint (nts_dates_judge (&dates, at (END + 20 * YEAR)), ==,
                   NTP_REASON_CERTIFICATE_EXPIRED);
}

/* RFC 5905 §6: era 1 begins on 2036-02-07. */
static void
test_next_era (void)
{
  gint64 begin = G_GINT64_CONSTANT (2085978496) - 10 * DAY;
  const NtsDates dates = { begin, begin + 90 * DAY };

  g_assert_cmpint (nts_dates_judge (&dates, at (begin + 20 * DAY)), ==, NTP_REASON_NONE);
  g_assert_cmpint (nts_dates_judge (&dates, at (begin - DAY)), ==,
                   NTP_REASON_CERTIFICATE_NOT_YET_VALID);
  g_assert_cmpint (nts_dates_judge (&dates, at (begin + 91 * DAY)), ==,
                   NTP_REASON_CERTIFICATE_EXPIRED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nts-dates/may-wait", test_may_wait);
  g_test_add_func ("/nts-dates/judge", test_judge);
  g_test_add_func ("/nts-dates/next-era", test_next_era);
  return g_test_run ();
}
