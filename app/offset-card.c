/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "offset-card.h"

#include "format.h"
#include "graph-canvas.h"
#include "offset-graph.h"
#include "offset-table.h"
#include "wrap-layout.h"

#include <glib/gi18n.h>
#include <math.h>

#define FIRST_RANGE_S     3600
#define LEGEND_NAME_CHARS 16
#define LEGEND_SIGN_SIZE  12

struct _GnomonOffsetCard
{
  GtkWidget parent_instance;

  GtkWidget *card;
  GtkBox *head;
  GtkWidget *title;
  GtkLabel *offset_label;
  GtkLabel *uncertainty_label;
  GtkWidget *ranges;
  GtkWidget *day_range;
  GtkWidget *week_range;
  GnomonOffsetGraph *graph;
  GtkBox *legend;
  GtkDrawingArea *band_sign;
  GtkWidget *key_legend;
  GtkWidget *context_menu;

  GnomonOffsetSeries *series;
  guint n_servers; /* in the legend */
};

G_DEFINE_FINAL_TYPE (GnomonOffsetCard, gnomon_offset_card, GTK_TYPE_WIDGET)

/* ---- The legend ---- */

static void
draw_band_sign (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  graph_canvas_set_source (cr, GTK_WIDGET (area), "accent_color", 0.25);
  cairo_rectangle (cr, 0, height / 2.0 - 4, width, 8);
  cairo_fill (cr);
  graph_canvas_set_source (cr, GTK_WIDGET (area), "accent_color", 1);
  cairo_rectangle (cr, 0, height / 2.0 - 1, width, 2);
  cairo_fill (cr);
}

static void
draw_server_sign (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  guint server = GPOINTER_TO_UINT (data);

  graph_canvas_add_sample (cr, server, width / 2.0, height / 2.0, 8);
  graph_canvas_fill_samples (GTK_WIDGET (area), cr, server);
}

/* The part of a host name by which people would call the server: "netnod" of nts.netnod.se. */
static char *
short_name (const char *host)
{
  static const char *const GENERIC[] = { "ntp", "nts", "time", "www", NULL };
  g_auto (GStrv) labels = g_strsplit (host, ".", -1);
  guint n = g_strv_length (labels);

  if (n < 2 || g_hostname_is_ip_address (host))
    return g_strdup (host);
  return g_strdup (n > 2 && g_strv_contains (GENERIC, labels[0]) ? labels[1] : labels[0]);
}

static void
on_server_toggled (GtkToggleButton *button, GnomonOffsetCard *self)
{
  guint server = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "server"));

  gnomon_offset_graph_set_server_visible (self->graph, server,
                                          gtk_toggle_button_get_active (button));
}

static void
add_server (GnomonOffsetCard *self, guint server)
{
  const char *host = gnomon_offset_series_get_host (self->series, server);
  g_autofree char *name = short_name (host);
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *sign = gtk_drawing_area_new ();
  GtkWidget *label = gtk_label_new (name);

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (sign), LEGEND_SIGN_SIZE);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (sign), LEGEND_SIGN_SIZE);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (sign), draw_server_sign,
                                  GUINT_TO_POINTER (server), NULL);
  gtk_widget_set_valign (sign, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), sign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), LEGEND_NAME_CHARS);
  gtk_box_append (GTK_BOX (box), label);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "legend");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  gtk_widget_set_tooltip_text (button, host);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, host, -1);
  g_object_set_data (G_OBJECT (button), "server", GUINT_TO_POINTER (server));
  g_signal_connect (button, "toggled", G_CALLBACK (on_server_toggled), self);
  gtk_box_append (self->legend, button);
}

/* A range that shows no more than the one before it is not offered. */
static void
show_ranges (GnomonOffsetCard *self, GnomonOffsetSeries *series)
{
  guint n;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (series, &n);
  gint64 age = n > 0 ? offset_series_now () - estimates[0].time : 0;

  gtk_widget_set_visible (self->day_range, age > G_TIME_SPAN_HOUR + G_TIME_SPAN_MINUTE);
  gtk_widget_set_visible (self->week_range, age > G_TIME_SPAN_DAY + G_TIME_SPAN_HOUR);
}

static void
on_series_changed (GnomonOffsetSeries *series, GnomonOffsetCard *self)
{
  guint n_marks;
  const OffsetMark *marks = gnomon_offset_series_get_marks (series, &n_marks);
  gboolean keys = FALSE;

  while (self->n_servers < gnomon_offset_series_get_n_hosts (series))
    add_server (self, self->n_servers++);
  for (guint i = 0; i < n_marks && !keys; i++)
    keys = marks[i].kind == OFFSET_MARK_KEYS;
  gtk_widget_set_visible (self->key_legend, keys);
  show_ranges (self, series);
}

/* ---- The ranges ---- */

static void
change_range (GSimpleAction *action, GVariant *value, gpointer data)
{
  GnomonOffsetCard *self = GNOMON_OFFSET_CARD (data);

  g_simple_action_set_state (action, value);
  gnomon_offset_graph_set_span (self->graph, g_variant_get_int32 (value));
}

static void
show_table (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonOffsetCard *self = GNOMON_OFFSET_CARD (data);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  gint64 span = gnomon_offset_graph_get_span (self->graph);

  if (self->series && GTK_IS_WINDOW (root))
    gtk_window_present (offset_table_new (GTK_WINDOW (root), self->series, span));
}

/* One range shorter or longer. */
static void
change_range_by (GnomonOffsetCard *self, int steps)
{
  static const int RANGES[] = { 600, 3600, 86400, 604800 };
  gint64 span = gnomon_offset_graph_get_span (self->graph);
  int place = 0;

  while (place < (int) G_N_ELEMENTS (RANGES) - 1 && RANGES[place] < span)
    place++;
  place = CLAMP (place + steps, 0, (int) G_N_ELEMENTS (RANGES) - 1);
  gtk_widget_activate_action (GTK_WIDGET (self), "graph.range", "i", RANGES[place]);
}

/* @x, @y: on the graph, px. */
static void
show_context_menu (GnomonOffsetCard *self, double x, double y)
{
  gtk_popover_set_pointing_to (GTK_POPOVER (self->context_menu),
                               &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->context_menu));
}

static gboolean
on_graph_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers,
              GnomonOffsetCard *self)
{
  gboolean shift = (modifiers & GDK_SHIFT_MASK) != 0;

  if (key == GDK_KEY_plus || key == GDK_KEY_KP_Add || key == GDK_KEY_minus
      || key == GDK_KEY_KP_Subtract)
    {
      change_range_by (self, key == GDK_KEY_plus || key == GDK_KEY_KP_Add ? -1 : 1);
      return GDK_EVENT_STOP;
    }
  if (key != GDK_KEY_Menu && !(key == GDK_KEY_F10 && shift))
    return GDK_EVENT_PROPAGATE;
  show_context_menu (self, gtk_widget_get_width (GTK_WIDGET (self->graph)) / 2.0,
                     gtk_widget_get_height (GTK_WIDGET (self->graph)) / 2.0);
  return GDK_EVENT_STOP;
}

static void
on_graph_pressed (GtkGestureClick *gesture, int n, double x, double y, GnomonOffsetCard *self)
{
  show_context_menu (self, x, y);
}

static void
add_controllers (GnomonOffsetCard *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (key, "key-pressed", G_CALLBACK (on_graph_key), self, 0);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_graph_pressed), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->graph), key);
  gtk_widget_add_controller (GTK_WIDGET (self->graph), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_parent (self->context_menu, GTK_WIDGET (self->graph));
}

static const GActionEntry ACTIONS[] = {
  { .name = "table", .activate = show_table },
  {
      .name = "range",
      .parameter_type = "i",
      .state = G_STRINGIFY (FIRST_RANGE_S),
      .change_state = change_range,
  },
};

static void
install_actions (GnomonOffsetCard *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), ACTIONS, G_N_ELEMENTS (ACTIONS), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "graph", G_ACTION_GROUP (group));
}

/* ---- The widget ---- */

static void
gnomon_offset_card_dispose (GObject *object)
{
  GnomonOffsetCard *self = GNOMON_OFFSET_CARD (object);

  gtk_widget_insert_action_group (GTK_WIDGET (self), "graph", NULL);
  g_clear_pointer (&self->context_menu, gtk_widget_unparent);
  g_clear_pointer (&self->card, gtk_widget_unparent);
  g_clear_object (&self->series);
  G_OBJECT_CLASS (gnomon_offset_card_parent_class)->dispose (object);
}

static void
gnomon_offset_card_class_init (GnomonOffsetCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_offset_card_dispose;
  g_type_ensure (GNOMON_TYPE_OFFSET_GRAPH);
  g_type_ensure (GNOMON_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/offset-card.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, card);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, head);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, title);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, offset_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, uncertainty_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, ranges);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, day_range);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, week_range);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, graph);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, legend);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, band_sign);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, key_legend);
  gtk_widget_class_bind_template_child (widget_class, GnomonOffsetCard, context_menu);
}

static void
gnomon_offset_card_init (GnomonOffsetCard *self)
{
  install_actions (self);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (self->band_sign, draw_band_sign, NULL, NULL);
  gnomon_offset_graph_set_span (self->graph, FIRST_RANGE_S);
  add_controllers (self);
}

void
gnomon_offset_card_set_series (GnomonOffsetCard *self, GnomonOffsetSeries *series)
{
  g_return_if_fail (GNOMON_IS_OFFSET_CARD (self) && self->series == NULL);
  self->series = g_object_ref (series);
  gnomon_offset_graph_set_series (self->graph, series);
  g_signal_connect_object (series, "changed", G_CALLBACK (on_series_changed), self, 0);
  on_series_changed (series, self);
}

void
gnomon_offset_card_show (GnomonOffsetCard *self, const ClockFacts *clock)
{
  gboolean known = isfinite (clock->uncertainty);
  g_autofree char *offset = format_offset (known ? clock->offset : (double) NAN);
  g_autofree char *uncertainty = format_uncertainty (clock->uncertainty);
  g_autofree char *words = format_slow_or_fast (clock->offset);

  g_return_if_fail (GNOMON_IS_OFFSET_CARD (self));
  gtk_label_set_label (self->offset_label, offset);
  gtk_label_set_label (self->uncertainty_label, known ? uncertainty : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->offset_label), known ? words : NULL);
}

void
gnomon_offset_card_set_narrow (GnomonOffsetCard *self, gboolean narrow)
{
  GtkOrientation orientation = narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;

  g_return_if_fail (GNOMON_IS_OFFSET_CARD (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->head), orientation);
  gtk_widget_set_hexpand (self->title, narrow);
  gnomon_offset_graph_set_narrow (self->graph, narrow);
}
