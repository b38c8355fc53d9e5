/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "home.h"
#include "make-server.h"
#include "news-memory.h"

#include <math.h>

static const ClockFacts RIGHT = {
  .version = "",
  .automatic = TRUE,
  .state = "synchronised",
  .reason = "",
  .clock_mode = "system",
  .other_service = "",
  .connectivity = "full",
  .offset = 0.0003,
  .uncertainty = 0.001,
  .last_sync = NOW - 12 * G_USEC_PER_SEC,
  .leap = "none",
  .vouching = 3,
  .asked = 3,
  .operators = 2,
};

/* A memory of somebody who has been told all there was. */
static const NewsMemory KNOWN = { .fresh = FALSE };

#define HOUR   G_TIME_SPAN_HOUR
#define MINUTE G_TIME_SPAN_MINUTE

/* ---- What is so ---- */

/* What is told, in letters: D decision, S servers disagree, N no time, C changed, I issuer; small
 * when it is withdrawn. */
static char *
letters (GPtrArray *notices)
{
  static const char LETTERS[N_NEWS] = { 'C', 'D', 'S', 'N', 'I' };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < notices->len; i++)
    {
      const Notice *notice = g_ptr_array_index (notices, i);
      char letter = LETTERS[notice->kind];
      g_assert_true (!notice->title == !notice->body);
      g_string_append_c (text, notice->title ? letter : g_ascii_tolower (letter));
    }
  return g_string_free (text, FALSE);
}

typedef struct
{
  gint64 after; /* of the first, µs */
  const char *state;
  const char *reason;
  gboolean disagree;
  gint64 age; /* of the last authenticated time, µs; -1 = there never was any */
  const char *told;
} Step;

static void
assert_steps (const Step *steps, guint n)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  NewsMemory memory = KNOWN;

  for (guint i = 0; i < n; i++)
    {
      ClockFacts clock = RIGHT;
      NewsFacts facts = { .now = NOW + steps[i].after,
                          .zone = zone,
                          .user = "maria",
                          .clock = &clock,
                          .disagree = steps[i].disagree };
      g_autoptr (GPtrArray) notices = NULL;
      g_autofree char *told = NULL;

      clock.state = steps[i].state;
      clock.reason = steps[i].reason;
      clock.last_sync = steps[i].age < 0 ? 0 : facts.now - steps[i].age;
      clock.automatic = !g_str_equal (clock.state, "off");
      notices = news_decide (&memory, &facts);
      told = letters (notices);
      if (!g_str_equal (told, steps[i].told))
        g_error ("step %u: told “%s” and not “%s”", i, told, steps[i].told);
    }
}

static void
good_clock_is_no_news (void)
{
  static const Step STEPS[] = {
    { 0, "starting", "", FALSE, -1, "" },
    { MINUTE, "synchronised", "", FALSE, 0, "" },
    { HOUR, "off", "automatic-off", FALSE, 0, "" },
  };
  assert_steps (STEPS, G_N_ELEMENTS (STEPS));
}

static void
decision_is_told_once (void)
{
  static const Step STEPS[] = {
    { 0, "needs-decision", "change-too-large", FALSE, 0, "D" },
    { 1, "needs-decision", "change-too-large", FALSE, 0, "" },
    /* A helper that starts anew knows nothing yet. */
    { 2, "starting", "", FALSE, -1, "" },
    { 3, "needs-decision", "change-too-large", FALSE, 0, "" },
    { 4, "synchronised", "", FALSE, 0, "d" },
    { 5, "synchronised", "", FALSE, 0, "" },
    { 6, "needs-decision", "change-too-large", FALSE, 0, "D" },
    { 7, "unsynchronised", "change-rejected", FALSE, 48 * HOUR, "d" },
    { 48 * HOUR, "unsynchronised", "change-rejected", FALSE, 48 * HOUR, "" },
  };
  assert_steps (STEPS, G_N_ELEMENTS (STEPS));
}

static void
disagreement_is_told_once_an_hour (void)
{
  static const Step STEPS[] = {
    { 0, "unsynchronised", "no-quorum", TRUE, 0, "S" },
    { MINUTE, "synchronised", "", FALSE, 0, "s" },
    { 2 * MINUTE, "holdover", "no-quorum", TRUE, 0, "" },
    { 3 * MINUTE, "synchronised", "", FALSE, 0, "s" },
    { 61 * MINUTE, "unsynchronised", "no-quorum", TRUE, 0, "S" },
    { 62 * MINUTE, "needs-decision", "change-too-large", TRUE, 0, "Ds" },
  };
  assert_steps (STEPS, G_N_ELEMENTS (STEPS));
}

static void
day_without_time_is_told (void)
{
  static const Step STEPS[] = {
    { 0, "holdover", "no-reply", FALSE, 23 * HOUR, "" },
    /* It may only have slept. */
    { 2 * HOUR, "holdover", "no-reply", FALSE, 25 * HOUR, "" },
    { 2 * HOUR + 9 * MINUTE, "holdover", "no-reply", FALSE, 25 * HOUR + 9 * MINUTE, "" },
    { 2 * HOUR + 10 * MINUTE, "holdover", "no-reply", FALSE, 25 * HOUR + 10 * MINUTE, "N" },
    { 3 * HOUR, "holdover", "no-reply", FALSE, 26 * HOUR, "" },
    { 4 * HOUR, "synchronised", "", FALSE, 0, "n" },
  };
  assert_steps (STEPS, G_N_ELEMENTS (STEPS));
}

static void
computer_that_slept_gets_patience (void)
{
  static const Step STEPS[] = {
    { 0, "holdover", "no-reply", FALSE, 48 * HOUR, "" },
    { MINUTE, "synchronised", "", FALSE, 0, "" },
    { 23 * HOUR, "holdover", "no-reply", FALSE, 48 * HOUR, "" },
    { 23 * HOUR + 9 * MINUTE, "holdover", "no-reply", FALSE, 48 * HOUR, "" },
  };
  assert_steps (STEPS, G_N_ELEMENTS (STEPS));
}

static void
never_any_time_is_told_after_a_day (void)
{
  static const Step STEPS[] = {
    { 0, "unsynchronised", "no-reply", FALSE, -1, "" },
    { 23 * HOUR, "unsynchronised", "no-reply", FALSE, -1, "" },
    { 25 * HOUR, "unsynchronised", "no-reply", FALSE, -1, "" },
    { 26 * HOUR, "unsynchronised", "no-reply", FALSE, -1, "N" },
    { 27 * HOUR, "synchronised", "", FALSE, 0, "n" },
  };
  static const Step NOBODY_ASKED[] = {
    { 0, "unsynchronised", "no-servers", FALSE, -1, "" },
    { 48 * HOUR, "unsynchronised", "no-servers", FALSE, -1, "" },
    { 49 * HOUR, "unsynchronised", "no-servers", FALSE, -1, "" },
    { 50 * HOUR, "off", "automatic-off", FALSE, -1, "" },
    { 51 * HOUR, "off", "automatic-off", FALSE, -1, "" },
  };
  assert_steps (STEPS, G_N_ELEMENTS (STEPS));
  assert_steps (NOBODY_ASKED, G_N_ELEMENTS (NOBODY_ASKED));
}

static void
missing_helper_ends_nothing (void)
{
  NewsMemory memory = KNOWN;
  NewsFacts facts = { .now = NOW, .user = "maria" };
  g_autoptr (GPtrArray) notices = NULL;

  memory.holds[NEWS_DECISION] = TRUE;
  notices = news_decide (&memory, &facts);
  g_assert_cmpuint (notices->len, ==, 0);
  g_assert_true (memory.holds[NEWS_DECISION]);
  g_assert_cmpint (news_next (&memory, &facts), ==, -1);
}

static void
next_look_is_when_a_day_is_over (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  NewsMemory memory = KNOWN;
  ClockFacts clock = RIGHT;
  NewsFacts facts = { .now = NOW, .zone = zone, .user = "maria", .clock = &clock };

  clock.last_sync = NOW - HOUR;
  g_ptr_array_unref (news_decide (&memory, &facts));
  g_assert_cmpint (news_next (&memory, &facts), ==, 23 * HOUR);
  facts.now = NOW + 23 * HOUR;
  g_ptr_array_unref (news_decide (&memory, &facts));
  g_assert_cmpint (news_next (&memory, &facts), ==, 10 * MINUTE);
  facts.now += 10 * MINUTE;
  g_ptr_array_unref (news_decide (&memory, &facts));
  g_assert_cmpint (news_next (&memory, &facts), ==, -1);
  clock.state = "off";
  g_assert_cmpint (news_next (&memory, &facts), ==, -1);
}

/* ---- What happened ---- */

static GVariant *
make_event (gint64 time, const char *kind, double amount, const char *who, const char *host)
{
  GVariantDict event;

  g_variant_dict_init (&event, NULL);
  g_variant_dict_insert (&event, "time", "x", time);
  g_variant_dict_insert (&event, "kind", "s", kind);
  if (amount != 0)
    g_variant_dict_insert (&event, "amount", "d", amount);
  if (*who)
    g_variant_dict_insert (&event, "who", "s", who);
  if (*host)
    g_variant_dict_insert (&event, "host", "s", host);
  return g_variant_dict_end (&event);
}

/* One notice at most; NULL = none. @events: NULL-terminated, consumed. */
static char *
tell_events (NewsMemory *memory, gint64 now, GVariant *const *events, char **body)
{
  GVariantBuilder all = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GVariant) list = NULL;
  g_autoptr (GPtrArray) notices = NULL;
  NewsFacts facts = { .now = now, .user = "maria" };
  const Notice *notice;

  for (; *events; events++)
    g_variant_builder_add_value (&all, *events);
  list = g_variant_ref_sink (g_variant_builder_end (&all));
  facts.events = list;
  notices = news_decide (memory, &facts);
  g_assert_cmpuint (notices->len, <=, 1);
  if (notices->len == 0)
    return NULL;
  notice = g_ptr_array_index (notices, 0);
  if (body)
    *body = g_strdup (notice->body);
  return g_strdup (notice->title);
}

static void
changes_of_the_clock_are_told (void)
{
  static const struct
  {
    const char *kind;
    double amount;
    const char *who;
    const char *body; /* NULL = it is not told */
  } CASES[] = {
    { "stepped", 2.501, "", "It was slow and has been set forward." },
    { "stepped", -2.501, "", "It was fast and has been set back." },
    { "stepped", 2.501, "otto", "It was set forward at the request of otto." },
    { "stepped", -2.501, "otto", "It was set back at the request of otto." },
    { "stepped", 2.501, "maria", NULL },
    { "stepped", 0.999, "", NULL },
    { "stepped", -0.999, "", NULL },
    { "foreign-step", 2.501, "date", "Another program has set it forward." },
    { "foreign-step", -2.501, "", "Another program has set it back." },
    { "slewed", 2.501, "", NULL },
    { "accepted", 2.501, "otto", NULL },
    { "something-new", 2.501, "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    {
      NewsMemory memory = KNOWN;
      GVariant *events[] = {
        make_event (NOW - MINUTE, CASES[i].kind, CASES[i].amount, CASES[i].who, ""), NULL
      };
      g_autofree char *body = NULL;
      g_autofree char *title = tell_events (&memory, NOW, events, &body);

      g_assert_cmpstr (body, ==, CASES[i].body);
      g_assert_cmpstr (title, ==,
                       CASES[i].body ? "Your clock was changed by 2.501\302\240s" : NULL);
    }
}

static void
event_is_told_once (void)
{
  NewsMemory memory = KNOWN;
  GVariant *first[] = { make_event (NOW - MINUTE, "stepped", 5, "", ""), NULL };
  GVariant *again[] = { make_event (NOW - MINUTE, "stepped", 5, "", ""), NULL };
  /* Set back by two hours: what is new is older than what was told. */
  GVariant *back[] = { make_event (NOW - MINUTE, "stepped", 5, "", ""),
                       make_event (NOW - 2 * HOUR, "stepped", -7200, "", ""), NULL };
  GVariant *old[] = { make_event (NOW - 25 * HOUR, "stepped", 5, "", ""), NULL };
  g_autofree char *one = tell_events (&memory, NOW, first, NULL);
  g_autofree char *two = tell_events (&memory, NOW, again, NULL);
  g_autofree char *three = tell_events (&memory, NOW - 2 * HOUR, back, NULL);
  g_autofree char *four = tell_events (&memory, NOW, old, NULL);

  g_assert_nonnull (one);
  g_assert_null (two);
  g_assert_nonnull (three);
  g_assert_null (four);
}

static void
past_of_a_new_memory_is_no_news (void)
{
  NewsMemory memory = { .fresh = TRUE };
  GVariant *past[] = { make_event (NOW - MINUTE, "stepped", 5, "", ""), NULL };
  GVariant *more[] = { make_event (NOW - MINUTE, "stepped", 5, "", ""),
                       make_event (NOW, "stepped", 6, "", ""), NULL };
  g_autofree char *one = tell_events (&memory, NOW, past, NULL);
  g_autofree char *two = tell_events (&memory, NOW, more, NULL);

  g_assert_null (one);
  g_assert_cmpstr (two, ==, "Your clock was changed by 6.000\302\240s");
}

static void
new_issuers_are_told (void)
{
  NewsMemory memory = KNOWN;
  GVariant *one[] = { make_event (NOW, "new-issuer", 0, "", "a.example"), NULL };
  GVariant *two[] = { make_event (NOW, "new-issuer", 0, "", "a.example"),
                      make_event (NOW + 1, "new-issuer", 0, "", "b.example"),
                      make_event (NOW + 2, "new-issuer", 0, "", "c.example"),
                      make_event (NOW + 3, "new-certificate", 0, "", "d.example"),
                      make_event (NOW + 4, "new-issuer", 0, "", ""),
                      NULL };
  g_autofree char *first = tell_events (&memory, NOW, one, NULL);
  g_autofree char *second = tell_events (&memory, NOW, two, NULL);

  g_assert_cmpstr (first, ==, "The certificate of a.example is from another issuer");
  g_assert_cmpstr (second, ==, "2 servers show certificates from another issuer");
}

static void
events_of_wrong_types_are_passed_over (void)
{
  NewsMemory memory = KNOWN;
  g_autoptr (GVariant) bad = g_variant_ref_sink (
      g_variant_new_parsed ("[{'time': <'now'>, 'kind': <uint32 1>, 'amount': <'much'>},"
                            " {'kind': <'new-issuer'>, 'host': <true>}, @a{sv} {}]"));
  g_autoptr (GVariant) other = g_variant_ref_sink (g_variant_new_string ("events"));
  NewsFacts facts = { .now = NOW, .user = "maria", .events = bad };
  g_autoptr (GPtrArray) none = news_decide (&memory, &facts);
  g_autoptr (GPtrArray) neither = NULL;

  facts.events = other;
  neither = news_decide (&memory, &facts);
  g_assert_cmpuint (none->len + neither->len, ==, 0);
}

/* ---- The memory ---- */

static void
memory_is_kept (void)
{
  NewsMemory memory;
  NewsMemory before = { 0 };
  NewsMemory after;
  g_autoptr (GError) error = NULL;

  news_memory_load (&memory);
  g_assert_true (memory.fresh);
  memory.fresh = FALSE;
  memory.waiting = NOW;
  memory.overdue = NOW;
  memory.holds[NEWS_DECISION] = TRUE;
  memory.told[NEWS_DISAGREE] = NOW - 1;
  for (guint i = 0; i < NEWS_MOST_EVENTS + 2; i++)
    memory.events[memory.n_events++ % NEWS_MOST_EVENTS] = NOW + i;

  g_assert_true (news_memory_save (&memory, &before, &error));
  g_assert_no_error (error);
  news_memory_load (&after);
  g_assert_false (after.fresh);
  g_assert_cmpint (after.waiting, ==, NOW);
  g_assert_cmpint (after.overdue, ==, 0);
  g_assert_true (after.holds[NEWS_DECISION]);
  g_assert_false (after.holds[NEWS_DISAGREE]);
  g_assert_cmpint (after.told[NEWS_DISAGREE], ==, NOW - 1);
  g_assert_cmpuint (after.n_events, ==, NEWS_MOST_EVENTS);
  g_assert_cmpint (after.events[0], ==, NOW + 2);
  g_assert_cmpint (after.events[NEWS_MOST_EVENTS - 1], ==, NOW + NEWS_MOST_EVENTS + 1);
}

static void
broken_memory_is_a_new_one (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "gnomon", NULL);
  g_autofree char *path = g_build_filename (folder, "told", NULL);
  NewsMemory memory;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "\001 nonsense", -1, NULL));
  news_memory_load (&memory);
  g_assert_true (memory.fresh);
  g_assert_cmpuint (memory.n_events, ==, 0);
}

int
main (int argc, char *argv[])
{
  char *home = home_make ();
  int status;

  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/news/good-clock-is-no-news", good_clock_is_no_news);
  g_test_add_func ("/news/decision-is-told-once", decision_is_told_once);
  g_test_add_func ("/news/disagreement-is-told-once-an-hour", disagreement_is_told_once_an_hour);
  g_test_add_func ("/news/day-without-time-is-told", day_without_time_is_told);
  g_test_add_func ("/news/computer-that-slept-gets-patience", computer_that_slept_gets_patience);
  g_test_add_func ("/news/never-any-time-is-told-after-a-day", never_any_time_is_told_after_a_day);
  g_test_add_func ("/news/missing-helper-ends-nothing", missing_helper_ends_nothing);
  g_test_add_func ("/news/next-look-is-when-a-day-is-over", next_look_is_when_a_day_is_over);
  g_test_add_func ("/news/changes-of-the-clock-are-told", changes_of_the_clock_are_told);
  g_test_add_func ("/news/event-is-told-once", event_is_told_once);
  g_test_add_func ("/news/past-of-a-new-memory-is-no-news", past_of_a_new_memory_is_no_news);
  g_test_add_func ("/news/new-issuers-are-told", new_issuers_are_told);
  g_test_add_func ("/news/events-of-wrong-types-are-passed-over",
                   events_of_wrong_types_are_passed_over);
  g_test_add_func ("/news/memory-is-kept", memory_is_kept);
  g_test_add_func ("/news/broken-memory-is-a-new-one", broken_memory_is_a_new_one);
  status = g_test_run ();
  home_remove (home, "gnomon");
  return status;
}
