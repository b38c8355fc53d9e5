/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "last-change.h"
#include "make-server.h"

#define HOUR G_TIME_SPAN_HOUR

/* @step: the property LastStep; @events: as text, NULL = none. "_" = no-break space */
static void
assert_words (gint64 step, const SyncResult *sync, const char *events, const char *expected)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("+01:00");
  g_autoptr (GVariant) list =
      g_variant_ref_sink (events ? g_variant_new_parsed (events, NOW - HOUR)
                                 : g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
  g_autoptr (GPtrArray) entries = history_read (list, HISTORY_FILTER_EVERYTHING, zone);
  const ClockFacts clock = { .last_step = step };
  g_autofree char *words =
      last_change_words (&clock, sync, last_change_find (entries), "maria", NOW, zone);
  g_auto (GStrv) parts = g_strsplit (expected, "_", -1);
  g_autofree char *with_spaces = g_strjoinv ("\302\240", parts);

  g_assert_cmpstr (words, ==, with_spaces);
}

static void
request_of_this_session_needs_no_record (void)
{
  SyncResult sync = { .correction = 2.501, .stepped = TRUE, .time = NOW };

  assert_words (0, NULL, NULL, "Never set, only corrected gently");
  assert_words (NOW - G_USEC_PER_SEC, &sync, NULL,
                "Set forward by 2.501_s, today at 13:47, at your request");
  /* The record has not come to it. */
  assert_words (NOW - G_USEC_PER_SEC, &sync,
                "[{'time': <%x>, 'kind': <'stepped'>, 'amount': <-1.0>}]",
                "Set forward by 2.501_s, today at 13:47, at your request");
  sync.time = NOW - HOUR;
  assert_words (NOW - G_USEC_PER_SEC, &sync, NULL, "Set today at 13:47");
}

static void
record_tells_who_it_was (void)
{
  const gint64 step = NOW - HOUR;

  assert_words (step, NULL,
                "[{'time': <%x>, 'kind': <'stepped'>, 'amount': <2.501>, 'who': <'maria'>}]",
                "Set forward by 2.501_s, today at 12:47, at your request");
  assert_words (step, NULL,
                "[{'time': <%x>, 'kind': <'stepped'>, 'amount': <-2.501>, 'who': <'paul'>}]",
                "Set back by 2.501_s, today at 12:47, at the request of paul");
  assert_words (step, NULL, "[{'time': <%x>, 'kind': <'stepped'>, 'amount': <2.501>}]",
                "Set forward by 2.501_s, today at 12:47, by itself");
  assert_words (0, NULL, "[{'time': <%x>, 'kind': <'slewed'>, 'amount': <0.0004>}]",
                "Corrected gently, 0.40_ms in all, today at 12:47, by itself");
  assert_words (0, NULL,
                "[{'time': <%x>, 'kind': <'foreign-step'>, 'amount': <-2.0>, 'who': <'date'>}]",
                "Another program set the clock back by 2.000_s, today at 12:47");
}

static void
what_is_no_change_is_passed_over (void)
{
  assert_words (0, NULL, "[{'time': <%x>, 'kind': <'key-exchange'>, 'host': <'a'>}]",
                "Never set, only corrected gently");
}

int
main (int argc, char *argv[])
{
  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/last-change/request-of-this-session-needs-no-record",
                   request_of_this_session_needs_no_record);
  g_test_add_func ("/last-change/record-tells-who-it-was", record_tells_who_it_was);
  g_test_add_func ("/last-change/what-is-no-change-is-passed-over",
                   what_is_no_change_is_passed_over);
  return g_test_run ();
}
