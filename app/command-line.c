/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "command-line.h"

#include "command.h"
#include "format.h"

#include <glib/gi18n.h>

static const Command *const COMMANDS[] = {
  &COMMAND_STATUS,   &COMMAND_SYNC,    &COMMAND_WAIT,   &COMMAND_SOURCES,
  &COMMAND_SERVER,   &COMMAND_ADD,     &COMMAND_REMOVE, &COMMAND_IMPORT,
  &COMMAND_DIAGNOSE, &COMMAND_HISTORY, &COMMAND_ACCEPT, &COMMAND_REJECT,
};

static const Command *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    if (g_str_equal (COMMANDS[i]->name, name))
      return COMMANDS[i];
  return NULL;
}

static const char *
exit_statuses (void)
{
  return _ ("Exit status: 0 = done (status: the clock is right), 1 = not "
            "synchronised or failed,\n2 = the command line was not understood, 3 "
            "= the time service is not running,\n4 = not allowed, or the password "
            "was not given.");
}

/* A name and what it takes: "add HOST". New. */
static char *
usage_of (const Command *command)
{
  if (!command->arguments)
    return g_strdup (command->name);
  return g_strconcat (command->name, " ", _ (command->arguments), NULL);
}

static void
append_commands (GString *text)
{
  int widest = 0;

  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    {
      g_autofree char *usage = usage_of (COMMANDS[i]);
      widest = MAX (widest, format_columns (usage));
    }
  for (guint i = 0; i < G_N_ELEMENTS (COMMANDS); i++)
    {
      g_autofree char *usage = usage_of (COMMANDS[i]);
      g_string_append_printf (text, "  %s%*s%s\n", usage, widest + 2 - format_columns (usage), "",
                              _ (COMMANDS[i]->summary));
    }
}

char *
command_line_description (void)
{
  GString *text = g_string_new (_ ("Commands:"));

  g_string_append_c (text, '\n');
  append_commands (text);
  g_string_append (text, _ ("Each takes --json, and --help tells its other options. Without a "
                            "command the window opens."));
  g_string_append (text, "\n\n");
  g_string_append (text, exit_statuses ());
  return g_string_free (text, FALSE);
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

static GOptionContext *
make_context (const Command *command)
{
  GOptionContext *context =
      g_option_context_new (command->arguments ? _ (command->arguments) : NULL);
  g_autofree char *name = g_strconcat ("gnomon ", command->name, NULL);
  g_autofree char *summary = format_capitalised (_ (command->summary));
  g_autofree char *description =
      command->notes ? g_strconcat (_ (command->notes), "\n\n", exit_statuses (), NULL)
                     : g_strdup (exit_statuses ());

  g_set_prgname (name);
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  if (command->options)
    g_option_context_add_main_entries (context, command->options, NULL);
  if (command->more_options)
    g_option_context_add_main_entries (context, command->more_options, NULL);
  return context;
}

/* @argc: the program and the command count too. */
static gboolean
check_number (const Command *command, guint argc, char **argv, GError **error)
{
  if (argc > command->most + 2)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” is one too many"),
                 argv[command->most + 2]);
  else if (argc < command->least + 2)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 /* Translators: the name of a command and what it needs, "gnomon add HOST". */
                 _ ("Something is missing after “%s”: %s"), command->name, _ (command->arguments));
  else
    return TRUE;
  return FALSE;
}

static gboolean
parse (const Command *command, int *argc, char ***argv, CommandManner *manner, GError **error)
{
  g_autofree char *option = NULL;
  g_autoptr (GOptionContext) context = make_context (command);
  const char *bus_name;
  GOptionEntry entries[] = {
    { .long_name = "json", .arg_data = &manner->json, .description = _ ("Print one JSON object") },
    /* For what happens without being asked for, as the completion of a word does. */
    { .long_name = "no-start", .flags = G_OPTION_FLAG_HIDDEN, .arg_data = &manner->no_start },
    { .long_name = "bus",
      .flags = G_OPTION_FLAG_HIDDEN,
      .arg = G_OPTION_ARG_STRING,
      .arg_data = &option },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error)
      || !check_number (command, (guint) *argc, *argv, error))
    return FALSE;
  bus_name = option ? option : g_getenv ("GNOMON_BUS");
  if (command_line_parse_bus (bus_name, &manner->bus))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("There is no bus “%s”"),
               bus_name);
  return FALSE;
}

int
command_line_run (int argc, char **argv, const char *name)
{
  g_autoptr (GError) error = NULL;
  const Command *command = find_command (name);
  CommandManner manner = { .json = FALSE };

  if (!command)
    {
      g_printerr (_ ("gnomon: there is no command “%s”; see gnomon --help\n"), name);
      return COMMAND_USAGE;
    }
  if (!parse (command, &argc, &argv, &manner, &error))
    {
      g_printerr ("gnomon: %s\n", error->message);
      return COMMAND_USAGE;
    }
  return command_run (command, argv + 2, &manner);
}
