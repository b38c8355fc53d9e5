/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "offset-recorder.h"

#include <malloc.h>
#include <math.h>

#include "helper-calls.h"

/* The helper's times are converted from a clock that is being slewed, so that the same moment may
 * read a little differently each time. */
#define SAME_MOMENT (100 * G_TIME_SPAN_MILLISECOND)
/* The longest range of the graph, and the one in which every point counts. */
#define HISTORY_SPAN (7 * G_TIME_SPAN_DAY)
#define RECENT_SPAN  G_TIME_SPAN_HOUR
/* Far more than the graph has pixels. */
#define HISTORY_POINTS_MAX 3000
#define TRIM_WAIT_S        2
#define EVENTS_MAX         1000

/* What was seen of a server last, to know a new sample and a new key exchange. */
typedef struct
{
  gint64 last_sample;
  int key_exchanges;
} Seen;

struct _GnomonOffsetRecorder
{
  GObject parent_instance;
  GnomonHelperClient *client;
  GnomonOffsetSeries *series;
  GHashTable *seen;  /* host → Seen */
  gint64 asked_usec; /* for what was before, µs since 1970 UTC; 0 = not yet */
  gboolean started;  /* last_step is known */
  gint64 last_step;
  gint64 pending_step; /* on the axis of the series: not recorded before its cause is known */
};

G_DEFINE_FINAL_TYPE (GnomonOffsetRecorder, gnomon_offset_recorder, G_TYPE_OBJECT)

/* By how much the last step moved the clock. */
static double
step_amount (GnomonOffsetRecorder *self, const ClockFacts *clock)
{
  const SyncResult *sync = gnomon_helper_client_get_last_sync (self->client);
  guint n;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (self->series, &n);
  guint before = gnomon_offset_series_find (self->series, self->pending_step);

  if (sync && sync->stepped && ABS (sync->time - clock->last_step) < 5 * G_USEC_PER_SEC)
    return sync->correction;
  /* The helper does not say by how much; what is gone is what was there before. */
  return before > 0 ? estimates[before - 1].offset - clock->offset : (double) NAN;
}

static void
record_step (GnomonOffsetRecorder *self, const ClockFacts *clock)
{
  if (self->pending_step == 0 || gnomon_helper_client_is_syncing (self->client))
    return;
  gnomon_offset_series_add_mark (self->series, self->pending_step, OFFSET_MARK_STEP,
                                 step_amount (self, clock));
  self->pending_step = 0;
}

static void
record_clock (GnomonOffsetRecorder *self, gint64 now)
{
  const ClockFacts *clock = gnomon_helper_client_get_facts (self->client);

  if (self->started && clock->last_step > self->last_step + SAME_MOMENT)
    self->pending_step = now;
  self->last_step = clock->last_step;
  self->started = TRUE;
  record_step (self, clock);
  if (isfinite (clock->uncertainty) && isfinite (clock->offset))
    gnomon_offset_series_add_estimate (self->series, now, clock->offset, clock->uncertainty);
}

static void
record_server (GnomonOffsetRecorder *self, const ServerFacts *server, gint64 now)
{
  Seen *seen = g_hash_table_lookup (self->seen, server->host);

  if (!seen)
    {
      seen = g_new0 (Seen, 1);
      seen->key_exchanges = MAX (server->key_exchanges, 0);
      g_hash_table_insert (self->seen, g_strdup (server->host), seen);
    }
  if (server->key_exchanges > seen->key_exchanges)
    gnomon_offset_series_add_mark (self->series, now, OFFSET_MARK_KEYS, NAN);
  seen->key_exchanges = server->key_exchanges;
  if (ABS (server->last_sample - seen->last_sample) > SAME_MOMENT && isfinite (server->offset))
    gnomon_offset_series_add_sample (self->series, now, server->host, server->offset);
  seen->last_sample = server->last_sample;
}

/* One dictionary of GetHistory, from before @until; those that are not understood are passed over.
 */
static void
record_past (GnomonOffsetRecorder *self, GVariant *values, gint64 now, gint64 now_usec,
             gint64 until)
{
  const char *host = "";
  const char *key;
  gint64 usec = G_MAXINT64;
  double offset = (double) NAN;
  double uncertainty = 0;
  GVariantIter iter;
  GVariant *value;

  /* Once through it: there are thousands, and to look each key up takes long. */
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    if (g_str_equal (key, "time") && g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
      usec = g_variant_get_int64 (value);
    else if (g_str_equal (key, "offset") && g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
      offset = g_variant_get_double (value);
    else if (g_str_equal (key, "uncertainty")
             && g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
      uncertainty = g_variant_get_double (value);
    else if (g_str_equal (key, "host") && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
      host = g_variant_get_string (value, NULL);
  if (!isfinite (offset) || usec >= until)
    return;
  if (*host)
    gnomon_offset_series_add_sample (self->series, now - (now_usec - usec), host, offset);
  else if (isfinite (uncertainty))
    gnomon_offset_series_add_estimate (self->series, now - (now_usec - usec), offset, uncertainty);
}

static void
take_history (GnomonOffsetRecorder *self, GObject *source, GAsyncResult *result, gint64 until)
{
  g_autoptr (GVariant) samples =
      gnomon_helper_client_list_finish (GNOMON_HELPER_CLIENT (source), result, NULL);
  gint64 now = offset_series_now ();
  gint64 now_usec = g_get_real_time ();
  GVariantIter iter;
  GVariant *values;

  /* A helper that keeps no history is as good; the graph then begins now. */
  if (!samples)
    return;
  g_variant_iter_init (&iter, samples);
  while (g_variant_iter_loop (&iter, "@a{sv}", &values))
    record_past (self, values, now, now_usec, until);
  gnomon_offset_series_tell (self->series);
}

/* Thousands of points come as a tree of small things, which are freed only after this and leave
 * megabytes that nothing else comes to use. */
static gboolean
trim (gpointer data)
{
  malloc_trim (0);
  return G_SOURCE_REMOVE;
}

static void
on_recent_history (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonOffsetRecorder) self = data;

  take_history (self, source, result, G_MAXINT64);
}

static void
on_history (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonOffsetRecorder) self = data;

  take_history (self, source, result, self->asked_usec - RECENT_SPAN);
  g_timeout_add_seconds (TRIM_WAIT_S, trim, NULL);
}

/* One dictionary of GetEvents. What has happened since the question was asked was seen to
 * happen. */
static void
record_past_event (GnomonOffsetRecorder *self, GVariant *values, gint64 now, gint64 now_usec)
{
  const char *kind;
  gint64 usec;
  double amount = (double) NAN;

  if (!g_variant_lookup (values, "time", "x", &usec)
      || !g_variant_lookup (values, "kind", "&s", &kind) || usec >= self->asked_usec)
    return;
  g_variant_lookup (values, "amount", "d", &amount);
  if (g_str_equal (kind, "stepped"))
    gnomon_offset_series_add_mark (self->series, now - (now_usec - usec), OFFSET_MARK_STEP, amount);
  else if (g_str_equal (kind, "key-exchange"))
    gnomon_offset_series_add_mark (self->series, now - (now_usec - usec), OFFSET_MARK_KEYS, NAN);
}

static void
on_events (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonOffsetRecorder) self = data;
  g_autoptr (GVariant) events =
      gnomon_helper_client_list_finish (GNOMON_HELPER_CLIENT (source), result, NULL);
  gint64 now = offset_series_now ();
  gint64 now_usec = g_get_real_time ();
  GVariantIter iter;
  GVariant *values;

  if (!events)
    return;
  g_variant_iter_init (&iter, events);
  while (g_variant_iter_loop (&iter, "@a{sv}", &values))
    record_past_event (self, values, now, now_usec);
  gnomon_offset_series_tell (self->series);
}

static void
ask_for_past (GnomonOffsetRecorder *self)
{
  gint64 since, recent;

  if (self->asked_usec != 0)
    return;
  self->asked_usec = g_get_real_time ();
  since = self->asked_usec - HISTORY_SPAN;
  recent = self->asked_usec - RECENT_SPAN;
  gnomon_helper_client_get_history_async (self->client, recent, HISTORY_POINTS_MAX, NULL,
                                          on_recent_history, g_object_ref (self));
  gnomon_helper_client_get_history_async (self->client, since, HISTORY_POINTS_MAX, NULL, on_history,
                                          g_object_ref (self));
  gnomon_helper_client_get_events_async (self->client, since, EVENTS_MAX, NULL, on_events,
                                         g_object_ref (self));
}

static void
on_changed (GnomonHelperClient *client, GnomonOffsetRecorder *self)
{
  GListModel *servers = gnomon_helper_client_get_servers (client);
  gint64 now = offset_series_now ();

  if (gnomon_helper_client_get_presence (client) != HELPER_PRESENT)
    return;
  ask_for_past (self);
  record_clock (self, now);
  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (servers, i);
      record_server (self, gnomon_server_get_facts (server), now);
    }
  gnomon_offset_series_tell (self->series);
}

static void
gnomon_offset_recorder_finalize (GObject *object)
{
  GnomonOffsetRecorder *self = GNOMON_OFFSET_RECORDER (object);

  g_clear_object (&self->client);
  g_clear_object (&self->series);
  g_hash_table_unref (self->seen);
  G_OBJECT_CLASS (gnomon_offset_recorder_parent_class)->finalize (object);
}

static void
gnomon_offset_recorder_class_init (GnomonOffsetRecorderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gnomon_offset_recorder_finalize;
}

static void
gnomon_offset_recorder_init (GnomonOffsetRecorder *self)
{
  self->series = gnomon_offset_series_new ();
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

GnomonOffsetRecorder *
gnomon_offset_recorder_new (GnomonHelperClient *client)
{
  GnomonOffsetRecorder *self = g_object_new (GNOMON_TYPE_OFFSET_RECORDER, NULL);

  self->client = g_object_ref (client);
  g_signal_connect_object (client, "changed", G_CALLBACK (on_changed), self, 0);
  on_changed (client, self);
  return self;
}

GnomonOffsetSeries *
gnomon_offset_recorder_get_series (GnomonOffsetRecorder *self)
{
  g_return_val_if_fail (GNOMON_IS_OFFSET_RECORDER (self), NULL);
  return self->series;
}
