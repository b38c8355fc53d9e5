/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A directory of its own for each test, gone when the test ends. */

#pragma once

#include <glib/gstdio.h>

typedef struct
{
  char *path;
} Directory;

static inline void
directory_set_up (Directory *directory, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  directory->path = g_dir_make_tmp ("gnomon-XXXXXX", &error);
  g_assert_no_error (error);
}

static inline void
directory_tear_down (Directory *directory, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (directory->path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory->path, name, NULL);
      g_remove (path);
    }
  g_rmdir (directory->path);
  g_free (directory->path);
}

/* The path of a file in it, to be freed. */
static inline char *
directory_file (const Directory *directory, const char *name)
{
  return g_build_filename (directory->path, name, NULL);
}

/* Adds a test that has a directory. */
static inline void
directory_add_test (const char *path, void (*test) (Directory *, gconstpointer))
{
  g_test_add (path, Directory, NULL, directory_set_up, test, directory_tear_down);
}
