/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A test of one server, step by step, as it goes: what each step has shown, how long it took, and
 * why one failed with the one thing to do about it. The test begins at once. */

#pragma once

#include <adwaita.h>

#include "helper-client.h"

#define GNOMON_TYPE_DIAGNOSE_WINDOW (gnomon_diagnose_window_get_type ())
G_DECLARE_FINAL_TYPE (GnomonDiagnoseWindow, gnomon_diagnose_window, GNOMON, DIAGNOSE_WINDOW,
                      AdwWindow)

/* @parent: the window with the actions win.sign-in and app.add-server. A new modal window. */
GtkWindow *gnomon_diagnose_window_new (GtkWindow *parent, GnomonHelperClient *client,
                                       const char *host);
