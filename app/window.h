/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one window: the header with the button, and a page for each thing that can be the matter. */

#pragma once

#include <adwaita.h>

#include "helper-client.h"

#define GNOMON_TYPE_WINDOW (gnomon_window_get_type ())
G_DECLARE_FINAL_TYPE (GnomonWindow, gnomon_window, GNOMON, WINDOW, AdwApplicationWindow)

GnomonWindow *gnomon_window_new (GtkApplication *application, GnomonHelperClient *client);
/* What came of "sync securely now". */
void gnomon_window_show_result (GnomonWindow *self, const SyncResult *result);
/* Says nothing of what a person has cancelled. */
void gnomon_window_show_failure (GnomonWindow *self, const GError *error);
/* One sentence that goes away by itself. */
void gnomon_window_show_toast (GnomonWindow *self, const char *text);
