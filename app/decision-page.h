/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A change so large that a person must decide: both clocks as they run, who says so, and the two
 * answers. */

#pragma once

#include <adwaita.h>

#include "helper-client.h"

/* Signal "failed" (const char *sentence): an answer was not taken. */
#define GNOMON_TYPE_DECISION_PAGE (gnomon_decision_page_get_type ())
G_DECLARE_FINAL_TYPE (GnomonDecisionPage, gnomon_decision_page, GNOMON, DECISION_PAGE, GtkWidget)

void gnomon_decision_page_set_client (GnomonDecisionPage *self, GnomonHelperClient *client);
/* Narrow: one clock above the other, and the buttons too. */
void gnomon_decision_page_set_narrow (GnomonDecisionPage *self, gboolean narrow);
/* Puts the keyboard's focus on the answer that changes nothing. */
void gnomon_decision_page_focus (GnomonDecisionPage *self);
