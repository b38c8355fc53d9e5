/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values of D-Bus as JSON (RFC 8259). */

#pragma once

#include <glib.h>

/* In one line, to be freed. Dictionaries with text for keys become objects, other containers
 * arrays, a maybe without a value and numbers that are not finite null. */
char *variant_to_json (GVariant *value);
