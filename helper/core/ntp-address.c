/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-address.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

typedef enum
{
  SCOPE_NEVER,
  SCOPE_LOOPBACK,
  SCOPE_LINK_LOCAL,
  SCOPE_PRIVATE,
  SCOPE_GLOBAL
} Scope;

typedef struct
{
  uint8_t family;
  uint8_t prefix[16];
  unsigned bits;
  Scope scope;
} Range;

/* IANA special-purpose address registries (RFC 6890); the first that fits counts. Documentation
 * addresses stay global: they lead nowhere. */
static const Range ranges[] = {
  { 4, { 0 }, 8, SCOPE_NEVER },              /* this network, RFC 791 */
  { 4, { 127 }, 8, SCOPE_LOOPBACK },         /* RFC 1122 */
  { 4, { 169, 254 }, 16, SCOPE_LINK_LOCAL }, /* RFC 3927 */
  { 4, { 10 }, 8, SCOPE_PRIVATE },           /* RFC 1918 */
  { 4, { 172, 16 }, 12, SCOPE_PRIVATE },     /* RFC 1918 */
  { 4, { 192, 168 }, 16, SCOPE_PRIVATE },    /* RFC 1918 */
  { 4, { 100, 64 }, 10, SCOPE_PRIVATE },     /* shared by providers, RFC 6598 */
  { 4, { 224 }, 3, SCOPE_NEVER },            /* multicast, reserved, broadcast */
  { 6, { [15] = 1 }, 128, SCOPE_LOOPBACK },  /* ::1 */
  { 6, { 0 }, 96, SCOPE_NEVER },             /* ::, and IPv4-compatible, RFC 4291 §2.5.5.1 */
  { 6, { [10] = 0xff, [11] = 0xff }, 96, SCOPE_NEVER }, /* IPv4-mapped, RFC 4291 §2.5.5.2 */
  { 6, { 0xfe, 0x80 }, 10, SCOPE_LINK_LOCAL },
  { 6, { 0xfe, 0xc0 }, 10, SCOPE_PRIVATE }, /* site-local, RFC 3879 */
  { 6, { 0xfc }, 7, SCOPE_PRIVATE },        /* unique local, RFC 4193 */
  { 6, { 0xff }, 8, SCOPE_NEVER },          /* multicast */
};

static bool
lies_in (const NtpAddress *address, const Range *range)
{
  unsigned whole = range->bits / 8;
  unsigned rest = range->bits % 8;

  if (address->family != range->family || memcmp (address->octets, range->prefix, whole) != 0)
    return false;
  return rest == 0 || (address->octets[whole] ^ range->prefix[whole]) >> (8 - rest) == 0;
}

static Scope
scope_of (const NtpAddress *address)
{
  if (address->family != 4 && address->family != 6)
    return SCOPE_NEVER;
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
    if (lies_in (address, &ranges[i]))
      return ranges[i].scope;
  return SCOPE_GLOBAL;
}

bool
ntp_address_from_literal (const char *text, NtpAddress *address)
{
  NtpAddress parsed = { .family = 4 };

  /* inet_aton () and getaddrinfo () would also take "3221225991" or "0300.1". */
  if (inet_pton (AF_INET, text, parsed.octets) != 1)
    {
      parsed = (NtpAddress){ .family = 6 };
      if (inet_pton (AF_INET6, text, parsed.octets) != 1)
        return false;
    }
  *address = parsed;
  return true;
}

bool
ntp_address_permitted (const NtpAddress *address, const NtpAddress *ke_server)
{
  Scope scope = scope_of (address);
  Scope ke_scope = scope_of (ke_server);

  if (address->port == 0 || scope == SCOPE_NEVER)
    return false;
  if (scope == SCOPE_GLOBAL)
    return true;
  if (scope == SCOPE_PRIVATE)
    return ke_scope != SCOPE_GLOBAL && ke_scope != SCOPE_NEVER;
  return scope == ke_scope;
}
