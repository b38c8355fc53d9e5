/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Adds several servers, one after the other. One that is refused for its own sake keeps no other
 * from being added; anything else ends it. */

#pragma once

#include "helper-client.h"

typedef struct ServerAdder ServerAdder;

ServerAdder *server_adder_new (GnomonHelperClient *client);
void server_adder_free (ServerAdder *adder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServerAdder, server_adder_free)

/* @options: a{sv} as AddServer takes it; a floating reference is sunk. */
void server_adder_append (ServerAdder *adder, const char *host, GVariant *options);

/* Takes @adder over. */
void server_adder_run_async (ServerAdder *adder, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data);
/* The number of servers that were added; with *@error, the first, if it is not all of them. */
guint server_adder_run_finish (GAsyncResult *result, GError **error);
/* The hosts that were not added, with commas between them. New. */
char *server_adder_run_left (GAsyncResult *result);
/* What was added, what was not, and why, for a person; the reason alone if none was added. @error:
 * what server_adder_run_finish () gave. New. */
char *server_adder_run_describe (GAsyncResult *result, const GError *error);
