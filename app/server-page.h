/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything that is known of one server, live while the page is shown. */

#pragma once

#include <adwaita.h>

#include "helper-client.h"

#define GNOMON_TYPE_SERVER_PAGE (gnomon_server_page_get_type ())
G_DECLARE_FINAL_TYPE (GnomonServerPage, gnomon_server_page, GNOMON, SERVER_PAGE, GtkWidget)

void gnomon_server_page_set_client (GnomonServerPage *self, GnomonHelperClient *client);
/* @server: NULL = none any more. A reference is taken. */
void gnomon_server_page_set_server (GnomonServerPage *self, GnomonServer *server);
GnomonServer *gnomon_server_page_get_server (GnomonServerPage *self);
/* Writes it all anew. @clock_offset: the property Offset, s; @vouching: the servers that agree, of the
 * property Witnesses. */
void gnomon_server_page_update (GnomonServerPage *self, double clock_offset, guint vouching);
void gnomon_server_page_set_narrow (GnomonServerPage *self, gboolean narrow);
