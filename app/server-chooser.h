/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialog that adds servers: suggested ones, all that Gnomon knows, or another. What is typed is
 * checked in words before anything is sent. */

#pragma once

#include <adwaita.h>

#include "helper-client.h"

#define GNOMON_TYPE_SERVER_CHOOSER (gnomon_server_chooser_get_type ())
G_DECLARE_FINAL_TYPE (GnomonServerChooser, gnomon_server_chooser, GNOMON, SERVER_CHOOSER, AdwWindow)

GnomonServerChooser *gnomon_server_chooser_new (GtkWindow *parent, GnomonHelperClient *client);
