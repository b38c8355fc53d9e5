/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tells a person what news.h finds worth telling, and what came of a sync that the tray was asked
 * for. It asks the helper for its events only when a property shows that there may be a new one. */

#pragma once

#include "helper-client.h"
#include "notifier.h"

typedef enum
{
  HERALD_OPEN,
  HERALD_SYNC_NOW,
  HERALD_SHOW_SERVER
} HeraldWish;

/* Signals:
 *   "wished" (guint wish, const char *host, const char *token): what a person wants done about a
 *      notification; @host: of the server to be shown, else ""; @token: as notifier.h says. */
#define GNOMON_TYPE_HERALD (gnomon_herald_get_type ())
G_DECLARE_FINAL_TYPE (GnomonHerald, gnomon_herald, GNOMON, HERALD, GObject)

GnomonHerald *gnomon_herald_new (GnomonHelperClient *client, GnomonNotifier *notifier);
/* What happens while nothing is to be told is not told later. */
void gnomon_herald_set_muted (GnomonHerald *self, gboolean muted);
/* Exactly one of them is not NULL. What a person has cancelled is not told, and a change that is
 * too large has its own notification. */
void gnomon_herald_tell_sync (GnomonHerald *self, const SyncResult *sync, const GError *error);
