/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The application: its one window, and the actions that every way to "sync securely now" takes. */

#pragma once

#include <adwaita.h>

#define GNOMON_TYPE_APPLICATION (gnomon_application_get_type ())
G_DECLARE_FINAL_TYPE (GnomonApplication, gnomon_application, GNOMON, APPLICATION, AdwApplication)

GnomonApplication *gnomon_application_new (void);
