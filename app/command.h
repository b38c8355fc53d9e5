/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A command of the terminal. There is one file for each group of commands; here is what they share
 * while one of them runs. They need no display. */

#pragma once

#include "command-line.h"
#include "helper-client.h"
#include "terminal-agent.h"

typedef struct Command Command;
typedef struct CommandRun CommandRun;

struct CommandRun
{
  const Command *command;
  char **arguments; /* what followed the name, NULL at the end */
  gboolean json;    /* print one JSON object */
  GBusType bus;
  GnomonHelperClient *client;
  GCancellable *cancellable; /* cancelled by Ctrl+C; a second one ends the process */
  GMainLoop *loop;
  gboolean started;
  TerminalAgent *agent;             /* NULL = none is needed */
  void (*on_yes) (CommandRun *run); /* of command_ask () */
  int status;                       /* of the exit */
};

struct Command
{
  const char *name;
  /* As --help shows them, NULL = none; translatable, and so are the summary and the notes. */
  const char *arguments;
  guint least; /* number of arguments */
  guint most;
  const char *summary;
  const char *notes;   /* below the options of --help; may be NULL */
  gboolean authorised; /* polkit decides, and may want a password */
  /* Besides --json; NULL = none. One process runs one command, so what is read into is static. */
  const GOptionEntry *options;
  const GOptionEntry *more_options;
  /* Looks at what was typed, before anything is sent: NULL, or one sentence that says what is wrong
   * (new). May be NULL. */
  char *(*prepare) (CommandRun *run);
  /* The helper is there. */
  void (*start) (CommandRun *run);
};

/* How a command is to go about it. */
typedef struct
{
  GBusType bus;
  gboolean json;
  gboolean no_start; /* a helper that does not run is missing; else the bus starts it */
} CommandManner;

/* Runs it to its end; @arguments: as many as it takes. The exit status. */
int command_run (const Command *command, char **arguments, const CommandManner *manner);

/* Ends the command with that status. */
void command_run_finish (CommandRun *run, int status);
/* Ends it with the status that goes with the error, which is printed. */
void command_run_fail (CommandRun *run, const GError *error);
/* The same for a call that was made: success ends with COMMAND_OK, after @done (may be NULL) has
 * been printed. */
void command_run_end (CommandRun *run, const GError *error, const char *done);

/* For commands that ask before they change something: --yes. */
extern const GOptionEntry COMMAND_YES_OPTIONS[];
/* Whether it was given. */
gboolean command_has_yes (void);
/* NULL, or that nobody is there who could be asked and --yes was not given (new). A prepare (). */
char *command_check_answer (CommandRun *run);
/* Calls @yes at once with --yes; else asks in the terminal, and calls it if the answer is yes. With
 * any other answer the command ends. @question: "Set the clock?". */
void command_ask (CommandRun *run, const char *question, void (*yes) (CommandRun *run));

/* For commands whose first argument is a host. A prepare (). */
char *command_check_host (CommandRun *run);
/* The server of that name, (transfer full). NULL = it is not asked: the command has ended. */
GnomonServer *command_find_server (CommandRun *run);

extern const Command COMMAND_STATUS;
extern const Command COMMAND_WAIT;
extern const Command COMMAND_SYNC;
extern const Command COMMAND_SOURCES;
extern const Command COMMAND_SERVER;
extern const Command COMMAND_ADD;
extern const Command COMMAND_REMOVE;
extern const Command COMMAND_IMPORT;
extern const Command COMMAND_DIAGNOSE;
extern const Command COMMAND_HISTORY;
extern const Command COMMAND_ACCEPT;
extern const Command COMMAND_REJECT;
