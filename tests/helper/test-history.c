/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "directory.h"
#include "history.h"

#include <math.h>
#include <string.h>

#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR   G_TIME_SPAN_HOUR
#define DAY    G_TIME_SPAN_DAY
#define NOW    G_GINT64_CONSTANT (1790000000000000)

typedef struct
{
  Directory directory;
  State *state;
  History *history;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  directory_set_up (&self->directory, NULL);
  self->state = state_open (self->directory.path, NULL);
  g_assert_nonnull (self->state);
  self->history = history_new (self->state);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  history_free (self->history);
  state_free (self->state);
  directory_tear_down (&self->directory, NULL);
}

static GVariant *
get (History *history, gint64 since_us, guint most)
{
  GVariant *points = g_variant_ref_sink (history_get (history, since_us, most));

  g_assert_true (g_variant_is_normal_form (points));
  return points;
}

static gint64
time_of (GVariant *points, gsize index)
{
  g_autoptr (GVariant) point = g_variant_get_child_value (points, index);
  gint64 time_us = 0;

  g_assert_true (g_variant_lookup (point, "time", "x", &time_us));
  return time_us;
}

static gboolean
is_of (GVariant *points, gsize index, const char *host)
{
  g_autoptr (GVariant) point = g_variant_get_child_value (points, index);
  const char *found = NULL;

  g_assert_true (g_variant_lookup (point, "host", "&s", &found));
  return strcmp (found, host) == 0;
}

static guint
count_of (GVariant *points, const char *host)
{
  guint count = 0;

  for (gsize i = 0; i < g_variant_n_children (points); i++)
    count += is_of (points, i, host);
  return count;
}

static void
test_comes_back (Fixture *self, gconstpointer data)
{
  g_autoptr (History) next = history_new (self->state);
  g_autoptr (GVariant) expected = g_variant_parse (
      G_VARIANT_TYPE ("aa{sv}"),
      "[{'time': <int64 1790000000000001>, 'host': <'a.example'>, 'offset': <-0.25>,"
      "  'uncertainty': <0.5>},"
      " {'time': <int64 1790000000000002>, 'host': <''>, 'offset': <2.5>,"
      "  'uncertainty': <0.125>}]",
      NULL, NULL, NULL);
  g_autoptr (GVariant) unsaved = NULL, saved = NULL, later = NULL;

  history_add (self->history, NOW + 1, "a.example", -0.25, 0.5);
  history_add (self->history, NOW + 2, "", 2.5, 0.125);
  history_add (self->history, NOW + 3, "", 0, INFINITY);
  history_add (self->history, NOW + 3, "", NAN, 1);
  unsaved = get (self->history, 0, 0);
  g_assert_cmpvariant (unsaved, expected);
  history_save (self->history);
  saved = get (next, 0, 0);
  g_assert_cmpvariant (saved, expected);
  later = get (next, NOW + 2, 0);
  g_assert_cmpuint (g_variant_n_children (later), ==, 1);
}

/* However long it is, it is what a builder would have made. */
static void
test_is_serialised_rightly (Fixture *self, gconstpointer data)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (gint64 i = 0; i <= 1000; i++)
    {
      g_autoptr (GVariant) found = i % 97 < 4 ? get (self->history, 0, 0) : NULL;
      g_autoptr (GVariant) so_far = g_variant_ref_sink (g_variant_builder_end (&builder));
      if (found != NULL)
        g_assert_cmpvariant (found, so_far);
      g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
      for (gsize k = 0; k < g_variant_n_children (so_far); k++)
        {
          g_autoptr (GVariant) child = g_variant_get_child_value (so_far, k);
          g_variant_builder_add_value (&builder, child);
        }
      g_variant_builder_add_parsed (&builder,
                                    "{'time': <%x>, 'host': <%s>, 'offset': <0.5>,"
                                    " 'uncertainty': <1.0>}",
                                    NOW + i, i % 3 == 0 ? "" : "a.example");
      history_add (self->history, NOW + i, i % 3 == 0 ? "" : "a.example", 0.5, 1);
    }
  g_variant_builder_clear (&builder);
}

static void
test_is_in_the_order_of_time (Fixture *self, gconstpointer data)
{
  g_autoptr (GVariant) points = NULL;

  history_add (self->history, NOW + 3, "", 0, 1);
  history_add (self->history, NOW + 1, "", 0, 1); /* the clock was set back */
  history_add (self->history, NOW + 2, "", 0, 1);
  points = get (self->history, 0, 0);
  for (gsize i = 0; i < 3; i++)
    g_assert_cmpint (time_of (points, i), ==, NOW + 1 + (gint64) i);
}

/* Four servers in turn: whoever took each fourth point would take those of one. */
static void
test_thins_evenly (Fixture *self, gconstpointer data)
{
  static const char *const hosts[] = { "a", "b", "c", "d" };
  g_autoptr (GVariant) points = NULL;

  for (gint64 i = 0; i < 4000; i++)
    history_add (self->history, NOW + i, hosts[i % 4], 0, 1);
  history_add (self->history, NOW + 4000, "rare", 0, 1);

  points = get (self->history, 0, 401);
  g_assert_cmpuint (g_variant_n_children (points), ==, 401);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (count_of (points, hosts[i]), ==, 100);
  g_assert_cmpuint (count_of (points, "rare"), ==, 1);
  /* From one end to the other, and with the newest. */
  g_assert_cmpint (time_of (points, 0), <, NOW + 80);
  g_assert_cmpint (time_of (points, 399), >=, NOW + 3996);
  for (gsize i = 0; i + 4 < 400; i++)
    g_assert_cmpint (time_of (points, i + 4) - time_of (points, i), <=, 80);
}

static void
test_gives_no_more_than_fits (Fixture *self, gconstpointer data)
{
  g_autoptr (GVariant) all = NULL, one = NULL;

  for (gint64 i = 0; i < HISTORY_POINTS_MAX + 5000; i++)
    history_add (self->history, NOW + i, i % 2 == 0 ? "" : "a", 0, 1);
  all = get (self->history, 0, 0);
  g_assert_cmpuint (g_variant_n_children (all), ==, HISTORY_POINTS_MAX);
  g_assert_cmpint ((gint64) g_variant_get_size (all), <, 4 * 1024 * 1024);
  one = get (self->history, 0, 1);
  g_assert_cmpuint (g_variant_n_children (one), ==, 1);
}

static guint
count_between (GVariant *points, gint64 from_us, gint64 to_us)
{
  guint count = 0;

  for (gsize i = 0; i < g_variant_n_children (points); i++)
    count += time_of (points, i) >= from_us && time_of (points, i) < to_us;
  return count;
}

static void
test_thins_with_age (Fixture *self, gconstpointer data)
{
  g_autoptr (GVariant) points = NULL;

  for (gint64 time_us = NOW - 40 * DAY; time_us < NOW; time_us += 5 * MINUTE)
    {
      history_add (self->history, time_us, "a", 0, 1);
      history_add (self->history, time_us, "", 0, 1);
    }
  history_add (self->history, NOW + DAY, "a", 0, 1); /* who knows which clock said so */
  history_thin (self->history, NOW, NOW - 35 * DAY);
  points = get (self->history, 0, 0);
  g_assert_cmpint (time_of (points, 0), >=, NOW - 35 * DAY);
  /* Two hosts: all 24 of the last two hours, then one in ten minutes, an hour, six hours. */
  g_assert_cmpuint (count_between (points, NOW - 2 * HOUR, NOW), ==, 2 * 24);
  g_assert_cmpuint (count_between (points, NOW - 2 * DAY, NOW - DAY), ==, 2 * 144);
  g_assert_cmpuint (count_between (points, NOW - 20 * DAY, NOW - 19 * DAY), ==, 2 * 24);
  g_assert_cmpuint (count_between (points, NOW - 34 * DAY, NOW - 33 * DAY), ==, 2 * 4);
  g_assert_cmpuint (count_between (points, NOW, G_MAXINT64), ==, 1);
  g_assert_cmpuint (count_of (points, "a"), ==, count_of (points, "") + 1);
}

static void
test_passes_over_bad_lines (Fixture *self, gconstpointer data)
{
  static const char bad[] = "1\ta\t0.5\n"
                            "1\ta\t0.5\t1\t\n"
                            "-1\ta\t0.5\t1\n"
                            "1\ta\tinf\t1\n"
                            "1\ta\t1e300\t1\n"
                            "1\ta\t0.5x\t1\n"
                            "1\ta\t\t1\n"
                            "5\ta\t0.5\t1\n"
                            "6\ta\t0.5\t1";
  g_autoptr (GVariant) points = NULL;

  g_assert_true (state_write (self->state, STATE_HISTORY, bad, sizeof bad - 1));
  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "*/history: 8 lines make no sense*");
  points = get (self->history, 0, 0);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (g_variant_n_children (points), ==, 1);
  g_assert_cmpint (time_of (points, 0), ==, 5);
}

/* A week of sixteen servers, once measured: not to be noticed by a person who waits. */
static void
test_is_quick (Fixture *self, gconstpointer data)
{
  g_autoptr (GVariant) points = NULL;
  gint64 begun_us;

  for (gint64 time_us = NOW - 7 * DAY; time_us < NOW; time_us += 10 * MINUTE)
    for (guint server = 0; server <= 16; server++)
      {
        char host[] = { 's', 'e', 'r', 'v', 'e', 'r', (char) ('a' + server), '\0' };
        history_add (self->history, time_us, server == 16 ? "" : host, 1e-3 * server, 1e-3);
      }
  begun_us = g_get_monotonic_time ();
  points = get (self->history, 0, 0);
  g_test_message ("%" G_GSIZE_FORMAT " points in %" G_GINT64_FORMAT " us",
                  g_variant_n_children (points), g_get_monotonic_time () - begun_us);
  g_assert_cmpuint (g_variant_n_children (points), ==, 17 * 1008);
  g_assert_cmpint (g_get_monotonic_time () - begun_us, <, 10 * G_USEC_PER_SEC);
}

static void
test_is_deleted (Fixture *self, gconstpointer data)
{
  g_autoptr (GVariant) points = NULL;

  history_add (self->history, NOW, "a", 0, 1);
  history_save (self->history);
  history_add (self->history, NOW + 1, "a", 0, 1);
  history_delete (self->history);
  points = get (self->history, 0, 0);
  g_assert_cmpuint (g_variant_n_children (points), ==, 0);
}

static void
add (const char *path, void (*run) (Fixture *self, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, run, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/history/comes-back", test_comes_back);
  add ("/history/is-serialised-rightly", test_is_serialised_rightly);
  add ("/history/is-in-the-order-of-time", test_is_in_the_order_of_time);
  add ("/history/thins-evenly", test_thins_evenly);
  add ("/history/gives-no-more-than-fits", test_gives_no_more_than_fits);
  add ("/history/thins-with-age", test_thins_with_age);
  add ("/history/passes-over-bad-lines", test_passes_over_bad_lines);
  add ("/history/is-quick", test_is_quick);
  add ("/history/is-deleted", test_is_deleted);
  return g_test_run ();
}
