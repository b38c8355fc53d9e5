/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person is to be told now, and what no longer holds: few things, none of them twice. Pure:
 * all that is known comes in, and what was told before is kept by the caller. */

#pragma once

#include "clock-facts.h"

#include <gio/gio.h>

typedef enum
{
  NEWS_CHANGED,  /* the clock was changed by a second or more, not at this person's request */
  NEWS_DECISION, /* a decision is needed */
  NEWS_DISAGREE, /* the servers disagree */
  NEWS_NO_TIME,  /* no authenticated time for a day */
  NEWS_ISSUER,   /* a certificate is from another issuer than before */
  N_NEWS
} News;

/* So many events are remembered. */
#define NEWS_MOST_EVENTS 64
/* Events older than this are no news; µs. */
#define NEWS_SPAN (24 * G_TIME_SPAN_HOUR)

/* All times are µs since 1970 UTC, 0 = never. */
typedef struct
{
  gboolean fresh;                  /* nothing is remembered: what has happened before is no news */
  gboolean holds[N_NEWS];          /* it was so when it was looked at last */
  gint64 told[N_NEWS];             /* when */
  gint64 waiting;                  /* since when there has not been any authenticated time at all */
  gint64 overdue;                  /* since when NEWS_NO_TIME seems to hold; not for another run */
  gint64 events[NEWS_MOST_EVENTS]; /* times of the last events that were told, a ring */
  guint n_events;                  /* that were ever put into it */
} NewsMemory;

typedef struct
{
  gint64 now;
  GTimeZone *zone;
  const char *user;        /* the name of whom we tell it */
  const ClockFacts *clock; /* NULL while the helper is missing */
  gboolean disagree;       /* as clock_servers_disagree () says */
  GVariant *events;        /* aa{sv} as GetEvents gives it, or NULL = not asked for */
} NewsFacts;

typedef struct
{
  News kind;
  char *title; /* NULL = it no longer holds */
  char *body;
  char *host; /* that it is about, or NULL */
} Notice;

/* Changes @memory to what is remembered from now on, and returns Notice items in a new array. */
GPtrArray *news_decide (NewsMemory *memory, const NewsFacts *facts);
/* How long nothing can change without being signalled, µs; -1 = for ever. */
gint64 news_next (const NewsMemory *memory, const NewsFacts *facts);
