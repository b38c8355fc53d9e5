/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was done to the clock, read from GetEvents and put together for people: gentle corrections
 * one after the other are one entry. Pure. Times in µs since 1970 UTC, amounts in s, positive = set
 * forward. */

#pragma once

#include <glib.h>

typedef enum
{
  HISTORY_STEP, /* by Gnomon */
  HISTORY_SLEW, /* gentle corrections, one or more */
  HISTORY_FOREIGN_STEP,
  HISTORY_FOREIGN_SLEW,
  HISTORY_FOREIGN_FREQUENCY,
  HISTORY_RESUMED,
  HISTORY_SYNCHRONISED,
  HISTORY_LOST,
  HISTORY_DECISION,
  HISTORY_ACCEPTED,
  HISTORY_REJECTED,
  HISTORY_KEY_EXCHANGE,
  HISTORY_NEW_CERTIFICATE,
  HISTORY_NEW_ISSUER,
  HISTORY_NETWORK_CHANGED,
  HISTORY_STARTED,
  HISTORY_STOPPED,
  HISTORY_OTHER, /* of a newer helper */
  HISTORY_N_KINDS
} HistoryKind;

typedef enum
{
  HISTORY_FILTER_EVERYTHING,
  HISTORY_FILTER_STEPS,
  HISTORY_FILTER_DECISIONS,
  HISTORY_FILTER_OTHER_PROGRAMS,
  HISTORY_FILTER_CERTIFICATES,
  HISTORY_N_FILTERS
} HistoryFilter;

typedef struct
{
  HistoryKind kind;
  gint64 time;     /* of a stretch: when it ended */
  gint64 since;    /* of a stretch: when it began; else the same as time */
  guint n;         /* events in it */
  double amount;   /* of a stretch: the sum of all sizes; NaN = not known */
  char *name;      /* as the helper calls its kind */
  char *who;       /* "" = the helper by itself */
  char *reason;    /* a reason name, "" = none */
  char *host;      /* "" = none */
  guint vouched;   /* 0 = not known */
  guint operators; /* 0 = not known */
  gboolean last;   /* of a stretch: it may go on */
} HistoryEntry;

/* @events: aa{sv} as GetEvents gives it, oldest first. HistoryEntry's, newest first, freed with the
 * array. Those of unknown kind or without a time are HISTORY_OTHER or left out. New. */
GPtrArray *history_read (GVariant *events, HistoryFilter filter, GTimeZone *zone);

typedef struct
{
  double largest; /* the largest size of all changes, s; 0 = none */
  guint steps;
  guint slews;
} HistorySummary;

/* Of all events since that time. */
HistorySummary history_summarise (GVariant *events, gint64 since);
/* The samples of GetHistory since that time that a server gave. */
guint history_count_samples (GVariant *samples, gint64 since);
