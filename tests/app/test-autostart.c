/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "autostart.h"
#include "home.h"
#include "own-settings.h"
#include "sandbox.h"

#define KEY "start-at-login"

typedef struct
{
  gboolean done;
  GError *error;
} Outcome;

static void
on_set (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->done = TRUE;
  autostart_set_finish (result, &outcome->error);
}

/* NULL = it was done. */
static GError *
set (GSettings *settings, gboolean wanted)
{
  Outcome outcome = { 0 };

  autostart_set_async (settings, wanted, NULL, on_set, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  return outcome.error;
}

static char *
entry_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", "org.gnomon.Gnomon.desktop",
                           NULL);
}

static void
entry_starts_the_tray (void)
{
  g_autoptr (GSettings) settings = own_settings_new ();
  g_autoptr (GKeyFile) entry = g_key_file_new ();
  g_autofree char *path = entry_path ();
  g_autofree char *command = NULL;
  g_autofree char *tried = NULL;

  g_assert_false (autostart_is_on (settings));
  g_assert_no_error (set (settings, TRUE));
  g_assert_true (autostart_is_on (settings));
  g_assert_true (g_settings_get_boolean (settings, KEY));

  g_assert_true (g_key_file_load_from_file (entry, path, G_KEY_FILE_NONE, NULL));
  command = g_key_file_get_string (entry, "Desktop Entry", "Exec", NULL);
  tried = g_key_file_get_string (entry, "Desktop Entry", "TryExec", NULL);
  g_assert_true (g_path_is_absolute (command));
  g_assert_true (g_str_has_suffix (command, "/gnomon --background"));
  g_assert_true (g_str_has_prefix (command, tried));

  g_assert_no_error (set (settings, FALSE));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (g_settings_get_boolean (settings, KEY));
  g_assert_no_error (set (settings, FALSE)); /* what is not there need not be removed */
}

static void
hidden_entry_is_off (void)
{
  g_autofree char *path = entry_path ();

  g_assert_no_error (set (NULL, TRUE));
  g_assert_true (
      g_file_set_contents (path, "[Desktop Entry]\nType=Application\nHidden=true\n", -1, NULL));
  g_assert_false (autostart_is_on (NULL));
  g_assert_no_error (set (NULL, TRUE));
  g_assert_true (autostart_is_on (NULL));
  g_assert_no_error (set (NULL, FALSE));
}

static void
failure_changes_nothing (void)
{
  g_autoptr (GSettings) settings = own_settings_new ();
  g_autofree char *path = entry_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_rmdir (folder);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  error = set (settings, TRUE);
  g_assert_nonnull (error);
  g_assert_false (g_settings_get_boolean (settings, KEY));
  g_assert_false (autostart_is_on (settings));
}

/* ---- The portal ---- */

static const char PORTAL[] = "<node><interface name='org.freedesktop.portal.Background'>"
                             "<method name='RequestBackground'>"
                             "<arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>"
                             "<arg type='o' direction='out'/></method></interface></node>";

typedef struct
{
  guint response;
  gboolean asked; /* the option autostart of the last call */
  char *command;
} Portal;

/* Answers before the method returns, as a portal may. */
static void
on_portal_call (GDBusConnection *connection, const char *sender, const char *path,
                const char *interface, const char *method, GVariant *parameters,
                GDBusMethodInvocation *invocation, gpointer data)
{
  Portal *portal = data;
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 1);
  g_autofree const char **command = NULL;
  g_autofree char *caller = g_strdelimit (g_strdup (sender + 1), ".", '_');
  g_autofree char *handle = NULL;
  const char *token;
  GVariantDict results;

  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  g_assert_true (g_variant_lookup (options, "autostart", "b", &portal->asked));
  g_assert_true (g_variant_lookup (options, "commandline", "^a&s", &command));
  g_free (portal->command);
  portal->command = g_strjoinv (" ", (char **) command);
  handle = g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s", caller, token);

  g_variant_dict_init (&results, NULL);
  g_variant_dict_insert (&results, "autostart", "b", portal->asked);
  g_dbus_connection_emit_signal (
      connection, sender, handle, "org.freedesktop.portal.Request", "Response",
      g_variant_new ("(u@a{sv})", portal->response, g_variant_dict_end (&results)), NULL);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", handle));
}

static void
on_name (GDBusConnection *connection, const char *name, gpointer data)
{
  *(gboolean *) data = TRUE;
}

static guint
own_portal (Portal *portal)
{
  static const GDBusInterfaceVTable VTABLE = { .method_call = on_portal_call };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (PORTAL, NULL);
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  gboolean owned = FALSE;
  guint name;

  g_assert_cmpuint (g_dbus_connection_register_object (bus, PORTAL_PATH, info->interfaces[0],
                                                       &VTABLE, portal, NULL, NULL),
                    >, 0);
  name = g_bus_own_name_on_connection (bus, PORTAL_NAME, G_BUS_NAME_OWNER_FLAGS_NONE, on_name, NULL,
                                       &owned, NULL);
  while (!owned)
    g_main_context_iteration (NULL, TRUE);
  return name;
}

static void
sandbox_asks_the_portal (void)
{
  g_autoptr (GSettings) settings = own_settings_new ();
  g_autofree char *path = entry_path ();
  Portal portal = { 0 };
  g_autoptr (GError) refused = NULL;
  guint name;

  g_setenv ("GTK_USE_PORTAL", "1", TRUE);
  name = own_portal (&portal);

  g_assert_no_error (set (settings, TRUE));
  g_assert_true (portal.asked);
  g_assert_cmpstr (portal.command, ==, "gnomon --background");
  g_assert_true (autostart_is_on (settings));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  portal.response = 1; /* a person said no */
  refused = set (settings, FALSE);
  g_assert_error (refused, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (autostart_is_on (settings));

  g_bus_unown_name (name);
  g_free (portal.command);
  g_unsetenv ("GTK_USE_PORTAL");
}

int
main (int argc, char *argv[])
{
  char *home = home_make ();
  int status;

  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/autostart/entry-starts-the-tray", entry_starts_the_tray);
  g_test_add_func ("/autostart/hidden-entry-is-off", hidden_entry_is_off);
  g_test_add_func ("/autostart/failure-changes-nothing", failure_changes_nothing);
  g_test_add_func ("/autostart/sandbox-asks-the-portal", sandbox_asks_the_portal);
  status = g_test_run ();
  home_remove (home, "autostart");
  return status;
}
