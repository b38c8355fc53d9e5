/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "directory.h"
#include "events.h"

#include <math.h>
#include <string.h>

static State *
open_state (const Directory *directory)
{
  State *state = state_open (directory->path, NULL);

  g_assert_nonnull (state);
  return state;
}

static void
assert_is (Events *events, gint64 since_us, guint most, const char *expected)
{
  g_autoptr (GVariant) found = g_variant_ref_sink (events_get (events, since_us, most));
  g_autoptr (GVariant) wanted =
      g_variant_parse (G_VARIANT_TYPE ("aa{sv}"), expected, NULL, NULL, NULL);

  g_assert_nonnull (wanted);
  g_assert_cmpvariant (found, wanted);
}

static void
add (Events *events, gint64 time_us)
{
  events_add (events, &(EventRecord){ .kind = EVENT_RESUMED, .time_us = time_us });
}

#define RESUMED(time) "{'time': <int64 " #time ">, 'kind': <'resumed'>}"

static void
test_says_what_is_known (Directory *directory, gconstpointer data)
{
  g_autoptr (State) state = open_state (directory);
  g_autoptr (Events) events = events_new (state);
  g_autoptr (Events) next = NULL;
  const EventRecord stepped = { .kind = EVENT_STEPPED,
                                .time_us = 1790000000123456,
                                .amount_s = -2.5,
                                .who = "alice",
                                .reason = "few-servers",
                                .vouched = 4,
                                .operators = 3 };
  const EventRecord keys = { .kind = EVENT_KEY_EXCHANGE,
                             .time_us = 1790000000123457,
                             .host = "a.example" };
  const char *expected = "[{'time': <int64 1790000000123456>, 'kind': <'stepped'>,"
                         "  'amount': <-2.5>, 'who': <'alice'>, 'reason': <'few-servers'>,"
                         "  'vouched': <uint32 4>, 'operators': <uint32 3>},"
                         " {'time': <int64 1790000000123457>, 'kind': <'key-exchange'>,"
                         "  'host': <'a.example'>}]";

  events_add (events, &stepped);
  events_add (events, &keys);
  assert_is (events, 0, 0, expected);
  /* Also to the next run, and though this one was killed. */
  next = events_new (state);
  assert_is (next, 0, 0, expected);
}

static void
test_gives_the_newest (Directory *directory, gconstpointer data)
{
  g_autoptr (Events) events = events_new (NULL);

  assert_is (events, 0, 0, "[]");
  add (events, 1);
  add (events, 2);
  add (events, 3);
  assert_is (events, 2, 0, "[" RESUMED (2) "," RESUMED (3) "]");
  assert_is (events, 0, 2, "[" RESUMED (2) "," RESUMED (3) "]");
  assert_is (events, 4, 0, "[]");
}

static void
test_forgets (Directory *directory, gconstpointer data)
{
  g_autoptr (State) state = open_state (directory);
  g_autoptr (Events) events = events_new (state);
  g_autoptr (Events) next = events_new (state);

  add (events, 1);
  add (events, 2);
  add (events, 3);
  events_prune (events, 3);
  assert_is (next, 0, 0, "[" RESUMED (3) "]");
  events_delete (events);
  assert_is (next, 0, 0, "[]");
}

/* Names of others cannot make lines or fields. */
static void
test_keeps_odd_names_in_their_place (Directory *directory, gconstpointer data)
{
  g_autoptr (Events) events = events_new (NULL);
  const EventRecord odd = {
    .kind = EVENT_ACCEPTED, .time_us = 1, .amount_s = NAN, .who = "DOMAIN\\a b\tc\nd\xff"
  };

  events_add (events, &odd);
  assert_is (
      events, 0, 0,
      "[{'time': <int64 1>, 'kind': <'accepted'>, 'who': <'DOMAIN\\\\a b?c?d\xef\xbf\xbd'>}]");
}

static void
test_passes_over_bad_lines (Directory *directory, gconstpointer data)
{
  static const char bad[] = "x\tresumed\t0\t0\t0\t\t\t\n"
                            "1\tunknown\t0\t0\t0\t\t\t\n"
                            "1\tresumed\tnan\t0\t0\t\t\t\n"
                            "1\tresumed\t\t0\t0\t\t\t\n"
                            "1\tresumed\t0\t-1\t0\t\t\t\n"
                            "1\tresumed\t0\t0\t99999999999\t\t\t\n"
                            "1\tresumed\t0\t0\t0\t\t\n"
                            "1\tresumed\t0\t0\t0\t\t\t\t\n"
                            "7\tresumed\t0\t0\t0\t\t\t\n"
                            "8\tresumed\t0\t0\t0\t\t\t";
  g_autoptr (State) state = open_state (directory);
  g_autoptr (Events) events = events_new (state);

  g_assert_true (state_write (state, STATE_EVENTS, bad, sizeof bad - 1));
  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "*/events: 9 lines make no sense*");
  assert_is (events, 0, 0, "[" RESUMED (7) "]");
  g_test_assert_expected_messages ();
  add (events, 9);
  assert_is (events, 0, 0, "[" RESUMED (7) "," RESUMED (9) "]");
}

/* The names are those of the contract. */
static void
test_names_all_kinds (Directory *directory, gconstpointer data)
{
  static const char *const contract[] = {
    "stepped",           "slewed",     "foreign-step",    "foreign-slew",
    "foreign-frequency", "resumed",    "synchronised",    "lost",
    "decision",          "accepted",   "rejected",        "key-exchange",
    "new-certificate",   "new-issuer", "network-changed", "started",
    "stopped",
  };

  g_assert_cmpuint (EVENT_N_KINDS, ==, G_N_ELEMENTS (contract));
  for (guint i = 0; i < EVENT_N_KINDS; i++)
    g_assert_cmpstr (event_kind_name ((EventKind) i), ==, contract[i]);
}

static void
add_test (const char *path, void (*run) (Directory *directory, gconstpointer data))
{
  g_test_add (path, Directory, NULL, directory_set_up, run, directory_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/events/says-what-is-known", test_says_what_is_known);
  add_test ("/events/gives-the-newest", test_gives_the_newest);
  add_test ("/events/forgets", test_forgets);
  add_test ("/events/keeps-odd-names-in-their-place", test_keeps_odd_names_in_their_place);
  add_test ("/events/passes-over-bad-lines", test_passes_over_bad_lines);
  add_test ("/events/names-all-kinds", test_names_all_kinds);
  return g_test_run ();
}
