/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "change-lock.h"

#include "client-error.h"

#define ACTION "org.gnomon.helper.configure"

/* org.freedesktop.PolicyKit1.Authority */
#define NAME              "org.freedesktop.PolicyKit1"
#define PATH              "/org/freedesktop/PolicyKit1/Authority"
#define INTERFACE         "org.freedesktop.PolicyKit1.Authority"
#define ALLOW_INTERACTION 1

struct _GnomonChangeLock
{
  GObject parent_instance;

  GnomonHelperClient *client;
  GCancellable *cancellable; /* of the first question */
  gboolean open;
  gboolean closing; /* as soon as nothing is under way */
  guint held;
  char *given; /* for a while: by which polkit takes it back */
};

G_DEFINE_FINAL_TYPE (GnomonChangeLock, gnomon_change_lock, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
set_open (GnomonChangeLock *self, gboolean open)
{
  if (self->open == open)
    return;
  self->open = open;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* The answer "((bba{ss}))". */
static void
take_answer (GnomonChangeLock *self, GVariant *answer, GTask *task)
{
  g_autoptr (GVariant) details = NULL;
  gboolean authorised = FALSE;
  gboolean challenge = FALSE;
  const char *given;

  g_variant_get (answer, "((bb@a{ss}))", &authorised, &challenge, &details);
  if (authorised && g_variant_lookup (details, "polkit.temporary_authorization_id", "&s", &given))
    {
      g_free (self->given);
      self->given = g_strdup (given);
    }
  set_open (self, authorised);
  if (authorised)
    g_task_return_boolean (task, TRUE);
  else if (g_variant_lookup (details, "polkit.dismissed", "&s", NULL))
    g_task_return_new_error (task, CLIENT_ERROR, CLIENT_ERROR_CANCELLED, "dismissed");
  else
    g_task_return_new_error (task, CLIENT_ERROR, CLIENT_ERROR_NOT_AUTHORISED, "polkit says no");
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GnomonChangeLock *self = g_task_get_source_object (task);
  gboolean interactive = GPOINTER_TO_INT (g_task_get_task_data (task));
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer)
    take_answer (self, answer, task);
  else if (interactive && client_error_is_unreachable (error))
    {
      g_clear_error (&error);
      set_open (self, TRUE);
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);
}

/* The subject is this program, by its name on the bus where the helper knows it. */
static void
ask (GnomonChangeLock *self, gboolean interactive, GTask *task)
{
  GDBusProxy *proxy = gnomon_helper_client_get_proxy (self->client, task);
  GDBusConnection *connection;
  GVariantBuilder subject;

  if (!proxy)
    return;
  connection = g_dbus_proxy_get_connection (proxy);
  g_task_set_task_data (task, GINT_TO_POINTER (interactive), NULL);
  g_variant_builder_init (&subject, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&subject, "{sv}", "name",
                         g_variant_new_string (g_dbus_connection_get_unique_name (connection)));
  g_dbus_connection_call (connection, NAME, PATH, INTERFACE, "CheckAuthorization",
                          g_variant_new ("((sa{sv})sa{ss}us)", "system-bus-name", &subject, ACTION,
                                         NULL, interactive ? ALLOW_INTERACTION : 0, ""),
                          G_VARIANT_TYPE ("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT,
                          g_task_get_cancellable (task), on_answered, g_object_ref (task));
}

gboolean
gnomon_change_lock_is_open (GnomonChangeLock *self)
{
  g_return_val_if_fail (GNOMON_IS_CHANGE_LOCK (self), FALSE);
  return self->open;
}

void
gnomon_change_lock_open_async (GnomonChangeLock *self, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  g_return_if_fail (GNOMON_IS_CHANGE_LOCK (self));
  g_task_set_source_tag (task, gnomon_change_lock_open_async);
  ask (self, TRUE, task);
}

gboolean
gnomon_change_lock_open_finish (GnomonChangeLock *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
give_back (GnomonChangeLock *self)
{
  g_autoptr (GTask) task = NULL;
  GDBusProxy *proxy;

  if (!self->given)
    return;
  task = g_task_new (NULL, NULL, NULL, NULL);
  proxy = gnomon_helper_client_get_proxy (self->client, task);
  if (proxy)
    {
      g_dbus_connection_call (g_dbus_proxy_get_connection (proxy), NAME, PATH, INTERFACE,
                              "RevokeTemporaryAuthorizationById",
                              g_variant_new ("(s)", self->given), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                              NULL, NULL, NULL);
      g_task_return_boolean (task, TRUE);
    }
  g_clear_pointer (&self->given, g_free);
}

void
gnomon_change_lock_close (GnomonChangeLock *self)
{
  g_return_if_fail (GNOMON_IS_CHANGE_LOCK (self));
  self->closing = self->held > 0;
  if (self->closing)
    return;
  give_back (self);
  set_open (self, FALSE);
}

void
gnomon_change_lock_hold (GnomonChangeLock *self)
{
  g_return_if_fail (GNOMON_IS_CHANGE_LOCK (self));
  self->held++;
}

void
gnomon_change_lock_release (GnomonChangeLock *self)
{
  g_return_if_fail (GNOMON_IS_CHANGE_LOCK (self) && self->held > 0);
  self->held--;
  if (self->held == 0 && self->closing)
    gnomon_change_lock_close (self);
}

static void
gnomon_change_lock_dispose (GObject *object)
{
  GnomonChangeLock *self = GNOMON_CHANGE_LOCK (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->client)
    give_back (self);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (gnomon_change_lock_parent_class)->dispose (object);
}

static void
gnomon_change_lock_class_init (GnomonChangeLockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gnomon_change_lock_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", GNOMON_TYPE_CHANGE_LOCK, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
gnomon_change_lock_init (GnomonChangeLock *self)
{
  self->cancellable = g_cancellable_new ();
}

GnomonChangeLock *
gnomon_change_lock_new (GnomonHelperClient *client)
{
  GnomonChangeLock *self = g_object_new (GNOMON_TYPE_CHANGE_LOCK, NULL);
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, NULL, NULL);

  self->client = g_object_ref (client);
  ask (self, FALSE, task);
  return self;
}
