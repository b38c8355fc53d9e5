/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The first look at what a caller on the bus passes: lengths and characters, before anything is
 * copied or anybody is asked for a password. What a value means, its type and range are the
 * engine's business. Pure. */

#pragma once

#include <gio/gio.h>

#define ARGUMENTS_HOST_MAX 253 /* octets of a host name, RFC 1035 §2.3.4 without the root's dot */

/* @parameters: of a call of @method, with the signature of the D-Bus contract. FALSE with
 * GNOMON_ERROR_INVALID_ARGUMENT, the message beginning with the name of the argument or key. */
gboolean arguments_check (const char *method, GVariant *parameters, GError **error);
