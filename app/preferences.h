/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preferences: what is yours alone (General), and what holds for everyone (Clock, Records). */

#pragma once

#include <adwaita.h>

#include "helper-client.h"

#define GNOMON_TYPE_PREFERENCES (gnomon_preferences_get_type ())
G_DECLARE_FINAL_TYPE (GnomonPreferences, gnomon_preferences, GNOMON, PREFERENCES,
                      AdwPreferencesWindow)

/* @settings: may be NULL: then nothing of one's own can be chosen. */
GnomonPreferences *gnomon_preferences_new (GtkWindow *parent, GnomonHelperClient *client,
                                           GSettings *settings);
