/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The options that tell how a server is to be asked, of gnomon add and gnomon diagnose. */

#pragma once

#include <glib.h>

/* --port, --ca, --accept, --no-nts and --ntp-port. One process runs one command: what they say is
 * kept here. */
extern const GOptionEntry COMMAND_SERVER_OPTIONS[];

/* NULL, or what is wrong with them: one sentence without a full stop, static. */
const char *command_server_options_check (void);
/* The port of the key exchange, where none has been given. */
void command_server_options_suggest_port (guint port);
/* What was given, by the keys of AddServer. */
void command_server_options_insert (GVariantDict *options);
