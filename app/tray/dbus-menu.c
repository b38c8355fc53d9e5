/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "dbus-menu.h"

#include "menu-bus.h"

/* Of the protocol. */
#define VERSION 3

struct _GnomonDbusMenu
{
  GObject parent_instance;

  BusDbusmenu *skeleton;
  MenuItem items[MENU_N_ITEMS];
  guint revision;
  gboolean changed; /* since a menu was opened last */
};

G_DEFINE_FINAL_TYPE (GnomonDbusMenu, gnomon_dbus_menu, G_TYPE_OBJECT)

enum
{
  SIGNAL_ACTIVATED,
  SIGNAL_ABOUT_TO_SHOW,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
is_item (int id)
{
  return id >= MENU_ROOT && id < MENU_N_ITEMS;
}

/* ---- What an item is ---- */

/* @names: empty = all. */
static gboolean
is_asked (const char *const *names, const char *name)
{
  return !*names || g_strv_contains (names, name);
}

static void
insert (GVariantDict *properties, const char *const *names, const char *name, GVariant *value)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (value);

  if (is_asked (names, name))
    g_variant_dict_insert_value (properties, name, sunk);
}

/* An underscore would underline what follows it. */
static GVariant *
make_label (const char *label)
{
  g_auto (GStrv) parts = g_strsplit (label, "_", -1);

  return g_variant_new_take_string (g_strjoinv ("__", parts));
}

/* Floating, a{sv}. */
static GVariant *
make_properties (GnomonDbusMenu *self, int id, const char *const *names)
{
  const MenuItem *item = &self->items[id];
  GVariantDict properties;

  g_variant_dict_init (&properties, NULL);
  if (id == MENU_ROOT)
    {
      insert (&properties, names, "children-display", g_variant_new_string ("submenu"));
      return g_variant_dict_end (&properties);
    }
  if (item->label || !item->visible)
    insert (&properties, names, "label", make_label (item->label ? item->label : ""));
  else
    insert (&properties, names, "type", g_variant_new_string ("separator"));
  insert (&properties, names, "visible", g_variant_new_boolean (item->visible));
  insert (&properties, names, "enabled", g_variant_new_boolean (item->enabled));
  return g_variant_dict_end (&properties);
}

/* Floating, (ia{sv}av). */
static GVariant *
make_node (GnomonDbusMenu *self, int id, int depth, const char *const *names)
{
  GVariantBuilder children = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  if (id == MENU_ROOT && depth != 0)
    for (int child = MENU_ROOT + 1; child < MENU_N_ITEMS; child++)
      g_variant_builder_add (&children, "v", make_node (self, child, 0, names));
  return g_variant_new ("(i@a{sv}av)", id, make_properties (self, id, names), &children);
}

/* ---- Methods ---- */

static void
refuse (GDBusMethodInvocation *invocation, int id)
{
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                         "There is no item %d", id);
}

static gboolean
on_get_layout (BusDbusmenu *skeleton, GDBusMethodInvocation *invocation, int parent, int depth,
               const char *const *names, GnomonDbusMenu *self)
{
  if (!is_item (parent))
    refuse (invocation, parent);
  else
    bus_dbusmenu_complete_get_layout (skeleton, invocation, self->revision,
                                      make_node (self, parent, depth, names));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_get_group_properties (BusDbusmenu *skeleton, GDBusMethodInvocation *invocation, GVariant *ids,
                         const char *const *names, GnomonDbusMenu *self)
{
  GVariantBuilder all = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ia{sv})"));
  gsize n;
  const gint32 *asked = g_variant_get_fixed_array (ids, &n, sizeof *asked);

  for (gsize i = 0; i < n; i++)
    if (is_item (asked[i]))
      g_variant_builder_add (&all, "(i@a{sv})", asked[i], make_properties (self, asked[i], names));
  for (int id = MENU_ROOT; n == 0 && id < MENU_N_ITEMS; id++)
    g_variant_builder_add (&all, "(i@a{sv})", id, make_properties (self, id, names));
  bus_dbusmenu_complete_get_group_properties (skeleton, invocation, g_variant_builder_end (&all));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_get_property (BusDbusmenu *skeleton, GDBusMethodInvocation *invocation, int id, const char *name,
                 GnomonDbusMenu *self)
{
  const char *const names[] = { name, NULL };
  g_autoptr (GVariant) properties = NULL;
  g_autoptr (GVariant) value = NULL;

  if (is_item (id))
    {
      properties = g_variant_ref_sink (make_properties (self, id, names));
      value = g_variant_lookup_value (properties, name, NULL);
    }
  if (value)
    bus_dbusmenu_complete_get_property (skeleton, invocation, g_variant_new_variant (value));
  else
    refuse (invocation, id);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* A panel may have drawn the menu before an item went away: what cannot be chosen now is not. */
static void
handle_event (GnomonDbusMenu *self, int id, const char *event)
{
  const MenuItem *item = &self->items[id];

  if (g_str_equal (event, "clicked") && item->label && item->visible && item->enabled)
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, (guint) id);
}

/* The panel is answered first: what is chosen may be the end. */
static gboolean
on_event (BusDbusmenu *skeleton, GDBusMethodInvocation *invocation, int id, const char *event,
          GVariant *data, guint timestamp, GnomonDbusMenu *self)
{
  if (!is_item (id))
    {
      refuse (invocation, id);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  bus_dbusmenu_complete_event (skeleton, invocation);
  handle_event (self, id, event);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_event_group (BusDbusmenu *skeleton, GDBusMethodInvocation *invocation, GVariant *events,
                GnomonDbusMenu *self)
{
  GVariantBuilder errors = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  g_autoptr (GVariant) kept = g_variant_ref (events);
  GVariantIter iter;
  const char *event;
  int id;

  g_variant_iter_init (&iter, kept);
  while (g_variant_iter_next (&iter, "(i&s@vu)", &id, NULL, NULL, NULL))
    if (!is_item (id))
      g_variant_builder_add (&errors, "i", id);
  bus_dbusmenu_complete_event_group (skeleton, invocation, g_variant_builder_end (&errors));

  g_variant_iter_init (&iter, kept);
  while (g_variant_iter_next (&iter, "(i&s@vu)", &id, &event, NULL, NULL))
    if (is_item (id))
      handle_event (self, id, event);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* TRUE if what the panel has is no longer right. */
static gboolean
prepare (GnomonDbusMenu *self)
{
  self->changed = FALSE;
  g_signal_emit (self, signals[SIGNAL_ABOUT_TO_SHOW], 0);
  return self->changed;
}

static gboolean
on_about_to_show (BusDbusmenu *skeleton, GDBusMethodInvocation *invocation, int id,
                  GnomonDbusMenu *self)
{
  if (is_item (id))
    bus_dbusmenu_complete_about_to_show (skeleton, invocation, prepare (self));
  else
    refuse (invocation, id);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_about_to_show_group (BusDbusmenu *skeleton, GDBusMethodInvocation *invocation, GVariant *ids,
                        GnomonDbusMenu *self)
{
  GVariantBuilder updates = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  GVariantBuilder errors = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  gsize n;
  const gint32 *asked = g_variant_get_fixed_array (ids, &n, sizeof *asked);
  gboolean changed = prepare (self);

  for (gsize i = 0; i < n; i++)
    if (!is_item (asked[i]))
      g_variant_builder_add (&errors, "i", asked[i]);
    else if (changed)
      g_variant_builder_add (&updates, "i", asked[i]);
  bus_dbusmenu_complete_about_to_show_group (skeleton, invocation, g_variant_builder_end (&updates),
                                             g_variant_builder_end (&errors));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* ---- Changes ---- */

static gboolean
differs (const MenuItem *a, const MenuItem *b)
{
  return g_strcmp0 (a->label, b->label) != 0 || a->visible != b->visible
         || a->enabled != b->enabled;
}

void
gnomon_dbus_menu_set_view (GnomonDbusMenu *self, const TrayView *view)
{
  static const char *const ALL[] = { NULL };
  GVariantBuilder updated = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ia{sv})"));
  gboolean moved = FALSE;
  gboolean changed = FALSE;

  g_return_if_fail (GNOMON_IS_DBUS_MENU (self));
  for (int id = MENU_ROOT + 1; id < MENU_N_ITEMS; id++)
    {
      MenuItem *item = &self->items[id];

      if (!differs (item, &view->items[id]))
        continue;
      changed = TRUE;
      moved |= item->visible != view->items[id].visible;
      g_free (item->label);
      *item = view->items[id];
      item->label = g_strdup (item->label);
      g_variant_builder_add (&updated, "(i@a{sv})", id, make_properties (self, id, ALL));
    }
  if (!changed)
    {
      g_variant_builder_clear (&updated);
      return;
    }
  self->changed = TRUE;
  bus_dbusmenu_emit_items_properties_updated (self->skeleton, g_variant_builder_end (&updated),
                                              g_variant_new ("a(ias)", NULL));
  /* Not every panel makes room for what becomes visible. */
  if (moved)
    bus_dbusmenu_emit_layout_updated (self->skeleton, ++self->revision, MENU_ROOT);
}

/* ---- The object ---- */

gboolean
gnomon_dbus_menu_export (GnomonDbusMenu *self, GDBusConnection *connection, GError **error)
{
  g_return_val_if_fail (GNOMON_IS_DBUS_MENU (self), FALSE);
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                           DBUS_MENU_PATH, error);
}

void
gnomon_dbus_menu_unexport (GnomonDbusMenu *self)
{
  g_return_if_fail (GNOMON_IS_DBUS_MENU (self));
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
}

static void
gnomon_dbus_menu_dispose (GObject *object)
{
  GnomonDbusMenu *self = GNOMON_DBUS_MENU (object);

  g_clear_object (&self->skeleton);
  for (guint i = 0; i < MENU_N_ITEMS; i++)
    g_clear_pointer (&self->items[i].label, g_free);
  G_OBJECT_CLASS (gnomon_dbus_menu_parent_class)->dispose (object);
}

static void
gnomon_dbus_menu_class_init (GnomonDbusMenuClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gnomon_dbus_menu_dispose;
  signals[SIGNAL_ACTIVATED] =
      g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_ABOUT_TO_SHOW] =
      g_signal_new ("about-to-show", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

static void
gnomon_dbus_menu_init (GnomonDbusMenu *self)
{
  static const char *const NO_PATH[] = { NULL };
  static const struct
  {
    const char *signal;
    GCallback handler;
  } HANDLERS[] = {
    { "handle-get-layout", G_CALLBACK (on_get_layout) },
    { "handle-get-group-properties", G_CALLBACK (on_get_group_properties) },
    { "handle-get-property", G_CALLBACK (on_get_property) },
    { "handle-event", G_CALLBACK (on_event) },
    { "handle-event-group", G_CALLBACK (on_event_group) },
    { "handle-about-to-show", G_CALLBACK (on_about_to_show) },
    { "handle-about-to-show-group", G_CALLBACK (on_about_to_show_group) },
  };

  self->skeleton = bus_dbusmenu_skeleton_new ();
  self->revision = 1;
  bus_dbusmenu_set_version (self->skeleton, VERSION);
  bus_dbusmenu_set_text_direction (self->skeleton, "ltr");
  bus_dbusmenu_set_status (self->skeleton, "normal");
  bus_dbusmenu_set_icon_theme_path (self->skeleton, NO_PATH);
  for (guint i = 0; i < G_N_ELEMENTS (HANDLERS); i++)
    g_signal_connect_object (self->skeleton, HANDLERS[i].signal, HANDLERS[i].handler, self, 0);
}

GnomonDbusMenu *
gnomon_dbus_menu_new (void)
{
  return g_object_new (GNOMON_TYPE_DBUS_MENU, NULL);
}
