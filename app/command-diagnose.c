/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon diagnose: tests one server, step by step. */

#include "command.h"

#include "command-print.h"
#include "command-server-options.h"
#include "diagnose-words.h"
#include "format.h"
#include "helper-calls.h"
#include "host-check.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* Steps that have been printed already. */
static gsize n_printed;

static char *
prepare_diagnose (CommandRun *run)
{
  const char *reason = host_check (run->arguments[0]);
  return g_strdup (reason ? reason : command_server_options_check ());
}

static const char *
text_of (GVariant *step, const char *key)
{
  const char *text = "";

  g_variant_lookup (step, key, "&s", &text);
  return text;
}

static const char *
words_for_verdict (DiagnoseVerdict verdict)
{
  switch (verdict)
    {
    case DIAGNOSE_PASSED:
      return _ ("Passed");
    case DIAGNOSE_FAILED:
      return _ ("Failed");
    case DIAGNOSE_NOT_REACHED:
    default:
      return _ ("Not reached");
    }
}

static void
print_step (GVariant *step, gpointer data)
{
  DiagnoseVerdict verdict = diagnose_step_verdict (step);
  guint place = diagnose_step_place (step);
  const char *evidence = text_of (step, "evidence");
  g_autofree char *took = format_amount (diagnose_step_duration (step));
  g_autofree char *shown = diagnose_step_evidence (step, g_get_real_time ());
  g_autofree char *line = NULL;

  line = verdict == DIAGNOSE_NOT_REACHED
             ? g_strdup (words_for_verdict (verdict))
             /* Translators: how a step went, and how long it took: "Passed, 14 ms". */
             : g_strdup_printf (_ ("%s, %s"), words_for_verdict (verdict), took);
  command_print_row (
      NULL, place < DIAGNOSE_N_STEPS ? diagnose_step_title (place) : text_of (step, "step"), line);
  command_print_row (NULL, "", verdict != DIAGNOSE_NOT_REACHED ? shown : NULL);
  /* What was seen of a failure is for experts, in the helper's words. */
  command_print_row (NULL, "", verdict == DIAGNOSE_FAILED && *evidence ? evidence : NULL);
  /* Also where the output goes to a file: the next step may take long. */
  fflush (stdout);
  n_printed++;
}

static void
print_result (CommandRun *run, GVariant *steps, gboolean passed)
{
  JsonObject *object;

  if (run->json)
    {
      object = json_object_new ();
      json_object_set_string_member (object, "host", run->arguments[0]);
      json_object_set_member (object, "steps", variant_to_json (steps));
      command_print_json (object, NULL);
      return;
    }
  for (gsize i = n_printed; i < g_variant_n_children (steps); i++)
    {
      g_autoptr (GVariant) step = g_variant_get_child_value (steps, i);
      print_step (step, NULL);
    }
  g_print ("\n%s\n%s\n", passed ? _ ("This server works.") : _ ("No time from this server."),
           _ ("Nothing was changed by this test."));
}

static void
on_diagnosed (GObject *source, GAsyncResult *result, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) steps = gnomon_helper_client_list_finish (run->client, result, &error);
  gboolean passed;

  if (!steps)
    {
      command_run_fail (run, error);
      return;
    }
  passed = diagnose_all_passed (steps);
  print_result (run, steps, passed);
  command_run_finish (run, passed ? COMMAND_OK : COMMAND_FAILED);
}

static void
start_diagnose (CommandRun *run)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  command_server_options_insert (&options);
  gnomon_helper_client_diagnose_async (run->client, run->arguments[0],
                                       g_variant_dict_end (&options), run->json ? NULL : print_step,
                                       run->cancellable, on_diagnosed, run);
}

const Command COMMAND_DIAGNOSE = {
  .name = "diagnose",
  .arguments = N_ ("HOST"),
  .least = 1,
  .most = 1,
  .authorised = TRUE,
  .summary = N_ ("test a server step by step; nothing is changed"),
  .notes =
      N_ ("HOST need not be one of the servers that are asked. What is not given is taken from\n"
          "how it is asked, if it is."),
  .options = COMMAND_SERVER_OPTIONS,
  .prepare = prepare_diagnose,
  .start = start_diagnose,
};
