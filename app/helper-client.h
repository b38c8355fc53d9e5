/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Knows the helper: holds a copy of what it says, replaced whole on each change, and lets it
 * synchronise. All else that can be asked of it is in helper-calls.h; no other file talks to it. It
 * starts to look for the helper when it is made, and goes on for ever: the helper may come and go.
 */

#pragma once

#include <gio/gio.h>

#include "clock-facts.h"
#include "server.h"

typedef enum
{
  HELPER_CONNECTING, /* nothing is known yet */
  HELPER_PRESENT,
  HELPER_MISSING
} HelperPresence;

typedef enum
{
  SYNC_PHASE_KEYS,
  SYNC_PHASE_MEASURING,
  SYNC_PHASE_COMPARING,
  SYNC_PHASE_SETTING,
  SYNC_PHASE_DONE,
  SYNC_N_PHASES
} SyncPhase;

/* Signals:
 *   "changed" (): presence, facts or tracking are new;
 *   "sync-changed" (): gnomon_helper_client_is_syncing () is new;
 *   "sync-progress" (SyncPhase phase, const char *host, guint answers, guint wanted): host "" =
 * all. */
#define GNOMON_TYPE_HELPER_CLIENT (gnomon_helper_client_get_type ())
G_DECLARE_FINAL_TYPE (GnomonHelperClient, gnomon_helper_client, GNOMON, HELPER_CLIENT, GObject)

GnomonHelperClient *gnomon_helper_client_new (GBusType bus);

/* Asks for the present: what the helper has signalled last may be as old as the last poll. What is
 * new comes with "changed". For as long as somebody looks, no more than once a second. */
void gnomon_helper_client_refresh (GnomonHelperClient *self);

HelperPresence gnomon_helper_client_get_presence (GnomonHelperClient *self);
/* Why the helper is missing, for experts; "" if that is not known. */
const char *gnomon_helper_client_get_problem (GnomonHelperClient *self);
/* The strings are never NULL. Valid until the main loop runs again. */
const ClockFacts *gnomon_helper_client_get_facts (GnomonHelperClient *self);
/* GnomonServer items in the helper's order, (transfer none). An item stays while its host does. */
GListModel *gnomon_helper_client_get_servers (GnomonHelperClient *self);
/* The one of them that has this name, in capitals or not, (transfer full), or NULL. */
GnomonServer *gnomon_helper_client_find_server (GnomonHelperClient *self, const char *host);
gboolean gnomon_helper_client_has_server (GnomonHelperClient *self, const char *host);
/* The property Tracking, a{sv}, (transfer full); NULL while the helper is missing. */
GVariant *gnomon_helper_client_get_tracking (GnomonHelperClient *self);
/* All properties by their names in the contract, a{sv}, (transfer full); NULL while it is missing.
 */
GVariant *gnomon_helper_client_get_properties (GnomonHelperClient *self);
/* The property Servers, aa{sv}, (transfer full); NULL while the helper is missing. */
GVariant *gnomon_helper_client_get_server_values (GnomonHelperClient *self);

/* Asks the bus to start the helper; fails with the bus's own words. */
void gnomon_helper_client_start_async (GnomonHelperClient *self, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer data);
/* May take for ever, because a password may be asked for. Errors: CLIENT_ERROR. */
void gnomon_helper_client_sync_async (GnomonHelperClient *self, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer data);
/* @sync: filled on success alone. */
gboolean gnomon_helper_client_sync_finish (GnomonHelperClient *self, GAsyncResult *result,
                                           SyncResult *sync, GError **error);
gboolean gnomon_helper_client_is_syncing (GnomonHelperClient *self);
/* Ends a running sync, which then fails with CLIENT_ERROR_CANCELLED. */
void gnomon_helper_client_cancel_sync (GnomonHelperClient *self);
/* What the last sync that succeeded did, NULL = none yet. */
const SyncResult *gnomon_helper_client_get_last_sync (GnomonHelperClient *self);

/* For helper-calls.c: (transfer none). While there is no bus it is NULL, and @task has been
 * answered with the reason. */
GDBusProxy *gnomon_helper_client_get_proxy (GnomonHelperClient *self, GTask *task);
