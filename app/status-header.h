/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The top of the window: the seal on its disc, and the state of the clock in three lines. For a
 * screen reader it is one live group, named by the first two lines. */

#pragma once

#include <gtk/gtk.h>

#include "status.h"

#define GNOMON_TYPE_STATUS_HEADER (gnomon_status_header_get_type ())
G_DECLARE_FINAL_TYPE (GnomonStatusHeader, gnomon_status_header, GNOMON, STATUS_HEADER, GtkWidget)

void gnomon_status_header_show (GnomonStatusHeader *self, const ClockStatus *status);
/* Narrow: stacked and centred, without the small line. */
void gnomon_status_header_set_narrow (GnomonStatusHeader *self, gboolean narrow);
