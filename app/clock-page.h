/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page that is there while the helper is: the state of the clock, the servers, the switch. It
 * follows the client by itself, and counts the seconds only while it is on the screen. */

#pragma once

#include <gtk/gtk.h>

#include "helper-client.h"

#define GNOMON_TYPE_CLOCK_PAGE (gnomon_clock_page_get_type ())
G_DECLARE_FINAL_TYPE (GnomonClockPage, gnomon_clock_page, GNOMON, CLOCK_PAGE, GtkWidget)

/* Once, before the page is shown. */
void gnomon_clock_page_set_client (GnomonClockPage *self, GnomonHelperClient *client);
/* @narrow: a comfortable line of text does not fit. */
void gnomon_clock_page_set_narrow (GnomonClockPage *self, gboolean narrow);

/* A card in the place of the graph, until it is dismissed. */
void gnomon_clock_page_show_result (GnomonClockPage *self, const SyncResult *result);
void gnomon_clock_page_show_failure (GnomonClockPage *self, const char *sentence);
void gnomon_clock_page_dismiss_result (GnomonClockPage *self);
