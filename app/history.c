/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "history.h"

#include "format-date.h"

#include <math.h>

static const struct
{
  const char *name;
  HistoryFilter filter; /* besides everything */
} KINDS[HISTORY_N_KINDS] = {
  [HISTORY_STEP] = { "stepped", HISTORY_FILTER_STEPS },
  [HISTORY_SLEW] = { "slewed", HISTORY_FILTER_EVERYTHING },
  [HISTORY_FOREIGN_STEP] = { "foreign-step", HISTORY_FILTER_OTHER_PROGRAMS },
  [HISTORY_FOREIGN_SLEW] = { "foreign-slew", HISTORY_FILTER_OTHER_PROGRAMS },
  [HISTORY_FOREIGN_FREQUENCY] = { "foreign-frequency", HISTORY_FILTER_OTHER_PROGRAMS },
  [HISTORY_RESUMED] = { "resumed", HISTORY_FILTER_EVERYTHING },
  [HISTORY_SYNCHRONISED] = { "synchronised", HISTORY_FILTER_EVERYTHING },
  [HISTORY_LOST] = { "lost", HISTORY_FILTER_EVERYTHING },
  [HISTORY_DECISION] = { "decision", HISTORY_FILTER_DECISIONS },
  [HISTORY_ACCEPTED] = { "accepted", HISTORY_FILTER_DECISIONS },
  [HISTORY_REJECTED] = { "rejected", HISTORY_FILTER_DECISIONS },
  [HISTORY_KEY_EXCHANGE] = { "key-exchange", HISTORY_FILTER_EVERYTHING },
  [HISTORY_NEW_CERTIFICATE] = { "new-certificate", HISTORY_FILTER_CERTIFICATES },
  [HISTORY_NEW_ISSUER] = { "new-issuer", HISTORY_FILTER_CERTIFICATES },
  [HISTORY_NETWORK_CHANGED] = { "network-changed", HISTORY_FILTER_EVERYTHING },
  [HISTORY_STARTED] = { "started", HISTORY_FILTER_EVERYTHING },
  [HISTORY_STOPPED] = { "stopped", HISTORY_FILTER_EVERYTHING },
  [HISTORY_OTHER] = { "", HISTORY_FILTER_EVERYTHING },
};

static HistoryKind
kind_of (const char *name)
{
  HistoryKind kind = 0;

  while (kind < HISTORY_OTHER && !g_str_equal (KINDS[kind].name, name))
    kind++;
  return kind;
}

/* A step by another program shows under both. */
static gboolean
passes (HistoryKind kind, HistoryFilter filter)
{
  if (filter == HISTORY_FILTER_EVERYTHING || KINDS[kind].filter == filter)
    return TRUE;
  return filter == HISTORY_FILTER_STEPS && kind == HISTORY_FOREIGN_STEP;
}

static char *
dup_text (GVariant *values, const char *key)
{
  const char *text = "";

  g_variant_lookup (values, key, "&s", &text);
  return g_strdup (text);
}

static void
entry_free (gpointer data)
{
  HistoryEntry *entry = data;

  g_free (entry->name);
  g_free (entry->who);
  g_free (entry->reason);
  g_free (entry->host);
  g_free (entry);
}

/* NULL if there is no telling when it was. */
static HistoryEntry *
read_entry (GVariant *values)
{
  HistoryEntry *entry;
  gint64 time;

  if (!g_variant_lookup (values, "time", "x", &time) || time <= 0)
    return NULL;
  entry = g_new0 (HistoryEntry, 1);
  entry->time = entry->since = time;
  entry->n = 1;
  entry->amount = NAN;
  entry->name = dup_text (values, "kind");
  entry->kind = kind_of (entry->name);
  entry->who = dup_text (values, "who");
  entry->reason = dup_text (values, "reason");
  entry->host = dup_text (values, "host");
  g_variant_lookup (values, "amount", "d", &entry->amount);
  g_variant_lookup (values, "vouched", "u", &entry->vouched);
  g_variant_lookup (values, "operators", "u", &entry->operators);
  return entry;
}

/* @newer: the gentle correction that follows @entry in the list. */
static gboolean
goes_on (const HistoryEntry *newer, const HistoryEntry *entry, GTimeZone *zone)
{
  return newer && newer->kind == HISTORY_SLEW && entry->kind == HISTORY_SLEW
         && g_str_equal (newer->who, entry->who)
         && format_is_same_day (newer->time, entry->time, zone);
}

static void
merge (HistoryEntry *stretch, HistoryEntry *older)
{
  stretch->since = older->time;
  stretch->n += older->n;
  if (isfinite (older->amount))
    stretch->amount = (isfinite (stretch->amount) ? stretch->amount : 0) + fabs (older->amount);
  entry_free (older);
}

GPtrArray *
history_read (GVariant *events, HistoryFilter filter, GTimeZone *zone)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);
  gboolean newest = TRUE;

  for (gsize i = g_variant_n_children (events); i-- > 0;)
    {
      g_autoptr (GVariant) values = g_variant_get_child_value (events, i);
      HistoryEntry *entry = read_entry (values);
      HistoryEntry *newer = entries->len > 0 ? entries->pdata[entries->len - 1] : NULL;

      if (!entry)
        continue;
      if (!passes (entry->kind, filter))
        {
          entry_free (entry);
          continue;
        }
      if (goes_on (newer, entry, zone))
        {
          merge (newer, entry);
          continue;
        }
      if (entry->kind == HISTORY_SLEW)
        entry->amount = fabs (entry->amount);
      entry->last = newest;
      newest = FALSE;
      g_ptr_array_add (entries, entry);
    }
  return entries;
}

HistorySummary
history_summarise (GVariant *events, gint64 since)
{
  HistorySummary summary = { 0 };

  for (gsize i = 0; i < g_variant_n_children (events); i++)
    {
      g_autoptr (GVariant) values = g_variant_get_child_value (events, i);
      HistoryEntry *entry = read_entry (values);

      if (!entry)
        continue;
      if (entry->time >= since && (entry->kind == HISTORY_STEP || entry->kind == HISTORY_SLEW))
        {
          summary.steps += entry->kind == HISTORY_STEP;
          summary.slews += entry->kind == HISTORY_SLEW;
          if (isfinite (entry->amount))
            summary.largest = MAX (summary.largest, fabs (entry->amount));
        }
      entry_free (entry);
    }
  return summary;
}

guint
history_count_samples (GVariant *samples, gint64 since)
{
  guint n = 0;

  for (gsize i = 0; i < g_variant_n_children (samples); i++)
    {
      g_autoptr (GVariant) values = g_variant_get_child_value (samples, i);
      const char *host = "";
      gint64 time = 0;

      g_variant_lookup (values, "host", "&s", &host);
      g_variant_lookup (values, "time", "x", &time);
      n += *host && time >= since;
    }
  return n;
}
