/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Help, in plain words and one picture: what vouches for the clock, and what to do when something
 * does not. Needs no network and no other program. */

#pragma once

#include <adwaita.h>

#define GNOMON_TYPE_HELP_WINDOW (gnomon_help_window_get_type ())
G_DECLARE_FINAL_TYPE (GnomonHelpWindow, gnomon_help_window, GNOMON, HELP_WINDOW, AdwWindow)

/* Shows it, or brings the one that is open to the front. */
void gnomon_help_window_present (GtkApplication *application);
