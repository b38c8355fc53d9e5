/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "helper-calls.h"

#define ANSWER_LIST "(aa{sv})"

/* A call on its way, and who wants to hear of its steps. */
typedef struct
{
  char *host;
  HelperStepFunc on_step;
  gpointer data;
  GDBusProxy *proxy;
  gulong handler;         /* 0 = steps are not listened for */
  GCancellable *waiting;  /* for the answer */
  GCancellable *given_up; /* by the caller, may be NULL */
  gulong given_up_handler;
} Diagnosis;

/* Nobody hears of it any more. */
static void
diagnosis_leave (Diagnosis *diagnosis)
{
  g_clear_signal_handler (&diagnosis->handler, diagnosis->proxy);
  g_cancellable_disconnect (diagnosis->given_up, diagnosis->given_up_handler);
  diagnosis->given_up_handler = 0;
}

static void
diagnosis_free (Diagnosis *diagnosis)
{
  diagnosis_leave (diagnosis);
  g_clear_object (&diagnosis->proxy);
  g_clear_object (&diagnosis->waiting);
  g_clear_object (&diagnosis->given_up);
  g_free (diagnosis->host);
  g_free (diagnosis);
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  if (reply)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Diagnosis *diagnosis = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  if (diagnosis)
    diagnosis_leave (diagnosis);
  if (!reply)
    g_task_return_error (task, error);
  else if (!g_variant_is_of_type (reply, G_VARIANT_TYPE (ANSWER_LIST)))
    g_task_return_new_error (task, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_SIGNATURE,
                             "the answer is of type %s", g_variant_get_type_string (reply));
  else
    g_task_return_pointer (task, g_variant_get_child_value (reply, 0),
                           (GDestroyNotify) g_variant_unref);
}

/* @parameters: floating, sunk. */
static void
call (GnomonHelperClient *self, const char *method, GVariant *parameters, GCancellable *cancellable,
      GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  g_autoptr (GVariant) sunk = g_variant_ref_sink (parameters);
  GDBusProxy *proxy = gnomon_helper_client_get_proxy (self, task);

  g_task_set_source_tag (task, call);
  if (proxy)
    g_dbus_proxy_call (proxy, method, sunk, G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION,
                       G_MAXINT, cancellable, on_called, g_steal_pointer (&task));
}

/* Reading: nobody is asked for a password. @parameters: floating, sunk. */
static void
list (GnomonHelperClient *self, const char *method, GVariant *parameters, GCancellable *cancellable,
      GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  g_autoptr (GVariant) sunk = g_variant_ref_sink (parameters);
  GDBusProxy *proxy = gnomon_helper_client_get_proxy (self, task);

  g_task_set_source_tag (task, list);
  if (proxy)
    g_dbus_proxy_call (proxy, method, sunk, G_DBUS_CALL_FLAGS_NONE, -1, cancellable, on_listed,
                       g_steal_pointer (&task));
}

gboolean
gnomon_helper_client_call_finish (GnomonHelperClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

GVariant *
gnomon_helper_client_list_finish (GnomonHelperClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- What changes something ---- */

void
gnomon_helper_client_add_server_async (GnomonHelperClient *self, const char *host,
                                       GVariant *options, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  call (self, "AddServer", g_variant_new ("(s@a{sv})", host, options), cancellable, callback, data);
}

void
gnomon_helper_client_change_server_async (GnomonHelperClient *self, const char *host,
                                          GVariant *options, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  call (self, "ChangeServer", g_variant_new ("(s@a{sv})", host, options), cancellable, callback,
        data);
}

void
gnomon_helper_client_remove_server_async (GnomonHelperClient *self, const char *host,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  call (self, "RemoveServer", g_variant_new ("(s)", host), cancellable, callback, data);
}

void
gnomon_helper_client_set_options_async (GnomonHelperClient *self, GVariant *options,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  call (self, "SetOptions", g_variant_new ("(@a{sv})", options), cancellable, callback, data);
}

void
gnomon_helper_client_set_automatic_async (GnomonHelperClient *self, gboolean automatic,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  call (self, "SetAutomatic", g_variant_new ("(b)", automatic), cancellable, callback, data);
}

void
gnomon_helper_client_accept_time_async (GnomonHelperClient *self, gint64 usec,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  call (self, "AcceptTime", g_variant_new ("(x)", usec), cancellable, callback, data);
}

void
gnomon_helper_client_reject_time_async (GnomonHelperClient *self, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  call (self, "RejectTime", g_variant_new ("()"), cancellable, callback, data);
}

void
gnomon_helper_client_delete_records_async (GnomonHelperClient *self, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  call (self, "DeleteRecords", g_variant_new ("()"), cancellable, callback, data);
}

/* ---- What only looks ---- */

void
gnomon_helper_client_get_history_async (GnomonHelperClient *self, gint64 since, guint most,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  list (self, "GetHistory", g_variant_new ("(xu)", since, most), cancellable, callback, data);
}

void
gnomon_helper_client_get_events_async (GnomonHelperClient *self, gint64 since, guint most,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  list (self, "GetEvents", g_variant_new ("(xu)", since, most), cancellable, callback, data);
}

void
gnomon_helper_client_get_ledger_async (GnomonHelperClient *self, const char *host, guint most,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer data)
{
  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  list (self, "GetLedger", g_variant_new ("(su)", host, most), cancellable, callback, data);
}

static void
on_step (GDBusProxy *proxy, const char *host, GVariant *step, gpointer data)
{
  const Diagnosis *diagnosis = data;

  if (g_str_equal (host, diagnosis->host))
    diagnosis->on_step (step, diagnosis->data);
}

/* Where the helper cannot be told, its answer is not waited for. */
static void
on_cancelled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GCancellable) waiting = data;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, NULL);

  if (!reply)
    g_cancellable_cancel (waiting);
}

/* The helper answers a diagnosis that it has ended, so that the next one finds it free. */
static void
on_given_up (GCancellable *cancellable, gpointer data)
{
  Diagnosis *diagnosis = data;

  g_clear_signal_handler (&diagnosis->handler, diagnosis->proxy);
  g_dbus_proxy_call (diagnosis->proxy, "CancelDiagnose", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                     on_cancelled, g_object_ref (diagnosis->waiting));
}

void
gnomon_helper_client_diagnose_async (GnomonHelperClient *self, const char *host, GVariant *options,
                                     HelperStepFunc step, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  g_autoptr (GVariant) sunk = g_variant_ref_sink (options);
  Diagnosis *diagnosis = g_new0 (Diagnosis, 1);
  GDBusProxy *proxy;

  g_return_if_fail (GNOMON_IS_HELPER_CLIENT (self));
  g_task_set_source_tag (task, gnomon_helper_client_diagnose_async);
  g_task_set_task_data (task, diagnosis, (GDestroyNotify) diagnosis_free);
  proxy = gnomon_helper_client_get_proxy (self, task);
  if (!proxy)
    return;
  diagnosis->host = g_strdup (host);
  diagnosis->on_step = step;
  diagnosis->data = data;
  diagnosis->proxy = g_object_ref (proxy);
  diagnosis->waiting = g_cancellable_new ();
  if (step)
    diagnosis->handler =
        g_signal_connect (proxy, "diagnose-progress", G_CALLBACK (on_step), diagnosis);
  g_dbus_proxy_call (proxy, "Diagnose", g_variant_new ("(s@a{sv})", host, sunk),
                     G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, G_MAXINT,
                     diagnosis->waiting, on_listed, g_steal_pointer (&task));
  if (!cancellable)
    return;
  diagnosis->given_up = g_object_ref (cancellable);
  diagnosis->given_up_handler =
      g_cancellable_connect (cancellable, G_CALLBACK (on_given_up), diagnosis, NULL);
}
