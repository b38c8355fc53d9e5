/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes servers over from another program: which of its files, what would be taken, what changes
 * and what is left, line by line. Nothing happens before it is confirmed. */

#pragma once

#include <adwaita.h>

#include "helper-client.h"

/* Signal "imported" (): all that was wanted has been added, and the window closes. */
#define GNOMON_TYPE_IMPORT_WINDOW (gnomon_import_window_get_type ())
G_DECLARE_FINAL_TYPE (GnomonImportWindow, gnomon_import_window, GNOMON, IMPORT_WINDOW, AdwWindow)

/* @root: where the other programs' files are looked for, NULL = "/". */
GnomonImportWindow *gnomon_import_window_new (GtkWindow *parent, GnomonHelperClient *client,
                                              const char *root);
