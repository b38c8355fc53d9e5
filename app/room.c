/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "room.h"

#define COMFORTABLE_CHARS 56

struct _GnomonRoom
{
  GtkWidget parent_instance;

  GtkWidget *child;
  guint idle;
  int wide_minimum; /* that the child had when it was wide last, px */
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (GnomonRoom, gnomon_room, GTK_TYPE_WIDGET)

enum
{
  PROP_CHILD = 1,
  PROP_NARROW,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

/* px */
static int
comfortable_width (GnomonRoom *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int width = MAX (pango_font_metrics_get_approximate_char_width (metrics),
                   pango_font_metrics_get_approximate_digit_width (metrics));

  pango_font_metrics_unref (metrics);
  return PANGO_PIXELS (width * COMFORTABLE_CHARS);
}

static gboolean
is_too_small (GnomonRoom *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  return width < comfortable_width (self) || width < self->wide_minimum;
}

static gboolean
apply (gpointer data)
{
  GnomonRoom *self = GNOMON_ROOM (data);
  gboolean narrow = is_too_small (self);

  self->idle = 0;
  if (narrow == self->narrow)
    return G_SOURCE_REMOVE;
  self->narrow = narrow;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
  return G_SOURCE_REMOVE;
}

static int
child_minimum (GnomonRoom *self)
{
  int minimum;

  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

static GtkSizeRequestMode
gnomon_room_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
gnomon_room_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  GnomonRoom *self = GNOMON_ROOM (widget);

  if (!self->child)
    return;
  if (orientation == GTK_ORIENTATION_VERTICAL && for_size >= 0)
    for_size = MAX (for_size, child_minimum (self));
  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, minimum_baseline,
                      natural_baseline);
  if (orientation == GTK_ORIENTATION_HORIZONTAL && !self->narrow)
    *minimum = 0;
}

static void
gnomon_room_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GnomonRoom *self = GNOMON_ROOM (widget);
  GskTransform *transform = NULL;
  int minimum;

  if (!self->child)
    return;
  minimum = child_minimum (self);
  if (!self->narrow)
    self->wide_minimum = minimum;
  if (minimum > width && gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    transform =
        gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT ((float) width - (float) minimum, 0));
  gtk_widget_allocate (self->child, MAX (width, minimum), height, baseline, transform);
  /* While sizes are given out no other size may change. */
  if (is_too_small (self) != self->narrow && self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, apply, self, NULL);
}

static void
gnomon_room_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GnomonRoom *self = GNOMON_ROOM (object);

  if (id == PROP_CHILD)
    g_value_set_object (value, self->child);
  else if (id == PROP_NARROW)
    g_value_set_boolean (value, self->narrow);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gnomon_room_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GnomonRoom *self = GNOMON_ROOM (object);

  if (id != PROP_CHILD)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = g_value_get_object (value);
  if (self->child)
    gtk_widget_set_parent (self->child, GTK_WIDGET (self));
}

static void
gnomon_room_dispose (GObject *object)
{
  GnomonRoom *self = GNOMON_ROOM (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);
  G_OBJECT_CLASS (gnomon_room_parent_class)->dispose (object);
}

static void
gnomon_room_class_init (GnomonRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = gnomon_room_get_property;
  object_class->set_property = gnomon_room_set_property;
  object_class->dispose = gnomon_room_dispose;
  widget_class->get_request_mode = gnomon_room_get_request_mode;
  widget_class->measure = gnomon_room_measure;
  widget_class->size_allocate = gnomon_room_size_allocate;
  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
gnomon_room_init (GnomonRoom *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GnomonRoom *
gnomon_room_enclose (AdwWindow *window)
{
  g_autoptr (GtkWidget) content = NULL;
  GnomonRoom *self;

  g_return_val_if_fail (ADW_IS_WINDOW (window), NULL);
  content = g_object_ref (adw_window_get_content (window));
  adw_window_set_content (window, NULL);
  self = g_object_new (GNOMON_TYPE_ROOM, "child", content, NULL);
  adw_window_set_content (window, GTK_WIDGET (self));
  return self;
}

gboolean
gnomon_room_is_narrow (GnomonRoom *self)
{
  g_return_val_if_fail (GNOMON_IS_ROOM (self), FALSE);
  return self->narrow;
}
