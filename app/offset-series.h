/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the graph draws: the estimate of the clock's offset over time, each server's samples, and
 * what happened to the clock. Points are added in the order of time and never changed.
 *
 * Times are µs of CLOCK_BOOTTIME, which no step of the clock tears apart and which goes on while
 * the computer sleeps. Offsets are in s, positive = our clock was slow. */

#pragma once

#include <glib-object.h>

/* More are not kept; the oldest go first. */
#define OFFSET_SERIES_MAX_POINTS 20000

typedef struct
{
  gint64 time;
  double offset;
  double uncertainty;
} OffsetEstimate;

typedef struct
{
  gint64 time;
  double offset;
  guint server; /* index for gnomon_offset_series_get_host () */
} OffsetSample;

typedef enum
{
  OFFSET_MARK_STEP,
  OFFSET_MARK_KEYS
} OffsetMarkKind;

typedef struct
{
  gint64 time;
  OffsetMarkKind kind;
  double amount; /* of a step, s; NaN = not known */
} OffsetMark;

/* Signal "changed" (): see gnomon_offset_series_tell (). */
#define GNOMON_TYPE_OFFSET_SERIES (gnomon_offset_series_get_type ())
G_DECLARE_FINAL_TYPE (GnomonOffsetSeries, gnomon_offset_series, GNOMON, OFFSET_SERIES, GObject)

GnomonOffsetSeries *gnomon_offset_series_new (void);

/* The present on the axis of the series. */
gint64 offset_series_now (void);

void gnomon_offset_series_add_estimate (GnomonOffsetSeries *self, gint64 time, double offset,
                                        double uncertainty);
void gnomon_offset_series_add_sample (GnomonOffsetSeries *self, gint64 time, const char *host,
                                      double offset);
void gnomon_offset_series_add_mark (GnomonOffsetSeries *self, gint64 time, OffsetMarkKind kind,
                                    double amount);

/* Tells everybody once that something was added. */
void gnomon_offset_series_tell (GnomonOffsetSeries *self);

/* All valid until something is added; *n may be 0. */
const OffsetEstimate *gnomon_offset_series_get_estimates (GnomonOffsetSeries *self, guint *n);
const OffsetSample *gnomon_offset_series_get_samples (GnomonOffsetSeries *self, guint *n);
const OffsetMark *gnomon_offset_series_get_marks (GnomonOffsetSeries *self, guint *n);
guint gnomon_offset_series_get_n_hosts (GnomonOffsetSeries *self);
const char *gnomon_offset_series_get_host (GnomonOffsetSeries *self, guint server);
/* The index of the first estimate at or after @time, or their number. */
guint gnomon_offset_series_find (GnomonOffsetSeries *self, gint64 time);
