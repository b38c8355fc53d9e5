/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "terminal-agent.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PROGRAM "pkttyagent"
/* Of the child: it is closed there when polkit knows of it. */
#define NOTIFY_FD 3

struct TerminalAgent
{
  GSubprocess *process;
  int notified; /* the other end of NOTIFY_FD */
  guint source; /* 0 = ready has been called */
  TerminalAgentReady ready;
  gpointer data;
};

/* In the child: it ends with us, however that comes about. */
static void
end_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static gboolean
on_notified (int fd, GIOCondition condition, gpointer data)
{
  TerminalAgent *self = data;

  self->source = 0;
  self->ready (self->data);
  return G_SOURCE_REMOVE;
}

/* Without a word about why not: the helper says whether a password was missing. */
static GSubprocess *
spawn (const char *path, int notify)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_INHERIT);

  g_subprocess_launcher_take_fd (launcher, notify, NOTIFY_FD);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  return g_subprocess_launcher_spawn (launcher, NULL, path, "--fallback", "--notify-fd",
                                      G_STRINGIFY (NOTIFY_FD), NULL);
}

TerminalAgent *
terminal_agent_start (TerminalAgentReady ready, gpointer data)
{
  g_autofree char *path = g_find_program_in_path (PROGRAM);
  g_autoptr (GSubprocess) process = NULL;
  TerminalAgent *self;
  int ends[2];

  if (!path || !isatty (STDIN_FILENO) || geteuid () == 0
      || !g_unix_open_pipe (ends, FD_CLOEXEC, NULL))
    return NULL;
  process = spawn (path, ends[1]);
  if (!process)
    {
      close (ends[0]);
      return NULL;
    }
  self = g_new0 (TerminalAgent, 1);
  self->process = g_steal_pointer (&process);
  self->notified = ends[0];
  self->ready = ready;
  self->data = data;
  self->source = g_unix_fd_add (ends[0], G_IO_IN | G_IO_HUP | G_IO_ERR, on_notified, self);
  return self;
}

void
terminal_agent_stop (TerminalAgent *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  close (self->notified);
  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_free (self);
}
