/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which of the last eight questions were answered, as a row of pips, the newest at the right. To a
 * screen reader it is a meter. */

#pragma once

#include <gtk/gtk.h>

#define GNOMON_TYPE_REACH_METER (gnomon_reach_meter_get_type ())
G_DECLARE_FINAL_TYPE (GnomonReachMeter, gnomon_reach_meter, GNOMON, REACH_METER, GtkWidget)

/* @reach: of the contract, the newest in bit 0; below 0 = not known, shown as no answer. */
void gnomon_reach_meter_set_reach (GnomonReachMeter *self, int reach);
