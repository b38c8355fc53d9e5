/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may call what: the one table from method to polkit action, and the question to polkit. What
 * is not in the table is denied to everybody. */

#pragma once

#include <gio/gio.h>

typedef struct Authority Authority;

/* Callers come over @connection (kept with a reference). On G_BUS_TYPE_SYSTEM polkit is asked about
 * them; on a session bus, where the clock is never the real one, a caller is authorised when it is
 * the same user as this process. */
Authority *authority_new (GDBusConnection *connection, GBusType bus);
/* Only when no check is under way. */
void authority_free (Authority *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Authority, authority_free)

/* The polkit action that guards @method: NULL when it is open to all, and an action that does not
 * exist for a method that is not in the table. Static. */
const char *authority_action (const char *method);

/* May the owner of the unique bus name @caller call @method? @interactive: polkit may ask for a
 * password, for which there is no time limit; cancelling @cancellable takes its dialog away. */
void authority_check_async (Authority *self, const char *method, const char *caller,
                            gboolean interactive, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);
/* TRUE = yes. Everything else is FALSE: with GNOMON_ERROR_CANCELLED when the password dialog was
 * closed, with G_IO_ERROR_CANCELLED after @cancellable, and with GNOMON_ERROR_NOT_AUTHORISED
 * otherwise, also when polkit does not answer or the caller has left. */
gboolean authority_check_finish (Authority *self, GAsyncResult *result, GError **error);
