/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "background.h"

#include "command-line.h"
#include "own-settings.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define TRAY_NAME "org.gnomon.Gnomon.Tray"

gboolean
background_is_asked (int argc, char **argv)
{
  return argc > 1 && g_strv_contains ((const char *const *) argv + 1, "--background")
         && !command_line_find (argc, argv);
}

int
background_become (char **argv)
{
  const char *folder = g_getenv ("GNOMON_LIBEXECDIR");
  g_autofree char *path =
      g_build_filename (folder ? folder : GNOMON_LIBEXECDIR, "gnomon-tray", NULL);

  execv (path, argv);
  g_printerr ("gnomon: %s: %s\n", path, g_strerror (errno));
  return COMMAND_FAILED;
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (!reply)
    g_info ("The tray does not run: %s", error->message);
}

static void
start (GDBusConnection *session, GSettings *settings)
{
  if (!own_settings_wants (settings, "tray") && !own_settings_wants (settings, "notifications"))
    return;
  g_dbus_connection_call (session, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "StartServiceByName",
                          g_variant_new ("(su)", TRAY_NAME, 0), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_started, NULL);
}

static void
on_setting (GSettings *settings, const char *key, gpointer session)
{
  if (g_str_equal (key, "tray") || g_str_equal (key, "notifications"))
    start (session, settings);
}

void
background_follow (GDBusConnection *session, GSettings *settings)
{
  if (!session)
    return;
  start (session, settings);
  if (settings)
    g_signal_connect_object (settings, "changed", G_CALLBACK (on_setting), session, 0);
}
