/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The card with the offset: its value, the ranges, the graph and the legend, where a server's name
 * shows or hides its samples. */

#pragma once

#include <gtk/gtk.h>

#include "clock-facts.h"
#include "offset-series.h"

#define GNOMON_TYPE_OFFSET_CARD (gnomon_offset_card_get_type ())
G_DECLARE_FINAL_TYPE (GnomonOffsetCard, gnomon_offset_card, GNOMON, OFFSET_CARD, GtkWidget)

void gnomon_offset_card_set_series (GnomonOffsetCard *self, GnomonOffsetSeries *series);
void gnomon_offset_card_show (GnomonOffsetCard *self, const ClockFacts *clock);
void gnomon_offset_card_set_narrow (GnomonOffsetCard *self, gboolean narrow);
