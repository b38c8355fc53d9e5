/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "Sync securely now" as it goes: one row for each of its four phases. */

#pragma once

#include <gtk/gtk.h>

#include "helper-client.h"

#define GNOMON_TYPE_SYNC_CARD (gnomon_sync_card_get_type ())
G_DECLARE_FINAL_TYPE (GnomonSyncCard, gnomon_sync_card, GNOMON, SYNC_CARD, GtkWidget)

/* All phases are ahead. */
void gnomon_sync_card_begin (GnomonSyncCard *self);
/* @phase runs, those before it are done. @answers of @wanted: in this phase, of all servers. */
void gnomon_sync_card_advance (GnomonSyncCard *self, SyncPhase phase, guint answers, guint wanted);
/* Writes the time that the running phase has taken. Call now and then. */
void gnomon_sync_card_update (GnomonSyncCard *self);
