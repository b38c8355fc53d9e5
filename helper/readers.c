/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "readers.h"

#define READERS_MOST 64 /* ours: the bus keeps a rule for each of them */

struct Readers
{
  GDBusConnection *connection;
  GHashTable *watches; /* unique name → id of its watch */
};

static void
on_left (GDBusConnection *connection, const char *name, gpointer data)
{
  Readers *readers = data;

  g_hash_table_remove (readers->watches, name);
}

static void
unwatch (gpointer watch)
{
  g_bus_unwatch_name (GPOINTER_TO_UINT (watch));
}

Readers *
readers_new (GDBusConnection *connection)
{
  Readers *readers = g_new0 (Readers, 1);

  readers->connection = g_object_ref (connection);
  readers->watches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unwatch);
  return readers;
}

void
readers_free (Readers *readers)
{
  g_hash_table_unref (readers->watches);
  g_object_unref (readers->connection);
  g_free (readers);
}

void
readers_note (Readers *readers, const char *name)
{
  guint watch;

  if (g_hash_table_contains (readers->watches, name)
      || g_hash_table_size (readers->watches) >= READERS_MOST)
    return;
  watch = g_bus_watch_name_on_connection (readers->connection, name, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                          NULL, on_left, readers, NULL);
  g_hash_table_insert (readers->watches, g_strdup (name), GUINT_TO_POINTER (watch));
}

gboolean
readers_any (const Readers *readers)
{
  return g_hash_table_size (readers->watches) > 0;
}
