/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-private.h"

void
engine_record (Engine *engine, const EventRecord *event)
{
  EventRecord record = *event;

  if (record.time_us == 0)
    record.time_us = clock_unix_ns (engine->clock) / 1000;
  events_add (engine->events, &record);
}

static const EventKind kinds[] = {
  [NTP_EVENT_STEPPED] = EVENT_STEPPED,           [NTP_EVENT_SLEWED] = EVENT_SLEWED,
  [NTP_EVENT_FOREIGN_STEP] = EVENT_FOREIGN_STEP, [NTP_EVENT_RESUMED] = EVENT_RESUMED,
  [NTP_EVENT_SYNCHRONISED] = EVENT_SYNCHRONISED, [NTP_EVENT_LOST] = EVENT_LOST,
  [NTP_EVENT_DECISION] = EVENT_DECISION,         [NTP_EVENT_ACCEPTED] = EVENT_ACCEPTED,
  [NTP_EVENT_REJECTED] = EVENT_REJECTED,
};

void
engine_record_event (Engine *engine, const NtpEvent *event)
{
  const EventRecord record = { .kind = kinds[event->kind],
                               .amount_s = event->amount_s,
                               .who = event->requested ? engine->asked_who : NULL,
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

GVariant *
engine_get_events (Engine *engine, gint64 since_us, guint most)
{
  return events_get (engine->events, since_us, most);
}
