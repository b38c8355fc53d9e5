/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "room.h"

#include <adwaita.h>

#define COMFORTABLE_CHARS 56

struct _GnomonRoom
{
  GtkWidget parent_instance;

  AdwSqueezer *squeezer;
  GtkWidget *enough; /* as wide as a comfortable line */
  guint idle;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (GnomonRoom, gnomon_room, GTK_TYPE_WIDGET)

enum
{
  PROP_NARROW = 1,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

static gboolean
apply (gpointer data)
{
  GnomonRoom *self = GNOMON_ROOM (data);
  gboolean narrow = adw_squeezer_get_visible_child (self->squeezer) != self->enough;

  self->idle = 0;
  if (narrow == self->narrow)
    return G_SOURCE_REMOVE;
  self->narrow = narrow;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
  return G_SOURCE_REMOVE;
}

/* Found out while sizes are being given out, when no other size may change. */
static void
on_changed (AdwSqueezer *squeezer, GParamSpec *pspec, GnomonRoom *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, apply, self, NULL);
}

static void
gnomon_room_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_NARROW)
    g_value_set_boolean (value, GNOMON_ROOM (object)->narrow);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gnomon_room_dispose (GObject *object)
{
  GnomonRoom *self = GNOMON_ROOM (object);
  GtkWidget *squeezer = GTK_WIDGET (self->squeezer);

  g_clear_handle_id (&self->idle, g_source_remove);
  self->squeezer = NULL;
  if (squeezer)
    gtk_widget_unparent (squeezer);
  G_OBJECT_CLASS (gnomon_room_parent_class)->dispose (object);
}

static void
gnomon_room_class_init (GnomonRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = gnomon_room_get_property;
  object_class->dispose = gnomon_room_dispose;
  properties[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static GtkWidget *
add_label (GnomonRoom *self, int chars)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "width-chars", chars, "accessible-role",
                                   GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_squeezer_add (self->squeezer, label);
  return label;
}

static void
gnomon_room_init (GnomonRoom *self)
{
  self->squeezer = ADW_SQUEEZER (adw_squeezer_new ());
  adw_squeezer_set_homogeneous (self->squeezer, FALSE);
  self->enough = add_label (self, COMFORTABLE_CHARS);
  add_label (self, -1);
  gtk_widget_set_parent (GTK_WIDGET (self->squeezer), GTK_WIDGET (self));
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  g_signal_connect_object (self->squeezer, "notify::visible-child", G_CALLBACK (on_changed), self,
                           0);
}

gboolean
gnomon_room_is_narrow (GnomonRoom *self)
{
  g_return_val_if_fail (GNOMON_IS_ROOM (self), FALSE);
  return self->narrow;
}
