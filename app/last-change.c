/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "last-change.h"

#include "format-date.h"
#include "format.h"
#include "history-words.h"

#include <glib/gi18n.h>

/* What belongs together is stamped by two programs. */
#define SAME_US (5 * G_TIME_SPAN_SECOND)

static gboolean
belongs_to (const SyncResult *sync, gint64 step)
{
  return sync && sync->stepped && ABS (sync->time - step) < SAME_US;
}

const HistoryEntry *
last_change_find (GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const HistoryEntry *entry = entries->pdata[i];
      if (entry->kind == HISTORY_STEP || entry->kind == HISTORY_SLEW
          || entry->kind == HISTORY_FOREIGN_STEP || entry->kind == HISTORY_FOREIGN_SLEW)
        return entry;
    }
  return NULL;
}

static char *
words_for_entry (const HistoryEntry *entry, const char *user, gint64 now, GTimeZone *zone)
{
  g_autofree char *title = history_title (entry);
  g_autofree char *when = format_day_and_time (entry->time, now, zone);

  if (entry->kind == HISTORY_FOREIGN_STEP || entry->kind == HISTORY_FOREIGN_SLEW)
    /* Translators: "Another program set the clock back by 2 s, today at 13:47". */
    return g_strdup_printf (_ ("%s, %s"), title, when);
  if (!*entry->who)
    /* Translators: what was done, and when: "Set forward by 2.501 s, today at 13:47, by itself". */
    return g_strdup_printf (_ ("%s, %s, by itself"), title, when);
  if (g_str_equal (entry->who, user))
    /* Translators: "Set forward by 2.501 s, today at 13:47, at your request". */
    return g_strdup_printf (_ ("%s, %s, at your request"), title, when);
  /* Translators: what was done, when, and the account of this computer that asked for it. */
  return g_strdup_printf (_ ("%s, %s, at the request of %s"), title, when, entry->who);
}

char *
last_change_words (const ClockFacts *clock, const SyncResult *sync, const HistoryEntry *newest,
                   const char *user, gint64 now, GTimeZone *zone)
{
  g_autofree char *when = NULL;

  if (newest && newest->time > clock->last_step - SAME_US)
    return words_for_entry (newest, user, now, zone);
  if (clock->last_step <= 0)
    return g_strdup (_ ("Never set, only corrected gently"));
  if (belongs_to (sync, clock->last_step))
    {
      const HistoryEntry step = { .kind = HISTORY_STEP,
                                  .time = clock->last_step,
                                  .amount = sync->correction,
                                  .who = (char *) user };
      return words_for_entry (&step, user, now, zone);
    }
  when = format_day_and_time (clock->last_step, now, zone);
  /* Translators: the clock was set: "Set today at 13:47". */
  return g_strdup_printf (C_ ("the clock", "Set %s"), when);
}
