/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What came of "sync securely now": by how much the clock was corrected and on whose word, or why
 * nothing was changed. It stays until it is dismissed, by the action "win.dismiss-result". */

#pragma once

#include <gtk/gtk.h>

#include "clock-facts.h"

#define GNOMON_TYPE_RESULT_CARD (gnomon_result_card_get_type ())
G_DECLARE_FINAL_TYPE (GnomonResultCard, gnomon_result_card, GNOMON, RESULT_CARD, GtkWidget)

void gnomon_result_card_show_result (GnomonResultCard *self, const SyncResult *result);
/* @sentence: why nothing was changed. */
void gnomon_result_card_show_failure (GnomonResultCard *self, const char *sentence);
void gnomon_result_card_set_narrow (GnomonResultCard *self, gboolean narrow);
