/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "notifier.h"

#include "sandbox.h"

#define SERVICE_NAME      "org.freedesktop.Notifications"
#define SERVICE_PATH      "/org/freedesktop/Notifications"
#define SERVICE_INTERFACE SERVICE_NAME
#define PORTAL_INTERFACE  "org.freedesktop.portal.Notification"

/* Of the service: it decides itself how long, or never closes it. */
#define EXPIRES_SOMETIME -1
#define EXPIRES_NEVER    0

typedef enum
{
  URGENCY_NORMAL = 1,
  URGENCY_CRITICAL = 2
} Urgency;

struct _GnomonNotifier
{
  GObject parent_instance;

  GDBusConnection *connection;
  gboolean portal;
  guint subscription;
  GHashTable *shown; /* our id → the service's, 0 while that is not known */
  char *token;       /* for what is acted next */
};

G_DEFINE_FINAL_TYPE (GnomonNotifier, gnomon_notifier, G_TYPE_OBJECT)

enum
{
  SIGNAL_ACTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
call (GnomonNotifier *self, const char *method, GVariant *parameters, GAsyncReadyCallback callback,
      gpointer data)
{
  g_dbus_connection_call (self->connection, self->portal ? PORTAL_NAME : SERVICE_NAME,
                          self->portal ? PORTAL_PATH : SERVICE_PATH,
                          self->portal ? PORTAL_INTERFACE : SERVICE_INTERFACE, method, parameters,
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, callback, data);
}

/* ---- The service ---- */

static void
close_number (GnomonNotifier *self, guint number)
{
  if (number > 0)
    call (self, "CloseNotification", g_variant_new ("(u)", number), NULL, NULL);
}

typedef struct
{
  GnomonNotifier *notifier;
  char *id;
} Showing;

static void
showing_free (Showing *showing)
{
  g_object_unref (showing->notifier);
  g_free (showing->id);
  g_free (showing);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Showing, showing_free)

static void
on_shown (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Showing) showing = data;
  GHashTable *shown = showing->notifier->shown;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint number = 0;

  if (!reply || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(u)")))
    {
      g_info ("A notification could not be shown: %s", error ? error->message : "no number");
      g_hash_table_remove (shown, showing->id);
      return;
    }
  g_variant_get (reply, "(u)", &number);
  if (g_hash_table_contains (shown, showing->id))
    g_hash_table_insert (shown, g_strdup (showing->id), GUINT_TO_POINTER (number));
  else
    close_number (showing->notifier, number); /* it was withdrawn meanwhile */
}

static GVariant *
make_actions (const Notification *notification)
{
  GVariantBuilder actions = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));

  g_variant_builder_add (&actions, "s", NOTIFIER_DEFAULT);
  g_variant_builder_add (&actions, "s", "");
  if (notification->action)
    {
      g_variant_builder_add (&actions, "s", notification->action);
      g_variant_builder_add (&actions, "s", notification->label);
    }
  return g_variant_builder_end (&actions);
}

static void
show_by_service (GnomonNotifier *self, const Notification *notification)
{
  guint replaces = GPOINTER_TO_UINT (g_hash_table_lookup (self->shown, notification->id));
  g_autofree char *markup = g_markup_escape_text (notification->body, -1);
  Showing *showing = g_new0 (Showing, 1);
  GVariantDict hints;

  showing->notifier = g_object_ref (self);
  showing->id = g_strdup (notification->id);
  if (replaces == 0)
    g_hash_table_insert (self->shown, g_strdup (notification->id), GUINT_TO_POINTER (0));

  g_variant_dict_init (&hints, NULL);
  g_variant_dict_insert (&hints, "desktop-entry", "s", "org.gnomon.Gnomon");
  g_variant_dict_insert (&hints, "urgency", "y",
                         notification->urgent ? URGENCY_CRITICAL : URGENCY_NORMAL);
  call (self, "Notify",
        g_variant_new ("(susss@as@a{sv}i)", "Gnomon", replaces, "org.gnomon.Gnomon",
                       notification->title, markup, make_actions (notification),
                       g_variant_dict_end (&hints),
                       notification->urgent ? EXPIRES_NEVER : EXPIRES_SOMETIME),
        on_shown, showing);
}

/* NULL if the number is of somebody else's notification. */
static const char *
find_id (GnomonNotifier *self, guint number)
{
  GHashTableIter iter;
  gpointer id, shown;

  g_hash_table_iter_init (&iter, self->shown);
  while (number > 0 && g_hash_table_iter_next (&iter, &id, &shown))
    if (GPOINTER_TO_UINT (shown) == number)
      return id;
  return NULL;
}

static void
act (GnomonNotifier *self, const char *id, const char *action)
{
  g_autofree char *token = g_steal_pointer (&self->token);
  g_autofree char *kept = g_strdup (id);

  g_signal_emit (self, signals[SIGNAL_ACTED], 0, kept, action, token ? token : "");
}

static void
on_signal (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
           const char *signal, GVariant *parameters, gpointer data)
{
  GnomonNotifier *self = GNOMON_NOTIFIER (data);
  gboolean texts = g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(us)"));
  const char *text = "";
  const char *id;
  guint number = 0;

  if (texts)
    g_variant_get (parameters, "(u&s)", &number, &text);
  else if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(uu)")))
    g_variant_get (parameters, "(uu)", &number, NULL);
  id = find_id (self, number);
  if (!id)
    return;
  if (texts && g_str_equal (signal, "ActivationToken"))
    {
      g_free (self->token);
      self->token = g_strdup (text);
    }
  else if (texts && g_str_equal (signal, "ActionInvoked"))
    act (self, id, text);
  else if (g_str_equal (signal, "NotificationClosed"))
    g_hash_table_remove (self->shown, id);
}

/* ---- The portal ---- */

static void
show_by_portal (GnomonNotifier *self, const Notification *notification)
{
  GVariantBuilder buttons = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  GVariantDict values;
  GVariantDict button;

  g_variant_dict_init (&values, NULL);
  g_variant_dict_insert (&values, "title", "s", notification->title);
  g_variant_dict_insert (&values, "body", "s", notification->body);
  g_variant_dict_insert (&values, "priority", "s", notification->urgent ? "urgent" : "normal");
  g_variant_dict_insert (&values, "default-action", "s", NOTIFIER_DEFAULT);
  if (notification->action)
    {
      g_variant_dict_init (&button, NULL);
      g_variant_dict_insert (&button, "label", "s", notification->label);
      g_variant_dict_insert (&button, "action", "s", notification->action);
      g_variant_builder_add_value (&buttons, g_variant_dict_end (&button));
    }
  g_variant_dict_insert_value (&values, "buttons", g_variant_builder_end (&buttons));
  call (self, "AddNotification",
        g_variant_new ("(s@a{sv})", notification->id, g_variant_dict_end (&values)), NULL, NULL);
}

static void
on_portal_signal (GDBusConnection *connection, const char *sender, const char *path,
                  const char *interface, const char *signal, GVariant *parameters, gpointer data)
{
  const char *id;
  const char *action;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssav)")))
    return;
  g_variant_get (parameters, "(&s&sav)", &id, &action, NULL);
  act (GNOMON_NOTIFIER (data), id, action);
}

/* ---- Both ---- */

void
gnomon_notifier_show (GnomonNotifier *self, const Notification *notification)
{
  g_return_if_fail (GNOMON_IS_NOTIFIER (self));
  if (self->portal)
    show_by_portal (self, notification);
  else
    show_by_service (self, notification);
}

void
gnomon_notifier_withdraw (GnomonNotifier *self, const char *id)
{
  g_return_if_fail (GNOMON_IS_NOTIFIER (self));
  if (self->portal)
    {
      call (self, "RemoveNotification", g_variant_new ("(s)", id), NULL, NULL);
      return;
    }
  close_number (self, GPOINTER_TO_UINT (g_hash_table_lookup (self->shown, id)));
  g_hash_table_remove (self->shown, id);
}

static void
gnomon_notifier_dispose (GObject *object)
{
  GnomonNotifier *self = GNOMON_NOTIFIER (object);

  if (self->connection)
    g_dbus_connection_signal_unsubscribe (self->connection, self->subscription);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->shown, g_hash_table_unref);
  g_clear_pointer (&self->token, g_free);
  G_OBJECT_CLASS (gnomon_notifier_parent_class)->dispose (object);
}

static void
gnomon_notifier_class_init (GnomonNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gnomon_notifier_dispose;
  signals[SIGNAL_ACTED] =
      g_signal_new ("acted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
gnomon_notifier_init (GnomonNotifier *self)
{
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

GnomonNotifier *
gnomon_notifier_new (GDBusConnection *connection)
{
  GnomonNotifier *self = g_object_new (GNOMON_TYPE_NOTIFIER, NULL);

  self->connection = g_object_ref (connection);
  self->portal = sandbox_is_on ();
  if (self->portal)
    self->subscription = g_dbus_connection_signal_subscribe (
        connection, PORTAL_NAME, PORTAL_INTERFACE, "ActionInvoked", PORTAL_PATH, NULL,
        G_DBUS_SIGNAL_FLAGS_NONE, on_portal_signal, self, NULL);
  else
    self->subscription = g_dbus_connection_signal_subscribe (
        connection, SERVICE_NAME, SERVICE_INTERFACE, NULL, SERVICE_PATH, NULL,
        G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
  return self;
}
