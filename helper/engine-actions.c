/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-private.h"

#include "address.h"

#include <malloc.h>
#include <string.h>

#define SESSIONS_MAX      16                     /* ours: key exchanges at one time */
#define SOCKET_AGE_MAX_US (4 * G_TIME_SPAN_HOUR) /* ours: a new port now and then */

/* ---- Packets ---- */

static void
on_packet (const guint8 *packet, gsize length, const struct timespec *stamp, gpointer data)
{
  EngineServer *server = data;
  Engine *engine = server->engine;
  NtpActions actions;
  NtpNow now = engine_begin_event (engine, &actions);
  NtpTimestamp when = now.realtime;
  int slot = server->slot;

  if (stamp != NULL)
    when = clock_from_kernel_stamp (engine->clock, stamp);
  g_debug ("%s: %" G_GSIZE_FORMAT " octets%s", server->config->host, length,
           stamp != NULL ? "" : ", without a kernel stamp");
  ntp_system_packet (engine->system, slot, packet, length, when, &now, &actions);
  engine_end_event (engine, &actions);
  engine_record_sample (engine, slot);
}

static void
on_sent (const struct timespec *stamp, gpointer data)
{
  EngineServer *server = data;
  Engine *engine = server->engine;

  ntp_system_sent (engine->system, server->slot, clock_from_kernel_stamp (engine->clock, stamp));
}

static gboolean
open_socket (EngineServer *server)
{
  static const UdpListener listener = { on_packet, on_sent };
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  if (server->socket != NULL && now_us - server->socket_since_us < SOCKET_AGE_MAX_US)
    return TRUE;
  g_clear_pointer (&server->socket, udp_socket_free);
  if (server->ntp_address.family != 0)
    server->socket = udp_socket_new (&server->ntp_address, &listener, server, &error);
  server->socket_since_us = now_us;
  if (server->socket != NULL)
    ntp_system_own_id (server->engine->system, server->slot,
                       udp_socket_get_own_id (server->socket));
  if (error != NULL)
    g_debug ("%s: %s", server->config->host, error->message);
  return server->socket != NULL;
}

/* A packet that cannot be sent is as good as one that is lost on the way. */
static void
send_packet (Engine *engine, const NtpAction *action)
{
  EngineServer *server = engine->slots[action->slot];

  if (!open_socket (server))
    return;
  ntp_system_sent (engine->system, action->slot, clock_now (engine->clock).realtime);
  if (!udp_socket_send (server->socket, action->packet, action->length))
    g_clear_pointer (&server->socket, udp_socket_free);
}

/* ---- Key exchanges ---- */

static void
fail (EngineServer *server, NtpReason reason)
{
  Engine *engine = server->engine;
  NtpEntropy entropy;
  NtpActions actions;
  NtpNow now = engine_begin_event (engine, &actions);

  /* It is tried again and again. */
  if (reason != server->failure)
    g_message ("%s: %s", server->config->host, ntp_reason_text (reason));
  server->failure = reason;
  /* Only for the jitter of the next attempt, so none is good enough. */
  engine_draw_entropy (&entropy);
  ntp_system_failed (engine->system, server->slot, reason, &entropy, &now, &actions);
  engine_end_event (engine, &actions);
}

static void
note_certificate (EngineServer *server, const KeResult *result)
{
  Engine *engine = server->engine;
  char address[ADDRESS_TEXT_MAX];
  LedgerNews news;

  address_print (&result->ke_address, address);
  news = ledger_note (engine->ledger, server->config->host, result->facts, address,
                      clock_unix_ns (engine->clock) / 1000);
  engine_record_certificate (engine, server->config->host, news);
  engine->ledger_unsaved |= news != LEDGER_KNOWN;
}

/* What is good but for its dates is no certificate that was believed. */
static void
note_keys (EngineServer *server, const KeResult *result)
{
  Engine *engine = server->engine;
  const char *host = server->config->host;
  const char *waits_for = ntp_reason_name (NTP_REASON_DATES_UNCHECKED);
  gboolean waits = result->dates != NULL;

  server->failure = NTP_REASON_NONE;
  g_info ("%s: new keys and %u cookies", host, result->offer->n_cookies);
  engine_record (engine, &(EventRecord){ .kind = EVENT_KEY_EXCHANGE,
                                         .host = host,
                                         .reason = waits ? waits_for : NULL });
  if (waits)
    {
      g_message ("%s: %s", host, ntp_reason_text (NTP_REASON_DATES_UNCHECKED));
      return;
    }
  engine->dates_strict = TRUE;
  note_certificate (server, result);
}

static void
take_keys (EngineServer *server, const KeResult *result)
{
  Engine *engine = server->engine;
  NtpActions actions;
  NtpNow now = engine_begin_event (engine, &actions);

  note_keys (server, result);
  /* A new port for new keys: nothing links them to the old ones. */
  g_clear_pointer (&server->socket, udp_socket_free);
  server->ntp_address = result->ntp_address;
  if (result->dates != NULL)
    ntp_system_provisional_keys (engine->system, server->slot, &result->keys, result->offer,
                                 &result->ntp_address, result->dates, &now, &actions);
  else
    ntp_system_keys (engine->system, server->slot, &result->keys, result->offer,
                     &result->ntp_address, &now, &actions);
  g_clear_pointer (&server->session, ke_session_free);
  engine_end_event (engine, &actions);
}

static void
on_key_exchange_done (const KeResult *result, gpointer data)
{
  EngineServer *server = data;
  Engine *engine = server->engine;
  NtpReason reason = result->reason;

  /* Another one has proven meanwhile that it is not the clock. */
  if (reason == NTP_REASON_NONE && result->dates != NULL && !engine_dates_may_wait (engine))
    reason = clock_unix_ns (engine->clock) / (1000 * G_USEC_PER_SEC) < result->dates->not_before_s
                 ? NTP_REASON_CERTIFICATE_NOT_YET_VALID
                 : NTP_REASON_CERTIFICATE_EXPIRED;
  engine->n_sessions--;
  if (result->ke_address.family != 0)
    server->ke_address = result->ke_address;
  if (result->facts != NULL && result->facts->sha256 != NULL)
    tls_facts_copy (&server->facts, result->facts);
  if (reason == NTP_REASON_NONE)
    take_keys (server, result);
  else
    {
      g_clear_pointer (&server->session, ke_session_free);
      fail (server, reason);
    }
  engine_begin_key_exchanges (engine);
  if (engine->n_sessions > 0)
    return;
  /* All of it is written each time, so once for all that were made together. */
  if (engine->ledger_unsaved)
    engine_save_ledger (engine);
  malloc_trim (0);
}

void
engine_begin_key_exchanges (Engine *engine)
{
  EngineServer *server;

  while (engine->n_sessions < SESSIONS_MAX
         && (server = g_queue_pop_head (&engine->waiting)) != NULL)
    {
      KeTrust trust = engine_get_trust (engine, server->config);
      trust.dates_may_wait = engine_dates_may_wait (engine);
      trust.passed_s = engine->passed_s;
      server->queued = FALSE;
      engine->n_sessions++;
      server->session = ke_session_new (server->config->host, server->config->port, &trust,
                                        on_key_exchange_done, server);
    }
}

/* For servers without NTS. Of several addresses each has its turn. */
static void
on_address_found (const NtpAddress *addresses, guint n_addresses, NtpReason reason, gpointer data)
{
  EngineServer *server = data;
  Engine *engine = server->engine;
  NtpActions actions;
  NtpNow now;

  if (reason != NTP_REASON_NONE)
    {
      g_clear_pointer (&server->lookup, name_lookup_free);
      fail (server, reason);
      return;
    }
  g_clear_pointer (&server->socket, udp_socket_free);
  server->ntp_address = addresses[server->n_lookups++ % n_addresses];
  server->ke_address = server->ntp_address;
  g_clear_pointer (&server->lookup, name_lookup_free);
  now = engine_begin_event (engine, &actions);
  ntp_system_address (engine->system, server->slot, &server->ntp_address, &now, &actions);
  engine_end_event (engine, &actions);
}

static void
start_key_exchange (Engine *engine, EngineServer *server)
{
  if (!server->config->nts && server->lookup == NULL)
    server->lookup =
        name_lookup_new (server->config->host, server->config->ntp_port, on_address_found, server);
  else if (server->config->nts && server->session == NULL && !server->queued)
    {
      server->queued = TRUE;
      g_queue_push_tail (&engine->waiting, server);
      engine_begin_key_exchanges (engine);
    }
}

/* ---- The clock ---- */

/* FALSE when the kernel refused. */
static gboolean
adjust_clock (Engine *engine, const NtpAdjust *adjust)
{
  g_autoptr (GError) error = NULL;

  if (clock_adjust (engine->clock, adjust, &error))
    {
      engine->clock_warned = FALSE;
      g_debug ("Clock: step %+.9f s, frequency %+.3f ppm", adjust->step_s, adjust->frequency_ppm);
      return TRUE;
    }
  if (!engine->clock_warned)
    g_warning ("%s", error->message);
  engine->clock_refused = TRUE;
  engine->clock_warned = TRUE;
  return FALSE;
}

static void
log_event (const Engine *engine, const NtpEvent *event)
{
  const char *other = engine->rival != NULL ? engine->rival : "Another program";

  switch (event->kind)
    {
    case NTP_EVENT_STEPPED:
      g_message ("Stepped the clock by %+.6f s; %u servers of %u operators vouch for it",
                 event->amount_s, event->vouched, event->operators);
      break;
    case NTP_EVENT_SLEWED:
      g_info ("Slewing the clock by %+.6f s", event->amount_s);
      break;
    case NTP_EVENT_FOREIGN_STEP:
      g_message ("%s stepped the clock by %+.6f s", other, event->amount_s);
      break;
    case NTP_EVENT_FOREIGN_SLEW:
      g_message ("%s slews the clock", other);
      break;
    case NTP_EVENT_FOREIGN_FREQUENCY:
      g_message ("%s made the clock run %+.3f ppm faster", other, event->amount_s * 1e6);
      break;
    case NTP_EVENT_RESUMED:
      g_message ("The machine woke up");
      break;
    case NTP_EVENT_SYNCHRONISED:
      g_message ("The clock is synchronised; %u servers of %u operators agree", event->vouched,
                 event->operators);
      break;
    case NTP_EVENT_LOST:
      g_message ("The clock is no longer synchronised: %s", ntp_reason_text (event->reason));
      break;
    case NTP_EVENT_DECISION:
      g_warning ("The servers want to change the clock by %+.1f s, which needs somebody's decision",
                 event->amount_s);
      break;
    case NTP_EVENT_ACCEPTED:
      g_message ("Somebody has decided to change the clock by %+.1f s", event->amount_s);
      break;
    case NTP_EVENT_REJECTED:
      g_message ("Somebody has decided not to change the clock by %+.1f s", event->amount_s);
      break;
    default:
      break;
    }
}

/* ---- All of them ---- */

/* The reason, and where it lies with the servers, what is wrong with each. */
static char *
describe_failure (Engine *engine, NtpReason reason)
{
  GString *text = g_string_new (ntp_reason_text (reason));
  NtpNow now = clock_now (engine->clock);
  NtpServerSnapshot snapshot;
  gboolean of_servers = reason == NTP_REASON_KE_TIMEOUT || reason == NTP_REASON_NO_REPLY
                        || reason == NTP_REASON_NO_QUORUM;

  if (reason == NTP_REASON_KE_TIMEOUT)
    g_string_assign (text, "no key exchange succeeded");
  for (guint i = 0; of_servers && i < engine->servers->len && text->len < 500; i++)
    {
      const EngineServer *server = g_ptr_array_index (engine->servers, i);
      if (ntp_system_server_snapshot (engine->system, server->slot, &now, &snapshot)
          && snapshot.reason != NTP_REASON_NONE)
        g_string_append_printf (text, "; %s: %s", server->config->host,
                                ntp_reason_text (snapshot.reason));
    }
  return g_string_free (text, FALSE);
}

void
engine_end_sync (Engine *engine, const NtpSyncResult *result)
{
  g_autoptr (GTask) task = g_steal_pointer (&engine->sync);

  if (engine->sync_cancelled != NULL)
    g_source_destroy (engine->sync_cancelled);
  g_clear_pointer (&engine->sync_cancelled, g_source_unref);
  engine->sync_ended_us = g_get_monotonic_time ();
  if (task == NULL)
    return;
  g_task_set_task_data (task, g_memdup2 (result, sizeof *result), g_free);
  if (result->error == NTP_REASON_NONE)
    g_task_return_boolean (task, TRUE);
  else
    {
      g_autofree char *message = describe_failure (engine, result->error);
      g_task_return_new_error (task, GNOMON_ERROR, (gint) gnomon_error_from_reason (result->error),
                               "%s", message);
    }
}

/* Those that belong to the event at hand: none of them calls anybody. */
static gboolean
perform_silent (Engine *engine, const NtpAction *action)
{
  switch (action->kind)
    {
    case NTP_ACTION_SEND:
      send_packet (engine, action);
      break;
    case NTP_ACTION_WAKE:
      engine->wake_at_ns = action->wake_at_ns;
      break;
    case NTP_ACTION_START_KE:
      start_key_exchange (engine, engine->slots[action->slot]);
      break;
    case NTP_ACTION_ADJUST:
      return adjust_clock (engine, &action->adjust);
    case NTP_ACTION_EVENT:
      log_event (engine, &action->event);
      engine_record_event (engine, &action->event);
      break;
    case NTP_ACTION_PROGRESS:
    case NTP_ACTION_SYNC_DONE:
    case NTP_ACTION_CHANGED:
    default:
      break;
    }
  return TRUE;
}

/* Those that call others, who may cause the next event. @asks: the event has sent a request. */
static void
perform_telling (Engine *engine, const NtpAction *action, gboolean refused, gboolean asks)
{
  const NtpProgress *progress = &action->progress;
  NtpSyncResult result;

  if (action->kind == NTP_ACTION_CHANGED)
    {
      engine_watch_peers (engine);
      engine_record_update (engine);
      if (engine->listener.changed != NULL)
        engine->listener.changed (engine, asks ? ENGINE_CHANGE_ASKED : ENGINE_CHANGE_MEASURED,
                                  engine->listener_data);
    }
  else if (action->kind == NTP_ACTION_PROGRESS && engine->listener.progress != NULL)
    engine->listener.progress (engine, progress->phase,
                               progress->slot >= 0 && engine->slots[progress->slot] != NULL
                                   ? engine->slots[progress->slot]->config->host
                                   : "",
                               progress->answers, progress->wanted, engine->listener_data);
  else if (action->kind == NTP_ACTION_SYNC_DONE)
    {
      result = action->result;
      if (refused && result.error == NTP_REASON_NONE)
        result = (NtpSyncResult){ .error = NTP_REASON_CLOCK_FAILED,
                                  .offset_before_s = result.offset_before_s };
      engine_end_sync (engine, &result);
    }
}

void
engine_perform (Engine *engine, const NtpActions *actions)
{
  gboolean refused = FALSE;
  gboolean asks = FALSE;

  for (guint i = 0; i < actions->count; i++)
    {
      refused |= !perform_silent (engine, &actions->items[i]);
      asks |= actions->items[i].kind == NTP_ACTION_SEND;
    }
  if (refused)
    {
      NtpActions more = { .count = 0 };
      NtpNow now = clock_now (engine->clock);
      ntp_system_clock_failed (engine->system, &now, &more);
      engine_perform (engine, &more);
    }
  for (guint i = 0; i < actions->count; i++)
    perform_telling (engine, &actions->items[i], refused, asks);
}
