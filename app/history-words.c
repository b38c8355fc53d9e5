/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "history-words.h"

#include "format-date.h"
#include "format.h"
#include "witness-words.h"
#include "words.h"

#include <glib/gi18n.h>
#include <math.h>

/* What is said where the helper tells no amount, and with it; %s is the amount. */
static const struct
{
  const char *forward;
  const char *back; /* NULL = the same */
  const char *plain;
} TITLES[HISTORY_N_KINDS] = {
  [HISTORY_STEP] = { N_ ("Set forward by %s"), N_ ("Set back by %s"), N_ ("The clock was set") },
  [HISTORY_SLEW] = { N_ ("Corrected gently, %s in all"), NULL, N_ ("Corrected gently") },
  [HISTORY_FOREIGN_STEP] = { N_ ("Another program set the clock forward by %s"),
                             N_ ("Another program set the clock back by %s"),
                             N_ ("Another program set the clock") },
  [HISTORY_FOREIGN_SLEW] = { N_ ("Another program moves the clock by %s"), NULL,
                             N_ ("Another program moves the clock") },
  [HISTORY_FOREIGN_FREQUENCY] = { NULL, NULL, N_ ("Another program changed the clock’s rate") },
  [HISTORY_RESUMED] = { NULL, NULL, N_ ("The computer woke up") },
  [HISTORY_SYNCHRONISED] = { NULL, NULL, N_ ("The clock is vouched for") },
  [HISTORY_LOST] = { NULL, NULL, N_ ("Nobody vouches for the clock any more") },
  [HISTORY_DECISION] = { N_ ("Jump of %s held back"), NULL, N_ ("Jump held back") },
  [HISTORY_ACCEPTED] = { N_ ("Jump of %s accepted"), NULL, N_ ("Jump accepted") },
  [HISTORY_REJECTED] = { N_ ("Jump of %s refused"), NULL, N_ ("Jump refused") },
  [HISTORY_NETWORK_CHANGED] = { NULL, NULL, N_ ("Another network") },
  [HISTORY_STARTED] = { NULL, NULL, N_ ("The time service started") },
  [HISTORY_STOPPED] = { NULL, NULL, N_ ("The time service ended") },
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static char *
with_amount (const char *format, const char *amount)
{
  return g_strdup_printf (_ (format), amount);
}

#pragma GCC diagnostic pop

static char *
title_of_host (const HistoryEntry *entry)
{
  if (entry->kind == HISTORY_KEY_EXCHANGE)
    return g_strdup_printf (_ ("New keys from %s"), entry->host);
  return g_strdup_printf (_ ("New certificate for %s"), entry->host);
}

char *
history_title (const HistoryEntry *entry)
{
  g_autofree char *amount = NULL;
  const char *format = TITLES[entry->kind].forward;

  if (entry->kind == HISTORY_OTHER)
    return g_strdup (*entry->name ? entry->name : "—");
  if (!TITLES[entry->kind].plain)
    return title_of_host (entry);
  if (!format || !isfinite (entry->amount))
    return g_strdup (_ (TITLES[entry->kind].plain));
  if (entry->amount < 0 && TITLES[entry->kind].back)
    format = TITLES[entry->kind].back;
  amount = format_correction (fabs (entry->amount));
  return with_amount (format, amount);
}

/* Who did it, NULL if there is nobody to name. */
static char *
actor (const HistoryEntry *entry)
{
  switch (entry->kind)
    {
    case HISTORY_SLEW:
    case HISTORY_STEP:
      if (!*entry->who)
        return g_strdup (_ ("Automatic"));
      /* Translators: an account of this computer, whose user asked for it. */
      return g_strdup_printf (_ ("At the request of %s"), entry->who);
    case HISTORY_ACCEPTED:
    case HISTORY_REJECTED:
      return *entry->who ? g_strdup_printf (_ ("Decided by %s"), entry->who) : NULL;
    case HISTORY_DECISION:
      return g_strdup (_ ("A person must decide"));
    case HISTORY_NEW_CERTIFICATE:
      return g_strdup (_ ("Same issuer"));
    case HISTORY_NEW_ISSUER:
      return g_strdup (_ ("Another issuer"));
    default:
      return *entry->who ? g_strdup (entry->who) : NULL;
    }
}

/* NULL if the helper does not tell. */
static char *
evidence (const HistoryEntry *entry)
{
  g_autofree char *servers = NULL;
  g_autofree char *operators = NULL;

  if (entry->vouched == 0)
    {
      const char *words = words_for_reason (entry->reason);
      return words && *words ? format_capitalised (words) : NULL;
    }
  servers = g_strdup_printf (ngettext ("%u server", "%u servers", entry->vouched), entry->vouched);
  if (entry->operators == 0 || entry->vouched == 1)
    return g_steal_pointer (&servers);
  operators = words_for_operators (entry->operators);
  return g_strdup_printf (C_ ("witnesses", "%s, %s"), servers, operators);
}

char *
history_subtitle (const HistoryEntry *entry)
{
  g_autofree char *who = actor (entry);
  g_autofree char *why = evidence (entry);

  if (who && why)
    /* Translators: who did it, and on whose word. */
    return g_strdup_printf (_ ("%s · %s"), who, why);
  if (who)
    return g_steal_pointer (&who);
  return why ? g_steal_pointer (&why) : g_strdup ("");
}

char *
history_time (const HistoryEntry *entry, GTimeZone *zone)
{
  g_autofree char *begin = NULL;
  g_autofree char *end = NULL;

  if (entry->since == entry->time)
    return format_time_of_day (entry->time, zone);
  begin = format_minute (entry->since, zone);
  if (entry->last)
    /* Translators: "since 13:47": it began then and goes on. */
    return g_strdup_printf (_ ("since %s"), begin);
  end = format_minute (entry->time, zone);
  /* Translators: from one time of day to another. */
  return g_strdup_printf (_ ("%s – %s"), begin, end);
}

const char *
history_icon_name (HistoryKind kind)
{
  static const char *const NAMES[HISTORY_N_KINDS] = {
    [HISTORY_STEP] = "gnomon-step-symbolic",
    [HISTORY_SLEW] = "gnomon-slew-symbolic",
    [HISTORY_FOREIGN_STEP] = "gnomon-warning-symbolic",
    [HISTORY_FOREIGN_SLEW] = "gnomon-warning-symbolic",
    [HISTORY_FOREIGN_FREQUENCY] = "gnomon-warning-symbolic",
    [HISTORY_RESUMED] = "weather-clear-night-symbolic",
    [HISTORY_SYNCHRONISED] = "gnomon-right-symbolic",
    [HISTORY_LOST] = "gnomon-not-trusted-symbolic",
    [HISTORY_DECISION] = "gnomon-decision-symbolic",
    [HISTORY_ACCEPTED] = "gnomon-decision-symbolic",
    [HISTORY_REJECTED] = "gnomon-decision-symbolic",
    [HISTORY_KEY_EXCHANGE] = "gnomon-key-symbolic",
    [HISTORY_NEW_CERTIFICATE] = "application-certificate-symbolic",
    [HISTORY_NEW_ISSUER] = "application-certificate-symbolic",
    [HISTORY_NETWORK_CHANGED] = "network-wired-symbolic",
    [HISTORY_STARTED] = "media-playback-start-symbolic",
    [HISTORY_STOPPED] = "media-playback-stop-symbolic",
    [HISTORY_OTHER] = "gnomon-off-symbolic",
  };
  return NAMES[kind];
}

const char *
history_style_class (HistoryKind kind)
{
  switch (kind)
    {
    case HISTORY_FOREIGN_STEP:
    case HISTORY_FOREIGN_SLEW:
    case HISTORY_FOREIGN_FREQUENCY:
    case HISTORY_NEW_ISSUER:
      return "warning";
    case HISTORY_LOST:
      return "error";
    case HISTORY_SYNCHRONISED:
      return "success";
    default:
      return "";
    }
}

const char *
history_filter_label (HistoryFilter filter)
{
  static const char *const LABELS[HISTORY_N_FILTERS] = {
    [HISTORY_FILTER_EVERYTHING] = N_ ("Everything"),
    [HISTORY_FILTER_STEPS] = N_ ("Steps"),
    [HISTORY_FILTER_DECISIONS] = N_ ("Decisions"),
    [HISTORY_FILTER_OTHER_PROGRAMS] = N_ ("Other Programs"),
    [HISTORY_FILTER_CERTIFICATES] = N_ ("Certificates"),
  };
  return _ (LABELS[filter]);
}
