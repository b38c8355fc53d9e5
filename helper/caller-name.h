/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which user has called: from the unique name on the bus to the name of an account. */

#pragma once

#include <gio/gio.h>

/* Asks the bus for the user's number, and a thread for the account's name, since accounts may be
 * kept on the network. */
void caller_name_async (GDBusConnection *connection, const char *caller, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data);
/* The number when there is no such account; "" when the bus does not tell. Never NULL. */
char *caller_name_finish (GAsyncResult *result);
