/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which units are watched, and what is told of them: lists in folders of its own, on a private bus
 * with a systemd that says what the test says. */

#include "rival-watch.h"

#include "directory.h"
#include "test-bus.h"

#define UNIT "org.freedesktop.systemd1.Unit"

static const char interface_xml[] = "<node><interface name='org.freedesktop.systemd1.Unit'>"
                                    "  <property name='ActiveState' type='s' access='read'/>"
                                    "</interface></node>";

typedef struct
{
  Directory first, second;
  GTestDBus *bus;
  GDBusConnection *systemd, *helper;
  GHashTable *states; /* by object path */
  RivalWatch *watch;
  guint told;
  char *active;
} Fixture;

static GVariant *
get_state (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
           const char *property, GError **error, gpointer data)
{
  return g_variant_new_string (g_hash_table_lookup (((Fixture *) data)->states, path));
}

/* @object: the last part of its path, as systemd writes it. */
static void
add_unit (Fixture *self, const char *object, const char *state)
{
  static const GDBusInterfaceVTable vtable = { .get_property = get_state };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interface_xml, NULL);
  g_autofree char *path = g_strconcat ("/org/freedesktop/systemd1/unit/", object, NULL);

  g_assert_cmpuint (g_dbus_connection_register_object (self->systemd, path, node->interfaces[0],
                                                       &vtable, self, NULL, NULL),
                    >, 0);
  g_hash_table_insert (self->states, g_steal_pointer (&path), (gpointer) state);
}

static void
set_state (Fixture *self, const char *object, const char *state)
{
  g_autofree char *path = g_strconcat ("/org/freedesktop/systemd1/unit/", object, NULL);
  GVariantBuilder changed;

  g_hash_table_insert (self->states, g_strdup (path), (gpointer) state);
  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&changed, "{sv}", "ActiveState", g_variant_new_string (state));
  g_assert_true (g_dbus_connection_emit_signal (
      self->systemd, NULL, path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
      g_variant_new ("(sa{sv}as)", UNIT, &changed, NULL), NULL));
}

static void
own_name (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      self->systemd, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", "org.freedesktop.systemd1", 4), NULL,
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
}

static void
on_changed (const char *unit, gpointer data)
{
  Fixture *self = data;

  self->told++;
  g_free (self->active);
  self->active = g_strdup (unit);
}

static void
start (Fixture *self)
{
  const char *folders[] = { "/nowhere", self->first.path, self->second.path, NULL };

  self->watch = rival_watch_new (self->helper, folders, on_changed, self);
}

/* @n: how often something has been told by then. */
static void
wait_until_told (Fixture *self, guint n, const char *active)
{
  while (self->told < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->told, ==, n);
  g_assert_cmpstr (self->active, ==, active);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  directory_set_up (&self->first, NULL);
  directory_set_up (&self->second, NULL);
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  self->systemd = test_bus_connect (self->bus);
  self->helper = test_bus_connect (self->bus);
  self->states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->watch, rival_watch_free);
  g_clear_object (&self->helper);
  g_clear_object (&self->systemd);
  g_test_dbus_down (self->bus);
  g_object_unref (self->bus);
  g_hash_table_unref (self->states);
  directory_tear_down (&self->first, NULL);
  directory_tear_down (&self->second, NULL);
  g_free (self->active);
}

static void
write_list (const Directory *folder, const char *name, const char *text)
{
  g_autofree char *path = directory_file (folder, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* ---- Which units ---- */

static void
test_units_of_lists_are_watched (Fixture *self, gconstpointer data)
{
  static const char *const units[] = { "strange@x.service", "2nd.service", "last.service",
                                       "other.service", "ntpd-rs.service" };
  static const char *const objects[] = { "strange_40x_2eservice", "_32nd_2eservice",
                                         "last_2eservice", "other_2eservice",
                                         "ntpd_2drs_2eservice" };

  write_list (&self->first, "50-a.list",
              "# that of a test\n\n  strange@x.service\t\n2nd.service\r\nlast.service");
  write_list (&self->second, "60-b.list", "other.service\nlast.service\n");
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    add_unit (self, objects[i], "inactive");
  own_name (self);
  start (self);
  wait_until_told (self, 1, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      set_state (self, objects[i], "active");
      wait_until_told (self, 2 * i + 2, units[i]);
      set_state (self, objects[i], "inactive");
      wait_until_told (self, 2 * i + 3, NULL);
    }
}

/* All of them would be active. */
static void
test_what_is_no_unit_of_another_is_not (Fixture *self, gconstpointer data)
{
  g_autofree char *many = NULL;
  GString *text = g_string_new ("gnomon-helper.service\nntp.socket\n../up.service\na b.service\n"
                                "ümlaut.service\n#hidden.service\n.service.d\n");

  for (guint i = 0; i < 250; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, ".service\n");
  write_list (&self->first, "50-a.list", text->str);
  write_list (&self->first, "50-a.list~", "editor.service\n");
  write_list (&self->first, "70-masked.list", "");
  write_list (&self->second, "50-a.list", "overridden.service\n");
  write_list (&self->second, "70-masked.list", "masked.service\n");
  g_string_assign (text, "");
  for (guint i = 0; i < 100; i++)
    g_string_append_printf (text, "%c%c.service\n", 'a' + (int) (i / 10), 'a' + (int) (i % 10));
  write_list (&self->second, "90-many.list", text->str);
  many = g_string_free (text, FALSE);

  add_unit (self, "gnomon_2dhelper_2eservice", "active");
  add_unit (self, "ntp_2esocket", "active");
  add_unit (self, "hidden_2eservice", "active");
  add_unit (self, "editor_2eservice", "active");
  add_unit (self, "overridden_2eservice", "active");
  add_unit (self, "masked_2eservice", "active");
  add_unit (self, "jj_2eservice", "active"); /* the hundredth */
  own_name (self);
  start (self);
  wait_until_told (self, 1, NULL);
}

/* ---- What is told ---- */

static void
test_first_answer_waits_for_all (Fixture *self, gconstpointer data)
{
  static const char *const states[] = { "active", "reloading", "activating", "deactivating",
                                        "a-state-of-later" };

  /* What nobody knows is at work too. */
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *name = g_strdup_printf ("x%u.service", i);
      g_autofree char *object = g_strdup_printf ("x%u_2eservice", i);

      write_list (&self->first, "50-a.list", name);
      add_unit (self, object, states[i]);
      if (i == 0)
        own_name (self);
      start (self);
      wait_until_told (self, i + 1, name);
      g_clear_pointer (&self->watch, rival_watch_free);
    }
}

static void
test_without_systemd_there_is_none (Fixture *self, gconstpointer data)
{
  start (self);
  wait_until_told (self, 1, NULL);
}

/* It is replaced by a newer one: what it has said still holds, until it says something else. */
static void
test_systemd_may_come_back (Fixture *self, gconstpointer data)
{
  add_unit (self, "chrony_2eservice", "active");
  own_name (self);
  start (self);
  wait_until_told (self, 1, "chrony.service");
  g_assert_true (g_dbus_connection_close_sync (self->systemd, NULL, NULL));
  g_object_unref (self->systemd);
  self->systemd = test_bus_connect (self->bus);
  add_unit (self, "chrony_2eservice", "inactive");
  own_name (self);
  wait_until_told (self, 2, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/rival-watch/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("units-of-lists-are-watched", test_units_of_lists_are_watched);
  ADD ("what-is-no-unit-of-another-is-not", test_what_is_no_unit_of_another_is_not);
  ADD ("first-answer-waits-for-all", test_first_answer_waits_for_all);
  ADD ("without-systemd-there-is-none", test_without_systemd_there_is_none);
  ADD ("systemd-may-come-back", test_systemd_may_come_back);
  return g_test_run ();
}
