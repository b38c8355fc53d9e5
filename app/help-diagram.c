/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "help-diagram.h"

#include "graph-canvas.h"

#include <glib/gi18n.h>
#include <math.h>

/* px */
#define MARGIN         18
#define END_WIDTH      84 /* of a computer with its caption */
#define END_ICON       40
#define END_GAP        6
#define LANE_GAP       22
#define TEXT_GAP       4
#define ARROW_HEAD     7
#define ARROW_WIDTH    2
#define SYMBOL         16
#define SYMBOL_GAP     6
#define PIP            7
#define PIP_GAP        3
#define NATURAL_WIDTH  560
#define LEAST_WIDTH    300
#define LIFELINE_ALPHA 0.2

/* From top to bottom; what is sent, and who sends it. */
typedef struct
{
  const char *text;
  gboolean from_left;
  gboolean from_right; /* both: they agree */
  const char *icon;    /* NULL = none */
  int cookies;
} Lane;

static const Lane LANES[] = {
  /* Translators: the texts of a picture of arrows between a computer and a server. */
  { N_ ("Keys for both, over an encrypted connection"), TRUE, TRUE, "gnomon-key-symbolic", 0 },
  { N_ ("Eight cookies"), FALSE, TRUE, NULL, 8 },
  { N_ ("What time is it? With one cookie"), TRUE, FALSE, NULL, 1 },
  { N_ ("The time, signed, with a new cookie"), FALSE, TRUE, "gnomon-right-symbolic", 1 },
};
#define N_LANES G_N_ELEMENTS (LANES)

struct _GnomonHelpDiagram
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (GnomonHelpDiagram, gnomon_help_diagram, GTK_TYPE_WIDGET)

/* ---- Sizes ---- */

static PangoLayout *
make_text (GtkWidget *widget, const char *text, int width)
{
  PangoLayout *layout = graph_canvas_caption (widget, text, FALSE);

  pango_layout_set_width (layout, MAX (width, 1) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  return layout;
}

static int
text_height (PangoLayout *layout)
{
  int height;
  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

/* Between the two lines that the arrows join. */
static int
lane_width (int width)
{
  return width - 2 * MARGIN - END_WIDTH;
}

static PangoLayout *
make_lane_text (GtkWidget *widget, const Lane *lane, int width)
{
  return make_text (widget, _ (lane->text), lane_width (width) - 2 * SYMBOL_GAP);
}

static int
lane_height (GtkWidget *widget, const Lane *lane, int width)
{
  g_autoptr (PangoLayout) text = make_lane_text (widget, lane, width);
  return SYMBOL + TEXT_GAP + text_height (text) + TEXT_GAP + ARROW_HEAD + LANE_GAP;
}

static PangoLayout *
make_end_text (GtkWidget *widget, gboolean server)
{
  return make_text (widget, server ? _ ("Server") : _ ("Your computer"), END_WIDTH);
}

static int
ends_height (GtkWidget *widget)
{
  g_autoptr (PangoLayout) computer = make_end_text (widget, FALSE);
  g_autoptr (PangoLayout) server = make_end_text (widget, TRUE);

  return END_ICON + END_GAP + MAX (text_height (computer), text_height (server)) + END_GAP;
}

static void
gnomon_help_diagram_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                             int *minimum, int *natural, int *minimum_baseline,
                             int *natural_baseline)
{
  int width = for_size > 0 ? for_size : NATURAL_WIDTH;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LEAST_WIDTH;
      *natural = NATURAL_WIDTH;
      return;
    }
  *minimum = 2 * MARGIN + ends_height (widget);
  for (guint i = 0; i < N_LANES; i++)
    *minimum += lane_height (widget, &LANES[i], width);
  *natural = *minimum;
}

static GtkSizeRequestMode
gnomon_help_diagram_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* ---- Drawing ---- */

static void
draw_icon (GtkSnapshot *snapshot, GtkWidget *widget, const char *name, int x, int y, int size,
           const GdkRGBA *colour)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (
      theme, name, NULL, size, gtk_widget_get_scale_factor (widget),
      gtk_widget_get_direction (widget), GTK_ICON_LOOKUP_FORCE_SYMBOLIC);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, size, size,
                                            colour, 1);
  gtk_snapshot_restore (snapshot);
}

static void
draw_text (GtkSnapshot *snapshot, PangoLayout *layout, int x, int y, const GdkRGBA *colour)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

/* The key or the seal and the cookies, in the middle above the text. */
static void
draw_symbols (GtkSnapshot *snapshot, GtkWidget *widget, const Lane *lane, int middle, int y)
{
  GdkRGBA accent = graph_canvas_colour (widget, "accent_color", 1);
  int pips = lane->cookies * PIP + MAX (lane->cookies - 1, 0) * PIP_GAP;
  int icon = lane->icon ? SYMBOL : 0;
  int gap = lane->icon && lane->cookies > 0 ? SYMBOL_GAP : 0;
  int x = middle - (icon + gap + pips) / 2;

  if (lane->icon)
    draw_icon (snapshot, widget, lane->icon, x, y, SYMBOL, &accent);
  x += icon + gap;
  for (int i = 0; i < lane->cookies; i++, x += PIP + PIP_GAP)
    {
      graphene_rect_t bounds =
          GRAPHENE_RECT_INIT ((float) x, (float) (y + (SYMBOL - PIP) / 2), PIP, PIP);
      GskRoundedRect circle;

      gsk_rounded_rect_init_from_rect (&circle, &bounds, PIP / 2.0f);
      gtk_snapshot_push_rounded_clip (snapshot, &circle);
      gtk_snapshot_append_color (snapshot, &accent, &bounds);
      gtk_snapshot_pop (snapshot);
    }
}

static void
trace_head (cairo_t *cr, double x, double y, double direction)
{
  cairo_move_to (cr, x - direction * ARROW_HEAD, y - ARROW_HEAD);
  cairo_line_to (cr, x, y);
  cairo_line_to (cr, x - direction * ARROW_HEAD, y + ARROW_HEAD);
}

/* @left, @right: where the arrow has a head. */
static void
draw_arrow (cairo_t *cr, GtkWidget *widget, double x1, double x2, double y, gboolean left,
            gboolean right)
{
  graph_canvas_set_source (cr, widget, "accent_color", 1);
  cairo_set_line_width (cr, ARROW_WIDTH);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to (cr, x1, y);
  cairo_line_to (cr, x2, y);
  if (left)
    trace_head (cr, x1, y, -1);
  if (right)
    trace_head (cr, x2, y, 1);
  cairo_stroke (cr);
}

static void
draw_end (GtkSnapshot *snapshot, GtkWidget *widget, gboolean server, int x)
{
  GdkRGBA colour = graph_canvas_colour (widget, "card_fg_color", 1);
  g_autoptr (PangoLayout) text = make_end_text (widget, server);

  draw_icon (snapshot, widget, server ? "network-server-symbolic" : "computer-symbolic",
             x - END_ICON / 2, MARGIN, END_ICON, &colour);
  draw_text (snapshot, text, x - END_WIDTH / 2, MARGIN + END_ICON + END_GAP, &colour);
}

static void
draw_lanes (GtkSnapshot *snapshot, GtkWidget *widget, int left, int right)
{
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int y = MARGIN + ends_height (widget);
  GdkRGBA colour = graph_canvas_colour (widget, "card_fg_color", 1);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  graph_canvas_set_source (cr, widget, "card_fg_color", LIFELINE_ALPHA);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, left + 0.5, y);
  cairo_line_to (cr, left + 0.5, height - MARGIN);
  cairo_move_to (cr, right + 0.5, y);
  cairo_line_to (cr, right + 0.5, height - MARGIN);
  cairo_stroke (cr);
  for (guint i = 0; i < N_LANES; i++)
    {
      const Lane *lane = &LANES[i];
      g_autoptr (PangoLayout) text = make_lane_text (widget, lane, width);
      int end = y + lane_height (widget, lane, width);

      draw_symbols (snapshot, widget, lane, (left + right) / 2, y);
      draw_text (snapshot, text, left + SYMBOL_GAP, y + SYMBOL + TEXT_GAP, &colour);
      draw_arrow (cr, widget, left + SYMBOL_GAP, right - SYMBOL_GAP, end - LANE_GAP,
                  mirrored ? lane->from_left : lane->from_right,
                  mirrored ? lane->from_right : lane->from_left);
      y = end;
    }
  cairo_destroy (cr);
}

static void
gnomon_help_diagram_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int left = MARGIN + END_WIDTH / 2;
  int right = gtk_widget_get_width (widget) - left;

  draw_end (snapshot, widget, FALSE, mirrored ? right : left);
  draw_end (snapshot, widget, TRUE, mirrored ? left : right);
  draw_lanes (snapshot, widget, left, right);
}

static void
gnomon_help_diagram_class_init (GnomonHelpDiagramClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = gnomon_help_diagram_measure;
  widget_class->get_request_mode = gnomon_help_diagram_get_request_mode;
  widget_class->snapshot = gnomon_help_diagram_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
gnomon_help_diagram_init (GnomonHelpDiagram *self)
{
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
      _ ("A picture: your computer and the server agree on keys over an encrypted connection, and "
         "the server hands out eight cookies. Each question takes one cookie with it; each answer "
         "is signed and brings a new cookie."),
      -1);
}
