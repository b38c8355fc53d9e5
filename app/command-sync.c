/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon sync: the click. */

#include "command.h"

#include "command-print.h"
#include "format.h"
#include "witness-words.h"

#include <glib/gi18n.h>
#include <unistd.h>

#define CLEAR_LINE "\r\033[K"

static gboolean
shows_progress (const CommandRun *run)
{
  return !run->json && isatty (STDERR_FILENO);
}

static void
print_result_text (const SyncResult *result)
{
  g_autofree char *amount = format_correction (result->correction);
  g_autofree char *uncertainty = format_uncertainty (result->uncertainty);
  g_autofree char *took = format_tenths (result->duration);
  g_autofree char *servers = words_for_share (result->vouched, result->answered);
  g_autofree char *operators = words_for_operators (result->operators);

  if (result->stepped)
    g_print (result->correction > 0 ? _ ("Your clock was set forward by %s.\n")
                                    : _ ("Your clock was set back by %s.\n"),
             amount);
  else
    g_print (result->correction > 0 ? _ ("Your clock was slow by %s and is corrected gently.\n")
                                    : _ ("Your clock was fast by %s and is corrected gently.\n"),
             amount);
  /* Translators: "3 of 3 servers, run by 2 operators, vouch for it; ± 1 ms; it took 1.8 s." The
   * plural is that of the servers that do. */
  g_print (ngettext ("%s, %s, vouches for it; %s; it took %s.\n",
                     "%s, %s, vouch for it; %s; it took %s.\n", result->vouched),
           servers, operators, uncertainty, took);
}

static void
print_result (const SyncResult *result, gboolean json)
{
  JsonObject *object;

  if (!json)
    {
      print_result_text (result);
      return;
    }
  object = json_object_new ();
  command_print_set_number (object, "offset-before", result->offset_before);
  command_print_set_number (object, "correction", result->correction);
  json_object_set_boolean_member (object, "stepped", result->stepped);
  command_print_set_number (object, "uncertainty", result->uncertainty);
  json_object_set_int_member (object, "answered", result->answered);
  json_object_set_int_member (object, "vouched", result->vouched);
  json_object_set_int_member (object, "operators", result->operators);
  command_print_set_number (object, "duration", result->duration);
  command_print_json (object, NULL);
}

static void
on_synced (GObject *source, GAsyncResult *result, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;
  SyncResult sync;

  if (shows_progress (run))
    g_printerr (CLEAR_LINE);
  if (!gnomon_helper_client_sync_finish (run->client, result, &sync, &error))
    {
      command_run_fail (run, error);
      return;
    }
  print_result (&sync, run->json);
  command_run_finish (run, COMMAND_OK);
}

static void
on_progress (GnomonHelperClient *client, SyncPhase phase, const char *host, guint answers,
             guint wanted, gpointer data)
{
  static const char *const PHASES[SYNC_PHASE_DONE] = {
    N_ ("Getting keys"),
    N_ ("Measuring"),
    N_ ("Comparing"),
    N_ ("Setting the clock"),
  };

  if (phase < SYNC_PHASE_DONE)
    g_printerr (wanted > 0 ? CLEAR_LINE "%s: %u/%u" : CLEAR_LINE "%s", _ (PHASES[phase]), answers,
                wanted);
}

static void
start_sync (CommandRun *run)
{
  if (shows_progress (run))
    g_signal_connect (run->client, "sync-progress", G_CALLBACK (on_progress), NULL);
  /* The helper ends it, and says that it has. */
  g_signal_connect_object (run->cancellable, "cancelled",
                           G_CALLBACK (gnomon_helper_client_cancel_sync), run->client,
                           G_CONNECT_SWAPPED);
  gnomon_helper_client_sync_async (run->client, NULL, on_synced, run);
}

const Command COMMAND_SYNC = {
  .name = "sync",
  .authorised = TRUE,
  .summary = N_ ("ask all servers at once and set the clock securely"),
  .notes = N_ ("Ctrl+C cancels it, and nothing is changed."),
  .start = start_sync,
};
