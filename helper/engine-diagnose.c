/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-private.h"

#include "diagnosis.h"

#include <malloc.h>

typedef struct
{
  Engine *engine;
  Diagnosis *diagnosis;
  EngineStep step;
  GTask *task;
  gpointer data;
  GSource *cancelled;
} Inquiry;

/* Returns its task, which is to be answered. */
static GTask *
end (Inquiry *inquiry)
{
  GTask *task = g_steal_pointer (&inquiry->task);

  g_ptr_array_remove_fast (inquiry->engine->inquiries, inquiry);
  if (inquiry->cancelled != NULL)
    g_source_destroy (inquiry->cancelled);
  g_clear_pointer (&inquiry->cancelled, g_source_unref);
  diagnosis_free (inquiry->diagnosis);
  g_free (inquiry);
  malloc_trim (0);
  return task;
}

static void
cancel (Inquiry *inquiry)
{
  g_autoptr (GTask) task = end (inquiry);

  g_task_return_new_error (task, GNOMON_ERROR, GNOMON_ERROR_CANCELLED,
                           "The diagnosis was cancelled");
}

static void
on_step (GVariant *step, gpointer data)
{
  Inquiry *inquiry = data;

  inquiry->step (step, inquiry->data);
}

static void
on_done (GVariant *steps, gpointer data)
{
  g_autoptr (GVariant) kept = g_variant_ref (steps);
  g_autoptr (GTask) task = end (data);

  g_task_return_pointer (task, g_variant_ref (kept), (GDestroyNotify) g_variant_unref);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  cancel (data);
  return G_SOURCE_REMOVE;
}

void
engine_diagnose_async (Engine *engine, const char *host, GVariant *options,
                       GCancellable *cancellable, EngineStep step, GAsyncReadyCallback callback,
                       gpointer data)
{
  static const DiagnosisListener listener = { on_step, on_done };
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  g_autoptr (ServerConfig) server = NULL;
  GError *error = NULL;
  Inquiry *inquiry;
  KeTrust trust;

  g_task_set_source_tag (task, engine_diagnose_async);
  g_task_set_check_cancellable (task, FALSE);
  server = config_imagine_server (engine->config, host, options, &error);
  if (server == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  inquiry = g_new0 (Inquiry, 1);
  inquiry->engine = engine;
  inquiry->step = step;
  inquiry->data = data;
  inquiry->task = g_steal_pointer (&task);
  trust = engine_get_trust (engine, server);
  inquiry->diagnosis = diagnosis_new (server, &trust, engine->clock, &listener, inquiry);
  if (cancellable != NULL)
    {
      inquiry->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (inquiry->cancelled, G_SOURCE_FUNC (on_cancelled), inquiry, NULL);
      g_source_attach (inquiry->cancelled, NULL);
    }
  g_ptr_array_add (engine->inquiries, inquiry);
}

GVariant *
engine_diagnose_finish (Engine *engine, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
engine_end_diagnoses (Engine *engine)
{
  while (engine->inquiries->len > 0)
    cancel (g_ptr_array_index (engine->inquiries, engine->inquiries->len - 1));
}
