/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values of D-Bus as JSON: dictionaries become objects, arrays and tuples arrays. What JSON cannot
 * say, such as infinity, becomes null. */

#pragma once

#include <json-glib/json-glib.h>

/* (transfer full) */
JsonNode *variant_to_json (GVariant *value);
/* On one line for each member, with the newline at the end; (transfer full). */
char *json_to_text (JsonNode *node);
