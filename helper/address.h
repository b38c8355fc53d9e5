/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Host names and addresses: as people write them, as the core takes them, as the kernel takes them.
 * Nothing here asks a name server. */

#pragma once

#include <gio/gio.h>
#include <netinet/in.h>

#include "core/ntp-system.h"

/* Room for "ffff:…:255.255.255.255". */
#define ADDRESS_TEXT_MAX INET6_ADDRSTRLEN

/* The one spelling of @host: lower case, no final dot, an international name in its ASCII form, an
 * address literal as inet_ntop () writes it. NULL with GNOMON_ERROR_INVALID_ARGUMENT ("host: …")
 * when @host is neither a host name nor an IPv4 or IPv6 address. */
char *host_canonical (const char *host, GError **error);

/* Who runs the server, as far as its name tells: the last two labels of a name, the first 24 bits
 * of an IPv4 address, the first 48 of an IPv6 address. */
char *host_operator (const char *host);

/* FALSE when @text is not an address literal; then @address is not touched. */
gboolean address_parse (const char *text, guint16 port, NtpAddress *address);
/* FALSE for families other than IPv4 and IPv6. */
gboolean address_from_inet (GInetAddress *inet, guint16 port, NtpAddress *address);
/* Without the port. "" for no address. */
void address_print (const NtpAddress *address, char text[ADDRESS_TEXT_MAX]);
gboolean address_equal (const NtpAddress *a, const NtpAddress *b);

/* Opens a non-blocking socket of @type (SOCK_DGRAM or SOCK_STREAM) and begins to connect it. A
 * stream is connected, or has failed, when it becomes writable. −1 with errno set. */
int address_connect (const NtpAddress *address, int type);
