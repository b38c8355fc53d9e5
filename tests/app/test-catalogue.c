/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "catalogue.h"

static GPtrArray *
load (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (g_getenv ("SERVERS"), &text, NULL, NULL));
  return catalogue_parse (text);
}

/* As those who know only that are offered: "DE", "Europe/Berlin". */
static GPtrArray *
suggest (GPtrArray *entries, const char *territory, const char *zone)
{
  CataloguePlace here;

  return catalogue_suggest (entries,
                            catalogue_find_user (territory, zone, "", &here) ? &here : NULL, 4);
}

static void
lines_become_entries (void)
{
  g_autoptr (GPtrArray) entries =
      catalogue_parse ("# comment\n"
                       "a.example\t4460\tExample\tGermany\tDE\t1\tno\t\t\tnote\n"
                       "\n"
                       "no tabs at all\n"
                       "b.example\t70000\tExample\tGermany\tDE\t1\tno\t\t\t\n"
                       "\t4460\tExample\tGermany\tDE\t1\tno\t\t\t\n"
                       "c.example\t14460\tOther\t\t\t\tyes\t6\t\t\n"
                       "d.example\t4460\tMany\t\t\t3\tyes\t\t\t\r\n");
  const CatalogueEntry *entry;

  g_assert_cmpuint (entries->len, ==, 3);
  entry = g_ptr_array_index (entries, 0);
  g_assert_cmpstr (entry->host, ==, "a.example");
  g_assert_cmpuint (entry->port, ==, 4460);
  g_assert_cmpstr (entry->operator_name, ==, "Example");
  g_assert_cmpstr (entry->code, ==, "DE");
  g_assert_cmpuint (entry->stratum, ==, 1);
  g_assert_false (entry->ipv6_only);
  entry = g_ptr_array_index (entries, 1);
  g_assert_cmpuint (entry->port, ==, 14460);
  g_assert_cmpstr (entry->country, ==, "");
  g_assert_true (entry->ipv6_only);
}

/* Nobody's server is lost because little is known of it. */
static void
all_servers_are_there (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GPtrArray) entries = load ();
  guint n = 0;

  g_assert_true (g_file_get_contents (g_getenv ("SERVERS"), &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    n += *lines[i] && *lines[i] != '#';
  g_assert_cmpuint (entries->len, ==, n);
}

static void
suggestions_are_independent_and_near (void)
{
  static const struct
  {
    const char *territory;
    const char *zone;
    const char *code; /* of the first suggestion */
  } PEOPLE[] = {
    { "DE", "Europe/Berlin", "DE" }, { "SE", "", "SE" },  { "US", "America/New_York", "US" },
    { "", "Europe/Warsaw", "DE" },   { "", "UTC", "DE" },
  };
  g_autoptr (GPtrArray) entries = load ();

  for (guint i = 0; i < G_N_ELEMENTS (PEOPLE); i++)
    {
      g_autoptr (GPtrArray) chosen = suggest (entries, PEOPLE[i].territory, PEOPLE[i].zone);
      g_autoptr (GHashTable) operators = g_hash_table_new (g_str_hash, g_str_equal);

      g_assert_cmpuint (chosen->len, ==, 4);
      for (guint j = 0; j < chosen->len; j++)
        {
          const CatalogueEntry *entry = g_ptr_array_index (chosen, j);
          g_assert_true (g_hash_table_add (operators, entry->operator_name));
          g_assert_false (entry->ipv6_only);
        }
      g_assert_cmpstr (((CatalogueEntry *) g_ptr_array_index (chosen, 0))->code, ==,
                       PEOPLE[i].code);
    }
}

/* Of whom nothing is known, the servers are not from all over the world. */
static void
suggestions_for_nobody_are_near_to_one_another (void)
{
  g_autoptr (GPtrArray) entries = load ();
  g_autoptr (GPtrArray) chosen = suggest (entries, "", "UTC");
  g_autoptr (GPtrArray) european = suggest (entries, "", "Europe/Nowhere");

  for (guint i = 0; i < 4; i++)
    g_assert_true (g_ptr_array_index (chosen, i) == g_ptr_array_index (european, i));
}

static void
check_suggestion (GPtrArray *entries, const char *territory, const char *zone)
{
  g_autoptr (GPtrArray) chosen = suggest (entries, territory, zone);
  g_autoptr (GHashTable) operators = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) hosts = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_anycast = 0;

  g_test_message ("for %s, %s", territory, zone);
  g_assert_cmpuint (chosen->len, ==, 4);
  for (guint i = 0; i < chosen->len; i++)
    {
      const CatalogueEntry *entry = g_ptr_array_index (chosen, i);

      g_hash_table_add (operators, entry->operator_name);
      g_hash_table_add (hosts, entry->host);
      n_anycast += entry->anycast;
      g_assert_cmpuint (entry->stratum, >=, 1);
      g_assert_cmpuint (entry->stratum, <=, 2);
      /* For the users of one distribution alone. */
      g_assert_false (g_str_has_suffix (entry->host, ".ubuntu.com"));
    }
  g_assert_cmpuint (g_hash_table_size (hosts), ==, 4);
  g_assert_cmpuint (g_hash_table_size (operators), >=, 3);
  g_assert_cmpuint (n_anycast, <=, 1);
}

/* All that could be a country, known or not. */
static void
every_country_is_offered_four_good_servers (void)
{
  static const char *const ZONES[] = { "Europe/Berlin", "America/Lima", "Asia/Tokyo", "UTC", "" };
  g_autoptr (GPtrArray) entries = load ();

  for (char first = 'A'; first <= 'Z'; first++)
    for (char second = 'A'; second <= 'Z'; second++)
      {
        const char code[] = { first, second, '\0' };
        check_suggestion (entries, code, "");
      }
  for (guint i = 0; i < G_N_ELEMENTS (ZONES); i++)
    check_suggestion (entries, "", ZONES[i]);
}

static void
no_more_than_one_by_anycast_is_suggested (void)
{
  g_autoptr (GPtrArray) entries = catalogue_parse ("a.example\t4460\tA\t\t\t1\tyes\t\t\t\n"
                                                   "b.example\t4460\tB\t\t\t1\tyes\t\t\t\n"
                                                   "c.example\t4460\tC\t\t\t3\tno\t\t\t\n"
                                                   "d.example\t4460\tD\t\t\t\tno\t\t\t\n"
                                                   "e.example\t4460\tE\t\t\t2\tno\t\t\t\n");
  g_autoptr (GPtrArray) chosen = suggest (entries, "", "");

  g_assert_cmpuint (chosen->len, ==, 2);
  g_assert_cmpstr (((CatalogueEntry *) g_ptr_array_index (chosen, 0))->host, ==, "a.example");
  g_assert_cmpstr (((CatalogueEntry *) g_ptr_array_index (chosen, 1))->host, ==, "e.example");
}

static void
what_is_near_comes_first (void)
{
  g_autoptr (GPtrArray) entries = load ();
  g_autoptr (GString) codes = g_string_new (NULL);
  CataloguePlace here;

  g_assert_true (catalogue_find_user ("SE", "", "", &here));
  catalogue_sort_near (entries, &here);
  for (guint i = 0; i < entries->len; i++)
    {
      const CatalogueEntry *entry = g_ptr_array_index (entries, i);
      if (!g_str_has_suffix (codes->str, entry->code) || codes->len == 0)
        g_string_append_printf (codes, " %s", entry->code);
    }
  g_assert_true (g_str_has_prefix (codes->str, " SE FI"));
  /* Of many countries: last. */
  g_assert_cmpstr (((CatalogueEntry *) g_ptr_array_index (entries, entries->len - 1))->code, ==,
                   "");
}

static void
germans_are_offered_their_institute_first (void)
{
  g_autoptr (GPtrArray) entries = load ();
  g_autoptr (GPtrArray) chosen = suggest (entries, "DE", "");
  const CatalogueEntry *first = g_ptr_array_index (chosen, 0);

  g_assert_cmpstr (first->host, ==, "ptbtime1.ptb.de");
}

/* Lines as they stand in the file. */
static const char ZONES[] = "# comment\n"
                            "DE\t+5230+01322\tEurope/Berlin\tmost of Germany\n"
                            "DE\t+4742+00841\tEurope/Busingen\tBusingen\n"
                            "AU\t-3352+15113\tAustralia/Sydney\tNew South Wales (most areas)\n"
                            "US\t+404251-0740023\tAmerica/New_York\tEastern (most areas)\n"
                            "UA\t+5026+03031\tEurope/Kyiv\tmost of Ukraine\n"
                            "XX\t+52300+01322\tEurope/Nowhere\n"
                            "XXX\t+5230+01322\tEurope/Erewhon\n"
                            "XX\tEurope/Utopia\n";

/* What the time zone says comes before what the language does: many people use another country's
 * English. */
static void
time_zone_says_where_the_user_is (void)
{
  static const struct
  {
    const char *territory;
    const char *zone;
    const char *code; /* NULL = nobody knows */
    double latitude;
    double longitude;
  } PEOPLE[] = {
    { "", "Europe/Berlin", "DE", 52.5, 13 + 22 / 60.0 },
    { "US", "Europe/Berlin", "DE", 52.5, 13 + 22 / 60.0 },
    { "GB", "Australia/Sydney", "AU", -(33 + 52 / 60.0), 151 + 13 / 60.0 },
    { "", "America/New_York", "US", 40 + 42 / 60.0 + 51 / 3600.0, -(74 + 23 / 3600.0) },
    { "", "Europe/Kyiv", "UA", 50 + 26 / 60.0, 30 + 31 / 60.0 },
    { "SE", "UTC", "SE", 59, 16 },
    { "", "Europe/Nowhere", "", 50, 10 },
    { "", "Europe/Erewhon", "", 50, 10 },
    { "", "Europe/Utopia", "", 50, 10 },
    { "", "UTC", NULL, 0, 0 },
    { "XX", "", NULL, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (PEOPLE); i++)
    {
      CataloguePlace place;

      g_test_message ("%s, %s", PEOPLE[i].territory, PEOPLE[i].zone);
      g_assert_cmpint (catalogue_find_user (PEOPLE[i].territory, PEOPLE[i].zone, ZONES, &place), ==,
                       PEOPLE[i].code != NULL);
      if (!PEOPLE[i].code)
        continue;
      g_assert_cmpstr (place.code, ==, PEOPLE[i].code);
      g_assert_cmpfloat_with_epsilon (place.latitude, PEOPLE[i].latitude, 1e-9);
      g_assert_cmpfloat_with_epsilon (place.longitude, PEOPLE[i].longitude, 1e-9);
    }
}

/* From Berlin it is not much further to the middle of Czechia. */
static void
own_country_is_the_nearest (void)
{
  g_autoptr (GPtrArray) entries = catalogue_parse ("a.example\t1\tA\tCzechia\tCZ\t1\tno\t\t\t\n"
                                                   "b.example\t1\tB\tGermany\tDE\t1\tno\t\t\t\n"
                                                   "c.example\t1\tC\tPoland\tPL\t1\tno\t\t\t\n");
  CataloguePlace here;

  g_assert_true (catalogue_find_user ("", "Europe/Busingen", ZONES, &here));
  here.latitude = 50;
  here.longitude = 14.9;
  catalogue_sort_near (entries, &here);
  g_assert_cmpstr (((CatalogueEntry *) g_ptr_array_index (entries, 0))->host, ==, "b.example");
  g_assert_cmpstr (((CatalogueEntry *) g_ptr_array_index (entries, 1))->host, ==, "a.example");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/catalogue/all-servers-are-there", all_servers_are_there);
  g_test_add_func ("/catalogue/lines-become-entries", lines_become_entries);
  g_test_add_func ("/catalogue/suggestions-are-independent-and-near",
                   suggestions_are_independent_and_near);
  g_test_add_func ("/catalogue/suggestions-are-independent-and-near/nobody",
                   suggestions_for_nobody_are_near_to_one_another);
  g_test_add_func ("/catalogue/every-country-is-offered-four-good-servers",
                   every_country_is_offered_four_good_servers);
  g_test_add_func ("/catalogue/no-more-than-one-by-anycast-is-suggested",
                   no_more_than_one_by_anycast_is_suggested);
  g_test_add_func ("/catalogue/what-is-near-comes-first", what_is_near_comes_first);
  g_test_add_func ("/catalogue/germans-are-offered-their-institute-first",
                   germans_are_offered_their_institute_first);
  g_test_add_func ("/catalogue/time-zone-says-where-the-user-is", time_zone_says_where_the_user_is);
  g_test_add_func ("/catalogue/own-country-is-the-nearest", own_country_is_the_nearest);
  return g_test_run ();
}
