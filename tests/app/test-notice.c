/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib.h>
#include <math.h>

#include "notice.h"

#define NBSP "\u00a0"
#define NOW  (G_GINT64_CONSTANT (1767225600) * G_USEC_PER_SEC)

static ClockFacts
clock_in (const char *state, const char *connectivity)
{
  return (ClockFacts){ .state = state,
                       .reason = "",
                       .other_service = "",
                       .connectivity = connectivity,
                       .offset = -0.001,
                       .uncertainty = 0.003,
                       .last_sync = NOW - 2 * G_TIME_SPAN_HOUR };
}

static const NoticeSituation HERE = { .presence = HELPER_PRESENT, .servers = 3 };

static void
assert_notice (const ClockFacts *clock, const NoticeSituation *situation, Notice expected)
{
  g_assert_cmpint (notice_choose (clock, situation), ==, expected);
}

static void
assert_in (const char *state, const char *connectivity, Notice expected)
{
  ClockFacts clock = clock_in (state, connectivity);
  assert_notice (&clock, &HERE, expected);
}

static void
test_working_clock_hides_the_network (void)
{
  static const char *const WAITING[] = { "starting", "holdover", "unsynchronised" };
  static const char *const OTHERS[] = { "synchronised", "off" };

  for (guint i = 0; i < G_N_ELEMENTS (WAITING); i++)
    {
      assert_in (WAITING[i], "none", NOTICE_OFFLINE);
      assert_in (WAITING[i], "portal", NOTICE_PORTAL);
      assert_in (WAITING[i], "limited", NOTICE_NONE);
      assert_in (WAITING[i], "unknown", NOTICE_NONE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (OTHERS); i++)
    assert_in (OTHERS[i], "none", NOTICE_NONE);
}

static void
test_what_comes_first (void)
{
  ClockFacts clock = clock_in ("unsynchronised", "none");
  NoticeSituation situation = HERE;

  clock.other_service = "systemd-timesyncd.service";
  assert_notice (&clock, &situation, NOTICE_CONFLICT);
  situation.only_watch = TRUE;
  assert_notice (&clock, &situation, NOTICE_OFFLINE);
  clock.state = "needs-decision";
  assert_notice (&clock, &situation, NOTICE_DECISION);
  situation.syncing = TRUE;
  assert_notice (&clock, &situation, NOTICE_NONE);
  situation.servers = 0;
  assert_notice (&clock, &situation, NOTICE_EMPTY);
  situation.presence = HELPER_MISSING;
  assert_notice (&clock, &situation, NOTICE_MISSING);
  situation.presence = HELPER_CONNECTING;
  assert_notice (&clock, &situation, NOTICE_CONNECTING);
}

static void
assert_words (Notice notice, const ClockFacts *clock, const char *expected)
{
  g_autofree char *words = notice_describe (notice, clock, NOW);
  g_assert_cmpstr (words, ==, expected);
}

static void
test_words (void)
{
  ClockFacts clock = clock_in ("holdover", "none");

  assert_words (NOTICE_OFFLINE, &clock,
                "Your clock runs on at its last good rate and should be right to within 4.0" NBSP
                "ms. Gnomon checks it again as soon as there is a network.");
  assert_words (
      NOTICE_PORTAL, &clock,
      "This network lets nothing through before you sign in. Your clock was last checked 2 "
      "hours ago and should still be right to within 4.0" NBSP "ms.");
  clock.other_service = "systemd-timesyncd.service";
  assert_words (NOTICE_CONFLICT, &clock,
                "systemd-timesyncd also sets this computer’s clock, without authentication. Until "
                "you choose, Gnomon only watches.");
  /* chrony can authenticate: nothing is said of what is not known. */
  clock.other_service = "chrony.service";
  assert_words (NOTICE_CONFLICT, &clock,
                "chrony also sets this computer’s clock. Until you choose, Gnomon only watches.");
  assert_words (NOTICE_EMPTY, &clock, "");
}

static void
test_words_of_a_clock_that_nobody_knows (void)
{
  ClockFacts clock = clock_in ("starting", "none");

  clock.uncertainty = INFINITY;
  clock.last_sync = 0;
  assert_words (NOTICE_OFFLINE, &clock,
                "Your clock runs on unchanged. Gnomon checks it as soon as there is a network.");
  assert_words (NOTICE_PORTAL, &clock,
                "This network lets nothing through before you sign in. Your clock has not been "
                "checked yet.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notice/working-clock-hides-the-network", test_working_clock_hides_the_network);
  g_test_add_func ("/notice/what-comes-first", test_what_comes_first);
  g_test_add_func ("/notice/words", test_words);
  g_test_add_func ("/notice/words-of-a-clock-that-nobody-knows",
                   test_words_of_a_clock_that_nobody_knows);
  return g_test_run ();
}
