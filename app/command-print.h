/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the commands print on standard output, as text or as one JSON object. */

#pragma once

#include "helper-client.h"

/* TRUE if the clock is right and vouched for. */
gboolean command_print_status (GnomonHelperClient *client, gboolean json);
void command_print_sources (GnomonHelperClient *client, gboolean json);
void command_print_result (const SyncResult *result, gboolean json);
/* The reason goes to standard error as a sentence, or into the JSON object under "error". */
void command_print_error (const GError *error, gboolean json);
