/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "command-line.h"

#include "client-error.h"
#include "command-print.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <unistd.h>

typedef struct Command Command;

typedef struct
{
  const Command *command;
  GnomonHelperClient *client;
  GMainLoop *loop;
  gboolean json;
  gboolean started;
  int status;
} Run;

struct Command
{
  const char *name;
  const char *summary;
  void (*start) (Run *run);
};

static void
finish (Run *run, int status)
{
  run->status = status;
  g_main_loop_quit (run->loop);
}

static void
fail (Run *run, const GError *error)
{
  int status = COMMAND_FAILED;

  if (client_error_is_unreachable (error))
    status = COMMAND_UNREACHABLE;
  else if (g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_NOT_AUTHORISED)
           || g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_CANCELLED))
    status = COMMAND_NOT_ALLOWED;
  command_print_error (error, run->json);
  finish (run, status);
}

static void
start_status (Run *run)
{
  gboolean right = command_print_status (run->client, run->json);
  finish (run, right ? COMMAND_OK : COMMAND_FAILED);
}

static void
start_sources (Run *run)
{
  command_print_sources (run->client, run->json);
  finish (run, COMMAND_OK);
}

static void
on_synced (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;
  g_autoptr (GError) error = NULL;
  SyncResult sync;

  if (!gnomon_helper_client_sync_finish (run->client, result, &sync, &error))
    {
      fail (run, error);
      return;
    }
  command_print_result (&sync, run->json);
  finish (run, COMMAND_OK);
}

static void
on_progress (GnomonHelperClient *client, SyncPhase phase, const char *host, guint answers,
             guint wanted, Run *run)
{
  static const char *const PHASES[SYNC_PHASE_DONE] = {
    N_ ("Getting keys"),
    N_ ("Measuring"),
    N_ ("Comparing"),
    N_ ("Setting the clock"),
  };

  if (phase < SYNC_PHASE_DONE)
    g_printerr (wanted > 0 ? "\r\033[K%s: %u/%u" : "\r\033[K%s", _ (PHASES[phase]), answers,
                wanted);
  else
    g_printerr ("\r\033[K");
}

static gboolean
on_interrupt (gpointer data)
{
  Run *run = data;

  gnomon_helper_client_cancel_sync (run->client);
  return G_SOURCE_CONTINUE;
}

static void
start_sync (Run *run)
{
  if (!run->json && isatty (STDERR_FILENO))
    g_signal_connect (run->client, "sync-progress", G_CALLBACK (on_progress), run);
  g_unix_signal_add (SIGINT, on_interrupt, run);
  gnomon_helper_client_sync_async (run->client, NULL, on_synced, run);
}

static const Command COMMANDS[] = {
  { "status", N_ ("say whether the clock is right and who vouches for it"), start_status },
  { "sync", N_ ("ask all servers at once and set the clock securely"), start_sync },
  { "sources", N_ ("list the servers in the columns of ntpq -p; t = cookies left"), start_sources },
};

static const Command *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    if (g_str_equal (COMMANDS[i].name, name))
      return &COMMANDS[i];
  return NULL;
}

char *
command_line_description (void)
{
  GString *text = g_string_new (_ ("Commands:"));

  g_string_append_c (text, '\n');
  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    g_string_append_printf (text, "  %-10s%s\n", COMMANDS[i].name, _ (COMMANDS[i].summary));
  g_string_append (text, _ ("Each takes --json. Without a command the window opens."));
  g_string_append (text, "\n\n");
  g_string_append (text, _ ("Exit status: 0 = done (status: the clock is right), 1 = not "
                            "synchronised or failed,\n2 = the command line was not understood, 3 "
                            "= the time service is not running,\n4 = not allowed, or the password "
                            "was not given."));
  return g_string_free (text, FALSE);
}

static void
on_changed (GnomonHelperClient *client, Run *run)
{
  g_autoptr (GError) error = NULL;

  if (run->started || gnomon_helper_client_get_presence (client) == HELPER_CONNECTING)
    return;
  run->started = TRUE;
  if (gnomon_helper_client_get_presence (client) == HELPER_PRESENT)
    {
      run->command->start (run);
      return;
    }
  error = g_error_new_literal (G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN,
                               gnomon_helper_client_get_problem (client));
  fail (run, error);
}

const char *
command_line_find (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    if (*argv[i] != '-')
      return argv[i];
  return NULL;
}

gboolean
command_line_parse_bus (const char *name, GBusType *bus)
{
  if (!name || g_str_equal (name, "system"))
    *bus = G_BUS_TYPE_SYSTEM;
  else if (g_str_equal (name, "session"))
    *bus = G_BUS_TYPE_SESSION;
  else
    return FALSE;
  return TRUE;
}

static gboolean
parse (int *argc, char ***argv, GBusType *bus, gboolean *json, GError **error)
{
  g_autofree char *option = NULL;
  g_autofree char *description = command_line_description ();
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("COMMAND"));
  const char *bus_name;
  GOptionEntry entries[] = {
    { .long_name = "json", .arg_data = json, .description = _ ("Print one JSON object") },
    { .long_name = "bus",
      .flags = G_OPTION_FLAG_HIDDEN,
      .arg = G_OPTION_ARG_STRING,
      .arg_data = &option },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (context, description);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 2)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” is one too many"),
                   (*argv)[2]);
      return FALSE;
    }
  bus_name = option ? option : g_getenv ("GNOMON_BUS");
  if (!command_line_parse_bus (bus_name, bus))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("There is no bus “%s”"),
                   bus_name);
      return FALSE;
    }
  return TRUE;
}

int
command_line_run (int argc, char **argv, const char *command)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (GnomonHelperClient) client = NULL;
  Run run = { .command = find_command (command) };
  GBusType bus;

  if (!run.command)
    {
      g_printerr (_ ("gnomon: there is no command “%s”; see gnomon --help\n"), command);
      return COMMAND_USAGE;
    }
  if (!parse (&argc, &argv, &bus, &run.json, &error))
    {
      g_printerr ("gnomon: %s\n", error->message);
      return COMMAND_USAGE;
    }
  run.loop = loop = g_main_loop_new (NULL, FALSE);
  run.client = client = gnomon_helper_client_new (bus);
  g_signal_connect (client, "changed", G_CALLBACK (on_changed), &run);
  g_main_loop_run (loop);
  return run.status;
}
