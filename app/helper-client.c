/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "helper-client.h"

#include "client-error.h"
#include "helper-bus.h"

#define BUS_NAME    "org.gnomon.Helper1"
#define OBJECT_PATH "/org/gnomon/Helper1"

struct _GnomonHelperClient
{
  GObject parent_instance;

  GBusType bus;
  GCancellable *cancellable; /* of the search for the helper */
  BusHelper1 *proxy;         /* NULL until the bus has answered */
  HelperPresence presence;
  char *problem;

  ClockFacts facts;
  GListStore *servers;

  gboolean syncing;
  gboolean has_synced;
  SyncResult last_sync;
};

G_DEFINE_FINAL_TYPE (GnomonHelperClient, gnomon_helper_client, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_SYNC_CHANGED,
  SIGNAL_SYNC_PROGRESS,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const char *
text_or_empty (const char *text)
{
  return text ? text : "";
}

static void
set_problem (GnomonHelperClient *self, const char *problem)
{
  g_free (self->problem);
  self->problem = g_strdup (problem);
}

static gboolean
has_host (GListModel *servers, guint position, GVariant *values)
{
  g_autoptr (GnomonServer) server = g_list_model_get_item (servers, position);
  const char *host = "";

  g_variant_lookup (values, "host", "&s", &host);
  return server && g_str_equal (gnomon_server_get_facts (server)->host, host);
}

/* The same hosts in the same order are changed in place, so that no row jumps or loses the focus.
 * Where the lists part, the rest is made anew. */
static void
read_servers (GnomonHelperClient *self)
{
  GVariant *list = self->proxy ? bus_helper1_get_servers (self->proxy) : NULL;
  GListModel *model = G_LIST_MODEL (self->servers);
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);
  guint kept = 0;
  gsize n = 0;

  if (list && g_variant_is_of_type (list, G_VARIANT_TYPE ("aa{sv}"))
      && self->presence == HELPER_PRESENT)
    n = g_variant_n_children (list);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) values = g_variant_get_child_value (list, i);

      if (added->len == 0 && has_host (model, (guint) i, values))
        {
          g_autoptr (GnomonServer) server = g_list_model_get_item (model, (guint) i);
          gnomon_server_set_values (server, values);
          kept++;
          continue;
        }
      g_ptr_array_add (added, gnomon_server_new (values));
    }
  if (added->len > 0 || kept < g_list_model_get_n_items (model))
    g_list_store_splice (self->servers, kept, g_list_model_get_n_items (model) - kept, added->pdata,
                         added->len);
}

static void
read_clock (GnomonHelperClient *self)
{
  if (self->presence == HELPER_PRESENT)
    clock_facts_read (&self->facts, self->proxy);
  else
    self->facts = CLOCK_FACTS_UNKNOWN;
}

static void
read_all (GnomonHelperClient *self)
{
  read_clock (self);
  read_servers (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_properties_changed (GDBusProxy *proxy, GVariant *changed, const char *const *invalidated,
                       gpointer data)
{
  GnomonHelperClient *self = GNOMON_HELPER_CLIENT (data);
  g_autoptr (GVariant) servers = g_variant_lookup_value (changed, "Servers", NULL);

  read_clock (self);
  if (servers || g_strv_contains (invalidated, "Servers"))
    read_servers (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_name_owner_changed (GDBusProxy *proxy, GParamSpec *pspec, gpointer data)
{
  GnomonHelperClient *self = GNOMON_HELPER_CLIENT (data);
  g_autofree char *owner = g_dbus_proxy_get_name_owner (proxy);

  self->presence = owner ? HELPER_PRESENT : HELPER_MISSING;
  if (owner)
    g_clear_pointer (&self->problem, g_free);
  read_all (self);
}

static void
on_sync_progress (BusHelper1 *proxy, const char *phase, const char *host, GVariant *detail,
                  gpointer data)
{
  static const char *const PHASES[SYNC_N_PHASES] = { "keys", "measuring", "comparing", "setting",
                                                     "done" };
  guint answers = 0;
  guint wanted = 0;

  g_variant_lookup (detail, "answers", "u", &answers);
  g_variant_lookup (detail, "wanted", "u", &wanted);
  for (guint i = 0; i < SYNC_N_PHASES; i++)
    if (g_str_equal (phase, PHASES[i]))
      g_signal_emit (data, signals[SIGNAL_SYNC_PROGRESS], 0, i, host, answers, wanted);
}

static void
on_proxy_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  BusHelper1 *proxy = bus_helper1_proxy_new_for_bus_finish (result, &error);
  GnomonHelperClient *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!proxy)
    {
      self->presence = HELPER_MISSING;
      set_problem (self, error->message);
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
      return;
    }
  self->proxy = proxy;
  g_signal_connect_object (proxy, "notify::g-name-owner", G_CALLBACK (on_name_owner_changed), self,
                           0);
  g_signal_connect_object (proxy, "g-properties-changed", G_CALLBACK (on_properties_changed), self,
                           0);
  g_signal_connect_object (proxy, "sync-progress", G_CALLBACK (on_sync_progress), self, 0);
  on_name_owner_changed (G_DBUS_PROXY (proxy), NULL, self);
}

/* A reading makes the helper signal all that differs from what it has signalled before, so the
 * answer itself says nothing new. */
void
gnomon_helper_client_refresh (GnomonHelperClient *self)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  if (self->presence == HELPER_PRESENT)
    g_dbus_proxy_call (G_DBUS_PROXY (self->proxy), "org.freedesktop.DBus.Properties.Get",
                       g_variant_new ("(ss)", BUS_NAME, "Uncertainty"), G_DBUS_CALL_FLAGS_NONE, -1,
                       NULL, NULL, NULL);
}

/* ---- Calls ---- */

static void
set_syncing (GnomonHelperClient *self, gboolean syncing)
{
  if (self->syncing == syncing)
    return;
  self->syncing = syncing;
  g_signal_emit (self, signals[SIGNAL_SYNC_CHANGED], 0);
}

static void
on_synced (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GnomonHelperClient *self = g_task_get_source_object (task);
  g_autoptr (GVariant) values = NULL;
  g_autoptr (GError) error = NULL;

  if (bus_helper1_call_sync_now_finish (BUS_HELPER1 (source), &values, result, &error))
    {
      sync_result_read (&self->last_sync, values);
      self->has_synced = TRUE;
    }
  set_syncing (self, FALSE);
  /* The result explains the last step. */
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  if (error)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

GDBusProxy *
gnomon_helper_client_get_proxy (GnomonHelperClient *self, GTask *task)
{
  g_return_val_if_fail (GNOMON_IS_HELPER_CLIENT (self), NULL);
  if (!self->proxy)
    g_task_return_new_error (task, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN, "%s",
                             text_or_empty (self->problem));
  return self->proxy ? G_DBUS_PROXY (self->proxy) : NULL;
}

void
gnomon_helper_client_sync_async (GnomonHelperClient *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  g_task_set_source_tag (task, gnomon_helper_client_sync_async);
  if (!gnomon_helper_client_get_proxy (self, task))
    return;
  set_syncing (self, TRUE);
  bus_helper1_call_sync_now (self->proxy, g_variant_new ("a{sv}", NULL),
                             G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, G_MAXINT,
                             cancellable, on_synced, g_steal_pointer (&task));
}

gboolean
gnomon_helper_client_sync_finish (GnomonHelperClient *self, GAsyncResult *result, SyncResult *sync,
                                  GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *sync = self->last_sync;
  return TRUE;
}

void
gnomon_helper_client_cancel_sync (GnomonHelperClient *self)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  if (self->proxy && self->syncing)
    bus_helper1_call_cancel_sync (self->proxy, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GnomonHelperClient *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_dbus_error_strip_remote_error (error);
  set_problem (self, error->message);
  g_task_return_error (task, error);
}

void
gnomon_helper_client_start_async (GnomonHelperClient *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  g_task_set_source_tag (task, gnomon_helper_client_start_async);
  if (!gnomon_helper_client_get_proxy (self, task))
    return;
  g_dbus_connection_call (g_dbus_proxy_get_connection (G_DBUS_PROXY (self->proxy)),
                          "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                          "StartServiceByName", g_variant_new ("(su)", BUS_NAME, 0),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, cancellable,
                          on_started, g_steal_pointer (&task));
}

/* ---- The object ---- */

static void
gnomon_helper_client_dispose (GObject *object)
{
  GnomonHelperClient *self = GNOMON_HELPER_CLIENT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->proxy);
  g_clear_object (&self->servers);
  g_clear_pointer (&self->problem, g_free);
  G_OBJECT_CLASS (gnomon_helper_client_parent_class)->dispose (object);
}

static guint
add_signal (const char *name, guint n_parameters, GType *parameters)
{
  return g_signal_newv (name, GNOMON_TYPE_HELPER_CLIENT, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL,
                        G_TYPE_NONE, n_parameters, parameters);
}

static void
gnomon_helper_client_class_init (GnomonHelperClientClass *klass)
{
  GType progress[] = { G_TYPE_UINT, G_TYPE_STRING, G_TYPE_UINT, G_TYPE_UINT };

  G_OBJECT_CLASS (klass)->dispose = gnomon_helper_client_dispose;
  signals[SIGNAL_CHANGED] = add_signal ("changed", 0, NULL);
  signals[SIGNAL_SYNC_CHANGED] = add_signal ("sync-changed", 0, NULL);
  signals[SIGNAL_SYNC_PROGRESS] = add_signal ("sync-progress", G_N_ELEMENTS (progress), progress);
}

static void
gnomon_helper_client_init (GnomonHelperClient *self)
{
  self->cancellable = g_cancellable_new ();
  self->servers = g_list_store_new (GNOMON_TYPE_SERVER);
  self->facts = CLOCK_FACTS_UNKNOWN;
}

GnomonHelperClient *
gnomon_helper_client_new (GBusType bus)
{
  GnomonHelperClient *self = g_object_new (GNOMON_TYPE_HELPER_CLIENT, NULL);

  client_error_quark ();
  self->bus = bus;
  bus_helper1_proxy_new_for_bus (bus, G_DBUS_PROXY_FLAGS_NONE, BUS_NAME, OBJECT_PATH,
                                 self->cancellable, on_proxy_ready, self);
  return self;
}

/* ---- What is known ---- */

HelperPresence
gnomon_helper_client_get_presence (GnomonHelperClient *self)
{
  g_return_val_if_fail (GNOMON_IS_HELPER_CLIENT (self), HELPER_MISSING);
  return self->presence;
}

const char *
gnomon_helper_client_get_problem (GnomonHelperClient *self)
{
  g_return_val_if_fail (GNOMON_IS_HELPER_CLIENT (self), "");
  return text_or_empty (self->problem);
}

const ClockFacts *
gnomon_helper_client_get_facts (GnomonHelperClient *self)
{
  g_return_val_if_fail (GNOMON_IS_HELPER_CLIENT (self), NULL);
  return &self->facts;
}

GListModel *
gnomon_helper_client_get_servers (GnomonHelperClient *self)
{
  g_return_val_if_fail (GNOMON_IS_HELPER_CLIENT (self), NULL);
  return G_LIST_MODEL (self->servers);
}

GnomonServer *
gnomon_helper_client_find_server (GnomonHelperClient *self, const char *host)
{
  GListModel *servers = gnomon_helper_client_get_servers (self);

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (servers, i);
      if (g_ascii_strcasecmp (gnomon_server_get_facts (server)->host, host) == 0)
        return g_steal_pointer (&server);
    }
  return NULL;
}

gboolean
gnomon_helper_client_has_server (GnomonHelperClient *self, const char *host)
{
  g_autoptr (GnomonServer) server = gnomon_helper_client_find_server (self, host);
  return server != NULL;
}

GVariant *
gnomon_helper_client_get_tracking (GnomonHelperClient *self)
{
  g_return_val_if_fail (GNOMON_IS_HELPER_CLIENT (self), NULL);
  return self->presence == HELPER_PRESENT ? bus_helper1_dup_tracking (self->proxy) : NULL;
}

GVariant *
gnomon_helper_client_get_properties (GnomonHelperClient *self)
{
  g_auto (GStrv) names = NULL;
  GVariantDict properties;

  g_return_val_if_fail (GNOMON_IS_HELPER_CLIENT (self), NULL);
  if (self->presence != HELPER_PRESENT)
    return NULL;
  g_variant_dict_init (&properties, NULL);
  names = g_dbus_proxy_get_cached_property_names (G_DBUS_PROXY (self->proxy));
  for (guint i = 0; names && names[i]; i++)
    {
      g_autoptr (GVariant) value =
          g_dbus_proxy_get_cached_property (G_DBUS_PROXY (self->proxy), names[i]);
      g_variant_dict_insert_value (&properties, names[i], value);
    }
  return g_variant_ref_sink (g_variant_dict_end (&properties));
}

GVariant *
gnomon_helper_client_get_server_values (GnomonHelperClient *self)
{
  g_return_val_if_fail (GNOMON_IS_HELPER_CLIENT (self), NULL);
  return self->presence == HELPER_PRESENT ? bus_helper1_dup_servers (self->proxy) : NULL;
}

gboolean
gnomon_helper_client_is_syncing (GnomonHelperClient *self)
{
  g_return_val_if_fail (GNOMON_IS_HELPER_CLIENT (self), FALSE);
  return self->syncing;
}

const SyncResult *
gnomon_helper_client_get_last_sync (GnomonHelperClient *self)
{
  g_return_val_if_fail (GNOMON_IS_HELPER_CLIENT (self), NULL);
  return self->has_synced ? &self->last_sync : NULL;
}
