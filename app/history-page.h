/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was done to the clock, by whom and on what evidence: a number for each kind of the past 30
 * days, a filter, a list per day, and the export. It asks the helper whenever it is shown. */

#pragma once

#include <adwaita.h>

#include "helper-client.h"

#define GNOMON_TYPE_HISTORY_PAGE (gnomon_history_page_get_type ())
G_DECLARE_FINAL_TYPE (GnomonHistoryPage, gnomon_history_page, GNOMON, HISTORY_PAGE, GtkWidget)

void gnomon_history_page_set_client (GnomonHistoryPage *self, GnomonHelperClient *client);
void gnomon_history_page_set_narrow (GnomonHistoryPage *self, gboolean narrow);
/* Puts the keyboard's focus on the way back. */
void gnomon_history_page_focus (GnomonHistoryPage *self);
