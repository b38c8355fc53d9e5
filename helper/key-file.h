/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading configuration as GKeyFile does, but so that a line which it would refuse costs only that
 * line: each is named in a warning with file, group and key, and the rest is taken.
 *
 * Ignored so: text that is not UTF-8, lines that are neither group nor key nor comment, keys before
 * the first group, a group or a key that was there before (the first one counts). A comment may
 * also follow a value, after white space. */

#pragma once

#include <gio/gio.h>

/* @name: of the file, for the warnings. */
GKeyFile *key_file_parse (const char *data, gsize length, const char *name);
