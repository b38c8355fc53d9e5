/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The commands of the terminal: they need no display. */

#pragma once

#include <gio/gio.h>

/* Exit statuses; the manual page and --help say the same. */
enum
{
  COMMAND_OK,
  COMMAND_FAILED,      /* not synchronised, or it failed */
  COMMAND_USAGE,       /* the command line was not understood */
  COMMAND_UNREACHABLE, /* the helper is not there */
  COMMAND_NOT_ALLOWED  /* refused, or the password dialog was closed */
};

/* The first argument that is not an option, or NULL: the name of a command, or a mistake. */
const char *command_line_find (int argc, char **argv);
/* FALSE if @name is neither NULL, "system" nor "session". */
gboolean command_line_parse_bus (const char *name, GBusType *bus);
/* What --help says below the options. (transfer full) */
char *command_line_description (void);
/* Runs the command of that name and returns the exit status. */
int command_line_run (int argc, char **argv, const char *name);
