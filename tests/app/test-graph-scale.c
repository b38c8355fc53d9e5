/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "graph-scale.h"

#include <math.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define HOUR   (3600 * SECOND)

static void
series_keeps_the_order_of_time (void)
{
  g_autoptr (GnomonOffsetSeries) series = gnomon_offset_series_new ();
  const OffsetEstimate *estimates;
  guint n;

  gnomon_offset_series_add_estimate (series, 30, 3, 0);
  gnomon_offset_series_add_estimate (series, 40, 4, 0);
  /* As history that comes late. */
  gnomon_offset_series_add_estimate (series, 10, 1, 0);
  gnomon_offset_series_add_estimate (series, 20, 2, 0);
  estimates = gnomon_offset_series_get_estimates (series, &n);
  g_assert_cmpuint (n, ==, 4);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat (estimates[i].offset, ==, i + 1.0);
  g_assert_cmpuint (gnomon_offset_series_find (series, 20), ==, 1);
  g_assert_cmpuint (gnomon_offset_series_find (series, 21), ==, 2);
  g_assert_cmpuint (gnomon_offset_series_find (series, 41), ==, 4);
}

static void
series_forgets_the_oldest (void)
{
  g_autoptr (GnomonOffsetSeries) series = gnomon_offset_series_new ();
  const OffsetEstimate *estimates;
  guint n;

  for (gint64 i = 0; i <= OFFSET_SERIES_MAX_POINTS; i++)
    gnomon_offset_series_add_estimate (series, i, 0, 0);
  estimates = gnomon_offset_series_get_estimates (series, &n);
  g_assert_cmpuint (n, <=, OFFSET_SERIES_MAX_POINTS);
  g_assert_cmpint (estimates[0].time, >, 0);
  g_assert_cmpint (estimates[n - 1].time, ==, OFFSET_SERIES_MAX_POINTS);
}

static void
hosts_keep_their_number (void)
{
  g_autoptr (GnomonOffsetSeries) series = gnomon_offset_series_new ();
  const OffsetSample *samples;
  guint n;

  gnomon_offset_series_add_sample (series, 1, "a.example", 0);
  gnomon_offset_series_add_sample (series, 2, "b.example", 0);
  gnomon_offset_series_add_sample (series, 3, "a.example", 0);
  samples = gnomon_offset_series_get_samples (series, &n);
  g_assert_cmpuint (gnomon_offset_series_get_n_hosts (series), ==, 2);
  g_assert_cmpuint (samples[2].server, ==, 0);
  g_assert_cmpstr (gnomon_offset_series_get_host (series, 1), ==, "b.example");
}

static void
assert_near (double value, double expected)
{
  g_assert_cmpfloat (fabs (value - expected), <, 1e-9);
}

static void
one_odd_value_does_not_flatten_the_rest (void)
{
  g_autoptr (GnomonOffsetSeries) series = gnomon_offset_series_new ();
  GraphScale scale;

  for (gint64 i = 0; i < 100; i++)
    gnomon_offset_series_add_estimate (series, HOUR + i * SECOND, i == 50 ? 1.0 : 0.0005, 0.002);
  graph_scale_fit (&scale, series, HOUR + 100 * SECOND, 600 * SECOND);
  assert_near (scale.top, 0.003);
  assert_near (scale.grid, 0.002);
  assert_near (graph_scale_y (&scale, 0), 0.5);
  assert_near (graph_scale_y (&scale, 0.003), 0);
  assert_near (graph_scale_x (&scale, scale.end), 1);
}

static void
what_was_before_a_step_does_not_count (void)
{
  g_autoptr (GnomonOffsetSeries) series = gnomon_offset_series_new ();
  GraphScale scale;

  for (gint64 i = 0; i < 100; i++)
    gnomon_offset_series_add_estimate (series, HOUR + i * SECOND, i < 50 ? 2.5 : 0.0, 0.002);
  gnomon_offset_series_add_mark (series, HOUR + 50 * SECOND, OFFSET_MARK_STEP, 2.5);
  graph_scale_fit (&scale, series, HOUR + 100 * SECOND, 600 * SECOND);
  assert_near (scale.top, 0.0024);
  /* Once the step has left the graph nothing of what was before is left either. */
  graph_scale_fit (&scale, series, HOUR + 100 * SECOND, 40 * SECOND);
  assert_near (scale.top, 0.0024);
  g_assert_cmpint (graph_scale_last_step (&scale, series), ==, scale.start);
}

static void
only_what_lies_outside_before_a_step_is_told_of (void)
{
  g_autoptr (GnomonOffsetSeries) series = gnomon_offset_series_new ();
  GraphScale scale;

  /* Right for long, then 2.5 s slow for ten seconds, as after a pause. */
  for (gint64 i = 0; i < 100; i++)
    gnomon_offset_series_add_estimate (series, HOUR + i * SECOND, i >= 40 && i < 50 ? 2.5 : 0.0,
                                       0.002);
  graph_scale_fit (&scale, series, HOUR + 100 * SECOND, 600 * SECOND);
  g_assert_cmpint (graph_scale_outside_since (&scale, series), ==, scale.start);
  gnomon_offset_series_add_mark (series, HOUR + 50 * SECOND, OFFSET_MARK_STEP, 2.5);
  graph_scale_fit (&scale, series, HOUR + 100 * SECOND, 600 * SECOND);
  g_assert_cmpint (graph_scale_outside_since (&scale, series), ==, HOUR + 40 * SECOND);
}

static void
a_young_graph_shows_what_there_is (void)
{
  g_autoptr (GnomonOffsetSeries) series = gnomon_offset_series_new ();
  GraphScale scale;

  gnomon_offset_series_add_estimate (series, HOUR, 0, 0.001);
  graph_scale_fit (&scale, series, HOUR + 5 * SECOND, 600 * SECOND);
  g_assert_cmpint (scale.end - scale.start, ==, 30 * SECOND);
  graph_scale_fit (&scale, series, HOUR + 300 * SECOND, 600 * SECOND);
  g_assert_cmpint (scale.start, ==, HOUR);
  graph_scale_fit (&scale, series, HOUR + 900 * SECOND, 600 * SECOND);
  g_assert_cmpint (scale.start, ==, HOUR + 300 * SECOND);
}

static void
the_last_value_always_fits (void)
{
  g_autoptr (GnomonOffsetSeries) series = gnomon_offset_series_new ();
  GraphScale scale;

  for (gint64 i = 0; i < 100; i++)
    gnomon_offset_series_add_estimate (series, HOUR + i * SECOND, 0, i < 99 ? 0.001 : 0.004);
  graph_scale_fit (&scale, series, HOUR + 100 * SECOND, 600 * SECOND);
  assert_near (scale.top, 0.0048);
}

static void
an_empty_graph_has_a_scale (void)
{
  g_autoptr (GnomonOffsetSeries) series = gnomon_offset_series_new ();
  GraphScale scale;

  graph_scale_fit (&scale, series, HOUR, 600 * SECOND);
  g_assert_cmpfloat (scale.top, >, 0);
  g_assert_cmpfloat (scale.grid, >, 0);
}

static void
labels_stand_at_round_times (void)
{
  g_assert_cmpint (graph_scale_tick (600 * SECOND), ==, 120);
  g_assert_cmpint (graph_scale_tick (HOUR), ==, 600);
  g_assert_cmpint (graph_scale_tick (24 * HOUR), ==, 4 * 3600);
  g_assert_cmpint (graph_scale_tick (7 * 24 * HOUR), ==, 86400);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offset-series/keeps-the-order-of-time", series_keeps_the_order_of_time);
  g_test_add_func ("/offset-series/forgets-the-oldest", series_forgets_the_oldest);
  g_test_add_func ("/offset-series/hosts-keep-their-number", hosts_keep_their_number);
  g_test_add_func ("/graph-scale/one-odd-value-does-not-flatten-the-rest",
                   one_odd_value_does_not_flatten_the_rest);
  g_test_add_func ("/graph-scale/what-was-before-a-step-does-not-count",
                   what_was_before_a_step_does_not_count);
  g_test_add_func ("/graph-scale/only-what-lies-outside-before-a-step-is-told-of",
                   only_what_lies_outside_before_a_step_is_told_of);
  g_test_add_func ("/graph-scale/a-young-graph-shows-what-there-is",
                   a_young_graph_shows_what_there_is);
  g_test_add_func ("/graph-scale/the-last-value-always-fits", the_last_value_always_fits);
  g_test_add_func ("/graph-scale/an-empty-graph-has-a-scale", an_empty_graph_has_a_scale);
  g_test_add_func ("/graph-scale/labels-stand-at-round-times", labels_stand_at_round_times);
  return g_test_run ();
}
