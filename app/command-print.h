/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the commands write, as text or as one JSON object. */

#pragma once

#include "variant-json.h"

/* Text that may come from the network, without anything that a terminal would obey; new. */
char *command_printable (const char *text);

/* A caption and its value in columns; nothing when @value is NULL. A NumberTeller: @data is not
 * looked at. */
void command_print_row (gpointer data, const char *caption, const char *value);
/* A caption of its own above rows. */
void command_print_heading (const char *heading);

/* Takes @object over, and adds the member "error": the name, or null. */
void command_print_json (JsonObject *object, const char *error);
/* null for infinity and what is no number: JSON does not know them. */
void command_print_set_number (JsonObject *object, const char *name, double value);

/* The reason goes to standard error as a sentence, or into the JSON object under "error". */
void command_print_error (const GError *error, gboolean json);
