/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks the system (org.freedesktop.timedate1) to let Gnomon keep the clock instead of another
 * program: SetNTP(true) ends the others and starts the first service that the system knows, which
 * is Gnomon's where it is installed.
 *
 * It is asked on the bus where the helper is, so that a make-believe helper never changes the real
 * system. The system may ask for a password, and takes as long as that needs. */

#pragma once

#include "helper-client.h"

void clock_keeper_claim_async (GnomonHelperClient *client, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data);
/* Errors: the bus's and the system's own. */
gboolean clock_keeper_claim_finish (GnomonHelperClient *client, GAsyncResult *result,
                                    GError **error);
