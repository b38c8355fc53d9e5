/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The record of what was done to the clock, by whom and why: what GetEvents answers. Kept in the
 * state directory, one line an event, and bounded: what is older than people want to keep goes, and
 * the oldest go first when there are too many. */

#pragma once

#include "state.h"

typedef enum
{
  EVENT_STEPPED,
  EVENT_SLEWED,
  EVENT_FOREIGN_STEP, /* by another program, as the next two */
  EVENT_FOREIGN_SLEW,
  EVENT_FOREIGN_FREQUENCY,
  EVENT_RESUMED,
  EVENT_SYNCHRONISED,
  EVENT_LOST,
  EVENT_DECISION,
  EVENT_ACCEPTED,
  EVENT_REJECTED,
  EVENT_KEY_EXCHANGE,
  EVENT_NEW_CERTIFICATE,
  EVENT_NEW_ISSUER,
  EVENT_NETWORK_CHANGED,
  EVENT_STARTED,
  EVENT_STOPPED,
  EVENT_N_KINDS
} EventKind;

/* NULL, "" and 0 say nothing, and are left out of GetEvents. The strings are the caller's. */
typedef struct
{
  EventKind kind;
  gint64 time_us;  /* µs since 1970 UTC */
  double amount_s; /* what was, or is to be, added to the clock */
  const char *who; /* the user who asked for it; NULL = the helper by itself */
  const char *reason;
  guint vouched; /* servers that agree */
  guint operators;
  const char *host; /* of the server that it concerns */
} EventRecord;

typedef struct Events Events;

/* @state: borrowed; NULL = they are kept in memory only. */
Events *events_new (State *state);
void events_free (Events *events);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Events, events_free)

/* As GetEvents names it. Static. */
const char *event_kind_name (EventKind kind);

/* Written at once; what cannot be written stays in memory. */
void events_add (Events *events, const EventRecord *event);
/* As GetEvents of the D-Bus contract: since @since_us, oldest first, the @most newest of them (0 =
 * all); new and floating. */
GVariant *events_get (Events *events, gint64 since_us, guint most);
/* Forgets what is older than @before_us. */
void events_prune (Events *events, gint64 before_us);
void events_delete (Events *events);
