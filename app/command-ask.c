/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One question in the terminal, before something is changed. */

#include "command.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static gboolean says_yes;

const GOptionEntry COMMAND_YES_OPTIONS[] = {
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &says_yes, N_ ("Do not ask"), NULL }, G_OPTION_ENTRY_NULL
};

gboolean
command_has_yes (void)
{
  return says_yes;
}

char *
command_check_answer (CommandRun *run)
{
  if (says_yes || (!run->json && isatty (STDIN_FILENO)))
    return NULL;
  return g_strdup (_ ("nobody is there to be asked; --yes does it without a question"));
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source),
                                                                     result, NULL, &error);

  if (error)
    command_run_fail (run, error);
  else if (line && rpmatch (line) == 1)
    run->on_yes (run);
  else
    {
      g_print ("%s\n", _ ("Nothing was changed."));
      command_run_finish (run, COMMAND_FAILED);
    }
}

void
command_ask (CommandRun *run, const char *question, void (*yes) (CommandRun *run))
{
  g_autoptr (GInputStream) terminal = NULL;
  g_autoptr (GDataInputStream) lines = NULL;

  if (says_yes)
    {
      yes (run);
      return;
    }
  run->on_yes = yes;
  /* Translators: after a question in the terminal; the letters are those that your locale has for
   * yes and no. */
  g_print ("%s %s ", question, _ ("[y/N]"));
  fflush (stdout);
  terminal = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  lines = g_data_input_stream_new (terminal);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, run->cancellable, on_answered,
                                       run);
}
