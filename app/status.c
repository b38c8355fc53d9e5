/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "status.h"

#include "format.h"
#include "notice.h"
#include "server.h"
#include "witness-words.h"

#include <glib/gi18n.h>
#include <math.h>

/* Closer than this, "1 second ago" would only make a fuss. */
#define JUST_NOW_S 2

void
clock_status_clear (ClockStatus *status)
{
  g_clear_pointer (&status->sentence, g_free);
  g_clear_pointer (&status->line, g_free);
  g_clear_pointer (&status->small, g_free);
}

static guint
count_answered (GListModel *servers)
{
  guint answered = 0;

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (servers, i);
      answered += gnomon_server_get_facts (server)->last_sample > 0;
    }
  return answered;
}

static gint64
find_next_poll (GListModel *servers)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (servers, i);
      gint64 poll = gnomon_server_get_facts (server)->next_poll;
      if (poll > 0)
        next = MIN (next, poll);
    }
  return next;
}

static char *
checked_ago (gint64 seconds)
{
  static SpanPhrases PHRASES = {
    { NG_ ("Checked %u second ago", "Checked %u seconds ago") },
    { NG_ ("Checked %u minute ago", "Checked %u minutes ago") },
    { NG_ ("Checked %u hour ago", "Checked %u hours ago") },
    { NG_ ("Checked %u day ago", "Checked %u days ago") },
  };
  return seconds < JUST_NOW_S ? g_strdup (_ ("Checked just now")) : format_span (PHRASES, seconds);
}

static char *
next_check_in (gint64 seconds)
{
  static SpanPhrases PHRASES = {
    { NG_ ("next check in %u second", "next check in %u seconds") },
    { NG_ ("next check in %u minute", "next check in %u minutes") },
    { NG_ ("next check in %u hour", "next check in %u hours") },
    { NG_ ("next check in %u day", "next check in %u days") },
  };
  return seconds < 1 ? g_strdup (_ ("next check now")) : format_span (PHRASES, seconds);
}

static char *
when_checked (const ClockFacts *clock, GListModel *servers, gint64 now)
{
  gint64 next = find_next_poll (servers);
  g_autofree char *checked = checked_ago ((now - clock->last_sync) / G_USEC_PER_SEC);
  g_autofree char *later = NULL;

  if (next == G_MAXINT64)
    return g_steal_pointer (&checked);
  later = next_check_in ((next - now + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC);
  /* Translators: "Checked 12 seconds ago · next check in 52 seconds". */
  return g_strdup_printf (_ ("%s · %s"), checked, later);
}

static char *
who_vouches (const ClockFacts *clock)
{
  g_autofree char *servers = words_for_share (clock->vouching, clock->asked);
  g_autofree char *operators = words_for_operators (clock->operators);

  if (clock->asked == 1)
    return g_strdup (_ ("The only server vouches for it. Nobody would outvote it."));
  if (g_str_equal (clock->reason, "few-servers"))
    return g_strdup_printf (
        /* Translators: "2 of 2 servers vouch for it. More would be safer." The plural is that of
         * the servers that do. */
        ngettext ("%s vouches for it. More would be safer.",
                  "%s vouch for it. More would be safer.", clock->vouching),
        servers);
  return g_strdup_printf (
      /* Translators: "3 of 3 servers, run by 2 operators, vouch for it." The plural is that of the
       * servers that do. */
      ngettext ("%s, %s, vouches for it.", "%s, %s, vouch for it.", clock->vouching), servers,
      operators);
}

static double
bound (const ClockFacts *clock)
{
  return fabs (clock->offset) + clock->uncertainty;
}

static void
describe_synchronised (ClockStatus *status, const ClockFacts *clock, GListModel *servers,
                       gint64 now)
{
  g_autofree char *within = format_bound (bound (clock));

  status->seal = SEAL_RIGHT;
  status->sentence = g_strdup_printf (_ ("Your clock is right to within %s"), within);
  status->line = who_vouches (clock);
  status->small = when_checked (clock, servers, now);
}

static void
describe_starting (ClockStatus *status, const ClockFacts *clock, GListModel *servers)
{
  guint answered = count_answered (servers);
  g_autofree char *share = words_for_share (answered, g_list_model_get_n_items (servers));

  status->seal = SEAL_SYNCHRONISING;
  status->sentence = g_strdup (_ ("Asking for the time…"));
  status->line = g_strdup_printf (
      /* Translators: "1 of 3 servers has answered."; the plural is that of those that have. */
      ngettext ("%s has answered.", "%s have answered.", answered), share);
  status->small = g_strdup (_ ("Nothing has been changed yet"));
}

static char *
silence (gint64 seconds)
{
  static SpanPhrases PHRASES = {
    { NG_ ("No server has answered for %u second.", "No server has answered for %u seconds.") },
    { NG_ ("No server has answered for %u minute.", "No server has answered for %u minutes.") },
    { NG_ ("No server has answered for %u hour.", "No server has answered for %u hours.") },
    { NG_ ("No server has answered for %u day.", "No server has answered for %u days.") },
  };
  return format_span (PHRASES, seconds);
}

static void
describe_holdover (ClockStatus *status, const ClockFacts *clock, gint64 now)
{
  g_autofree char *within = format_bound (bound (clock));

  status->seal = SEAL_WARNING;
  status->sentence = g_strdup_printf (_ ("Your clock should be right to within %s"), within);
  status->line = silence ((now - clock->last_sync) / G_USEC_PER_SEC);
  status->small = g_strdup (_ ("The clock runs on at its last good rate"));
}

static char *
how_many_agree (const ClockFacts *clock)
{
  g_autofree char *share = words_for_share (clock->vouching, clock->asked);
  g_autofree char *few = NULL;

  if (clock->minimum_sources == 0 || clock->asked < clock->minimum_sources)
    return g_strdup_printf (
        /* Translators: "1 of 3 servers can be believed."; the plural is that of those that can. */
        ngettext ("Nothing was changed. %s can be believed.",
                  "Nothing was changed. %s can be believed.", clock->vouching),
        share);
  few = g_strdup_printf (
      /* Translators: part of a sentence about servers: "3 servers must agree, and only 1 can be
       * believed." */
      ngettext ("only %u can be believed", "only %u can be believed", clock->vouching),
      clock->vouching);
  return g_strdup_printf (
      /* Translators: %s is "only 1 can be believed" or "none can be believed". */
      ngettext ("Nothing was changed. %u server must agree, and %s.",
                "Nothing was changed. %u servers must agree, and %s.", clock->minimum_sources),
      clock->minimum_sources, clock->vouching > 0 ? few : _ ("none can be believed"));
}

static void
describe_disagreement (ClockStatus *status, const ClockFacts *clock)
{
  g_autofree char *within = format_bound (bound (clock));

  status->seal = SEAL_NOT_TRUSTED;
  status->sentence = g_strdup (_ ("The servers disagree about the time"));
  status->line = how_many_agree (clock);
  status->small =
      isfinite (bound (clock))
          ? g_strdup_printf (_ ("The clock runs on at its last good rate and should be right to "
                                "within %s"),
                             within)
          : g_strdup (_ ("The clock runs on unchanged"));
}

static void
describe_nobody (ClockStatus *status)
{
  status->seal = SEAL_NOT_TRUSTED;
  status->sentence = g_strdup (_ ("Nobody vouches for your clock"));
  status->line = g_strdup (_ ("No server has given a proven answer yet."));
  status->small = g_strdup (_ ("Nothing has been changed"));
}

static void
describe_off (ClockStatus *status, const ClockFacts *clock, gint64 now, GTimeZone *zone)
{
  g_autofree char *when = format_day_and_time (clock->last_sync, now, zone);

  status->seal = SEAL_OFF;
  status->sentence = g_strdup (_ ("Automatic correction is off"));
  status->line = clock->last_sync > 0
                     /* Translators: "Your clock was last checked yesterday at 18:05." */
                     ? g_strdup_printf (_ ("Your clock was last checked %s."), when)
                     : g_strdup (_ ("Your clock has not been checked yet."));
  status->small = g_strdup ("");
}

/* Takes @text over. */
static char *
add_sentence (char *text, const char *sentence)
{
  g_autofree char *before = text;

  /* Translators: two sentences, one behind the other. */
  return g_strdup_printf (C_ ("sentences", "%s %s"), before, sentence);
}

static void
describe_decision (ClockStatus *status, const ClockFacts *clock)
{
  g_autofree char *amount = format_amount (clock->offset);
  g_autofree char *servers = words_for_share (clock->vouching, clock->asked);
  g_autofree char *operators = words_for_operators (clock->operators);

  status->seal = SEAL_DECISION;
  status->sentence = g_strdup_printf (_ ("Your clock would jump by %s"), amount);
  status->line = g_strdup_printf (
      /* Translators: "3 of 3 servers, run by 2 operators, agree on another time." The plural is
       * that of the servers that do. */
      ngettext ("Nothing was changed. %s, %s, names another time.",
                "Nothing was changed. %s, %s, agree on another time.", clock->vouching),
      servers, operators);
  if (g_str_equal (clock->reason, "dates-unchecked"))
    status->line = add_sentence (
        status->line, _ ("Their certificates are valid at that time, and not at yours."));
  status->small = g_strdup (_ ("So large a change needs a person’s decision"));
}

static void
describe_rejection (ClockStatus *status, const ClockFacts *clock)
{
  g_autofree char *amount = format_amount (clock->offset);

  status->seal = SEAL_NOT_TRUSTED;
  status->sentence = g_strdup (_ ("Your clock is kept as it is"));
  status->line = g_strdup_printf (_ ("Somebody has decided not to change it by %s."), amount);
  status->small = g_strdup (_ ("Gnomon keeps measuring"));
}

/* What is known of the clock is ours, what is done to it is not. */
static void
say_who_keeps_it (ClockStatus *status, const ClockFacts *clock)
{
  g_autofree char *name = notice_service_name (clock->other_service);

  g_free (status->small);
  /* Translators: %s is the name of a program. */
  status->small = g_strdup_printf (_ ("Only watching: %s keeps the clock"), name);
}

gboolean
clock_servers_disagree (const ClockFacts *clock, GListModel *servers)
{
  return g_str_equal (clock->reason, "no-quorum") && count_answered (servers) > 0;
}

void
clock_status_init (ClockStatus *status, const ClockFacts *clock, GListModel *servers, gint64 now,
                   GTimeZone *zone)
{
  *status = (ClockStatus){ 0 };
  if (g_str_equal (clock->state, "synchronised"))
    describe_synchronised (status, clock, servers, now);
  else if (g_str_equal (clock->state, "starting"))
    describe_starting (status, clock, servers);
  else if (g_str_equal (clock->state, "off"))
    describe_off (status, clock, now, zone);
  else if (g_str_equal (clock->state, "needs-decision"))
    describe_decision (status, clock);
  else if (g_str_equal (clock->reason, "change-rejected"))
    describe_rejection (status, clock);
  else if (clock_servers_disagree (clock, servers))
    describe_disagreement (status, clock);
  else if (g_str_equal (clock->state, "holdover"))
    describe_holdover (status, clock, now);
  else
    describe_nobody (status);
  if (*clock->other_service)
    say_who_keeps_it (status, clock);
}

void
clock_status_init_syncing (ClockStatus *status, guint servers, gboolean changed)
{
  *status = (ClockStatus){
    .seal = SEAL_SYNCHRONISING,
    .sentence = g_strdup (_ ("Synchronising securely…")),
    .line = g_strdup_printf (
        ngettext ("Asking %u server for the time.", "Asking %u servers for the time.", servers),
        servers),
    .small = g_strdup (changed ? _ ("The clock is being set") : _ ("Nothing has been changed yet")),
  };
}

const char *
clock_mode_words (const ClockFacts *facts)
{
  if (g_str_equal (facts->clock_mode, "virtual"))
    return _ ("Make-believe clock");
  if (g_str_equal (facts->clock_mode, "observe"))
    return _ ("Only measuring");
  return *facts->other_service ? _ ("Only watching") : "";
}
