/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "window-caller.h"

#define NAME      "org.gnomon.Gnomon"
#define PATH      "/org/gnomon/Gnomon"
#define INTERFACE "org.freedesktop.Application"

/* Floating, a{sv}. */
static GVariant *
platform_data (const char *token)
{
  GVariantDict data;

  g_variant_dict_init (&data, NULL);
  if (*token)
    {
      g_variant_dict_insert (&data, "desktop-startup-id", "s", token);
      g_variant_dict_insert (&data, "activation-token", "s", token);
    }
  return g_variant_dict_end (&data);
}

static void
call (GDBusConnection *connection, const char *method, GVariant *parameters, GDBusCallFlags flags,
      GAsyncReadyCallback callback, gpointer data)
{
  g_dbus_connection_call (connection, NAME, PATH, INTERFACE, method, parameters, NULL, flags, -1,
                          NULL, callback, data);
}

static void
start_by_path (const char *token)
{
  const char *command[] = { GNOMON_BINDIR "/gnomon", NULL };
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;

  if (*token)
    {
      environment = g_environ_setenv (environment, "XDG_ACTIVATION_TOKEN", token, TRUE);
      environment = g_environ_setenv (environment, "DESKTOP_STARTUP_ID", token, TRUE);
    }
  if (!g_spawn_async (NULL, (char **) command, environment, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                      &error))
    g_warning ("The window could not be opened: %s", error->message);
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *token = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (!reply)
    start_by_path (token);
}

void
window_caller_open (GDBusConnection *connection, const char *token)
{
  call (connection, "Activate", g_variant_new ("(@a{sv})", platform_data (token)),
        G_DBUS_CALL_FLAGS_NONE, on_called, g_strdup (token));
}

void
window_caller_activate (GDBusConnection *connection, const char *action, GVariant *parameter,
                        const char *token)
{
  GVariantBuilder parameters = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  if (parameter)
    g_variant_builder_add (&parameters, "v", parameter);
  call (connection, "ActivateAction",
        g_variant_new ("(sav@a{sv})", action, &parameters, platform_data (token)),
        G_DBUS_CALL_FLAGS_NONE, on_called, g_strdup (token));
}

void
window_caller_quit (GDBusConnection *connection, GAsyncReadyCallback callback, gpointer data)
{
  call (connection, "ActivateAction",
        g_variant_new ("(sav@a{sv})", "quit", NULL, platform_data ("")),
        G_DBUS_CALL_FLAGS_NO_AUTO_START, callback, data);
}
