/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-engine.h"

void
engine_set_listener (Engine *engine, const EngineListener *listener, gpointer data)
{
  engine->listener = listener;
  engine->listener_data = data;
}

void
engine_start (Engine *engine)
{
  engine->started = TRUE;
}

void
engine_sync_now_async (Engine *engine, const char *who, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  g_free (engine->who);
  engine->who = g_strdup (who);
  engine->syncs[engine->n_syncs++] = g_task_new (NULL, cancellable, callback, data);
}

gboolean
engine_sync_now_finish (Engine *engine, GAsyncResult *result, NtpSyncResult *sync, GError **error)
{
  *sync =
      (NtpSyncResult){ .offset_before_s = 2.5, .correction_s = 2.5, .stepped = true, .vouched = 4 };
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
fake_engine_end_syncs (Engine *engine)
{
  for (guint i = 0; i < engine->n_syncs; i++)
    {
      g_task_return_boolean (engine->syncs[i], TRUE);
      g_object_unref (engine->syncs[i]);
    }
  engine->n_syncs = 0;
}

void
engine_cancel_sync (Engine *engine)
{
}

gboolean
engine_add_server (Engine *engine, const char *host, GVariant *options, GError **error)
{
  engine->changes++;
  return TRUE;
}

gboolean
engine_change_server (Engine *engine, const char *host, GVariant *options, GError **error)
{
  engine->changes++;
  return TRUE;
}

gboolean
engine_remove_server (Engine *engine, const char *host, GError **error)
{
  engine->changes++;
  g_set_error_literal (error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT, "host: is not there");
  return FALSE;
}

gboolean
engine_set_options (Engine *engine, GVariant *options, GError **error)
{
  engine->changes++;
  return TRUE;
}

gboolean
engine_set_automatic (Engine *engine, gboolean automatic, GError **error)
{
  engine->changes++;
  return TRUE;
}

gboolean
engine_accept_time (Engine *engine, const char *who, double shown_s, GError **error)
{
  engine->changes++;
  engine->accepted_s = shown_s;
  return TRUE;
}

void
engine_reject_time (Engine *engine, const char *who)
{
  engine->changes++;
}

gint64
engine_get_unix_us (Engine *engine)
{
  return engine->unix_us;
}

void
engine_diagnose_async (Engine *engine, const char *host, GVariant *options,
                       GCancellable *cancellable, EngineStep step, GAsyncReadyCallback callback,
                       gpointer data)
{
  step (g_variant_new_parsed ("{'step': <'resolve'>}"), data);
  engine->syncs[engine->n_syncs++] = g_task_new (NULL, cancellable, callback, data);
}

GVariant *
engine_diagnose_finish (Engine *engine, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error)
             ? g_variant_ref_sink (g_variant_new_parsed ("[{'step': <'resolve'>}]"))
             : NULL;
}

void
engine_get_snapshot (Engine *engine, NtpSnapshot *snapshot)
{
  *snapshot = engine->snapshot;
}

ClockMode
engine_get_clock_mode (Engine *engine)
{
  return CLOCK_MODE_VIRTUAL;
}

gboolean
engine_get_automatic (Engine *engine)
{
  return TRUE;
}

gint64
engine_usec (Engine *engine, NtpTimestamp timestamp)
{
  return (gint64) timestamp;
}

void
engine_set_rival (Engine *engine, gboolean known, const char *unit)
{
  engine->rival_known = known;
  g_strlcpy (engine->rival, unit != NULL ? unit : "", sizeof engine->rival);
}

const char *
engine_get_rival (Engine *engine)
{
  return engine->rival;
}

void
engine_prepare_sleep (Engine *engine)
{
  engine->asleep = TRUE;
}

void
engine_wake (Engine *engine)
{
  engine->asleep = FALSE;
}

void
engine_set_connectivity (Engine *engine, EngineConnectivity connectivity)
{
  engine->connectivity = connectivity;
}

const char *
engine_get_connectivity (Engine *engine)
{
  return "unknown";
}

void
engine_set_economy (Engine *engine, gboolean economy)
{
  engine->economy = economy;
}

const char *
engine_leap_name (guint8 leap)
{
  return "none";
}

GVariant *
engine_get_servers (Engine *engine)
{
  return g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0);
}

GVariant *
engine_get_tracking (Engine *engine)
{
  return g_variant_new_parsed ("@a{sv} {}");
}

GVariant *
engine_get_options (Engine *engine)
{
  return g_variant_new_parsed ("@a{sv} {}");
}

GVariant *
engine_get_ledger (Engine *engine, const char *host, guint most)
{
  return g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0);
}

GVariant *
engine_get_events (Engine *engine, gint64 since_us, guint most)
{
  return g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0);
}

GVariant *
engine_get_history (Engine *engine, gint64 since_us, guint most)
{
  return g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0);
}

void
engine_delete_records (Engine *engine)
{
  engine->changes++;
}
