/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many cookies are left, as a row of pips: filled ones for cookies, empty ones for used ones,
 * all in the warning colour when few are left. To a screen reader it is a meter. */

#pragma once

#include <gtk/gtk.h>

#define GNOMON_TYPE_COOKIE_METER (gnomon_cookie_meter_get_type ())
G_DECLARE_FINAL_TYPE (GnomonCookieMeter, gnomon_cookie_meter, GNOMON, COOKIE_METER, GtkWidget)

/* @cookies: 0 to 8, as the helper says. */
void gnomon_cookie_meter_set_cookies (GnomonCookieMeter *self, int cookies);
/* @diameter: of a pip, px. */
void gnomon_cookie_meter_set_diameter (GnomonCookieMeter *self, int diameter);
