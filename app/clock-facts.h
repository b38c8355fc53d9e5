/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the helper says about the clock, as one value: a copy that is replaced whole. Units and
 * signs are those of the D-Bus contract. */

#pragma once

#include <glib.h>

/* The generated proxy. */
typedef struct _BusHelper1 BusHelper1;

typedef struct
{
  const char *version;
  gboolean automatic;
  const char *state;
  const char *reason;        /* "" = all is well */
  const char *clock_mode;    /* system, virtual, observe */
  const char *other_service; /* "systemd-timesyncd.service", "" = nobody else keeps the clock */
  const char *connectivity;  /* none, portal, limited, full, unknown; "" = not told */
  double offset;
  double uncertainty; /* infinity while nothing is known */
  double frequency;
  double frequency_uncertainty;
  gint64 last_sync; /* µs since 1970 UTC, 0 = never */
  gint64 last_step;
  const char *leap;
  guint vouching; /* servers that agree */
  guint asked;
  guint operators;       /* different ones among those that agree */
  guint minimum_sources; /* servers that must agree, 0 = not known */
} ClockFacts;

/* What SyncNow did; s, positive = the clock was slow. */
typedef struct
{
  double offset_before;
  double correction;
  gboolean stepped;
  double uncertainty;
  guint answered;
  guint vouched;
  guint operators;
  double duration;
  gint64 time; /* when, µs since 1970 UTC */
} SyncResult;

/* While the helper is missing. */
extern const ClockFacts CLOCK_FACTS_UNKNOWN;

/* Reads all that @proxy holds. The strings belong to it and live until it hears something new. */
void clock_facts_read (ClockFacts *facts, BusHelper1 *proxy);
/* Reads the dictionary that SyncNow returns; now is when it was done. */
void sync_result_read (SyncResult *sync, GVariant *values);
