/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "autostart.h"

#include "sandbox.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define KEY      "start-at-login"
#define PROGRAM  GNOMON_BINDIR "/gnomon"
#define FILENAME "org.gnomon.Gnomon.desktop"

typedef struct
{
  GSettings *settings; /* or NULL */
  gboolean wanted;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_clear_object (&wish->settings);
  g_free (wish);
}

static char *
folder (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", NULL);
}

static char *
entry_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", FILENAME, NULL);
}

/* An entry of a person who has switched it off with the desktop's own tool is there, but hidden. */
gboolean
autostart_is_on (GSettings *settings)
{
  g_autofree char *path = entry_path ();
  g_autoptr (GKeyFile) entry = g_key_file_new ();

  if (sandbox_is_on ())
    return settings && g_settings_get_boolean (settings, KEY);
  return g_key_file_load_from_file (entry, path, G_KEY_FILE_NONE, NULL)
         && !g_key_file_get_boolean (entry, G_KEY_FILE_DESKTOP_GROUP, "Hidden", NULL);
}

/* ---- Outside a sandbox ---- */

/* TryExec keeps the desktop quiet when the program has been removed. */
static char *
entry_text (void)
{
  g_autoptr (GKeyFile) entry = g_key_file_new ();
  const char *group = G_KEY_FILE_DESKTOP_GROUP;

  g_key_file_set_string (entry, group, "Type", "Application");
  g_key_file_set_string (entry, group, "Name", "Gnomon");
  g_key_file_set_string (entry, group, "Comment", _ ("The state of the clock, in the tray"));
  g_key_file_set_string (entry, group, "Exec", PROGRAM " --background");
  g_key_file_set_string (entry, group, "TryExec", PROGRAM);
  g_key_file_set_string (entry, group, "Icon", "org.gnomon.Gnomon");
  return g_key_file_to_data (entry, NULL, NULL);
}

static gboolean
fail_with_errno (const char *path, GError **error)
{
  int saved = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (saved), "%s: %s", path,
               g_strerror (saved));
  return FALSE;
}

static gboolean
write_entry (GError **error)
{
  g_autofree char *directory = folder ();
  g_autofree char *path = entry_path ();
  g_autofree char *text = entry_text ();

  if (g_mkdir_with_parents (directory, 0700) != 0)
    return fail_with_errno (directory, error);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}

static gboolean
remove_entry (GError **error)
{
  g_autofree char *path = entry_path ();

  if (g_unlink (path) != 0 && errno != ENOENT)
    return fail_with_errno (path, error);
  return TRUE;
}

static void
change_entry (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Wish *wish = data;
  GError *error = NULL;

  if (wish->wanted ? write_entry (&error) : remove_entry (&error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* ---- Inside ---- */

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Wish *wish = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) results = sandbox_request_finish (result, &error);
  gboolean granted = FALSE;

  if (!results)
    {
      g_task_return_error (task, error);
      return;
    }
  g_variant_lookup (results, "autostart", "b", &granted);
  if (granted == wish->wanted)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The desktop said no");
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  static const char *const COMMAND[] = { "gnomon", "--background", NULL };
  g_autoptr (GTask) task = data;
  const Wish *wish = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  GVariantDict options;

  if (!bus)
    {
      g_task_return_error (task, error);
      return;
    }
  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "reason", "s", _ ("The state of the clock, in the tray"));
  g_variant_dict_insert (&options, "autostart", "b", wish->wanted);
  g_variant_dict_insert (&options, "commandline", "^as", COMMAND);
  sandbox_request_async (bus, "org.freedesktop.portal.Background", "RequestBackground",
                         g_variant_new ("(s)", ""), &options, g_task_get_cancellable (task),
                         on_answered, g_object_ref (task));
}

/* ---- Both ---- */

void
autostart_set_async (GSettings *settings, gboolean wanted, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Wish *wish = g_new0 (Wish, 1);

  wish->settings = settings ? g_object_ref (settings) : NULL;
  wish->wanted = wanted;
  g_task_set_source_tag (task, autostart_set_async);
  g_task_set_task_data (task, wish, wish_free);
  if (sandbox_is_on ())
    g_bus_get (G_BUS_TYPE_SESSION, cancellable, on_bus, g_object_ref (task));
  else
    g_task_run_in_thread (task, change_entry);
}

gboolean
autostart_set_finish (GAsyncResult *result, GError **error)
{
  const Wish *wish = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (wish->settings)
    g_settings_set_boolean (wish->settings, KEY, wish->wanted);
  return TRUE;
}
