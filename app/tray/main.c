/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "command-line.h"
#include "tray.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>

/* One for each session: whoever has it is the tray. */
#define BUS_NAME "org.gnomon.Gnomon.Tray"

typedef struct
{
  GMainLoop *loop;
  GBusType helper_bus;
  GnomonTray *tray;
  int status;
} Run;

static gboolean
on_signal (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static void
on_finished (Run *run)
{
  g_main_loop_quit (run->loop);
}

static void
on_name_acquired (GDBusConnection *session, const char *name, gpointer data)
{
  Run *run = data;

  run->tray = gnomon_tray_new (session, run->helper_bus);
  g_signal_connect_swapped (run->tray, "finished", G_CALLBACK (on_finished), run);
  if (!gnomon_tray_is_wanted (run->tray))
    g_main_loop_quit (run->loop);
}

/* There is one already, which is as good as this one; or there is no bus. */
static void
on_name_lost (GDBusConnection *session, const char *name, gpointer data)
{
  Run *run = data;

  if (!session)
    {
      g_printerr (_ ("gnomon: there is no session bus\n"));
      run->status = COMMAND_FAILED;
    }
  g_main_loop_quit (run->loop);
}

static gboolean
parse (int argc, char **argv, GBusType *bus)
{
  gboolean background; /* goes without saying here */
  g_autofree char *option = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionEntry entries[] = {
    { .long_name = "background",
      .flags = G_OPTION_FLAG_HIDDEN,
      .arg = G_OPTION_ARG_NONE,
      .arg_data = &background },
    { .long_name = "bus",
      .flags = G_OPTION_FLAG_HIDDEN,
      .arg = G_OPTION_ARG_STRING,
      .arg_data = &option },
    { NULL },
  };

  g_option_context_set_summary (context, _ ("The state of the clock, in the tray"));
  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse (context, &argc, &argv, &error) && argc > 1)
    g_set_error (&error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” is one too many"),
                 argv[1]);
  if (!error && !command_line_parse_bus (option ? option : g_getenv ("GNOMON_BUS"), bus))
    g_set_error_literal (&error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _ ("There is no such bus"));
  if (error)
    g_printerr ("gnomon: %s\n", error->message);
  return !error;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = NULL;
  Run run = { .status = COMMAND_OK };
  guint name, interrupt, terminate;

  setlocale (LC_ALL, "");
  bindtextdomain ("gnomon", GNOMON_LOCALEDIR);
  bind_textdomain_codeset ("gnomon", "UTF-8");
  textdomain ("gnomon");
  if (!parse (argc, argv, &run.helper_bus))
    return COMMAND_USAGE;

  run.loop = loop = g_main_loop_new (NULL, FALSE);
  interrupt = g_unix_signal_add (SIGINT, on_signal, loop);
  terminate = g_unix_signal_add (SIGTERM, on_signal, loop);
  name = g_bus_own_name (G_BUS_TYPE_SESSION, BUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, NULL,
                         on_name_acquired, on_name_lost, &run, NULL);
  g_main_loop_run (loop);
  g_clear_object (&run.tray);
  g_bus_unown_name (name);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  return run.status;
}
