/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One key exchange on the server's side. */

#pragma once

#include "nts-server.h"

typedef struct KeConnection KeConnection;

/* Serves the client on @fd, which is taken over, and adds the connection to server->connections;
 * it removes itself when it is over. */
void ke_connection_new (NtsServer *server, int fd);
/* Ends it at once. */
void ke_connection_free (KeConnection *connection);
