/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-private.h"

#include <malloc.h>

#define TRIM_WAIT_MS     2000
#define SAVE_INTERVAL_US (10 * G_TIME_SPAN_MINUTE) /* ours: what a crash may cost */

void
engine_record (Engine *engine, const EventRecord *event)
{
  EventRecord record = *event;

  if (record.time_us == 0)
    record.time_us = clock_unix_ns (engine->clock) / 1000;
  events_add (engine->events, &record);
}

static const EventKind kinds[] = {
  [NTP_EVENT_STEPPED] = EVENT_STEPPED,
  [NTP_EVENT_SLEWED] = EVENT_SLEWED,
  [NTP_EVENT_FOREIGN_STEP] = EVENT_FOREIGN_STEP,
  [NTP_EVENT_FOREIGN_SLEW] = EVENT_FOREIGN_SLEW,
  [NTP_EVENT_FOREIGN_FREQUENCY] = EVENT_FOREIGN_FREQUENCY,
  [NTP_EVENT_RESUMED] = EVENT_RESUMED,
  [NTP_EVENT_SYNCHRONISED] = EVENT_SYNCHRONISED,
  [NTP_EVENT_LOST] = EVENT_LOST,
  [NTP_EVENT_DECISION] = EVENT_DECISION,
  [NTP_EVENT_ACCEPTED] = EVENT_ACCEPTED,
  [NTP_EVENT_REJECTED] = EVENT_REJECTED,
};

/* A person where one asked; of what others did, the service that is known to do such things. */
static const char *
who_did (const Engine *engine, const NtpEvent *event)
{
  if (event->kind == NTP_EVENT_FOREIGN_STEP || event->kind == NTP_EVENT_FOREIGN_SLEW
      || event->kind == NTP_EVENT_FOREIGN_FREQUENCY)
    return engine->rival;
  return event->requested ? engine->asked_who : NULL;
}

void
engine_record_event (Engine *engine, const NtpEvent *event)
{
  const EventRecord record = { .kind = kinds[event->kind],
                               .amount_s = event->amount_s,
                               .who = who_did (engine, event),
                               .reason = ntp_reason_name (event->reason),
                               .vouched = event->vouched,
                               .operators = event->operators };

  engine_record (engine, &record);
}

/* The first certificate of a server is no news. */
void
engine_record_certificate (Engine *engine, const char *host, LedgerNews news)
{
  if (news == LEDGER_NEW_CERTIFICATE || news == LEDGER_NEW_ISSUER)
    engine_record (engine,
                   &(EventRecord){ .kind = news == LEDGER_NEW_ISSUER ? EVENT_NEW_ISSUER
                                                                     : EVENT_NEW_CERTIFICATE,
                                   .host = host });
}

/* ---- What was measured ---- */

void
engine_record_sample (Engine *engine, int slot)
{
  EngineServer *server = engine->slots[slot];
  NtpNow now = clock_now (engine->clock);
  NtpServerSnapshot snapshot;

  if (server == NULL || !ntp_system_server_snapshot (engine->system, slot, &now, &snapshot)
      || !snapshot.has_sample || snapshot.samples == server->samples)
    return;
  server->samples = snapshot.samples;
  history_add (engine->history, clock_unix_ns (engine->clock) / 1000, server->config->host,
               snapshot.offset_s, snapshot.root_distance_s);
  engine_add_peer_statistics (server, &snapshot);
}

void
engine_record_update (Engine *engine)
{
  NtpSnapshot snapshot;

  engine_get_snapshot (engine, &snapshot);
  if (snapshot.updates == engine->updates)
    return;
  engine->updates = snapshot.updates;
  history_add (engine->history, clock_unix_ns (engine->clock) / 1000, "", snapshot.offset_s,
               snapshot.uncertainty_s);
  engine_add_loop_statistics (engine, &snapshot);
}

/* ---- Keeping ---- */

/* A clock that may be wrong does not tell what is old. */
static void
thin (Engine *engine)
{
  gint64 now_us = clock_unix_ns (engine->clock) / 1000;
  gint64 before_us = now_us - config_get_keep_days (engine->config) * G_TIME_SPAN_DAY;
  NtpSnapshot snapshot;

  engine_get_snapshot (engine, &snapshot);
  if (snapshot.state != NTP_STATE_SYNCHRONISED)
    return;
  engine->records_thinned_us = g_get_monotonic_time ();
  history_thin (engine->history, now_us, before_us);
  events_prune (engine->events, before_us);
  if (engine->statistics != NULL)
    statistics_prune (engine->statistics, now_us * 1000, config_get_keep_days (engine->config));
}

void
engine_tend_records (Engine *engine)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 age_us;

  if (now_us - engine->records_saved_us < SAVE_INTERVAL_US)
    return;
  engine->records_saved_us = now_us;
  history_save (engine->history);
  age_us = now_us - engine->records_thinned_us;
  if (engine->records_thinned_us == 0 || age_us >= G_TIME_SPAN_DAY
      || (age_us >= G_TIME_SPAN_HOUR && history_is_large (engine->history)))
    thin (engine);
}

void
engine_delete_records (Engine *engine)
{
  events_delete (engine->events);
  history_delete (engine->history);
  if (engine->statistics != NULL)
    statistics_delete (engine->statistics);
}

/* A long answer leaves megabytes behind for a moment, which no next one may come to use. */
static gboolean
trim (gpointer data)
{
  Engine *engine = data;

  engine->trim_source = 0;
  malloc_trim (0);
  return G_SOURCE_REMOVE;
}

GVariant *
engine_get_history (Engine *engine, gint64 since_us, guint most)
{
  if (engine->trim_source == 0 && !engine->stopped)
    engine->trim_source = g_timeout_add (TRIM_WAIT_MS, trim, engine);
  return history_get (engine->history, since_us, most);
}

GVariant *
engine_get_events (Engine *engine, gint64 since_us, guint most)
{
  return events_get (engine->events, since_us, most);
}
