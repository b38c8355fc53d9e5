/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where NTP packets go, and where they must never go: the key exchange tells the address, and a
 * broken or hostile server could aim us at somebody else (RFC 8915 §4.1.7). */

#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct
{
  uint8_t family;     /* 4, 6, or 0 = none */
  uint8_t octets[16]; /* network order; IPv4 uses the first four, the others are 0 */
  uint16_t port;      /* host order */
} NtpAddress;

/* Reads an IPv4 literal of four decimal numbers or an IPv6 literal without zone, and nothing else.
 * The port becomes 0. False, and @address untouched, when @text is no literal. */
bool ntp_address_from_literal (const char *text, NtpAddress *address);

/* True when @address may be asked for time, given that the key exchange was held with @ke_server.
 * Never: unspecified, multicast, broadcast and reserved addresses, IPv4 within IPv6, port 0.
 * Loopback and link-local addresses: only when @ke_server is on such an address, too. Private ones:
 * only when @ke_server is not on a global address. */
bool ntp_address_permitted (const NtpAddress *address, const NtpAddress *ke_server);
