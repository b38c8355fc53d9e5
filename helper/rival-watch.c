/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rival-watch.h"

#include "property-watch.h"
#include "timer.h"

#include <string.h>

#define OUR_UNIT      "gnomon-helper.service"
#define RESTART_US    500000 /* ours: a service that is being restarted is back by then */
#define UNITS_MAX     32     /* ours */
#define UNIT_NAME_MAX 255    /* systemd.unit(5) */

#define SYSTEMD_NAME "org.freedesktop.systemd1"

static const char *const known_units[] = {
  "systemd-timesyncd.service",
  "chrony.service",
  "chronyd.service",
  "chronyd-restricted.service",
  "ntp.service",
  "ntpd.service",
  "ntpsec.service",
  "ntpd-rs.service",
  "openntpd.service",
};

static const char *const default_folders[] = {
  "/etc/systemd/ntp-units.d",
  "/run/systemd/ntp-units.d",
  "/usr/local/lib/systemd/ntp-units.d",
  "/usr/lib/systemd/ntp-units.d",
  NULL,
};

typedef struct
{
  RivalWatch *all;
  char *unit;
  PropertyWatch *watch;
  gboolean answered;
  gboolean active;
} Rival;

struct RivalWatch
{
  GDBusConnection *connection;
  RivalChanged changed;
  gpointer data;
  guint name_watch;
  GSource *timer;    /* until the end of one is believed */
  GPtrArray *rivals; /* Rival */
  gboolean told;
  const char *active; /* as told */
};

/* ---- Which units ---- */

static gboolean
is_unit_name (const char *name)
{
  return g_str_has_suffix (name, ".service") && strlen (name) <= UNIT_NAME_MAX
         && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ":-_.\\@") == strlen (name);
}

static void
add_unit (GPtrArray *units, const char *name)
{
  if (units->len < UNITS_MAX && is_unit_name (name) && !g_str_equal (name, OUR_UNIT)
      && !g_ptr_array_find_with_equal_func (units, name, g_str_equal, NULL))
    g_ptr_array_add (units, g_strdup (name));
}

static void
add_list (GPtrArray *units, const char *path)
{
  g_auto (GStrv) lines = NULL;
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0' && *lines[i] != '#')
      add_unit (units, lines[i]);
}

static GPtrArray *
find_units (const char *const *folders)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *units = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (known_units); i++)
    add_unit (units, known_units[i]);
  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autoptr (GDir) folder = g_dir_open (folders[i], 0, NULL);
      const char *name;
      while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
        {
          g_autofree char *path = g_build_filename (folders[i], name, NULL);
          if (g_str_has_suffix (name, ".list") && g_hash_table_add (seen, g_strdup (name)))
            add_list (units, path);
        }
    }
  return units;
}

/* The object of a unit: what is neither a letter nor a digit is written as "_" and two hexadecimal
 * digits, and so is a digit at the beginning. */
static char *
object_path (const char *unit)
{
  GString *path = g_string_new ("/org/freedesktop/systemd1/unit/");

  for (const char *c = unit; *c != '\0'; c++)
    if (g_ascii_isalpha (*c) || (c != unit && g_ascii_isdigit (*c)))
      g_string_append_c (path, *c);
    else
      g_string_append_printf (path, "_%02x", (guint) (guchar) *c);
  return g_string_free (path, FALSE);
}

/* ---- What systemd says ---- */

static void
tell (RivalWatch *watch, const char *active)
{
  watch->told = TRUE;
  watch->active = active;
  watch->changed (active, watch->data);
}

static void
consider (RivalWatch *watch)
{
  const char *active = NULL;

  for (guint i = 0; i < watch->rivals->len; i++)
    {
      const Rival *rival = g_ptr_array_index (watch->rivals, i);
      if (!rival->answered)
        return;
      if (rival->active && active == NULL)
        active = rival->unit;
    }
  timer_set (watch->timer, TIMER_NEVER);
  if (watch->told && active == watch->active)
    return;
  if (watch->told && active == NULL)
    timer_set (watch->timer, RESTART_US);
  else
    tell (watch, active);
}

static void
on_ended (gpointer data)
{
  tell (data, NULL);
}

/* While it is being stopped it may still set the clock. */
static void
on_state (GVariant *value, gpointer data)
{
  static const char *const at_rest[] = { "inactive", "failed", "maintenance", NULL };
  Rival *rival = data;

  /* A systemd that is being replaced by a newer one is gone for a moment. */
  if (value == NULL && rival->answered)
    return;
  rival->answered = TRUE;
  rival->active = value != NULL && !g_strv_contains (at_rest, g_variant_get_string (value, NULL));
  consider (rival->all);
}

static void
rival_free (gpointer data)
{
  Rival *rival = data;

  property_watch_free (rival->watch);
  g_free (rival->unit);
  g_free (rival);
}

/* Only to those who have said so does systemd tell about its units. */
static void
on_systemd_appeared (GDBusConnection *connection, const char *name, const char *owner,
                     gpointer data)
{
  g_dbus_connection_call (connection, SYSTEMD_NAME, "/org/freedesktop/systemd1",
                          SYSTEMD_NAME ".Manager", "Subscribe", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

static void
add_rival (RivalWatch *watch, const char *unit)
{
  g_autofree char *path = object_path (unit);
  const PropertyPlace place = { .name = SYSTEMD_NAME,
                                .path = path,
                                .interface = SYSTEMD_NAME ".Unit",
                                .property = "ActiveState",
                                .type = "s" };
  Rival *rival = g_new0 (Rival, 1);

  rival->all = watch;
  rival->unit = g_strdup (unit);
  g_ptr_array_add (watch->rivals, rival);
  rival->watch = property_watch_new (watch->connection, &place, on_state, rival);
}

RivalWatch *
rival_watch_new (GDBusConnection *connection, const char *const *folders, RivalChanged changed,
                 gpointer data)
{
  g_autoptr (GPtrArray) units = find_units (folders != NULL ? folders : default_folders);
  RivalWatch *watch = g_new0 (RivalWatch, 1);

  watch->connection = g_object_ref (connection);
  watch->changed = changed;
  watch->data = data;
  watch->timer = timer_new (on_ended, watch);
  watch->rivals = g_ptr_array_new_with_free_func (rival_free);
  /* First, so that nothing can happen between an answer and the first signal. */
  watch->name_watch =
      g_bus_watch_name_on_connection (connection, SYSTEMD_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                      on_systemd_appeared, NULL, watch, NULL);
  for (guint i = 0; i < units->len; i++)
    add_rival (watch, g_ptr_array_index (units, i));
  return watch;
}

void
rival_watch_free (RivalWatch *watch)
{
  g_bus_unwatch_name (watch->name_watch);
  timer_free (watch->timer);
  g_ptr_array_unref (watch->rivals);
  g_object_unref (watch->connection);
  g_free (watch);
}
