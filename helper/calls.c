/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "calls.h"

#include "arguments.h"
#include "caller-name.h"
#include "sync-result.h"

/* Ours. A caller needs one call at a time, and a person one password dialog. */
#define CALLS_PER_CALLER 4
#define CALLS_AT_ALL     64
#define DIAGNOSES_AT_ALL 8 /* ours; and one for each caller */

struct Calls
{
  Engine *engine; /* NULL after calls_free () */
  Authority *authority;
  CallsChanged changed;
  gpointer data;
  GPtrArray *waiting; /* Call; each holds a reference to the whole */
};

typedef struct Call Call;

typedef struct
{
  const char *name;
  void (*perform) (Call *call, GVariant *parameters);
} Method;

struct Call
{
  Calls *calls;
  const Method *method;
  GDBusMethodInvocation *invocation;
  gint64 came_us;            /* on the engine's clock: a password may take minutes */
  GCancellable *cancellable; /* cancelled when the caller leaves the bus */
  char *who;                 /* the caller's account; NULL where nobody needs authorisation */
  guint watch_id;
};

static void
calls_clear (gpointer data)
{
  Calls *self = data;

  authority_free (self->authority);
  g_ptr_array_unref (self->waiting);
}

static const char *
get_caller (const Call *call)
{
  return g_dbus_method_invocation_get_sender (call->invocation);
}

/* ---- Methods: each answers its call and frees it ---- */

static void
call_free (Call *call)
{
  if (call->watch_id != 0)
    g_bus_unwatch_name (call->watch_id);
  g_ptr_array_remove_fast (call->calls->waiting, call);
  g_object_unref (call->cancellable);
  g_free (call->who);
  g_rc_box_release_full (call->calls, calls_clear);
  g_free (call);
}

/* @value: floating, NULL = the method returns nothing. */
static void
answer (Call *call, GVariant *value)
{
  g_dbus_method_invocation_return_value (call->invocation, value);
  call_free (call);
}

static void
answer_error (Call *call, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_dbus_method_invocation_return_error_literal (call->invocation, GNOMON_ERROR,
                                                   GNOMON_ERROR_CANCELLED, error->message);
  else
    g_dbus_method_invocation_return_gerror (call->invocation, error);
  call_free (call);
}

static void
answer_gone (Call *call)
{
  g_autoptr (GError) error =
      g_error_new_literal (GNOMON_ERROR, GNOMON_ERROR_CANCELLED, "The helper is ending");

  answer_error (call, error);
}

/* @error: NULL = the change was made. */
static void
answer_change (Call *call, const GError *error)
{
  if (error != NULL)
    {
      answer_error (call, error);
      return;
    }
  g_info ("%s by %s", call->method->name, call->who);
  call->calls->changed (call->calls->data);
  answer (call, NULL);
}

static void
on_synced (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;
  g_autoptr (GError) error = NULL;
  NtpSyncResult sync;

  if (call->calls->engine == NULL)
    {
      answer_gone (call);
      return;
    }
  engine_sync_now_finish (call->calls->engine, result, &sync, &error);
  call->calls->changed (call->calls->data);
  if (error != NULL)
    answer_error (call, error);
  else
    answer (call, g_variant_new ("(@a{sv})", sync_result_to_variant (&sync)));
}

static void
sync_now (Call *call, GVariant *parameters)
{
  engine_sync_now_async (call->calls->engine, call->who, call->cancellable, on_synced, call);
}

static void
cancel_sync (Call *call, GVariant *parameters)
{
  engine_cancel_sync (call->calls->engine);
  answer (call, NULL);
}

static void
add_server (Call *call, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) options = NULL;
  const char *host;

  g_variant_get (parameters, "(&s@a{sv})", &host, &options);
  engine_add_server (call->calls->engine, host, options, &error);
  answer_change (call, error);
}

static void
change_server (Call *call, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) options = NULL;
  const char *host;

  g_variant_get (parameters, "(&s@a{sv})", &host, &options);
  engine_change_server (call->calls->engine, host, options, &error);
  answer_change (call, error);
}

static void
remove_server (Call *call, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  const char *host;

  g_variant_get (parameters, "(&s)", &host);
  engine_remove_server (call->calls->engine, host, &error);
  answer_change (call, error);
}

static void
set_options (Call *call, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) options = NULL;

  g_variant_get (parameters, "(@a{sv})", &options);
  engine_set_options (call->calls->engine, options, &error);
  answer_change (call, error);
}

static void
set_automatic (Call *call, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  gboolean automatic;

  g_variant_get (parameters, "(b)", &automatic);
  engine_set_automatic (call->calls->engine, automatic, &error);
  answer_change (call, error);
}

static void
accept_time (Call *call, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  gint64 shown_us;

  g_variant_get (parameters, "(x)", &shown_us);
  engine_accept_time (call->calls->engine, call->who,
                      ((double) shown_us - (double) call->came_us) / G_USEC_PER_SEC, &error);
  answer_change (call, error);
}

static void
reject_time (Call *call, GVariant *parameters)
{
  engine_reject_time (call->calls->engine, call->who);
  answer_change (call, NULL);
}

/* To the caller alone: nobody else has asked. */
static void
on_diagnose_step (GVariant *step, gpointer data)
{
  Call *call = data;
  GDBusMethodInvocation *invocation = call->invocation;
  g_autoptr (GVariant) host =
      g_variant_get_child_value (g_dbus_method_invocation_get_parameters (invocation), 0);

  g_dbus_connection_emit_signal (
      g_dbus_method_invocation_get_connection (invocation), get_caller (call),
      g_dbus_method_invocation_get_object_path (invocation),
      g_dbus_method_invocation_get_interface_name (invocation), "DiagnoseProgress",
      g_variant_new ("(@s@a{sv})", host, step), NULL);
}

static void
on_diagnosed (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) steps = engine_diagnose_finish (call->calls->engine, result, &error);

  if (error != NULL)
    answer_error (call, error);
  else
    answer (call, g_variant_new ("(@aa{sv})", steps));
}

static void
diagnose (Call *call, GVariant *parameters)
{
  g_autoptr (GVariant) options = NULL;
  const char *host;

  g_variant_get (parameters, "(&s@a{sv})", &host, &options);
  engine_diagnose_async (call->calls->engine, host, options, call->cancellable, on_diagnose_step,
                         on_diagnosed, call);
}

/* Of one that has been cancelled nobody hears any more. */
static Call *
find_diagnosis (const Calls *self, const char *caller)
{
  for (guint i = 0; i < self->waiting->len; i++)
    {
      Call *call = self->waiting->pdata[i];
      if (call->method->perform == diagnose && g_str_equal (get_caller (call), caller)
          && !g_cancellable_is_cancelled (call->cancellable))
        return call;
    }
  return NULL;
}

static void
cancel_diagnose (Call *call, GVariant *parameters)
{
  const Call *diagnosis = find_diagnosis (call->calls, get_caller (call));

  if (diagnosis != NULL)
    g_cancellable_cancel (diagnosis->cancellable);
  answer (call, NULL);
}

static void
get_ledger (Call *call, GVariant *parameters)
{
  const char *host;
  guint32 most;

  g_variant_get (parameters, "(&su)", &host, &most);
  answer (call, g_variant_new ("(@aa{sv})", engine_get_ledger (call->calls->engine, host, most)));
}

static void
get_history (Call *call, GVariant *parameters)
{
  gint64 since_us;
  guint32 most;

  g_variant_get (parameters, "(xu)", &since_us, &most);
  answer (call,
          g_variant_new ("(@aa{sv})", engine_get_history (call->calls->engine, since_us, most)));
}

static void
get_events (Call *call, GVariant *parameters)
{
  gint64 since_us;
  guint32 most;

  g_variant_get (parameters, "(xu)", &since_us, &most);
  answer (call,
          g_variant_new ("(@aa{sv})", engine_get_events (call->calls->engine, since_us, most)));
}

static void
delete_records (Call *call, GVariant *parameters)
{
  engine_delete_records (call->calls->engine);
  answer_change (call, NULL);
}

static const Method methods[] = {
  { "SyncNow", sync_now },
  { "CancelSync", cancel_sync },
  { "AddServer", add_server },
  { "ChangeServer", change_server },
  { "RemoveServer", remove_server },
  { "SetOptions", set_options },
  { "SetAutomatic", set_automatic },
  { "Diagnose", diagnose },
  { "CancelDiagnose", cancel_diagnose },
  { "AcceptTime", accept_time },
  { "RejectTime", reject_time },
  { "GetHistory", get_history },
  { "GetEvents", get_events },
  { "DeleteRecords", delete_records },
  { "GetLedger", get_ledger },
};

/* ---- Calls: checked, authorised, then performed ---- */

static void
perform (Call *call)
{
  call->method->perform (call, g_dbus_method_invocation_get_parameters (call->invocation));
}

static void
on_named (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;

  call->who = caller_name_finish (result);
  if (call->calls->engine == NULL || g_cancellable_is_cancelled (call->cancellable))
    answer_gone (call);
  else
    perform (call);
}

static void
on_authorised (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;
  g_autoptr (GError) error = NULL;

  if (!authority_check_finish (call->calls->authority, result, &error))
    answer_error (call, error);
  else
    caller_name_async (g_dbus_method_invocation_get_connection (call->invocation),
                       get_caller (call), call->cancellable, on_named, call);
}

/* Its password dialog goes away, or its sync ends. */
static void
on_caller_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  Call *call = data;

  g_cancellable_cancel (call->cancellable);
}

static void
authorise (Call *call)
{
  GDBusMessage *message = g_dbus_method_invocation_get_message (call->invocation);
  GDBusMessageFlags flags = g_dbus_message_get_flags (message);
  const char *caller = get_caller (call);

  call->watch_id = g_bus_watch_name_on_connection (
      g_dbus_method_invocation_get_connection (call->invocation), caller,
      G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, on_caller_vanished, call, NULL);
  authority_check_async (call->calls->authority, call->method->name, caller,
                         (flags & G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION) != 0,
                         call->cancellable, on_authorised, call);
}

static gboolean
is_busy (Calls *self, const Method *method, const char *caller)
{
  guint same = 0, diagnoses = 0;

  for (guint i = 0; i < self->waiting->len; i++)
    {
      const Call *call = self->waiting->pdata[i];
      same += g_str_equal (get_caller (call), caller);
      diagnoses += call->method->perform == diagnose;
    }
  if (method->perform == diagnose
      && (diagnoses >= DIAGNOSES_AT_ALL || find_diagnosis (self, caller) != NULL))
    return TRUE;
  return same >= CALLS_PER_CALLER || self->waiting->len >= CALLS_AT_ALL;
}

static const Method *
find_method (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].name, name))
      return &methods[i];
  return NULL;
}

Calls *
calls_new (Engine *engine, Authority *authority, CallsChanged changed, gpointer data)
{
  Calls *self = g_rc_box_new0 (Calls);

  self->engine = engine;
  self->authority = authority;
  self->changed = changed;
  self->data = data;
  self->waiting = g_ptr_array_new ();
  return self;
}

void
calls_free (Calls *self)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_copy (self->waiting, NULL, NULL);

  self->engine = NULL;
  /* A cancelled call may be over, and freed, at once. */
  for (guint i = 0; i < waiting->len; i++)
    {
      const Call *call = waiting->pdata[i];
      g_cancellable_cancel (call->cancellable);
    }
  g_rc_box_release_full (self, calls_clear);
}

void
calls_take (Calls *self, GDBusMethodInvocation *invocation)
{
  const char *name = g_dbus_method_invocation_get_method_name (invocation);
  const Method *method = find_method (name);
  const char *action = authority_action (name);
  g_autoptr (GError) error = NULL;
  Call *call;

  if (!arguments_check (name, g_dbus_method_invocation_get_parameters (invocation), &error))
    {
      g_dbus_method_invocation_return_gerror (invocation, error);
      return;
    }
  if (method == NULL)
    {
      g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED,
                                             "This version of the helper does not offer %s", name);
      return;
    }
  if (action != NULL && is_busy (self, method, g_dbus_method_invocation_get_sender (invocation)))
    {
      g_dbus_method_invocation_return_error_literal (invocation, GNOMON_ERROR, GNOMON_ERROR_BUSY,
                                                     "Too many calls are waiting");
      return;
    }

  call = g_new0 (Call, 1);
  call->calls = g_rc_box_acquire (self);
  call->method = method;
  call->invocation = invocation;
  call->came_us = engine_get_unix_us (self->engine);
  call->cancellable = g_cancellable_new ();
  g_ptr_array_add (self->waiting, call);
  if (action == NULL)
    perform (call);
  else
    authorise (call);
}
