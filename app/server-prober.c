/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-prober.h"

#include "client-error.h"
#include "helper-calls.h"

typedef struct
{
  char *host;
  GVariant *options;
} Waiting;

struct _GnomonServerProber
{
  GObject parent_instance;

  GnomonHelperClient *client;
  GQueue waiting;            /* Waiting *; the first is being tested while one is */
  GCancellable *cancellable; /* NULL = none is being tested */
};

G_DEFINE_FINAL_TYPE (GnomonServerProber, gnomon_server_prober, G_TYPE_OBJECT)

enum
{
  SIGNAL_BEGUN,
  SIGNAL_PROBED,
  SIGNAL_ENDED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  g_free (waiting->host);
  g_variant_unref (waiting->options);
  g_free (waiting);
}

static void
end (GnomonServerProber *self, const GError *error)
{
  g_queue_clear_full (&self->waiting, waiting_free);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, error);
}

static void begin_next (GnomonServerProber *self);

static void
on_diagnosed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonServerProber) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) steps =
      gnomon_helper_client_list_finish (GNOMON_HELPER_CLIENT (source), result, &error);
  Waiting *waiting;

  g_clear_object (&self->cancellable);
  if (!steps)
    {
      end (self, error);
      return;
    }
  waiting = g_queue_pop_head (&self->waiting);
  if (waiting)
    {
      ProbeResult probed = probe_result_read (steps);
      g_signal_emit (self, signals[SIGNAL_PROBED], 0, waiting->host, &probed);
      waiting_free (waiting);
    }
  begin_next (self);
}

static void
begin_next (GnomonServerProber *self)
{
  Waiting *next = g_queue_peek_head (&self->waiting);

  if (self->cancellable)
    return;
  if (!next)
    {
      end (self, NULL);
      return;
    }
  self->cancellable = g_cancellable_new ();
  gnomon_helper_client_diagnose_async (self->client, next->host, next->options, NULL,
                                       self->cancellable, on_diagnosed, g_object_ref (self));
  g_signal_emit (self, signals[SIGNAL_BEGUN], 0, next->host);
}

void
gnomon_server_prober_add (GnomonServerProber *self, const char *host, GVariant *options)
{
  g_autoptr (GVariant) own = g_variant_ref_sink (options);
  Waiting *waiting;

  g_return_if_fail (GNOMON_IS_SERVER_PROBER (self));
  for (GList *link = self->waiting.head; link; link = link->next)
    if (g_str_equal (((const Waiting *) link->data)->host, host))
      return;
  waiting = g_new0 (Waiting, 1);
  waiting->host = g_strdup (host);
  waiting->options = g_steal_pointer (&own);
  g_queue_push_tail (&self->waiting, waiting);
  begin_next (self);
}

gboolean
gnomon_server_prober_is_running (GnomonServerProber *self)
{
  g_return_val_if_fail (GNOMON_IS_SERVER_PROBER (self), FALSE);
  return self->cancellable != NULL;
}

void
gnomon_server_prober_cancel (GnomonServerProber *self)
{
  g_return_if_fail (GNOMON_IS_SERVER_PROBER (self));
  g_cancellable_cancel (self->cancellable);
}

static void
gnomon_server_prober_dispose (GObject *object)
{
  GnomonServerProber *self = GNOMON_SERVER_PROBER (object);

  g_queue_clear_full (&self->waiting, waiting_free);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (gnomon_server_prober_parent_class)->dispose (object);
}

static void
gnomon_server_prober_class_init (GnomonServerProberClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gnomon_server_prober_dispose;
  signals[SIGNAL_BEGUN] = g_signal_new ("begun", GNOMON_TYPE_SERVER_PROBER, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_PROBED] =
      g_signal_new ("probed", GNOMON_TYPE_SERVER_PROBER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_POINTER);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", GNOMON_TYPE_SERVER_PROBER, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
gnomon_server_prober_init (GnomonServerProber *self)
{
  g_queue_init (&self->waiting);
}

GnomonServerProber *
gnomon_server_prober_new (GnomonHelperClient *client)
{
  GnomonServerProber *self = g_object_new (GNOMON_TYPE_SERVER_PROBER, NULL);

  self->client = g_object_ref (client);
  return self;
}
