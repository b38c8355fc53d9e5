/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "command.h"

#include "client-error.h"
#include "command-print.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#define HELPER_BUS_NAME "org.gnomon.Helper1"

void
command_run_finish (CommandRun *run, int status)
{
  run->status = status;
  g_main_loop_quit (run->loop);
}

void
command_run_fail (CommandRun *run, const GError *error)
{
  int status = COMMAND_FAILED;

  if (client_error_is_unreachable (error))
    status = COMMAND_UNREACHABLE;
  else if (g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_NOT_AUTHORISED)
           || client_error_is_cancelled (error))
    status = COMMAND_NOT_ALLOWED;
  command_print_error (error, run->json);
  command_run_finish (run, status);
}

void
command_run_end (CommandRun *run, const GError *error, const char *done)
{
  if (error)
    {
      command_run_fail (run, error);
      return;
    }
  if (run->json)
    command_print_json (json_object_new (), NULL);
  else if (done)
    g_print ("%s\n", done);
  command_run_finish (run, COMMAND_OK);
}

static void
on_agent_ready (gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;

  if (g_cancellable_set_error_if_cancelled (run->cancellable, &error))
    command_run_fail (run, error);
  else
    run->command->start (run);
}

/* Beside a helper on a session bus there is no polkit. */
static void
start (CommandRun *run)
{
  if (run->command->authorised && run->bus == G_BUS_TYPE_SYSTEM)
    run->agent = terminal_agent_start (on_agent_ready, run);
  if (!run->agent)
    run->command->start (run);
}

static void
on_changed (GnomonHelperClient *client, CommandRun *run)
{
  g_autoptr (GError) error = NULL;

  if (run->started || gnomon_helper_client_get_presence (client) == HELPER_CONNECTING)
    return;
  run->started = TRUE;
  if (gnomon_helper_client_get_presence (client) == HELPER_PRESENT)
    {
      start (run);
      return;
    }
  error = g_error_new_literal (G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN,
                               gnomon_helper_client_get_problem (client));
  command_run_fail (run, error);
}

/* Once only: without this the next one ends the process as it always does. */
static gboolean
on_interrupt (gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (run->cancellable);
  if (!run->started)
    {
      run->started = TRUE;
      g_cancellable_set_error_if_cancelled (run->cancellable, &error);
      command_run_fail (run, error);
    }
  return G_SOURCE_REMOVE;
}

static void
look_for_helper (CommandRun *run)
{
  run->client = gnomon_helper_client_new (run->bus);
  g_signal_connect (run->client, "changed", G_CALLBACK (on_changed), run);
}

static void
on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  CommandRun *run = data;

  if (!run->client)
    look_for_helper (run);
}

static void
on_vanished (GDBusConnection *bus, const char *name, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = g_error_new_literal (G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER, "");

  if (!run->client && !run->started)
    command_run_fail (run, error);
}

int
command_run (const Command *command, char **arguments, const CommandManner *manner)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *wrong = NULL;
  CommandRun run = { .command = command,
                     .arguments = arguments,
                     .json = manner->json,
                     .bus = manner->bus,
                     .cancellable = cancellable,
                     .loop = loop };

  if (command->prepare)
    wrong = command->prepare (&run);
  if (wrong)
    {
      g_printerr ("gnomon: %s\n", wrong);
      return COMMAND_USAGE;
    }
  g_unix_signal_add (SIGINT, on_interrupt, &run);
  if (manner->no_start)
    g_bus_watch_name (manner->bus, HELPER_BUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared,
                      on_vanished, &run, NULL);
  else
    look_for_helper (&run);
  g_main_loop_run (loop);
  terminal_agent_stop (run.agent);
  g_clear_object (&run.client);
  return run.status;
}
