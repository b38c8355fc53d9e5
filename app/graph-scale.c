/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "graph-scale.h"

#include <math.h>

/* Shown above and below what is fitted. */
#define HEADROOM 1.2
/* Of the fitted height, at most here a grid line. */
#define GRID_PART 0.85
/* A graph that has only just begun shows at least so much time, µs. */
#define LEAST_SPAN (30 * G_TIME_SPAN_SECOND)
/* A graph of nothing but noise below a microsecond helps nobody. */
#define LEAST_HEIGHT 1e-6
/* Height without any data, s. */
#define EMPTY_HEIGHT 1e-3

/* The greatest of 1, 2 and 5 times a power of ten that is not above @value. */
static double
round_number (double value)
{
  double power = pow (10, floor (log10 (value)));

  if (value >= 5 * power)
    return 5 * power;
  return value >= 2 * power ? 2 * power : power;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double *x = a;
  const double *y = b;
  return (*x > *y) - (*x < *y);
}

gint64
graph_scale_last_step (const GraphScale *scale, GnomonOffsetSeries *series)
{
  guint n;
  const OffsetMark *marks = gnomon_offset_series_get_marks (series, &n);

  while (n-- > 0)
    if (marks[n].kind == OFFSET_MARK_STEP && marks[n].time >= scale->start)
      return marks[n].time;
  return scale->start;
}

gint64
graph_scale_outside_since (const GraphScale *scale, GnomonOffsetSeries *series)
{
  guint n;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (series, &n);
  gint64 since = graph_scale_last_step (scale, series);

  for (guint i = gnomon_offset_series_find (series, since); i > 0; i--)
    {
      if (fabs (estimates[i - 1].offset) <= scale->top)
        break;
      since = estimates[i - 1].time;
    }
  return since;
}

static double
fit_height (const GraphScale *scale, GnomonOffsetSeries *series)
{
  g_autoptr (GArray) reach = g_array_new (FALSE, FALSE, sizeof (double));
  guint n;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (series, &n);
  guint first = gnomon_offset_series_find (series, graph_scale_last_step (scale, series));
  double last;

  for (guint i = first; i < n; i++)
    {
      double value = fabs (estimates[i].offset) + estimates[i].uncertainty;
      g_array_append_val (reach, value);
    }
  if (reach->len == 0)
    return EMPTY_HEIGHT;
  last = g_array_index (reach, double, reach->len - 1);
  g_array_sort (reach, compare);
  return MAX (MAX (g_array_index (reach, double, (reach->len - 1) * 9 / 10), last), LEAST_HEIGHT);
}

void
graph_scale_fit (GraphScale *scale, GnomonOffsetSeries *series, gint64 now, gint64 span)
{
  guint n;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (series, &n);
  double height;

  *scale = (GraphScale){ .start = now - span, .end = now };
  if (n > 0 && estimates[0].time > scale->start)
    scale->start = MAX (scale->start, MIN (estimates[0].time, now - LEAST_SPAN));
  height = fit_height (scale, series);
  scale->top = height * HEADROOM;
  scale->grid = round_number (height * GRID_PART);
}

double
graph_scale_x (const GraphScale *scale, gint64 time)
{
  return (double) (time - scale->start) / (double) (scale->end - scale->start);
}

double
graph_scale_y (const GraphScale *scale, double offset)
{
  return (1 - offset / scale->top) / 2;
}

gint64
graph_scale_tick (gint64 span)
{
  static const gint64 TICKS[] = { 10, 30, 60, 120, 300, 600, 1800, 3600, 2 * 3600, 4 * 3600 };

  for (guint i = 0; i < G_N_ELEMENTS (TICKS); i++)
    if (span / G_USEC_PER_SEC <= TICKS[i] * 7)
      return TICKS[i];
  return 86400;
}
