/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "offset-series.h"

#include <string.h>
#include <time.h>

struct _GnomonOffsetSeries
{
  GObject parent_instance;
  GArray *estimates; /* OffsetEstimate */
  GArray *samples;   /* OffsetSample */
  GArray *marks;     /* OffsetMark */
  GPtrArray *hosts;  /* char *, in the order in which they first answered */
};

G_DEFINE_FINAL_TYPE (GnomonOffsetSeries, gnomon_offset_series, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
gnomon_offset_series_finalize (GObject *object)
{
  GnomonOffsetSeries *self = GNOMON_OFFSET_SERIES (object);

  g_array_unref (self->estimates);
  g_array_unref (self->samples);
  g_array_unref (self->marks);
  g_ptr_array_unref (self->hosts);
  G_OBJECT_CLASS (gnomon_offset_series_parent_class)->finalize (object);
}

static void
gnomon_offset_series_class_init (GnomonOffsetSeriesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gnomon_offset_series_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", GNOMON_TYPE_OFFSET_SERIES, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
gnomon_offset_series_init (GnomonOffsetSeries *self)
{
  self->estimates = g_array_new (FALSE, FALSE, sizeof (OffsetEstimate));
  self->samples = g_array_new (FALSE, FALSE, sizeof (OffsetSample));
  self->marks = g_array_new (FALSE, FALSE, sizeof (OffsetMark));
  self->hosts = g_ptr_array_new_with_free_func (g_free);
}

GnomonOffsetSeries *
gnomon_offset_series_new (void)
{
  return g_object_new (GNOMON_TYPE_OFFSET_SERIES, NULL);
}

gint64
offset_series_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* All points begin with their time. */
static gint64
time_of (GArray *points, guint size, guint index)
{
  gint64 time;
  memcpy (&time, points->data + (gsize) index * size, sizeof time);
  return time;
}

static void
insert (GArray *points, guint size, gint64 time, gconstpointer point)
{
  guint place;

  /* A quarter goes at once, so that moving the rest up is rare. */
  if (points->len >= OFFSET_SERIES_MAX_POINTS)
    g_array_remove_range (points, 0, points->len / 4);
  place = points->len;
  while (place > 0 && time_of (points, size, place - 1) > time)
    place--;
  g_array_insert_vals (points, place, point, 1);
}

void
gnomon_offset_series_add_estimate (GnomonOffsetSeries *self, gint64 time, double offset,
                                   double uncertainty)
{
  OffsetEstimate estimate = { time, offset, uncertainty };

  g_return_if_fail (GNOMON_IS_OFFSET_SERIES (self));
  insert (self->estimates, sizeof estimate, time, &estimate);
}

static guint
intern_host (GnomonOffsetSeries *self, const char *host)
{
  guint index;

  if (g_ptr_array_find_with_equal_func (self->hosts, host, g_str_equal, &index))
    return index;
  g_ptr_array_add (self->hosts, g_strdup (host));
  return self->hosts->len - 1;
}

void
gnomon_offset_series_add_sample (GnomonOffsetSeries *self, gint64 time, const char *host,
                                 double offset)
{
  OffsetSample sample;

  g_return_if_fail (GNOMON_IS_OFFSET_SERIES (self));
  sample = (OffsetSample){ time, offset, intern_host (self, host) };
  insert (self->samples, sizeof sample, time, &sample);
}

void
gnomon_offset_series_add_mark (GnomonOffsetSeries *self, gint64 time, OffsetMarkKind kind,
                               double amount)
{
  OffsetMark mark = { time, kind, amount };

  g_return_if_fail (GNOMON_IS_OFFSET_SERIES (self));
  insert (self->marks, sizeof mark, time, &mark);
}

void
gnomon_offset_series_tell (GnomonOffsetSeries *self)
{
  g_return_if_fail (GNOMON_IS_OFFSET_SERIES (self));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

const OffsetEstimate *
gnomon_offset_series_get_estimates (GnomonOffsetSeries *self, guint *n)
{
  g_return_val_if_fail (GNOMON_IS_OFFSET_SERIES (self), NULL);
  *n = self->estimates->len;
  return (const OffsetEstimate *) (gconstpointer) self->estimates->data;
}

const OffsetSample *
gnomon_offset_series_get_samples (GnomonOffsetSeries *self, guint *n)
{
  g_return_val_if_fail (GNOMON_IS_OFFSET_SERIES (self), NULL);
  *n = self->samples->len;
  return (const OffsetSample *) (gconstpointer) self->samples->data;
}

const OffsetMark *
gnomon_offset_series_get_marks (GnomonOffsetSeries *self, guint *n)
{
  g_return_val_if_fail (GNOMON_IS_OFFSET_SERIES (self), NULL);
  *n = self->marks->len;
  return (const OffsetMark *) (gconstpointer) self->marks->data;
}

guint
gnomon_offset_series_get_n_hosts (GnomonOffsetSeries *self)
{
  g_return_val_if_fail (GNOMON_IS_OFFSET_SERIES (self), 0);
  return self->hosts->len;
}

const char *
gnomon_offset_series_get_host (GnomonOffsetSeries *self, guint server)
{
  g_return_val_if_fail (GNOMON_IS_OFFSET_SERIES (self) && server < self->hosts->len, NULL);
  return g_ptr_array_index (self->hosts, server);
}

guint
gnomon_offset_series_find (GnomonOffsetSeries *self, gint64 time)
{
  guint low = 0;
  guint high;

  g_return_val_if_fail (GNOMON_IS_OFFSET_SERIES (self), 0);
  high = self->estimates->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (self->estimates, OffsetEstimate, middle).time < time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}
