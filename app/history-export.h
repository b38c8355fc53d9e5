/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history as files for others: a table, data, and a report that an auditor can read and print.
 * Pure: what they hold comes in, and text goes out. All strings are new. */

#pragma once

#include <glib.h>

/* @events: aa{sv} as GetEvents gives it. RFC 4180: a header, then one line per event, oldest first,
 * with the names and the units of the D-Bus contract; times as ISO 8601 in UTC. Texts that a
 * spreadsheet would take for a formula begin with an apostrophe. */
char *history_to_csv (GVariant *events);
/* One object: "format", "generated" (ISO 8601), "events", "samples" and "servers" (the property
 * Servers); each may be NULL. */
char *history_to_json (GVariant *events, GVariant *samples, GVariant *servers, gint64 now);

typedef struct
{
  GVariant *events;   /* aa{sv} */
  GVariant *samples;  /* aa{sv} */
  GVariant *servers;  /* aa{sv} */
  GPtrArray *hosts;   /* char *: whose certificates are in ledgers */
  GPtrArray *ledgers; /* GVariant *, aa{sv}: one for each of hosts */
  gint64 from;        /* the period, µs since 1970 UTC */
  gint64 now;
  GTimeZone *zone;
} HistoryReport;

/* An HTML page that needs nothing else and is made to be printed. */
char *history_to_report (const HistoryReport *report);
