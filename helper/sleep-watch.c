/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sleep-watch.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#define LOGIND_NAME      "org.freedesktop.login1"
#define LOGIND_PATH      "/org/freedesktop/login1"
#define LOGIND_INTERFACE LOGIND_NAME ".Manager"

struct SleepWatch
{
  GDBusConnection *connection;
  SleepChanged changed;
  gpointer data;
  guint name_watch;
  guint subscription;
  GCancellable *asking; /* for the lock */
  int lock;             /* −1 = we have none */
  gboolean asleep;
};

static void
release (SleepWatch *watch)
{
  if (watch->asking != NULL)
    g_cancellable_cancel (watch->asking);
  g_clear_object (&watch->asking);
  if (watch->lock >= 0)
    close (watch->lock);
  watch->lock = -1;
}

static void
on_lock (GObject *source, GAsyncResult *result, gpointer data)
{
  SleepWatch *watch = data;
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (
      G_DBUS_CONNECTION (source), &list, result, &error);
  gint32 index = -1;

  /* The watch may be gone; what came too late is closed with the list. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&watch->asking);
  if (reply != NULL)
    g_variant_get (reply, "(h)", &index);
  if (list != NULL && index >= 0 && index < g_unix_fd_list_get_length (list))
    watch->lock = g_unix_fd_list_get (list, index, NULL);
  if (watch->lock < 0)
    g_info ("No lock to delay sleep: %s", error != NULL ? error->message : "logind gave none");
}

static void
take (SleepWatch *watch)
{
  release (watch);
  watch->asking = g_cancellable_new ();
  g_dbus_connection_call_with_unix_fd_list (
      watch->connection, LOGIND_NAME, LOGIND_PATH, LOGIND_INTERFACE, "Inhibit",
      g_variant_new ("(ssss)", "sleep", "Gnomon", "Keeping what is known of the clock", "delay"),
      G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, watch->asking, on_lock,
      watch);
}

static void
tell (SleepWatch *watch, gboolean asleep)
{
  if (asleep == watch->asleep)
    return;
  watch->asleep = asleep;
  watch->changed (asleep, watch->data);
}

static void
on_prepare (GDBusConnection *connection, const char *sender, const char *path,
            const char *interface, const char *signal, GVariant *parameters, gpointer data)
{
  SleepWatch *watch = data;
  gboolean begins;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &begins);
  tell (watch, begins);
  if (begins)
    release (watch);
  else
    take (watch);
}

static void
forget (SleepWatch *watch)
{
  if (watch->subscription != 0)
    g_dbus_connection_signal_unsubscribe (watch->connection, watch->subscription);
  watch->subscription = 0;
  release (watch);
}

static void
on_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  SleepWatch *watch = data;

  forget (watch);
  watch->subscription = g_dbus_connection_signal_subscribe (
      connection, owner, LOGIND_INTERFACE, "PrepareForSleep", LOGIND_PATH, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_prepare, watch, NULL);
  take (watch);
}

/* Who has gone tells nobody that the machine woke up. */
static void
on_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  SleepWatch *watch = data;

  forget (watch);
  tell (watch, FALSE);
}

SleepWatch *
sleep_watch_new (GDBusConnection *connection, SleepChanged changed, gpointer data)
{
  SleepWatch *watch = g_new0 (SleepWatch, 1);

  watch->connection = g_object_ref (connection);
  watch->changed = changed;
  watch->data = data;
  watch->lock = -1;
  watch->name_watch =
      g_bus_watch_name_on_connection (connection, LOGIND_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                      on_appeared, on_vanished, watch, NULL);
  return watch;
}

void
sleep_watch_free (SleepWatch *watch)
{
  g_bus_unwatch_name (watch->name_watch);
  forget (watch);
  g_object_unref (watch->connection);
  g_free (watch);
}
