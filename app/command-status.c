/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon status and gnomon wait: is the clock right, and who says so. */

#include "command.h"

#include "clock-numbers.h"
#include "command-print.h"
#include "format.h"
#include "status.h"

#include <glib/gi18n.h>
#include <math.h>

/* Eleven days: for ever is to give no number. */
#define MOST_SECONDS 1e6

static void
print_text (GnomonHelperClient *client)
{
  const ClockFacts *clock = gnomon_helper_client_get_facts (client);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *error = format_slow_or_fast (clock->offset);
  g_auto (ClockStatus) status = { 0 };

  clock_status_init (&status, clock, gnomon_helper_client_get_servers (client), g_get_real_time (),
                     zone);
  g_print ("%s.\n%s\n", status.sentence, status.line);
  if (*status.small)
    g_print ("%s\n", status.small);
  g_print ("\n");
  /* Translators: followed by "0.31 ms slow" or "0.31 ms fast". */
  command_print_row (NULL, _ ("The Clock Is"), isfinite (clock->uncertainty) ? error : NULL);
  clock_numbers_tell (client, command_print_row, NULL);
}

static void
print_json (GnomonHelperClient *client, const char *error)
{
  g_autoptr (GVariant) properties = gnomon_helper_client_get_properties (client);
  g_autoptr (JsonNode) node = variant_to_json (properties);

  command_print_json (json_node_dup_object (node), error);
}

static gboolean
is_right (GnomonHelperClient *client)
{
  return g_str_equal (gnomon_helper_client_get_facts (client)->state, "synchronised");
}

static void
start_status (CommandRun *run)
{
  if (run->json)
    print_json (run->client, NULL);
  else
    print_text (run->client);
  command_run_finish (run, is_right (run->client) ? COMMAND_OK : COMMAND_FAILED);
}

const Command COMMAND_STATUS = {
  .name = "status",
  .summary = N_ ("say whether the clock is right and who vouches for it"),
  .start = start_status,
};

/* ---- wait ---- */

static void
look (GnomonHelperClient *client, CommandRun *run)
{
  if (gnomon_helper_client_get_presence (client) != HELPER_PRESENT || !is_right (client))
    return;
  if (run->json)
    print_json (client, NULL);
  command_run_finish (run, COMMAND_OK);
}

static gboolean
on_time_out (gpointer data)
{
  CommandRun *run = data;

  run->started = TRUE;
  if (!run->json)
    g_printerr ("%s\n", _ ("The clock has not been synchronised in that time."));
  else
    command_print_json (json_object_new (), "TimedOut");
  command_run_finish (run, COMMAND_FAILED);
  return G_SOURCE_REMOVE;
}

/* With nothing to wait for, the helper alone is waited for. */
static gboolean only_looks;

/* The time runs from here on: to start the helper is part of what is waited for. */
static char *
prepare_wait (CommandRun *run)
{
  char *end;
  double seconds;

  if (!run->arguments[0])
    return NULL;
  seconds = g_ascii_strtod (run->arguments[0], &end);
  if (*end || end == run->arguments[0] || !(seconds >= 0 && seconds <= MOST_SECONDS))
    return g_strdup_printf (_ ("“%s” is not a number of seconds from 0 to %.0f"), run->arguments[0],
                            MOST_SECONDS);
  only_looks = seconds <= 0;
  if (!only_looks)
    g_timeout_add ((guint) (seconds * 1000), on_time_out, run);
  return NULL;
}

static void
on_interrupted (GCancellable *cancellable, CommandRun *run)
{
  g_autoptr (GError) error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  command_run_fail (run, error);
}

static void
start_wait (CommandRun *run)
{
  g_signal_connect (run->cancellable, "cancelled", G_CALLBACK (on_interrupted), run);
  g_signal_connect (run->client, "changed", G_CALLBACK (look), run);
  look (run->client, run);
  if (only_looks && !is_right (run->client))
    on_time_out (run);
}

const Command COMMAND_WAIT = {
  .name = "wait",
  .arguments = N_ ("[SECONDS]"),
  .most = 1,
  .summary = N_ ("wait until the clock is right, at most that long"),
  .notes = N_ ("For scripts that need the right time: it ends with 0 as soon as the clock is\n"
               "synchronised, and with 1 when the time is up."),
  .prepare = prepare_wait,
  .start = start_wait,
};
