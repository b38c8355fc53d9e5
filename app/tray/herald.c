/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "herald.h"

#include "client-error.h"
#include "format.h"
#include "helper-calls.h"
#include "news-memory.h"
#include "status.h"
#include "witness-words.h"

#include <glib/gi18n.h>
#include <math.h>

/* A jump of the property Offset by so much may have an event behind it, s. */
#define JUMP 1.0

struct _GnomonHerald
{
  GObject parent_instance;

  GnomonHelperClient *client;
  GnomonNotifier *notifier;
  GCancellable *cancellable;
  NewsMemory memory;
  gboolean muted;
  guint timer;
  gboolean asking; /* for events */
  gboolean again;  /* since something has changed meanwhile */
  char *seen;      /* what the events were asked for last */
  double offset;   /* then */
  char *host;      /* of the last certificate that was told of */
};

G_DEFINE_FINAL_TYPE (GnomonHerald, gnomon_herald, G_TYPE_OBJECT)

enum
{
  SIGNAL_WISHED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* Each kind of news is one notification: its id and its button. */
static const struct
{
  const char *id;
  const char *action;
  const char *label;
  gboolean urgent;
} KINDS[N_NEWS] = {
  [NEWS_CHANGED] = { "changed", "open", N_ ("Open"), FALSE },
  [NEWS_DECISION] = { "decision", "open", N_ ("Decide…"), TRUE },
  [NEWS_DISAGREE] = { "disagree", "sync-now", N_ ("Sync Securely Now"), FALSE },
  [NEWS_NO_TIME] = { "no-time", "sync-now", N_ ("Sync Securely Now"), FALSE },
  [NEWS_ISSUER] = { "issuer", "show-server", N_ ("Show Server"), FALSE },
};

static void
show (GnomonHerald *self, const Notice *notice)
{
  Notification notification = {
    .id = KINDS[notice->kind].id,
    .title = notice->title,
    .body = notice->body,
    .urgent = KINDS[notice->kind].urgent,
    .action = KINDS[notice->kind].action,
    .label = _ (KINDS[notice->kind].label),
  };

  if (!notice->title)
    {
      gnomon_notifier_withdraw (self->notifier, notification.id);
      return;
    }
  if (notice->host)
    {
      g_free (self->host);
      self->host = g_strdup (notice->host);
    }
  if (!self->muted)
    gnomon_notifier_show (self->notifier, &notification);
}

/* ---- What is known ---- */

static gboolean on_time (gpointer data);

static void
wait_for (GnomonHerald *self, gint64 span)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (span >= 0)
    self->timer = g_timeout_add_seconds ((guint) (span / G_USEC_PER_SEC) + 1, on_time, self);
}

static gboolean
disagree (GnomonHelperClient *client)
{
  const ClockFacts *clock = gnomon_helper_client_get_facts (client);

  return (g_str_equal (clock->state, "unsynchronised") || g_str_equal (clock->state, "holdover"))
         && clock_servers_disagree (clock, gnomon_helper_client_get_servers (client));
}

/* @events: NULL = nothing has been asked for. */
static void
decide (GnomonHerald *self, GVariant *events)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GPtrArray) notices = NULL;
  g_autoptr (GError) error = NULL;
  NewsMemory before = self->memory;
  NewsFacts facts = {
    .now = g_get_real_time (),
    .zone = zone,
    .user = g_get_user_name (),
    .events = events,
  };

  if (gnomon_helper_client_get_presence (self->client) == HELPER_PRESENT)
    {
      facts.clock = gnomon_helper_client_get_facts (self->client);
      facts.disagree = disagree (self->client);
    }
  notices = news_decide (&self->memory, &facts);
  for (guint i = 0; i < notices->len; i++)
    show (self, g_ptr_array_index (notices, i));
  if (!news_memory_save (&self->memory, &before, &error))
    g_warning ("What was told is not remembered: %s", error->message);
  wait_for (self, news_next (&self->memory, &facts));
}

static gboolean
on_time (gpointer data)
{
  GnomonHerald *self = data;

  self->timer = 0;
  decide (self, NULL);
  return G_SOURCE_REMOVE;
}

/* ---- Events ---- */

static void ask (GnomonHerald *self);

static void
on_events (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonHerald) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) events =
      gnomon_helper_client_list_finish (GNOMON_HELPER_CLIENT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->asking = FALSE;
  if (events)
    decide (self, events);
  else
    g_info ("The time service does not tell its events: %s", error->message);
  if (self->again)
    ask (self);
}

static void
ask (GnomonHerald *self)
{
  self->again = self->asking;
  if (self->asking)
    return;
  self->asking = TRUE;
  gnomon_helper_client_get_events_async (self->client, g_get_real_time () - NEWS_SPAN, 0,
                                         self->cancellable, on_events, g_object_ref (self));
}

/* What changes when something has happened that may be news. */
static char *
look (GnomonHelperClient *client)
{
  const ClockFacts *clock = gnomon_helper_client_get_facts (client);
  GListModel *servers = gnomon_helper_client_get_servers (client);
  GString *seen = g_string_new (clock->state);

  g_string_append_printf (seen, " %" G_GINT64_FORMAT, clock->last_step);
  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (servers, i);
      const ServerFacts *facts = gnomon_server_get_facts (server);
      g_string_append_printf (seen, " %s=%s", facts->host, facts->certificate_sha256);
    }
  return g_string_free (seen, FALSE);
}

static void
on_changed (GnomonHelperClient *client, GnomonHerald *self)
{
  const ClockFacts *clock = gnomon_helper_client_get_facts (client);
  g_autofree char *seen = NULL;

  decide (self, NULL);
  if (gnomon_helper_client_get_presence (client) != HELPER_PRESENT)
    {
      g_clear_pointer (&self->seen, g_free);
      return;
    }
  seen = look (client);
  if (g_strcmp0 (seen, self->seen) == 0 && fabs (clock->offset - self->offset) < JUMP)
    return;
  g_free (self->seen);
  self->seen = g_steal_pointer (&seen);
  self->offset = clock->offset;
  ask (self);
}

/* ---- A sync ---- */

static void
tell_result (GnomonHerald *self, const char *title, const char *body)
{
  Notification notification = { .id = "sync", .title = title, .body = body };

  if (!self->muted)
    gnomon_notifier_show (self->notifier, &notification);
}

static char *
result_title (const SyncResult *sync)
{
  g_autofree char *amount = format_correction (sync->correction);

  if (!sync->stepped)
    return g_strdup (_ ("Your clock was right"));
  return g_strdup_printf (sync->correction > 0 ? _ ("Your clock was set forward by %s")
                                               : _ ("Your clock was set back by %s"),
                          amount);
}

void
gnomon_herald_tell_sync (GnomonHerald *self, const SyncResult *sync, const GError *error)
{
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;

  g_return_if_fail (GNOMON_IS_HERALD (self));
  if (sync)
    {
      title = result_title (sync);
      body = words_for_vouching (sync->vouched, sync->answered);
      tell_result (self, title, body);
    }
  else if (!client_error_is_cancelled (error)
           && !g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_OUT_OF_BOUNDS))
    tell_result (self, _ ("Nothing was changed"), client_error_sentence (error));
}

/* ---- The object ---- */

static void
on_acted (GnomonNotifier *notifier, const char *id, const char *action, const char *token,
          GnomonHerald *self)
{
  gboolean of_issuer = g_str_equal (id, KINDS[NEWS_ISSUER].id) && self->host;
  HeraldWish wish = HERALD_OPEN;

  if (g_str_equal (action, "sync-now"))
    wish = HERALD_SYNC_NOW;
  else if (of_issuer)
    wish = HERALD_SHOW_SERVER;
  g_signal_emit (self, signals[SIGNAL_WISHED], 0, (guint) wish, of_issuer ? self->host : "", token);
}

void
gnomon_herald_set_muted (GnomonHerald *self, gboolean muted)
{
  g_return_if_fail (GNOMON_IS_HERALD (self));
  self->muted = muted;
}

static void
gnomon_herald_dispose (GObject *object)
{
  GnomonHerald *self = GNOMON_HERALD (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->client);
  g_clear_object (&self->notifier);
  g_clear_pointer (&self->seen, g_free);
  g_clear_pointer (&self->host, g_free);
  G_OBJECT_CLASS (gnomon_herald_parent_class)->dispose (object);
}

static void
gnomon_herald_class_init (GnomonHeraldClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gnomon_herald_dispose;
  signals[SIGNAL_WISHED] =
      g_signal_new ("wished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_STRING);
}

static void
gnomon_herald_init (GnomonHerald *self)
{
  self->cancellable = g_cancellable_new ();
}

GnomonHerald *
gnomon_herald_new (GnomonHelperClient *client, GnomonNotifier *notifier)
{
  GnomonHerald *self = g_object_new (GNOMON_TYPE_HERALD, NULL);

  self->client = g_object_ref (client);
  self->notifier = g_object_ref (notifier);
  news_memory_load (&self->memory);
  g_signal_connect_object (client, "changed", G_CALLBACK (on_changed), self, 0);
  g_signal_connect_object (notifier, "acted", G_CALLBACK (on_acted), self, 0);
  return self;
}
