/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A folder for what a test writes as the user's; for the whole program, since GLib asks for it
 * once. */

#pragma once

#include <glib/gstdio.h>

/* Before anything asks for the user's folders. To be given to home_remove (). */
static inline char *
home_make (void)
{
  g_autoptr (GError) error = NULL;
  char *home = g_dir_make_tmp ("gnomon-XXXXXX", &error);

  g_assert_no_error (error);
  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_setenv ("XDG_STATE_HOME", home, TRUE);
  return home;
}

/* @folder: the one that the test has made in it, with files alone. */
static inline void
home_remove (char *home, const char *folder)
{
  g_autofree char *inner = g_build_filename (home, folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (inner, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (inner, name, NULL);
      g_unlink (path);
    }
  g_remove (inner);
  g_rmdir (home);
  g_free (home);
}
