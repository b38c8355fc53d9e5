/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tray.h"

#include "herald.h"
#include "own-settings.h"
#include "status-item.h"
#include "window-caller.h"

struct _GnomonTray
{
  GObject parent_instance;

  GDBusConnection *session;
  GSettings *settings; /* or NULL */
  GnomonHelperClient *client;
  GnomonDbusMenu *menu;
  GnomonStatusItem *item;
  GnomonHerald *herald;
};

G_DEFINE_FINAL_TYPE (GnomonTray, gnomon_tray, G_TYPE_OBJECT)

enum
{
  SIGNAL_FINISHED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- What is shown ---- */

static void
update (GnomonTray *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_auto (TrayView) view = { 0 };
  TrayFacts facts = {
    .presence = gnomon_helper_client_get_presence (self->client),
    .clock = gnomon_helper_client_get_facts (self->client),
    .servers = gnomon_helper_client_get_servers (self->client),
    .syncing = gnomon_helper_client_is_syncing (self->client),
    .now = g_get_real_time (),
    .zone = zone,
  };

  tray_view_init (&view, &facts);
  gnomon_dbus_menu_set_view (self->menu, &view);
  gnomon_status_item_set_view (self->item, &view);
}

/* Time has passed since the helper said something; what it knows of the present comes a moment
 * later. */
static void
on_about_to_show (GnomonTray *self)
{
  update (self);
  gnomon_helper_client_refresh (self->client);
}

/* ---- What is done ---- */

static void
on_synced (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonTray) self = data;
  g_autoptr (GError) error = NULL;
  SyncResult sync;

  if (!self->herald)
    return;
  if (gnomon_helper_client_sync_finish (GNOMON_HELPER_CLIENT (source), result, &sync, &error))
    gnomon_herald_tell_sync (self->herald, &sync, NULL);
  else
    gnomon_herald_tell_sync (self->herald, NULL, error);
}

static void
sync_now (GnomonTray *self)
{
  if (!gnomon_helper_client_is_syncing (self->client))
    gnomon_helper_client_sync_async (self->client, NULL, on_synced, g_object_ref (self));
}

/* There may have been no window to quit. */
static void
on_window_quit (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonTray) self = data;
  GVariant *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  g_clear_pointer (&reply, g_variant_unref);
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}

static void
on_chosen (GnomonDbusMenu *menu, guint id, GnomonTray *self)
{
  g_autofree char *token = gnomon_status_item_take_token (self->item);

  switch (id)
    {
    case MENU_SYNC:
      sync_now (self);
      break;
    case MENU_CANCEL:
      gnomon_helper_client_cancel_sync (self->client);
      break;
    case MENU_PREFERENCES:
      window_caller_activate (self->session, "preferences", NULL, token);
      break;
    case MENU_QUIT:
      window_caller_quit (self->session, on_window_quit, g_object_ref (self));
      break;
    default: /* the state, a decision, and "Open Gnomon" itself */
      window_caller_open (self->session, token);
    }
}

static void
on_clicked (GnomonStatusItem *item, GnomonTray *self)
{
  g_autofree char *token = gnomon_status_item_take_token (item);

  window_caller_open (self->session, token);
}

static void
on_wished (GnomonHerald *herald, guint wish, const char *host, const char *token, GnomonTray *self)
{
  if (wish == HERALD_SYNC_NOW)
    sync_now (self);
  else if (wish == HERALD_SHOW_SERVER)
    window_caller_activate (self->session, "show-server", g_variant_new_string (host), token);
  else
    window_caller_open (self->session, token);
}

/* ---- What is wanted ---- */

gboolean
gnomon_tray_is_wanted (GnomonTray *self)
{
  g_return_val_if_fail (GNOMON_IS_TRAY (self), FALSE);
  return own_settings_wants (self->settings, "tray")
         || own_settings_wants (self->settings, "notifications");
}

static void
follow_settings (GnomonTray *self)
{
  gnomon_status_item_set_shown (self->item, own_settings_wants (self->settings, "tray"));
  gnomon_herald_set_muted (self->herald, !own_settings_wants (self->settings, "notifications"));
  if (!gnomon_tray_is_wanted (self))
    g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}

/* ---- The object ---- */

static void
gnomon_tray_dispose (GObject *object)
{
  GnomonTray *self = GNOMON_TRAY (object);

  g_clear_object (&self->herald);
  g_clear_object (&self->item);
  g_clear_object (&self->menu);
  g_clear_object (&self->client);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (gnomon_tray_parent_class)->dispose (object);
}

static void
gnomon_tray_class_init (GnomonTrayClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gnomon_tray_dispose;
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
gnomon_tray_init (GnomonTray *self)
{
}

/* Where the panel finds the icons: in its own theme, or where they are installed or built. */
static const char *
icon_theme_path (void)
{
  const char *path = g_getenv ("GNOMON_ICONS");

  if (path)
    return path;
  if (g_strv_contains (g_get_system_data_dirs (), GNOMON_DATADIR))
    return "";
  return GNOMON_DATADIR "/icons";
}

GnomonTray *
gnomon_tray_new (GDBusConnection *session, GBusType helper_bus)
{
  GnomonTray *self = g_object_new (GNOMON_TYPE_TRAY, NULL);
  g_autoptr (GnomonNotifier) notifier = gnomon_notifier_new (session);

  self->session = g_object_ref (session);
  self->settings = own_settings_new ();
  self->client = gnomon_helper_client_new (helper_bus);
  self->menu = gnomon_dbus_menu_new ();
  self->item = gnomon_status_item_new (self->menu, icon_theme_path ());
  self->herald = gnomon_herald_new (self->client, notifier);
  g_signal_connect_object (self->client, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "sync-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->menu, "about-to-show", G_CALLBACK (on_about_to_show), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->menu, "activated", G_CALLBACK (on_chosen), self, 0);
  g_signal_connect_object (self->item, "activate", G_CALLBACK (on_clicked), self, 0);
  g_signal_connect_object (self->herald, "wished", G_CALLBACK (on_wished), self, 0);
  if (self->settings)
    g_signal_connect_object (self->settings, "changed", G_CALLBACK (follow_settings), self,
                             G_CONNECT_SWAPPED);
  update (self);
  follow_settings (self);
  return self;
}
