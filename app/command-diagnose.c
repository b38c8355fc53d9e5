/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon diagnose: tests one server, step by step. */

#include "command.h"

#include "command-print.h"
#include "command-server-options.h"
#include "format.h"
#include "helper-calls.h"
#include "host-check.h"
#include "words.h"

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
words_of (const char *name, const char *const (*table)[2], gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (table[i][0], name))
      return _ (table[i][1]);
  return name;
}

static const char *
words_for_step (const char *name)
{
  static const char *const STEPS[][2] = {
    { "resolve", N_ ("Find the Address") },
    { "connect", N_ ("Connect") },
    { "tls", N_ ("Secure the Connection") },
    { "certificate", N_ ("Check the Certificate") },
    { "keys", N_ ("Get Keys") },
    { "request", N_ ("Ask for the Time") },
    { "answer", N_ ("Check the Answer") },
  };

  return words_of (name, STEPS, G_N_ELEMENTS (STEPS));
}

static const char *
words_for_verdict (const char *name)
{
  static const char *const VERDICTS[][2] = {
    { "passed", N_ ("Passed") },
    { "failed", N_ ("Failed") },
    { "not-reached", N_ ("Not reached") },
  };

  return words_of (name, VERDICTS, G_N_ELEMENTS (VERDICTS));
}

static void
print_step (GVariant *step, gpointer data)
{
  const char *verdict = text_of (step, "verdict");
  const char *reason = words_for_reason (text_of (step, "reason"));
  const char *evidence = text_of (step, "evidence");
  double duration = 0;
  g_autofree char *took = NULL;
  g_autofree char *line = NULL;
  g_autofree char *why = NULL;

  g_variant_lookup (step, "duration", "d", &duration);
  took = format_amount (duration);
  line = g_str_equal (verdict, "not-reached")
             ? g_strdup (words_for_verdict (verdict))
             /* Translators: how a step went, and how long it took: "Passed, 14 ms". */
             : g_strdup_printf (_ ("%s, %s"), words_for_verdict (verdict), took);
  command_print_row (NULL, words_for_step (text_of (step, "step")), line);
  why = reason && *reason ? format_capitalised (reason) : NULL;
  command_print_row (NULL, "", why);
  command_print_row (NULL, "", *evidence ? evidence : NULL);
  /* Also where the output goes to a file: the next step may take long. */
  fflush (stdout);
  n_printed++;
}

/* TRUE if all steps have passed. */
static gboolean
has_passed (GVariant *steps)
{
  gboolean passed = g_variant_n_children (steps) > 0;

  for (gsize i = 0; i < g_variant_n_children (steps) && passed; i++)
    {
      g_autoptr (GVariant) step = g_variant_get_child_value (steps, i);
      passed = g_str_equal (text_of (step, "verdict"), "passed");
    }
  return passed;
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
  passed = has_passed (steps);
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
  .summary = N_ ("test a server step by step; nothing is changed"),
  .notes =
      N_ ("HOST need not be one of the servers that are asked. What is not given is taken from\n"
          "how it is asked, if it is."),
  .options = COMMAND_SERVER_OPTIONS,
  .prepare = prepare_diagnose,
  .start = start_diagnose,
};
