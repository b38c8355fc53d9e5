/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person types, checked before anything is sent. Pure. */

#pragma once

#include <glib.h>

/* NULL if @text can be the name or the address of a server, else why not: one translated sentence
 * without a full stop. Static. */
const char *host_check (const char *text);
/* NULL and *@port, or why not. */
const char *port_check (const char *text, guint *port);
/* The host in what was dropped or pasted: a name, "name:port", or an address of the web, of which
 * the port says nothing. *@port: 0 = none is given. NULL if there is none that host_check () takes.
 * New. */
char *host_find (const char *text, guint *port);
