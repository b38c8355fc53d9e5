/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the desktop's search finds: the state of the clock in a sentence, and "Sync Securely Now",
 * which is the application's action sync-now and nothing of its own. */

#pragma once

#include "helper-client.h"

#define GNOMON_TYPE_SEARCH_PROVIDER (gnomon_search_provider_get_type ())
G_DECLARE_FINAL_TYPE (GnomonSearchProvider, gnomon_search_provider, GNOMON, SEARCH_PROVIDER,
                      GObject)

/* Offers it on @connection, before the application owns its name: who has the bus start it asks at
 * once. @application: must outlive it. NULL and *@error if the path is taken. */
GnomonSearchProvider *gnomon_search_provider_new (GApplication *application,
                                                  GDBusConnection *connection, GError **error);
/* Until there is a client, and it has found the helper or has not, answers about the state wait. */
void gnomon_search_provider_set_client (GnomonSearchProvider *self, GnomonHelperClient *client);
