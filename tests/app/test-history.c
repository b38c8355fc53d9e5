/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <math.h>

#include "history-export.h"
#include "history-words.h"

#define NBSP "\u00a0"
/* 2026-11-23T12:00:00Z */
#define NOON      G_GINT64_CONSTANT (1795435200000000)
#define MINUTE(n) (NOON + (n) *G_TIME_SPAN_MINUTE)

static GVariant *
event (gint64 time, const char *more)
{
  g_autofree char *text =
      g_strdup_printf ("{'time': <int64 %" G_GINT64_FORMAT ">, %s}", time, more);
  GVariant *value = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);

  g_assert_nonnull (value);
  return value;
}

/* Sunday's step; then Monday's two gentle corrections, a foreign step, a step on request, two
 * gentle ones. */
static GVariant *
make_events (void)
{
  GVariant *const events[] = {
    event (MINUTE (-24 * 60), "'kind': <'slewed'>, 'amount': <0.5>"),
    event (MINUTE (0), "'kind': <'slewed'>, 'amount': <0.0003>, 'vouched': <uint32 3>, "
                       "'operators': <uint32 2>"),
    event (MINUTE (1), "'kind': <'slewed'>, 'amount': <-0.0001>, 'vouched': <uint32 3>, "
                       "'operators': <uint32 2>"),
    event (MINUTE (2), "'kind': <'foreign-step'>, 'amount': <-2.5>"),
    event (MINUTE (3), "'kind': <'stepped'>, 'amount': <2.501>, 'who': <'maria'>, 'vouched': "
                       "<uint32 4>, 'operators': <uint32 3>"),
    event (MINUTE (4), "'kind': <'slewed'>, 'amount': <0.0004>, 'vouched': <uint32 1>, "
                       "'operators': <uint32 1>"),
    event (MINUTE (6), "'kind': <'slewed'>, 'amount': <0.0004>, 'vouched': <uint32 1>, "
                       "'operators': <uint32 1>"),
  };
  GVariant *array = g_variant_ref_sink (
      g_variant_new_array (G_VARIANT_TYPE_VARDICT, events, G_N_ELEMENTS (events)));

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    g_variant_unref (events[i]);
  return array;
}

static void
assert_entry (const HistoryEntry *entry, const char *title, const char *subtitle, const char *time)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *has_title = history_title (entry);
  g_autofree char *has_subtitle = history_subtitle (entry);
  g_autofree char *has_time = history_time (entry, utc);

  g_assert_cmpstr (has_title, ==, title);
  g_assert_cmpstr (has_subtitle, ==, subtitle);
  g_assert_cmpstr (has_time, ==, time);
}

static void
test_stretches (void)
{
  g_autoptr (GVariant) events = make_events ();
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GPtrArray) entries = history_read (events, HISTORY_FILTER_EVERYTHING, utc);

  g_assert_cmpuint (entries->len, ==, 5);
  assert_entry (entries->pdata[0], "Corrected gently, 0.80" NBSP "ms in all",
                "Automatic · 1 server", "since 12:04");
  assert_entry (entries->pdata[1], "Set forward by 2.501" NBSP "s",
                "At the request of maria · 4 servers, run by 3 operators", "12:03:00");
  assert_entry (entries->pdata[2], "Another program set the clock back by 2.500" NBSP "s", "",
                "12:02:00");
  /* Their sizes add up, whichever way they went. */
  assert_entry (entries->pdata[3], "Corrected gently, 0.40" NBSP "ms in all",
                "Automatic · 3 servers, run by 2 operators", "12:00 – 12:01");
  /* Another day, another row. */
  assert_entry (entries->pdata[4], "Corrected gently, 500" NBSP "ms in all", "Automatic",
                "12:00:00");
}

static void
test_filters (void)
{
  static const guint EXPECTED[HISTORY_N_FILTERS] = {
    [HISTORY_FILTER_EVERYTHING] = 5,
    [HISTORY_FILTER_STEPS] = 2, /* whoever made them */
    [HISTORY_FILTER_OTHER_PROGRAMS] = 1,
  };
  g_autoptr (GVariant) events = make_events ();
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  for (HistoryFilter filter = 0; filter < HISTORY_N_FILTERS; filter++)
    {
      g_autoptr (GPtrArray) entries = history_read (events, filter, utc);
      g_assert_cmpuint (entries->len, ==, EXPECTED[filter]);
      g_assert_cmpstr (history_filter_label (filter), !=, "");
    }
}

static void
test_summary (void)
{
  g_autoptr (GVariant) events = make_events ();
  HistorySummary summary = history_summarise (events, MINUTE (0));

  g_assert_cmpuint (summary.steps, ==, 1);
  g_assert_cmpuint (summary.slews, ==, 4);
  /* What another program did is not ours. */
  g_assert_cmpfloat (summary.largest, ==, 2.501);
}

/* Every kind of the contract, and one that it does not have. */
static void
test_every_kind_has_words (void)
{
  static const char *const KINDS[] = {
    "stepped",           "slewed",     "foreign-step",    "foreign-slew",
    "foreign-frequency", "resumed",    "synchronised",    "lost",
    "decision",          "accepted",   "rejected",        "key-exchange",
    "new-certificate",   "new-issuer", "network-changed", "started",
    "stopped",
  };
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++)
    {
      g_autofree char *more = g_strdup_printf ("'kind': <'%s'>, 'host': <'a.example'>", KINDS[i]);
      GVariant *only = event (NOON, more);
      g_autoptr (GVariant) events =
          g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE_VARDICT, &only, 1));
      g_autoptr (GPtrArray) entries = history_read (events, HISTORY_FILTER_EVERYTHING, utc);
      const HistoryEntry *entry = entries->pdata[0];
      g_autofree char *title = history_title (entry);

      g_variant_unref (only);
      g_assert_cmpint (entry->kind, <, HISTORY_OTHER);
      g_assert_cmpstr (title, !=, KINDS[i]);
      g_assert_true (g_ascii_isupper (title[0]));
      g_assert_null (strchr (title, '%'));
      g_assert_nonnull (history_icon_name (entry->kind));
    }
}

static void
test_odd_events (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GVariant) events = g_variant_parse (
      G_VARIANT_TYPE ("aa{sv}"),
      "[{'kind': <'stepped'>}, {'time': <'noon'>, 'kind': <'stepped'>},"
      " {'time': <int64 5>, 'kind': <7>, 'amount': <'much'>},"
      " {'time': <int64 6>, 'kind': <'brand-new'>}, {'time': <int64 7>, 'kind': <'stepped'>}]",
      NULL, NULL, NULL);
  g_autoptr (GPtrArray) entries = history_read (events, HISTORY_FILTER_EVERYTHING, utc);

  g_assert_cmpuint (entries->len, ==, 3);
  assert_entry (entries->pdata[0], "The clock was set", "Automatic", "00:00:00");
  assert_entry (entries->pdata[1], "brand-new", "", "00:00:00");
  assert_entry (entries->pdata[2], "—", "", "00:00:00");
}

static void
test_csv (void)
{
  g_autoptr (GVariant) events = g_variant_parse (
      G_VARIANT_TYPE ("aa{sv}"),
      "[{'time': <int64 1795435200000000>, 'kind': <'stepped'>, 'amount': <2.501>,"
      "  'who': <'maria \"m\" o’n'>, 'vouched': <uint32 4>, 'operators': <uint32 3>},"
      " {'time': <int64 1795435201000000>, 'kind': <'a,b'>, 'reason': <'two\nlines'>,"
      "  'host': <'=HYPERLINK(1)'>}]",
      NULL, NULL, NULL);
  g_autofree char *csv = history_to_csv (events);

  g_assert_cmpstr (csv, ==,
                   "time,kind,amount_s,who,reason,vouched,operators,host\r\n"
                   "2026-11-23T12:00:00+00:00,stepped,2.501000000,\"maria \"\"m\"\" o’n\",,4,3,\r\n"
                   "2026-11-23T12:00:01+00:00,\"a,b\",,,\"two\nlines\",,,'=HYPERLINK(1)\r\n");
}

static void
test_json (void)
{
  g_autoptr (GVariant) events = make_events ();
  g_autofree char *text = history_to_json (events, NULL, NULL, NOON);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *object;
  JsonArray *list;

  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
  object = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (json_object_get_string_member (object, "generated"), ==,
                   "2026-11-23T12:00:00+00:00");
  g_assert_true (json_object_get_null_member (object, "samples"));
  list = json_object_get_array_member (object, "events");
  g_assert_cmpuint (json_array_get_length (list), ==, 7);
  object = json_array_get_object_element (list, 4);
  g_assert_cmpstr (json_object_get_string_member (object, "who"), ==, "maria");
  g_assert_cmpfloat (json_object_get_double_member (object, "amount"), ==, 2.501);
}

static void
test_report (void)
{
  g_autoptr (GVariant) events = make_events ();
  g_autoptr (GVariant) samples = g_variant_parse (
      G_VARIANT_TYPE ("aa{sv}"),
      "[{'time': <int64 1795435200000000>, 'host': <''>}, {'time': <int64 1795435200000000>, "
      "'host': <'a.example'>}, {'time': <int64 1>, 'host': <'a.example'>}]",
      NULL, NULL, NULL);
  g_autoptr (GVariant) servers = g_variant_parse (
      G_VARIANT_TYPE ("aa{sv}"),
      "[{'host': <'a.example'>, 'operator': <'<b>A & Co'>, 'authenticated': <true>}]", NULL, NULL,
      NULL);
  g_autoptr (GVariant) ledger = g_variant_parse (
      G_VARIANT_TYPE ("aa{sv}"),
      "[{'first': <int64 1795435200000000>, 'last': <int64 1795435300000000>, 'issuer': "
      "<'CN=Root'>, 'subject': <'CN=a'>, 'sha256': <'8f2c91'>}]",
      NULL, NULL, NULL);
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();
  g_autoptr (GPtrArray) ledgers = g_ptr_array_new ();
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  HistoryReport report = { .events = events,
                           .samples = samples,
                           .servers = servers,
                           .hosts = hosts,
                           .ledgers = ledgers,
                           .from = MINUTE (0),
                           .now = MINUTE (10),
                           .zone = utc };
  g_autofree char *html = NULL;

  g_ptr_array_add (hosts, (gpointer) "a.example");
  g_ptr_array_add (ledgers, ledger);
  html = history_to_report (&report);
  /* A name from outside never becomes a tag. */
  g_assert_null (strstr (html, "<b>"));
  g_assert_nonnull (strstr (html, "&lt;b&gt;A &amp; Co"));
  g_assert_nonnull (strstr (html, "<td>Steps</td><td>1</td>"));
  g_assert_nonnull (strstr (html, "<td>Authenticated Samples Kept</td><td>1</td>"));
  g_assert_nonnull (strstr (html, "<td>Largest Correction</td><td>2.501000" NBSP "s</td>"));
  g_assert_nonnull (strstr (html, "<code>8F:2C:91</code>"));
  g_assert_nonnull (strstr (html, "At the request of maria"));
  /* What was before the period is not in it. */
  g_assert_null (strstr (html, "2026-11-22"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history/stretches", test_stretches);
  g_test_add_func ("/history/filters", test_filters);
  g_test_add_func ("/history/summary", test_summary);
  g_test_add_func ("/history/every-kind-has-words", test_every_kind_has_words);
  g_test_add_func ("/history/odd-events", test_odd_events);
  g_test_add_func ("/history-export/csv", test_csv);
  g_test_add_func ("/history-export/json", test_json);
  g_test_add_func ("/history-export/report", test_report);
  return g_test_run ();
}
