/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opens the lock of the preferences in a terminal and changes something behind it; prints what
 * comes of each. For test-polkit.sh, which has the real polkit. What an agent in a terminal has
 * been given polkit takes back with the end of the program alone, so there is nothing to be seen of
 * that. */

#include "change-lock.h"
#include "helper-calls.h"
#include "terminal-agent.h"
#include "wait-for-result.h"

static void
tell (const char *what, const GError *error)
{
  g_print ("%s: %s\n", what, error ? error->message : "yes");
}

static void
on_ready (gpointer data)
{
  *(gboolean *) data = TRUE;
}

static void
open_lock (GnomonChangeLock *lock)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  gnomon_change_lock_open_async (lock, NULL, keep_result, &result);
  gnomon_change_lock_open_finish (lock, wait_for_result (&result), &error);
  tell ("opened", error);
}

static void
change (GnomonHelperClient *client)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  gnomon_helper_client_set_automatic_async (client, TRUE, NULL, keep_result, &result);
  gnomon_helper_client_call_finish (client, wait_for_result (&result), &error);
  tell ("changed", error);
}

/* What another window of the same program would find, after one more call. */
static void
look (GnomonHelperClient *client)
{
  g_autoptr (GnomonChangeLock) lock = gnomon_change_lock_new (client);
  g_autoptr (GAsyncResult) result = NULL;

  gnomon_helper_client_get_events_async (client, 0, 1, NULL, keep_result, &result);
  wait_for_result (&result);
  for (guint i = 0; i < 100 && !gnomon_change_lock_is_open (lock); i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (2000);
    }
  g_print ("open: %s\n", gnomon_change_lock_is_open (lock) ? "yes" : "no");
}

int
main (void)
{
  g_autoptr (GnomonHelperClient) client = gnomon_helper_client_new (G_BUS_TYPE_SYSTEM);
  g_autoptr (GnomonChangeLock) lock = NULL;
  gboolean ready = FALSE;
  g_autoptr (TerminalAgent) agent = terminal_agent_start (on_ready, &ready);

  while (gnomon_helper_client_get_presence (client) == HELPER_CONNECTING || (agent && !ready))
    g_main_context_iteration (NULL, TRUE);
  lock = gnomon_change_lock_new (client);
  open_lock (lock);
  if (gnomon_change_lock_is_open (lock))
    change (client);
  look (client);
  return 0;
}
