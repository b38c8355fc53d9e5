/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether this program may change what holds for everyone, as polkit knows it, and how it comes to
 * be allowed. It decides about what is offered and nothing else: the helper asks polkit about every
 * call itself. Where polkit cannot be asked, as beside a helper on a session bus, the lock opens to
 * everybody and the helper alone decides. */

#pragma once

#include "helper-client.h"

/* Signal "changed" (): it has been opened or closed. */
#define GNOMON_TYPE_CHANGE_LOCK (gnomon_change_lock_get_type ())
G_DECLARE_FINAL_TYPE (GnomonChangeLock, gnomon_change_lock, GNOMON, CHANGE_LOCK, GObject)

/* Asks at once, without bothering anybody, whether it is open already. */
GnomonChangeLock *gnomon_change_lock_new (GnomonHelperClient *client);

gboolean gnomon_change_lock_is_open (GnomonChangeLock *self);
/* Has the system ask for a password if it wants one; takes as long as that does. Errors:
 * CLIENT_ERROR_NOT_AUTHORISED, and CLIENT_ERROR_CANCELLED if a person closed the dialog. */
void gnomon_change_lock_open_async (GnomonChangeLock *self, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer data);
gboolean gnomon_change_lock_open_finish (GnomonChangeLock *self, GAsyncResult *result,
                                         GError **error);
/* Gives back what was given for a while; where something is under way, when that has ended. */
void gnomon_change_lock_close (GnomonChangeLock *self);
/* Around a change that is under way. */
void gnomon_change_lock_hold (GnomonChangeLock *self);
void gnomon_change_lock_release (GnomonChangeLock *self);
