/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "news-memory.h"

#include <errno.h>
#include <string.h>

#define GROUP "Told"

/* The file's words for what holds. */
static const char *const KINDS[N_NEWS] = { "changed", "decision", "disagree", "no-time", "issuer" };

static char *
folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "gnomon", NULL);
}

static void
read_events (NewsMemory *memory, GKeyFile *file)
{
  g_auto (GStrv) times = g_key_file_get_string_list (file, GROUP, "events", NULL, NULL);

  for (guint i = 0; times && times[i] && i < NEWS_MOST_EVENTS; i++)
    memory->events[memory->n_events++] = g_ascii_strtoll (times[i], NULL, 10);
}

void
news_memory_load (NewsMemory *memory)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *directory = folder ();
  g_autofree char *path = g_build_filename (directory, "told", NULL);

  *memory = (NewsMemory){ .fresh = TRUE };
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return;
  memory->fresh = g_key_file_get_boolean (file, GROUP, "fresh", NULL);
  memory->waiting = g_key_file_get_int64 (file, GROUP, "waiting", NULL);
  for (guint i = 0; i < N_NEWS; i++)
    {
      memory->told[i] = g_key_file_get_int64 (file, GROUP, KINDS[i], NULL);
      memory->holds[i] = g_key_file_get_boolean (file, "Holds", KINDS[i], NULL);
    }
  read_events (memory, file);
}

static gboolean
is_same (const NewsMemory *a, const NewsMemory *b)
{
  return a->fresh == b->fresh && a->waiting == b->waiting && a->n_events == b->n_events
         && memcmp (a->holds, b->holds, sizeof a->holds) == 0
         && memcmp (a->told, b->told, sizeof a->told) == 0;
}

/* The oldest first, so that a shorter list loses the oldest. */
static void
write_events (const NewsMemory *memory, GKeyFile *file)
{
  guint n = MIN (memory->n_events, NEWS_MOST_EVENTS);
  g_autoptr (GPtrArray) times = g_ptr_array_new_with_free_func (g_free);

  for (guint i = memory->n_events - n; i < memory->n_events; i++)
    g_ptr_array_add (times,
                     g_strdup_printf ("%" G_GINT64_FORMAT, memory->events[i % NEWS_MOST_EVENTS]));
  if (n > 0)
    g_key_file_set_string_list (file, GROUP, "events", (const char *const *) times->pdata, n);
}

gboolean
news_memory_save (const NewsMemory *memory, const NewsMemory *before, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *directory = folder ();
  g_autofree char *path = g_build_filename (directory, "told", NULL);
  g_autofree char *text = NULL;

  if (is_same (memory, before))
    return TRUE;
  g_key_file_set_boolean (file, GROUP, "fresh", memory->fresh);
  g_key_file_set_int64 (file, GROUP, "waiting", memory->waiting);
  for (guint i = 0; i < N_NEWS; i++)
    {
      g_key_file_set_int64 (file, GROUP, KINDS[i], memory->told[i]);
      g_key_file_set_boolean (file, "Holds", KINDS[i], memory->holds[i]);
    }
  write_events (memory, file);
  text = g_key_file_to_data (file, NULL, NULL);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", directory,
                   g_strerror (errno));
      return FALSE;
    }
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
