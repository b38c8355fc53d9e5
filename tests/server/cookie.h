/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cookies as RFC 8915 §6 suggests them: the two keys, sealed with a key that only the server knows,
 * so that the server keeps nothing per client. */

#pragma once

#include "nts-fields.h"

#define COOKIE_LENGTH_MIN 100 /* key number 4, nonce 16, tag 16, two keys of 32 */

typedef struct
{
  uint32_t number;
  uint8_t key[32];
} CookieKey;

/* A new random key: cookies of the old one cannot be opened any more. */
void cookie_key_renew (CookieKey *key);

/* Writes a cookie of @length octets, COOKIE_LENGTH_MIN … NTS_COOKIE_MAX, a multiple of 4. */
void cookie_seal (const CookieKey *key, const NtsKeys *keys, uint8_t *cookie, size_t length);

/* False when it is not one of @key's. */
bool cookie_open (const CookieKey *key, const uint8_t *cookie, size_t length, NtsKeys *keys);
