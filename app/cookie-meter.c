/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cookie-meter.h"

#include "pip-row.h"
#include "server.h"
#include "words.h"

#include <glib/gi18n.h>

#define FEW_COOKIES 2

G_STATIC_ASSERT (PIP_ROW_N == SERVER_MAX_COOKIES);

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

  *minimum = *natural = pip_row_measure (orientation, self->diameter);
}

/* As everything does, the row begins where reading begins. */
static void
gnomon_cookie_meter_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GnomonCookieMeter *self = GNOMON_COOKIE_METER (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  guint filled = (1U << self->cookies) - 1;

  if (mirrored)
    filled <<= SERVER_MAX_COOKIES - self->cookies;
  pip_row_draw (widget, snapshot, (guint8) filled, self->diameter);
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
  self->diameter = PIP_ROW_DIAMETER;
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
