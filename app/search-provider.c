/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "search-provider.h"

#include "search-bus.h"
#include "status.h"

#include <glib/gi18n.h>

#define OBJECT_PATH "/org/gnomon/Gnomon/SearchProvider"
/* Fewer letters would find Gnomon in every search that begins. */
#define LEAST_LETTERS 2

/* A search is a question for each letter that is typed, and then a choice: to start anew for each
 * of them would be slow. */
#define LINGER_S 30

/* The results. */
#define ID_STATE "state"
#define ID_SYNC  "sync-now"

struct _GnomonSearchProvider
{
  GObject parent_instance;

  GApplication *application; /* not owned */
  BusShellSearchProvider2 *skeleton;
  GnomonHelperClient *client; /* NULL at first */
  GQueue waiting;             /* of Question */
  guint linger;
};

G_DEFINE_FINAL_TYPE (GnomonSearchProvider, gnomon_search_provider, G_TYPE_OBJECT)

typedef struct
{
  GDBusMethodInvocation *invocation;
  char **ids;
} Question;

static gboolean
on_lingered (gpointer data)
{
  GnomonSearchProvider *self = GNOMON_SEARCH_PROVIDER (data);

  self->linger = 0;
  g_application_release (self->application);
  return G_SOURCE_REMOVE;
}

/* Stays for the next question. */
static void
linger (GnomonSearchProvider *self)
{
  if (self->linger != 0)
    g_source_remove (self->linger);
  else
    g_application_hold (self->application);
  self->linger = g_timeout_add_seconds (LINGER_S, on_lingered, self);
}

/* ---- Finding ---- */

static gboolean
is_meant (const char *const *terms)
{
  /* Translators: words that people type to find this, each followed by a semicolon. */
  const char *translated = _ ("time;clock;sync;synchronise;synchronize;secure;server;cookie;");
  g_autofree char *words = g_strconcat ("Gnomon NTP NTS time clock sync ", translated, NULL);
  glong letters = 0;

  g_strdelimit (words, ";", ' ');
  for (guint i = 0; terms[i]; i++)
    {
      if (!g_str_match_string (terms[i], words, TRUE))
        return FALSE;
      letters += g_utf8_strlen (terms[i], -1);
    }
  return letters >= LEAST_LETTERS;
}

static const char *const *
find (const char *const *terms)
{
  static const char *const BOTH[] = { ID_STATE, ID_SYNC, NULL };
  static const char *const NOTHING[] = { NULL };

  return is_meant (terms) ? BOTH : NOTHING;
}

static gboolean
on_initial (BusShellSearchProvider2 *skeleton, GDBusMethodInvocation *invocation,
            const char *const *terms, gpointer data)
{
  linger (GNOMON_SEARCH_PROVIDER (data));
  bus_shell_search_provider2_complete_get_initial_result_set (skeleton, invocation, find (terms));
  return TRUE;
}

static gboolean
on_subsearch (BusShellSearchProvider2 *skeleton, GDBusMethodInvocation *invocation,
              const char *const *previous, const char *const *terms, gpointer data)
{
  linger (GNOMON_SEARCH_PROVIDER (data));
  bus_shell_search_provider2_complete_get_subsearch_result_set (skeleton, invocation, find (terms));
  return TRUE;
}

/* ---- Showing ---- */

static void
add_result (GVariantBuilder *metas, const char *id, const char *name, const char *description,
            const char *icon_name)
{
  g_autoptr (GIcon) icon = g_themed_icon_new (icon_name);
  g_autoptr (GVariant) serialised = g_icon_serialize (icon);
  GVariantDict meta;

  g_variant_dict_init (&meta, NULL);
  g_variant_dict_insert (&meta, "id", "s", id);
  g_variant_dict_insert (&meta, "name", "s", name);
  g_variant_dict_insert (&meta, "description", "s", description);
  g_variant_dict_insert (&meta, "icon", "v", serialised);
  g_variant_builder_add_value (metas, g_variant_dict_end (&meta));
}

static void
add_state (GVariantBuilder *metas, GnomonHelperClient *client)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_auto (ClockStatus) status = { 0 };

  if (gnomon_helper_client_get_presence (client) != HELPER_PRESENT)
    {
      add_result (metas, ID_STATE, _ ("The time service is not running."), "",
                  seal_icon_name (SEAL_OFF));
      return;
    }
  clock_status_init (&status, gnomon_helper_client_get_facts (client),
                     gnomon_helper_client_get_servers (client), g_get_real_time (), zone);
  add_result (metas, ID_STATE, status.sentence, status.line, seal_icon_name (status.seal));
}

static GVariant *
describe (GnomonSearchProvider *self, char **ids)
{
  GVariantBuilder metas;

  g_variant_builder_init (&metas, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; ids[i]; i++)
    {
      if (g_str_equal (ids[i], ID_STATE))
        add_state (&metas, self->client);
      else if (g_str_equal (ids[i], ID_SYNC))
        add_result (&metas, ID_SYNC, _ ("Sync Securely Now"),
                    _ ("Asks all servers at once and sets the clock if they agree"),
                    seal_icon_name (SEAL_SYNCHRONISING));
    }
  return g_variant_builder_end (&metas);
}

static void
question_free (gpointer data)
{
  Question *question = data;

  g_strfreev (question->ids);
  g_free (question);
}

static void
answer_waiting (GnomonSearchProvider *self)
{
  if (!self->client || gnomon_helper_client_get_presence (self->client) == HELPER_CONNECTING)
    return;
  while (!g_queue_is_empty (&self->waiting))
    {
      Question *question = g_queue_pop_head (&self->waiting);

      bus_shell_search_provider2_complete_get_result_metas (self->skeleton, question->invocation,
                                                            describe (self, question->ids));
      question_free (question);
      g_application_release (self->application);
    }
}

static gboolean
on_metas (BusShellSearchProvider2 *skeleton, GDBusMethodInvocation *invocation,
          const char *const *ids, gpointer data)
{
  GnomonSearchProvider *self = GNOMON_SEARCH_PROVIDER (data);
  Question *question = g_new0 (Question, 1);

  linger (self);
  question->invocation = invocation;
  question->ids = g_strdupv ((char **) ids);
  g_queue_push_tail (&self->waiting, question);
  g_application_hold (self->application);
  answer_waiting (self);
  return TRUE;
}

/* ---- Acting ---- */

static gboolean
on_activate (BusShellSearchProvider2 *skeleton, GDBusMethodInvocation *invocation, const char *id,
             const char *const *terms, guint timestamp, gpointer data)
{
  GnomonSearchProvider *self = GNOMON_SEARCH_PROVIDER (data);

  if (g_str_equal (id, ID_SYNC))
    g_action_group_activate_action (G_ACTION_GROUP (self->application), "sync-now", NULL);
  else
    g_application_activate (self->application);
  bus_shell_search_provider2_complete_activate_result (skeleton, invocation);
  return TRUE;
}

static gboolean
on_launch (BusShellSearchProvider2 *skeleton, GDBusMethodInvocation *invocation,
           const char *const *terms, guint timestamp, gpointer data)
{
  GnomonSearchProvider *self = GNOMON_SEARCH_PROVIDER (data);

  g_application_activate (self->application);
  bus_shell_search_provider2_complete_launch_search (skeleton, invocation);
  return TRUE;
}

/* ---- The object ---- */

static void
gnomon_search_provider_dispose (GObject *object)
{
  GnomonSearchProvider *self = GNOMON_SEARCH_PROVIDER (object);

  if (self->skeleton)
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  g_clear_object (&self->skeleton);
  g_clear_object (&self->client);
  g_clear_handle_id (&self->linger, g_source_remove);
  g_queue_clear_full (&self->waiting, question_free);
  G_OBJECT_CLASS (gnomon_search_provider_parent_class)->dispose (object);
}

static void
gnomon_search_provider_class_init (GnomonSearchProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gnomon_search_provider_dispose;
}

static void
gnomon_search_provider_init (GnomonSearchProvider *self)
{
  self->skeleton = bus_shell_search_provider2_skeleton_new ();
  g_queue_init (&self->waiting);
  g_signal_connect (self->skeleton, "handle-get-initial-result-set", G_CALLBACK (on_initial), self);
  g_signal_connect (self->skeleton, "handle-get-subsearch-result-set", G_CALLBACK (on_subsearch),
                    self);
  g_signal_connect (self->skeleton, "handle-get-result-metas", G_CALLBACK (on_metas), self);
  g_signal_connect (self->skeleton, "handle-activate-result", G_CALLBACK (on_activate), self);
  g_signal_connect (self->skeleton, "handle-launch-search", G_CALLBACK (on_launch), self);
}

GnomonSearchProvider *
gnomon_search_provider_new (GApplication *application, GDBusConnection *connection, GError **error)
{
  g_autoptr (GnomonSearchProvider) self = g_object_new (GNOMON_TYPE_SEARCH_PROVIDER, NULL);

  self->application = application;
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                         OBJECT_PATH, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
gnomon_search_provider_set_client (GnomonSearchProvider *self, GnomonHelperClient *client)
{
  g_return_if_fail (GNOMON_IS_SEARCH_PROVIDER (self));
  self->client = g_object_ref (client);
  g_signal_connect_object (client, "changed", G_CALLBACK (answer_waiting), self, G_CONNECT_SWAPPED);
  answer_waiting (self);
}
