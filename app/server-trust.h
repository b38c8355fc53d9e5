/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom a server must prove itself by: which certificates are accepted, whose, and those that it has
 * shown so far. What the administrator has set can be read here and not changed. */

#pragma once

#include <adwaita.h>

#include "helper-client.h"

#define GNOMON_TYPE_SERVER_TRUST (gnomon_server_trust_get_type ())
G_DECLARE_FINAL_TYPE (GnomonServerTrust, gnomon_server_trust, GNOMON, SERVER_TRUST, GtkWidget)

void gnomon_server_trust_set_client (GnomonServerTrust *self, GnomonHelperClient *client);
/* Whether there is no room for what is chosen beside what it is about. */
void gnomon_server_trust_set_narrow (GnomonServerTrust *self, gboolean narrow);
/* Writes it anew, and asks for the certificates when the server has shown another one. A server
 * without NTS shows nothing. */
void gnomon_server_trust_show (GnomonServerTrust *self, GnomonServer *server);
