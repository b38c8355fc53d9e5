/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A spinner that comes only when there is something to wait for: what is there within a moment
 * never shows it, nor loads its picture. It does not spin where nobody sees it, for which GTK would
 * lay out the window sixty times a second. */

#pragma once

#include <gtk/gtk.h>

#define GNOMON_TYPE_LATE_SPINNER (gnomon_late_spinner_get_type ())
G_DECLARE_FINAL_TYPE (GnomonLateSpinner, gnomon_late_spinner, GNOMON, LATE_SPINNER, GtkWidget)
