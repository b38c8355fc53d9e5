/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One server in the list: its seal, who runs it and what it is doing, its cookies, its offset. */

#pragma once

#include <adwaita.h>

#include "server.h"

#define GNOMON_TYPE_SERVER_ROW (gnomon_server_row_get_type ())
G_DECLARE_FINAL_TYPE (GnomonServerRow, gnomon_server_row, GNOMON, SERVER_ROW, AdwActionRow)

/* A floating row. @cookies, @offsets: line up the columns of all rows; references are taken. */
GtkWidget *gnomon_server_row_new (GnomonServer *server, GtkSizeGroup *cookies,
                                  GtkSizeGroup *offsets);
GnomonServer *gnomon_server_row_get_server (GnomonServerRow *self);
/* Writes it all anew. @clock_offset: the property Offset, s. Call when the server or the clock has
 * changed, and once a second, for words such as "no answer for 8 minutes". */
void gnomon_server_row_update (GnomonServerRow *self, double clock_offset);
/* Narrow: the number of cookies beside smaller pips below the offset, and no country. */
void gnomon_server_row_set_narrow (GnomonServerRow *self, gboolean narrow);
