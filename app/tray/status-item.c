/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "status-item.h"

#include "item-bus.h"
#include "tray-pixmap.h"

#define ITEM_PATH         "/StatusNotifierItem"
#define WATCHER_NAME      "org.kde.StatusNotifierWatcher"
#define WATCHER_PATH      "/StatusNotifierWatcher"
#define WATCHER_INTERFACE WATCHER_NAME

struct _GnomonStatusItem
{
  GObject parent_instance;

  BusStatusNotifierItem *skeleton;
  GnomonDbusMenu *menu;
  GCancellable *cancellable;   /* of the connection that is being made */
  GDBusConnection *connection; /* NULL while it is not shown */
  guint watch;
  guint hosts;
  char *token;
};

G_DEFINE_FINAL_TYPE (GnomonStatusItem, gnomon_status_item, G_TYPE_OBJECT)

enum
{
  SIGNAL_ACTIVATE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- What is shown ---- */

static gboolean
set_text (GnomonStatusItem *self, const char *property, const char *text)
{
  g_autofree char *shown = NULL;

  g_object_get (self->skeleton, property, &shown, NULL);
  if (g_strcmp0 (shown, text) == 0)
    return FALSE;
  g_object_set (self->skeleton, property, text, NULL);
  return TRUE;
}

static gboolean
set_tooltip (GnomonStatusItem *self, const char *icon, const TrayView *view)
{
  g_autofree char *markup = g_markup_escape_text (view->text, -1);
  g_autoptr (GVariant) tooltip =
      g_variant_ref_sink (g_variant_new ("(sa(iiay)ss)", icon, NULL, view->title, markup));
  GVariant *shown = bus_status_notifier_item_get_tool_tip (self->skeleton);

  if (shown && g_variant_equal (shown, tooltip))
    return FALSE;
  bus_status_notifier_item_set_tool_tip (self->skeleton, tooltip);
  return TRUE;
}

void
gnomon_status_item_set_view (GnomonStatusItem *self, const TrayView *view)
{
  const char *icon = tray_view_icon_name (view);
  const char *status = view->attention ? "NeedsAttention" : "Active";

  g_return_if_fail (GNOMON_IS_STATUS_ITEM (self));
  if (set_text (self, "icon-name", icon))
    {
      bus_status_notifier_item_set_icon_pixmap (self->skeleton, tray_pixmap_new (view->seal));
      bus_status_notifier_item_emit_new_icon (self->skeleton);
    }
  if (set_text (self, "attention-icon-name", view->attention ? icon : ""))
    {
      bus_status_notifier_item_set_attention_icon_pixmap (
          self->skeleton,
          view->attention ? tray_pixmap_new (view->seal) : g_variant_new ("a(iiay)", NULL));
      bus_status_notifier_item_emit_new_attention_icon (self->skeleton);
    }
  if (set_tooltip (self, icon, view))
    bus_status_notifier_item_emit_new_tool_tip (self->skeleton);
  if (set_text (self, "status", status))
    bus_status_notifier_item_emit_new_status (self->skeleton, status);
}

/* ---- What the panel asks ---- */

static gboolean
on_activate (BusStatusNotifierItem *skeleton, GDBusMethodInvocation *invocation, int x, int y,
             GnomonStatusItem *self)
{
  g_dbus_method_invocation_return_value (invocation, NULL);
  g_signal_emit (self, signals[SIGNAL_ACTIVATE], 0);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_scroll (BusStatusNotifierItem *skeleton, GDBusMethodInvocation *invocation, int delta,
           const char *orientation, GnomonStatusItem *self)
{
  bus_status_notifier_item_complete_scroll (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_token (BusStatusNotifierItem *skeleton, GDBusMethodInvocation *invocation, const char *token,
          GnomonStatusItem *self)
{
  g_free (self->token);
  self->token = g_strdup (token);
  bus_status_notifier_item_complete_provide_xdg_activation_token (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

char *
gnomon_status_item_take_token (GnomonStatusItem *self)
{
  g_return_val_if_fail (GNOMON_IS_STATUS_ITEM (self), NULL);
  return self->token ? g_steal_pointer (&self->token) : g_strdup ("");
}

/* ---- The watcher ---- */

static void
on_registered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (!reply && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    g_info ("The tray does not take the item: %s", error->message);
}

/* By the path alone: no name to own, which a sandbox would not allow. */
static void
register_item (GDBusConnection *connection)
{
  g_dbus_connection_call (connection, WATCHER_NAME, WATCHER_PATH, WATCHER_INTERFACE,
                          "RegisterStatusNotifierItem", g_variant_new ("(s)", ITEM_PATH), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, on_registered, NULL);
}

static void
on_watcher (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  register_item (connection);
}

static void
on_host (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
         const char *signal, GVariant *parameters, gpointer data)
{
  register_item (connection);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection =
      g_dbus_connection_new_for_address_finish (result, &error);
  GnomonStatusItem *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (!connection
      || !g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                            ITEM_PATH, &error)
      || !gnomon_dbus_menu_export (self->menu, connection, &error))
    {
      g_warning ("There is no icon in the tray: %s", error->message);
      return;
    }
  self->connection = g_steal_pointer (&connection);
  self->watch = g_bus_watch_name_on_connection (
      self->connection, WATCHER_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_watcher, NULL, NULL, NULL);
  self->hosts = g_dbus_connection_signal_subscribe (
      self->connection, WATCHER_NAME, WATCHER_INTERFACE, "StatusNotifierHostRegistered",
      WATCHER_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_host, NULL, NULL);
}

/* As GDBus finds it; what it would find beside that, it would have to wait for. */
static char *
session_address (void)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autofree char *path = NULL;

  if (address)
    return g_strdup (address);
  path = g_dbus_address_escape_value (g_get_user_runtime_dir ());
  return g_strdup_printf ("unix:path=%s/bus", path);
}

static void
show (GnomonStatusItem *self)
{
  g_autofree char *address = NULL;

  if (self->connection || self->cancellable)
    return;
  address = session_address ();
  self->cancellable = g_cancellable_new ();
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                         | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, self->cancellable, on_connected, self);
}

static void
on_flushed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GDBusConnection) connection = data;

  g_dbus_connection_flush_finish (connection, result, NULL);
  g_dbus_connection_close (connection, NULL, NULL, NULL);
}

/* What has been answered to the panel still reaches it. */
static void
hide (GnomonStatusItem *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (!self->connection)
    return;
  g_bus_unwatch_name (self->watch);
  g_dbus_connection_signal_unsubscribe (self->connection, self->hosts);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  gnomon_dbus_menu_unexport (self->menu);
  g_dbus_connection_flush (self->connection, NULL, on_flushed, self->connection);
  self->connection = NULL;
}

void
gnomon_status_item_set_shown (GnomonStatusItem *self, gboolean shown)
{
  g_return_if_fail (GNOMON_IS_STATUS_ITEM (self));
  if (shown)
    show (self);
  else
    hide (self);
}

/* ---- The object ---- */

static void
gnomon_status_item_dispose (GObject *object)
{
  GnomonStatusItem *self = GNOMON_STATUS_ITEM (object);

  hide (self);
  g_clear_object (&self->skeleton);
  g_clear_object (&self->menu);
  g_clear_pointer (&self->token, g_free);
  G_OBJECT_CLASS (gnomon_status_item_parent_class)->dispose (object);
}

static void
gnomon_status_item_class_init (GnomonStatusItemClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gnomon_status_item_dispose;
  signals[SIGNAL_ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
gnomon_status_item_init (GnomonStatusItem *self)
{
  static const char *const CLICKS[] = { "handle-activate", "handle-secondary-activate",
                                        "handle-context-menu" };

  self->skeleton = bus_status_notifier_item_skeleton_new ();
  for (guint i = 0; i < G_N_ELEMENTS (CLICKS); i++)
    g_signal_connect_object (self->skeleton, CLICKS[i], G_CALLBACK (on_activate), self, 0);
  g_signal_connect_object (self->skeleton, "handle-scroll", G_CALLBACK (on_scroll), self, 0);
  g_signal_connect_object (self->skeleton, "handle-provide-xdg-activation-token",
                           G_CALLBACK (on_token), self, 0);
}

/* Empty where there is nothing to say, but there: nothing may be missing. */
static void
set_constants (BusStatusNotifierItem *skeleton, const char *icon_theme_path)
{
  static const char *const EMPTY[] = { "overlay-icon-name", "attention-icon-name",
                                       "attention-movie-name", "xayatana-label",
                                       "xayatana-label-guide" };
  static const char *const NO_PIXMAPS[] = { "icon-pixmap", "overlay-icon-pixmap",
                                            "attention-icon-pixmap" };

  bus_status_notifier_item_set_category (skeleton, "SystemServices");
  bus_status_notifier_item_set_id (skeleton, "org.gnomon.Gnomon");
  bus_status_notifier_item_set_title (skeleton, "Gnomon");
  bus_status_notifier_item_set_status (skeleton, "Active");
  bus_status_notifier_item_set_icon_theme_path (skeleton, icon_theme_path);
  bus_status_notifier_item_set_menu (skeleton, DBUS_MENU_PATH);
  for (guint i = 0; i < G_N_ELEMENTS (EMPTY); i++)
    g_object_set (skeleton, EMPTY[i], "", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (NO_PIXMAPS); i++)
    g_object_set (skeleton, NO_PIXMAPS[i], g_variant_new ("a(iiay)", NULL), NULL);
}

GnomonStatusItem *
gnomon_status_item_new (GnomonDbusMenu *menu, const char *icon_theme_path)
{
  GnomonStatusItem *self = g_object_new (GNOMON_TYPE_STATUS_ITEM, NULL);

  self->menu = g_object_ref (menu);
  set_constants (self->skeleton, icon_theme_path);
  return self;
}
