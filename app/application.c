/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "application.h"

#include "about.h"
#include "background.h"
#include "catalogue-here.h"
#include "client-error.h"
#include "command-line.h"
#include "help-window.h"
#include "helper-client.h"
#include "late-spinner.h"
#include "own-settings.h"
#include "preferences.h"
#include "search-provider.h"
#include "server-adder.h"
#include "server-chooser.h"
#include "window.h"

#include <glib/gi18n.h>

#define ICON_WAIT_MS 500

struct _GnomonApplication
{
  AdwApplication parent_instance;

  GBusType bus;
  GSettings *settings; /* or NULL */
  GnomonHelperClient *client;
  GnomonSearchProvider *search;
  gboolean cancelled;   /* the running sync, by our button */
  gboolean sync_wanted; /* as soon as the helper has been found */
  char *server_wanted;  /* likewise: the host whose page is to be shown, or NULL */
};

G_DEFINE_FINAL_TYPE (GnomonApplication, gnomon_application, ADW_TYPE_APPLICATION)

static GnomonWindow *
get_window (GnomonApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (; windows; windows = windows->next)
    if (GNOMON_IS_WINDOW (windows->data))
      return windows->data;
  return gnomon_window_new (GTK_APPLICATION (self), self->client);
}

static void
on_synced (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonApplication) self = data;
  g_autoptr (GError) error = NULL;
  SyncResult sync;

  if (gnomon_helper_client_sync_finish (self->client, result, &sync, &error))
    gnomon_window_show_result (get_window (self), &sync);
  else if (self->cancelled && client_error_is_cancelled (error))
    gnomon_window_show_toast (get_window (self), _ ("Cancelled. Nothing was changed."));
  else
    gnomon_window_show_failure (get_window (self), error);
}

static void
sync_now (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonApplication *self = GNOMON_APPLICATION (data);

  gtk_window_present (GTK_WINDOW (get_window (self)));
  self->sync_wanted = gnomon_helper_client_get_presence (self->client) == HELPER_CONNECTING;
  if (self->sync_wanted || gnomon_helper_client_is_syncing (self->client))
    return;
  self->cancelled = FALSE;
  gnomon_helper_client_sync_async (self->client, NULL, on_synced, g_object_ref (self));
}

static void
cancel_sync (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonApplication *self = GNOMON_APPLICATION (data);

  self->cancelled = TRUE;
  gnomon_helper_client_cancel_sync (self->client);
}

static void
show_wanted_server (GnomonApplication *self)
{
  g_autofree char *host = g_steal_pointer (&self->server_wanted);

  if (host)
    g_action_group_activate_action (G_ACTION_GROUP (get_window (self)), "show-server",
                                    g_variant_new_string (host));
}

/* From a notification, so the helper need not have been found yet. */
static void
show_server (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonApplication *self = GNOMON_APPLICATION (data);

  gtk_window_present (GTK_WINDOW (get_window (self)));
  g_free (self->server_wanted);
  self->server_wanted = g_variant_dup_string (parameter, NULL);
  if (gnomon_helper_client_get_presence (self->client) != HELPER_CONNECTING)
    show_wanted_server (self);
}

static void
add_server (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonApplication *self = GNOMON_APPLICATION (data);
  GtkWindow *window = GTK_WINDOW (get_window (self));

  gtk_window_present (window);
  gtk_window_present (GTK_WINDOW (gnomon_server_chooser_new (window, self->client)));
}

static void
on_suggested_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonApplication) self = data;
  g_autoptr (GError) error = NULL;

  server_adder_run_finish (result, &error);
  if (error && !client_error_is_cancelled (error))
    gnomon_window_show_toast (get_window (self), client_error_sentence (error));
}

static void
use_suggested (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonApplication *self = GNOMON_APPLICATION (data);
  g_autoptr (GPtrArray) entries = catalogue_load ();
  g_autoptr (GPtrArray) suggested = catalogue_suggest_here (entries);
  ServerAdder *adder = server_adder_new (self->client);

  for (guint i = 0; i < suggested->len; i++)
    {
      const CatalogueEntry *entry = g_ptr_array_index (suggested, i);
      server_adder_append (adder, entry->host, catalogue_entry_options (entry));
    }
  server_adder_run_async (adder, NULL, on_suggested_added, g_object_ref (self));
}

static void
show_preferences (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonApplication *self = GNOMON_APPLICATION (data);
  GtkWindow *window = GTK_WINDOW (get_window (self));

  gtk_window_present (window);
  gtk_window_present (GTK_WINDOW (gnomon_preferences_new (window, self->client, self->settings)));
}

/* Made anew each time: GTK 4.8 crashes when a screen reader asks it about a window that is hidden.
 */
static void
show_shortcuts (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = GTK_WINDOW (get_window (GNOMON_APPLICATION (data)));
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource ("/org/gnomon/Gnomon/shortcuts.ui");
  GtkWindow *shortcuts = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts_window"));

  gtk_window_set_transient_for (shortcuts, window);
  gtk_window_present (shortcuts);
}

static void
show_help (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gnomon_help_window_present (GTK_APPLICATION (data));
}

static void
show_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  about_present (GTK_WINDOW (get_window (GNOMON_APPLICATION (data))));
}

static void
quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_application_quit (G_APPLICATION (data));
}

static const GActionEntry ACTIONS[] = {
  { .name = "sync-now", .activate = sync_now },
  { .name = "cancel-sync", .activate = cancel_sync },
  { .name = "show-server", .activate = show_server, .parameter_type = "s" },
  { .name = "add-server", .activate = add_server },
  { .name = "use-suggested", .activate = use_suggested },
  { .name = "preferences", .activate = show_preferences },
  { .name = "shortcuts", .activate = show_shortcuts },
  { .name = "help", .activate = show_help },
  { .name = "about", .activate = show_about },
  { .name = "quit", .activate = quit },
};

static void
set_enabled (GnomonApplication *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* The desktop's action starts the application and activates sync-now before the helper can have
 * been found: then it is enabled, and waits. */
static void
update_actions (GnomonApplication *self)
{
  HelperPresence presence = gnomon_helper_client_get_presence (self->client);
  gboolean present = presence == HELPER_PRESENT;
  gboolean syncing = gnomon_helper_client_is_syncing (self->client);
  GListModel *servers = gnomon_helper_client_get_servers (self->client);

  set_enabled (self, "sync-now",
               presence == HELPER_CONNECTING
                   || (present && !syncing && g_list_model_get_n_items (servers) > 0));
  set_enabled (self, "cancel-sync", syncing);
  set_enabled (self, "add-server", present);
  set_enabled (self, "use-suggested", present);

  if (presence != HELPER_CONNECTING)
    show_wanted_server (self);
  if (self->sync_wanted && presence != HELPER_CONNECTING)
    {
      self->sync_wanted = FALSE;
      g_action_group_activate_action (G_ACTION_GROUP (self), "sync-now", NULL);
    }
}

static void
set_shortcuts (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *const keys[3];
  } SHORTCUTS[] = {
    { "app.sync-now", { "<Control>r", "F5" } },
    { "app.cancel-sync", { "Escape" } },
    { "app.add-server", { "<Control>n" } },
    { "app.preferences", { "<Control>comma" } },
    { "app.shortcuts", { "<Control>question" } },
    { "app.help", { "F1" } },
    { "app.quit", { "<Control>q" } },
    { "window.close", { "<Control>w" } },
    { "win.back", { "<Alt>Left" } },
    { "win.diagnose-shown", { "<Control>d" } },
    { "win.history", { "<Control>h" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (SHORTCUTS); i++)
    gtk_application_set_accels_for_action (application, SHORTCUTS[i].action, SHORTCUTS[i].keys);
}

static int
gnomon_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  GnomonApplication *self = GNOMON_APPLICATION (application);
  const char *bus = g_getenv ("GNOMON_BUS");

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("gnomon %s\n", GNOMON_VERSION);
      return COMMAND_OK;
    }
  g_variant_dict_lookup (options, "bus", "&s", &bus);
  if (!command_line_parse_bus (bus, &self->bus))
    {
      g_printerr (_ ("There is no bus “%s”"), bus);
      g_printerr ("\n");
      return COMMAND_USAGE;
    }
  return -1;
}

/* Before the name is owned, and before startup. */
static gboolean
gnomon_application_dbus_register (GApplication *application, GDBusConnection *connection,
                                  const char *path, GError **error)
{
  GnomonApplication *self = GNOMON_APPLICATION (application);

  if (!G_APPLICATION_CLASS (gnomon_application_parent_class)
           ->dbus_register (application, connection, path, error))
    return FALSE;
  self->search = gnomon_search_provider_new (application, connection, error);
  return self->search != NULL;
}

static void
gnomon_application_dbus_unregister (GApplication *application, GDBusConnection *connection,
                                    const char *path)
{
  g_clear_object (&GNOMON_APPLICATION (application)->search);
  G_APPLICATION_CLASS (gnomon_application_parent_class)
      ->dbus_unregister (application, connection, path);
}

/* X11 wants the picture itself, to draw which takes a library of its own and a twentieth of the
 * start: it can wait for the window. */
static void
set_icon (gpointer data)
{
  gtk_window_set_default_icon_name ("org.gnomon.Gnomon");
}

static void
gnomon_application_startup (GApplication *application)
{
  GnomonApplication *self = GNOMON_APPLICATION (application);

  G_APPLICATION_CLASS (gnomon_application_parent_class)->startup (application);
  g_timeout_add_once (ICON_WAIT_MS, set_icon, NULL);
  g_type_ensure (GNOMON_TYPE_LATE_SPINNER); /* for the templates */
  self->settings = own_settings_new ();
  self->client = gnomon_helper_client_new (self->bus);
  g_action_map_add_action_entries (G_ACTION_MAP (self), ACTIONS, G_N_ELEMENTS (ACTIONS), self);
  set_shortcuts (GTK_APPLICATION (self));
  g_signal_connect_object (self->client, "changed", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "sync-changed", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  update_actions (self);
  if (self->search)
    gnomon_search_provider_set_client (self->search, self->client);
  background_follow (g_application_get_dbus_connection (application), self->settings);
}

static void
gnomon_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (get_window (GNOMON_APPLICATION (application))));
}

static void
gnomon_application_shutdown (GApplication *application)
{
  GnomonApplication *self = GNOMON_APPLICATION (application);

  g_clear_object (&self->client);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->server_wanted, g_free);
  G_APPLICATION_CLASS (gnomon_application_parent_class)->shutdown (application);
}

static void
gnomon_application_class_init (GnomonApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->dbus_register = gnomon_application_dbus_register;
  application_class->dbus_unregister = gnomon_application_dbus_unregister;
  application_class->startup = gnomon_application_startup;
  application_class->handle_local_options = gnomon_application_handle_local_options;
  application_class->activate = gnomon_application_activate;
  application_class->shutdown = gnomon_application_shutdown;
}

static void
gnomon_application_init (GnomonApplication *self)
{
  static const GOptionEntry OPTIONS[] = {
    { .long_name = "version", .description = N_ ("Print the version") },
    { .long_name = "background", .description = N_ ("Show the state of the clock in the tray") },
    { .long_name = "bus", .flags = G_OPTION_FLAG_HIDDEN, .arg = G_OPTION_ARG_STRING },
    { NULL },
  };
  g_autofree char *description = command_line_description ();

  g_application_add_main_option_entries (G_APPLICATION (self), OPTIONS);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[COMMAND]"));
  g_application_set_option_context_description (G_APPLICATION (self), description);
}

GnomonApplication *
gnomon_application_new (void)
{
  return g_object_new (GNOMON_TYPE_APPLICATION, "application-id", "org.gnomon.Gnomon",
                       "resource-base-path", "/org/gnomon/Gnomon", NULL);
}
