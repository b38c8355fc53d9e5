/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon accept and gnomon reject: the answers to a change that is held back. */

#include "command.h"

#include "command-print.h"
#include "format.h"
#include "helper-calls.h"
#include "witness-words.h"

#include <glib/gi18n.h>
#include <math.h>

/* The offset that was shown, s: what is accepted is this one, however long the answer takes. */
static double shown;

static gint64
time_after (double offset)
{
  return g_get_real_time () + (gint64) (offset * G_USEC_PER_SEC);
}

static gboolean
has_decision (CommandRun *run)
{
  const ClockFacts *clock = gnomon_helper_client_get_facts (run->client);

  if (g_str_equal (clock->state, "needs-decision") && isfinite (clock->offset))
    return TRUE;
  if (run->json)
    command_print_json (json_object_new (), "NothingToDecide");
  else
    g_printerr ("%s\n", _ ("There is nothing to decide: no change is held back."));
  command_run_finish (run, COMMAND_FAILED);
  return FALSE;
}

/* To the second, with its date and zone. (transfer full), NULL = beyond all calendars. */
static char *
date_and_time (gint64 usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (usec / G_USEC_PER_SEC);

  /* Translators: a day and a time to the second, "25 November 2026 13:47:21 CET". */
  return time ? g_date_time_format (time, _ ("%-d %B %Y %H:%M:%S %Z")) : NULL;
}

static void
print_both (CommandRun *run)
{
  const ClockFacts *clock = gnomon_helper_client_get_facts (run->client);
  g_autofree char *now = date_and_time (time_after (0));
  g_autofree char *then = date_and_time (time_after (shown));
  g_autofree char *change = format_offset (shown);
  g_autofree char *who = words_for_witnesses (clock->vouching, clock->asked, clock->operators);

  command_print_row (NULL, _ ("Your Clock"), now);
  command_print_row (NULL, _ ("The Servers"), then);
  command_print_row (NULL, C_ ("of the clock", "Change"), change);
  command_print_row (NULL, _ ("Who Says So"), who);
}

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;

  gnomon_helper_client_call_finish (run->client, result, &error);
  command_run_end (run, error, _ ("The clock was set."));
}

static void
accept (CommandRun *run)
{
  gnomon_helper_client_accept_time_async (run->client, time_after (shown), run->cancellable,
                                          on_accepted, run);
}

static void
start_accept (CommandRun *run)
{
  if (!has_decision (run))
    return;
  shown = gnomon_helper_client_get_facts (run->client)->offset;
  if (!run->json)
    print_both (run);
  command_ask (run, _ ("Set the clock to what the servers say?"), accept);
}

const Command COMMAND_ACCEPT = {
  .name = "accept",
  .authorised = TRUE,
  .summary = N_ ("set the clock although the change is so large"),
  .notes = N_ ("A change that is larger than the limit is held back until a person has decided.\n"
               "Both times are shown before the clock is set."),
  .options = COMMAND_YES_OPTIONS,
  .prepare = command_check_answer,
  .start = start_accept,
};

/* ---- reject ---- */

static void
on_rejected (GObject *source, GAsyncResult *result, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;

  gnomon_helper_client_call_finish (run->client, result, &error);
  command_run_end (run, error, _ ("The clock stays as it is."));
}

static void
start_reject (CommandRun *run)
{
  if (has_decision (run))
    gnomon_helper_client_reject_time_async (run->client, run->cancellable, on_rejected, run);
}

const Command COMMAND_REJECT = {
  .name = "reject",
  .authorised = TRUE,
  .summary = N_ ("leave the clock as it is instead of a large change"),
  .notes = N_ ("What was rejected is not asked about again."),
  .start = start_reject,
};
