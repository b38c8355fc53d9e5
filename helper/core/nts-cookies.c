/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-cookies.h"

#include "nts-aead.h"

#include <string.h>

static size_t
octets_used (const NtsCookies *jar)
{
  size_t used = 0;

  for (unsigned i = 0; i < jar->count; i++)
    used += jar->lengths[i];
  return used;
}

static bool
contains (const NtsCookies *jar, const uint8_t *cookie, size_t length)
{
  size_t position = 0;

  for (unsigned i = 0; i < jar->count; i++)
    {
      if (jar->lengths[i] == length && nts_equal (jar->pool + position, cookie, length))
        return true;
      position += jar->lengths[i];
    }
  return false;
}

static void
drop_oldest (NtsCookies *jar)
{
  size_t used = octets_used (jar);
  size_t length = jar->lengths[0];

  memmove (jar->pool, jar->pool + length, used - length);
  nts_wipe (jar->pool + used - length, length);
  jar->count--;
  memmove (jar->lengths, jar->lengths + 1, jar->count * sizeof jar->lengths[0]);
}

bool
nts_cookie_usable (size_t length)
{
  return length >= NTS_COOKIE_MIN && length <= NTS_COOKIE_MAX && length % 4 == 0;
}

bool
nts_cookies_put (NtsCookies *jar, const uint8_t *cookie, size_t length)
{
  if (!nts_cookie_usable (length) || contains (jar, cookie, length))
    return false;

  while (jar->count == NTS_COOKIES_MAX || octets_used (jar) + length > NTS_COOKIES_POOL)
    drop_oldest (jar);
  memcpy (jar->pool + octets_used (jar), cookie, length);
  jar->lengths[jar->count] = (uint16_t) length;
  jar->count++;
  return true;
}

size_t
nts_cookies_take (NtsCookies *jar, uint8_t *cookie)
{
  size_t length = nts_cookies_next_length (jar);

  if (length > 0)
    {
      memcpy (cookie, jar->pool, length);
      drop_oldest (jar);
    }
  return length;
}

size_t
nts_cookies_next_length (const NtsCookies *jar)
{
  return jar->count > 0 ? jar->lengths[0] : 0;
}

void
nts_cookies_clear (NtsCookies *jar)
{
  nts_wipe (jar, sizeof *jar);
}
