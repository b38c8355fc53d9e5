/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "news.h"

#include "format.h"

#include <glib/gi18n.h>
#include <math.h>

/* A smaller change of the clock is nothing to talk about, s. */
#define CHANGE_WORTH_TELLING 1.0
/* After a day without authenticated time a computer that has slept gets so long to ask for it. */
#define PATIENCE (10 * G_TIME_SPAN_MINUTE)
/* Servers that agree and disagree in turns are told of once in this time. */
#define QUIET G_TIME_SPAN_HOUR

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_free (notice->title);
  g_free (notice->body);
  g_free (notice->host);
  g_free (notice);
}

/* Takes @title and @body; NULL = withdraw it. */
static Notice *
add (GPtrArray *notices, News kind, char *title, char *body)
{
  Notice *notice = g_new0 (Notice, 1);

  notice->kind = kind;
  notice->title = title;
  notice->body = body;
  g_ptr_array_add (notices, notice);
  return notice;
}

/* ---- What happened ---- */

typedef struct
{
  gint64 time;
  const char *kind;
  double amount;
  const char *who;
  const char *host;
} Event;

/* What is not of its type counts as missing. */
static Event
read_event (GVariant *values)
{
  Event event = { .kind = "", .who = "", .host = "" };

  g_variant_lookup (values, "time", "x", &event.time);
  g_variant_lookup (values, "kind", "&s", &event.kind);
  g_variant_lookup (values, "amount", "d", &event.amount);
  g_variant_lookup (values, "who", "&s", &event.who);
  g_variant_lookup (values, "host", "&s", &event.host);
  return event;
}

static gboolean
is_foreign (const Event *event)
{
  return g_str_equal (event->kind, "foreign-step");
}

static gboolean
is_change (const Event *event, const char *user)
{
  if (!g_str_equal (event->kind, "stepped") && !is_foreign (event))
    return FALSE;
  return fabs (event->amount) >= CHANGE_WORTH_TELLING && !g_str_equal (event->who, user);
}

static gboolean
is_new_issuer (const Event *event)
{
  return g_str_equal (event->kind, "new-issuer") && *event->host;
}

/* By its very time, not by being older than the last: a clock that is set back makes new events
 * older. */
static gboolean
remember (NewsMemory *memory, gint64 time)
{
  for (guint i = 0; i < MIN (memory->n_events, NEWS_MOST_EVENTS); i++)
    if (memory->events[i] == time)
      return FALSE;
  memory->events[memory->n_events++ % NEWS_MOST_EVENTS] = time;
  return TRUE;
}

static void
tell_change (GPtrArray *notices, const Event *event)
{
  g_autofree char *amount = format_correction (event->amount);
  gboolean forward = event->amount > 0;
  char *body;

  if (is_foreign (event))
    body = g_strdup (forward ? _ ("Another program has set it forward.")
                             : _ ("Another program has set it back."));
  else if (*event->who)
    body = g_strdup_printf (forward ? _ ("It was set forward at the request of %s.")
                                    : _ ("It was set back at the request of %s."),
                            event->who);
  else
    body = g_strdup (forward ? _ ("It was slow and has been set forward.")
                             : _ ("It was fast and has been set back."));
  add (notices, NEWS_CHANGED, g_strdup_printf (_ ("Your clock was changed by %s"), amount), body);
}

static void
tell_issuers (GPtrArray *notices, guint n, const Event *last)
{
  char *title =
      n == 1 ? g_strdup_printf (_ ("The certificate of %s is from another issuer"), last->host)
             : g_strdup_printf (ngettext ("%u server shows a certificate from another issuer",
                                          "%u servers show certificates from another issuer", n),
                                n);
  Notice *notice = add (notices, NEWS_ISSUER, title,
                        g_strdup (_ ("The server may have changed its provider, or somebody may "
                                     "be in between.")));

  notice->host = g_strdup (last->host);
}

/* Of several changes the last one is told. */
static void
tell_events (GPtrArray *notices, NewsMemory *memory, const NewsFacts *facts)
{
  Event change = { 0 };
  Event issuer = { 0 };
  guint issuers = 0;

  for (gsize i = 0; i < g_variant_n_children (facts->events); i++)
    {
      g_autoptr (GVariant) values = g_variant_get_child_value (facts->events, i);
      Event event = read_event (values);
      gboolean changed = is_change (&event, facts->user);

      if ((!changed && !is_new_issuer (&event)) || event.time < facts->now - NEWS_SPAN
          || !remember (memory, event.time) || memory->fresh)
        continue;
      if (changed)
        change = event;
      else
        issuer = event;
      issuers += !changed;
    }
  memory->fresh = FALSE;
  /* The strings belong to facts->events. */
  if (change.kind)
    tell_change (notices, &change);
  if (issuers > 0)
    tell_issuers (notices, issuers, &issuer);
}

/* ---- What is so ---- */

/* TRUE if it is to be told that it holds; withdraws what no longer does. */
static gboolean
begins (GPtrArray *notices, NewsMemory *memory, News kind, gboolean holds, gint64 now)
{
  gboolean did = memory->holds[kind];

  memory->holds[kind] = holds;
  if (did && !holds)
    add (notices, kind, NULL, NULL);
  if (did || !holds)
    return FALSE;
  if (kind == NEWS_DISAGREE && now >= memory->told[kind] && now - memory->told[kind] < QUIET)
    return FALSE;
  memory->told[kind] = now;
  return TRUE;
}

/* Since when there has been no authenticated time, 0 = nobody waits for it, or a person has been
 * asked. */
static gint64
waits_since (const NewsMemory *memory, const ClockFacts *clock)
{
  if (!clock->automatic || g_str_equal (clock->state, "off")
      || g_str_equal (clock->state, "needs-decision")
      || g_str_equal (clock->reason, "change-rejected")
      || g_str_equal (clock->reason, "no-servers"))
    return 0;
  return clock->last_sync > 0 ? clock->last_sync : memory->waiting;
}

static gboolean
is_without_time (NewsMemory *memory, const NewsFacts *facts)
{
  const ClockFacts *clock = facts->clock;
  gint64 since;

  if (clock->last_sync > 0)
    memory->waiting = 0;
  else if (memory->waiting == 0 || memory->waiting > facts->now)
    memory->waiting = facts->now;

  since = waits_since (memory, clock);
  if (since == 0 || facts->now - since < NEWS_SPAN)
    {
      memory->overdue = 0;
      return FALSE;
    }
  if (memory->holds[NEWS_NO_TIME])
    return TRUE;
  if (memory->overdue == 0 || memory->overdue > facts->now)
    memory->overdue = facts->now;
  return facts->now - memory->overdue >= PATIENCE;
}

static void
tell_conditions (GPtrArray *notices, NewsMemory *memory, const NewsFacts *facts)
{
  const ClockFacts *clock = facts->clock;
  gboolean decision = g_str_equal (clock->state, "needs-decision");
  gboolean without_time = is_without_time (memory, facts);

  if (begins (notices, memory, NEWS_DECISION, decision, facts->now))
    {
      g_autofree char *amount = format_amount (clock->offset);
      add (notices, NEWS_DECISION, g_strdup (_ ("Your clock needs a decision")),
           g_strdup_printf (_ ("It would jump by %s. Nothing was changed."), amount));
    }
  if (begins (notices, memory, NEWS_DISAGREE, facts->disagree && !decision, facts->now))
    add (notices, NEWS_DISAGREE, g_strdup (_ ("The servers disagree about the time")),
         g_strdup (_ ("Nothing was changed. The clock runs on at its last good rate.")));
  if (begins (notices, memory, NEWS_NO_TIME, without_time, facts->now))
    {
      g_autofree char *when = format_day_and_time (clock->last_sync, facts->now, facts->zone);
      add (notices, NEWS_NO_TIME, g_strdup (_ ("Nobody has vouched for your clock for a day")),
           clock->last_sync > 0
               /* Translators: "The last proven answer came yesterday at 18:05." */
               ? g_strdup_printf (_ ("The last proven answer came %s."), when)
               : g_strdup (_ ("No server has given a proven answer yet.")));
    }
}

/* ---- Both ---- */

/* A helper that has just started knows nothing yet, so nothing begins and nothing ends. */
static gboolean
knows (const ClockFacts *clock)
{
  return clock && *clock->state && !g_str_equal (clock->state, "starting");
}

GPtrArray *
news_decide (NewsMemory *memory, const NewsFacts *facts)
{
  GPtrArray *notices = g_ptr_array_new_with_free_func (notice_free);

  if (facts->events && g_variant_is_of_type (facts->events, G_VARIANT_TYPE ("aa{sv}")))
    tell_events (notices, memory, facts);
  if (knows (facts->clock))
    tell_conditions (notices, memory, facts);
  return notices;
}

gint64
news_next (const NewsMemory *memory, const NewsFacts *facts)
{
  gint64 since = knows (facts->clock) ? waits_since (memory, facts->clock) : 0;

  if (since == 0 || memory->holds[NEWS_NO_TIME])
    return -1;
  if (memory->overdue > 0)
    return MAX (memory->overdue + PATIENCE - facts->now, 0);
  return MAX (since + NEWS_SPAN - facts->now, 0);
}
