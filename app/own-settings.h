/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What one person likes, data/org.gnomon.Gnomon.gschema.xml. What concerns the clock is the
 * helper's. */

#pragma once

#include <gio/gio.h>

/* New; NULL where the schema is not installed, so that a program from the build folder runs without
 * GSETTINGS_SCHEMA_DIR: then nothing can be chosen, and the defaults hold. */
GSettings *own_settings_new (void);
/* A switch of the schema; @settings may be NULL: TRUE is the default of all that are asked for. */
gboolean own_settings_wants (GSettings *settings, const char *key);
