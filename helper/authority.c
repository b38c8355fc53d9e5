/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "authority.h"

#include "error.h"

#include <unistd.h>

#define ACTION_SYNC_NOW    "org.gnomon.helper.sync-now"
#define ACTION_CONFIGURE   "org.gnomon.helper.configure"
#define ACTION_DIAGNOSE    "org.gnomon.helper.diagnose"
#define ACTION_ACCEPT_TIME "org.gnomon.helper.accept-time"
#define ACTION_UNKNOWN     "org.gnomon.helper.unknown"

/* org.freedesktop.PolicyKit1.Authority */
#define POLKIT_ALLOW_INTERACTION 1
#define POLKIT_ERROR_PREFIX      "org.freedesktop.PolicyKit1.Error."

static const struct
{
  const char *method;
  const char *action; /* NULL = open to all */
} actions[] = {
  { "SyncNow", ACTION_SYNC_NOW },
  { "CancelSync", ACTION_SYNC_NOW },
  { "AddServer", ACTION_CONFIGURE },
  { "ChangeServer", ACTION_CONFIGURE },
  { "RemoveServer", ACTION_CONFIGURE },
  { "SetOptions", ACTION_CONFIGURE },
  { "SetAutomatic", ACTION_CONFIGURE },
  { "Diagnose", ACTION_DIAGNOSE },
  { "CancelDiagnose", ACTION_DIAGNOSE },
  { "AcceptTime", ACTION_ACCEPT_TIME },
  { "RejectTime", ACTION_ACCEPT_TIME },
  { "DeleteRecords", ACTION_CONFIGURE },
  { "GetHistory", NULL },
  { "GetEvents", NULL },
  { "GetLedger", NULL },
};

struct Authority
{
  GDBusConnection *connection;
  GBusType bus;
  guint n_questions;
};

typedef struct
{
  const char *action;
  char *caller;
  gboolean interactive;
  char *id; /* by which it can be taken back */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->caller);
  g_free (question->id);
  g_free (question);
}

static void
refuse (GTask *task, GnomonError code, const char *why)
{
  const Question *question = g_task_get_task_data (task);

  g_info ("%s denied to %s: %s", question->action, question->caller, why);
  g_task_return_new_error (task, GNOMON_ERROR, code, "Not authorised for %s: %s", question->action,
                           why);
}

static void
deny (GTask *task, const char *why)
{
  refuse (task, GNOMON_ERROR_NOT_AUTHORISED, why);
}

/* polkit itself says no, and in words. */
static gboolean
is_from_polkit (const GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);

  return name != NULL && g_str_has_prefix (name, POLKIT_ERROR_PREFIX);
}

static void
deny_without_polkit (GTask *task, GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !is_from_polkit (error))
    g_warning ("polkit cannot be asked: %s", error->message);
  g_dbus_error_strip_remote_error (error);
  deny (task, error->message);
}

static void
call_polkit (GDBusConnection *connection, const char *method, GVariant *parameters,
             const GVariantType *answer, GCancellable *cancellable, GAsyncReadyCallback callback,
             gpointer data)
{
  /* A person types a password for as long as it takes. */
  g_dbus_connection_call (connection, "org.freedesktop.PolicyKit1",
                          "/org/freedesktop/PolicyKit1/Authority",
                          "org.freedesktop.PolicyKit1.Authority", method, parameters, answer,
                          G_DBUS_CALL_FLAGS_NONE, G_MAXINT, cancellable, callback, data);
}

static void
on_polkit_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Question *question = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) details = NULL;
  gboolean authorised = FALSE, challenge = FALSE;

  reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (reply == NULL)
    {
      /* Nobody waits for the password any more. */
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        call_polkit (G_DBUS_CONNECTION (source), "CancelCheckAuthorization",
                     g_variant_new ("(s)", question->id), NULL, NULL, NULL, NULL);
      deny_without_polkit (task, error);
      return;
    }
  g_variant_get (reply, "((bb@a{ss}))", &authorised, &challenge, &details);
  if (authorised)
    g_task_return_boolean (task, TRUE);
  else if (g_variant_lookup (details, "polkit.dismissed", "&s", NULL))
    refuse (task, GNOMON_ERROR_CANCELLED, "the password dialog was closed");
  else if (challenge)
    deny (task, "a password is needed, and nothing can ask for it");
  else
    deny (task, "polkit says no");
}

/* Over D-Bus and not by polkit's own library, which would bring ten more into a process that shall
 * be small. The subject is the unique name, never a process id: that could be somebody else's by
 * the time polkit looks. */
static void
ask_polkit (Authority *self, GTask *task)
{
  const Question *question = g_task_get_task_data (task);
  GVariantBuilder subject;

  g_variant_builder_init (&subject, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&subject, "{sv}", "name", g_variant_new_string (question->caller));
  call_polkit (self->connection, "CheckAuthorization",
               g_variant_new ("((sa{sv})sa{ss}us)", "system-bus-name", &subject, question->action,
                              NULL, question->interactive ? POLKIT_ALLOW_INTERACTION : 0,
                              question->id),
               G_VARIANT_TYPE ("((bba{ss}))"), g_task_get_cancellable (task), on_polkit_answered,
               g_object_ref (task));
}

static void
on_user_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  guint32 uid = G_MAXUINT32;

  reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (reply == NULL)
    {
      deny (task, error->message);
      return;
    }
  g_variant_get (reply, "(u)", &uid);
  if (uid == geteuid ())
    g_task_return_boolean (task, TRUE);
  else
    deny (task, "the caller is another user");
}

Authority *
authority_new (GDBusConnection *connection, GBusType bus)
{
  Authority *self = g_new0 (Authority, 1);

  self->connection = g_object_ref (connection);
  self->bus = bus;
  return self;
}

void
authority_free (Authority *self)
{
  g_object_unref (self->connection);
  g_free (self);
}

const char *
authority_action (const char *method)
{
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].method, method))
      return actions[i].action;
  return ACTION_UNKNOWN;
}

void
authority_check_async (Authority *self, const char *method, const char *caller,
                       gboolean interactive, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Question *question = g_new0 (Question, 1);

  g_task_set_source_tag (task, authority_check_async);
  question->action = authority_action (method);
  question->caller = g_strdup (caller);
  question->interactive = interactive;
  question->id = g_strdup_printf ("gnomon-%u", ++self->n_questions);
  g_task_set_task_data (task, question, question_free);

  if (question->action == NULL)
    g_task_return_boolean (task, TRUE);
  else if (g_str_equal (question->action, ACTION_UNKNOWN))
    deny (task, "the method is not in the table");
  else if (self->bus == G_BUS_TYPE_SYSTEM)
    ask_polkit (self, task);
  else
    g_dbus_connection_call (
        self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
        "GetConnectionUnixUser", g_variant_new ("(s)", caller), G_VARIANT_TYPE ("(u)"),
        G_DBUS_CALL_FLAGS_NONE, -1, cancellable, on_user_found, g_object_ref (task));
}

gboolean
authority_check_finish (Authority *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
