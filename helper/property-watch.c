/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "property-watch.h"

#define PROPERTIES "org.freedesktop.DBus.Properties"

struct PropertyWatch
{
  GDBusConnection *connection;
  PropertyPlace place;
  char *path;
  PropertyChanged changed;
  gpointer data;

  guint name_watch;
  guint subscription;
  GCancellable *asking; /* NULL = nothing is being asked */
  gboolean told;
  GVariant *value; /* as told */
};

/* Takes over @value, NULL or not floating. */
static void
tell (PropertyWatch *watch, GVariant *value)
{
  gboolean same =
      watch->value == value
      || (watch->value != NULL && value != NULL && g_variant_equal (watch->value, value));

  if (watch->told && same)
    {
      g_clear_pointer (&value, g_variant_unref);
      return;
    }
  watch->told = TRUE;
  g_clear_pointer (&watch->value, g_variant_unref);
  watch->value = value;
  watch->changed (value, watch->data);
}

static void
stop_asking (PropertyWatch *watch)
{
  if (watch->asking != NULL)
    g_cancellable_cancel (watch->asking);
  g_clear_object (&watch->asking);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  PropertyWatch *watch = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  /* The watch may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&watch->asking);
  if (reply != NULL)
    g_variant_get (reply, "(v)", &value);
  else
    g_info ("%s: %s", watch->place.name, error->message);
  if (value != NULL && !g_variant_is_of_type (value, G_VARIANT_TYPE (watch->place.type)))
    {
      g_warning ("%s: %s is of type %s", watch->place.name, watch->place.property,
                 g_variant_get_type_string (value));
      g_clear_pointer (&value, g_variant_unref);
    }
  tell (watch, g_steal_pointer (&value));
}

static void
ask (PropertyWatch *watch)
{
  const PropertyPlace *place = &watch->place;

  stop_asking (watch);
  watch->asking = g_cancellable_new ();
  g_dbus_connection_call (watch->connection, place->name, watch->path, PROPERTIES, "Get",
                          g_variant_new ("(ss)", place->interface, place->property),
                          G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                          watch->asking, on_answer, watch);
}

static void
on_properties_changed (GDBusConnection *connection, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
  PropertyWatch *watch = data;
  g_autoptr (GVariant) changed = NULL, value = NULL;
  g_autofree const char **invalidated = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_variant_get (parameters, "(&s@a{sv}^a&s)", NULL, &changed, &invalidated);
  value =
      g_variant_lookup_value (changed, watch->place.property, G_VARIANT_TYPE (watch->place.type));
  if (value != NULL)
    {
      /* An answer that is under way is older. */
      stop_asking (watch);
      tell (watch, g_steal_pointer (&value));
    }
  else if (g_strv_contains (invalidated, watch->place.property))
    ask (watch);
}

static void
unsubscribe (PropertyWatch *watch)
{
  if (watch->subscription != 0)
    g_dbus_connection_signal_unsubscribe (watch->connection, watch->subscription);
  watch->subscription = 0;
}

static void
on_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  PropertyWatch *watch = data;

  unsubscribe (watch);
  watch->subscription = g_dbus_connection_signal_subscribe (
      connection, owner, PROPERTIES, "PropertiesChanged", watch->path, watch->place.interface,
      G_DBUS_SIGNAL_FLAGS_NONE, on_properties_changed, watch, NULL);
  ask (watch);
}

static void
on_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  PropertyWatch *watch = data;

  unsubscribe (watch);
  stop_asking (watch);
  tell (watch, NULL);
}

PropertyWatch *
property_watch_new (GDBusConnection *connection, const PropertyPlace *place,
                    PropertyChanged changed, gpointer data)
{
  PropertyWatch *watch = g_new0 (PropertyWatch, 1);

  watch->connection = g_object_ref (connection);
  watch->place = *place;
  watch->path = g_strdup (place->path);
  watch->changed = changed;
  watch->data = data;
  watch->name_watch =
      g_bus_watch_name_on_connection (connection, place->name, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                      on_appeared, on_vanished, watch, NULL);
  return watch;
}

void
property_watch_free (PropertyWatch *watch)
{
  g_bus_unwatch_name (watch->name_watch);
  unsubscribe (watch);
  stop_asking (watch);
  g_clear_pointer (&watch->value, g_variant_unref);
  g_object_unref (watch->connection);
  g_free (watch->path);
  g_free (watch);
}
