/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cookie-meter.h"

#include "server.h"
#include "words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define GAP         3
#define DIAMETER    7
#define FEW_COOKIES 2
#define EMPTY_ALPHA 0.16f

struct _GnomonCookieMeter
{
  GtkWidget parent_instance;
  int cookies;
  int diameter;
};

G_DEFINE_FINAL_TYPE (GnomonCookieMeter, gnomon_cookie_meter, GTK_TYPE_WIDGET)

static void
gnomon_cookie_meter_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                             int *minimum, int *natural, int *minimum_baseline,
                             int *natural_baseline)
{
  GnomonCookieMeter *self = GNOMON_COOKIE_METER (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL
                            ? SERVER_MAX_COOKIES * self->diameter + (SERVER_MAX_COOKIES - 1) * GAP
                            : self->diameter;
}

static void
draw_pip (GtkSnapshot *snapshot, float x, float y, float diameter, const GdkRGBA *colour,
          gboolean ring)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x, y, diameter, diameter);
  GskRoundedRect circle;

  gsk_rounded_rect_init_from_rect (&circle, &bounds, diameter / 2);
  if (ring)
    {
      gtk_snapshot_append_border (snapshot, &circle, (float[4]){ 1, 1, 1, 1 },
                                  (GdkRGBA[4]){ *colour, *colour, *colour, *colour });
      return;
    }
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, colour, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
gnomon_cookie_meter_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GnomonCookieMeter *self = GNOMON_COOKIE_METER (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  gboolean high_contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float y = (float) (gtk_widget_get_height (widget) - self->diameter) / 2;
  GdkRGBA full;
  GdkRGBA empty;

  gtk_style_context_get_color (style, &full);
  if (!gtk_style_context_lookup_color (style, "window_fg_color", &empty))
    empty = full;
  if (!high_contrast)
    empty.alpha *= EMPTY_ALPHA;

  for (int i = 0; i < SERVER_MAX_COOKIES; i++)
    {
      int place = mirrored ? SERVER_MAX_COOKIES - 1 - i : i;
      gboolean filled = i < self->cookies;
      draw_pip (snapshot, (float) (place * (self->diameter + GAP)), y, (float) self->diameter,
                filled ? &full : &empty, high_contrast && !filled);
    }
}

static void
gnomon_cookie_meter_class_init (GnomonCookieMeterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = gnomon_cookie_meter_measure;
  widget_class->snapshot = gnomon_cookie_meter_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
  gtk_widget_class_set_css_name (widget_class, "cookie-meter");
}

static void
gnomon_cookie_meter_init (GnomonCookieMeter *self)
{
  self->diameter = DIAMETER;
  gtk_widget_add_css_class (GTK_WIDGET (self), "accent");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               _ ("A cookie is a one-time ticket for one protected question. The "
                                  "server sends a new one with each answer."));
}

void
gnomon_cookie_meter_set_cookies (GnomonCookieMeter *self, int cookies)
{
  g_autofree char *words = words_for_cookies (cookies);
  gboolean few = cookies <= FEW_COOKIES;

  g_return_if_fail (GNOMON_IS_COOKIE_METER (self));
  self->cookies = CLAMP (cookies, 0, SERVER_MAX_COOKIES);
  gtk_widget_remove_css_class (GTK_WIDGET (self), few ? "accent" : "warning");
  gtk_widget_add_css_class (GTK_WIDGET (self), few ? "warning" : "accent");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) SERVER_MAX_COOKIES,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) self->cookies,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, words ? words : "",
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words ? words : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
gnomon_cookie_meter_set_diameter (GnomonCookieMeter *self, int diameter)
{
  g_return_if_fail (GNOMON_IS_COOKIE_METER (self));
  if (self->diameter == diameter)
    return;
  self->diameter = diameter;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
