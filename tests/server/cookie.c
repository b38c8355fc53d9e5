/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cookie.h"

#include <glib.h>
#include <openssl/rand.h>

#define KEY_LENGTH 32 /* of AEAD_AES_SIV_CMAC_256, the only one this server chooses */
#define OVERHEAD   (4 + NTS_AEAD_NONCE_LENGTH + NTS_AEAD_TAG_LENGTH)

G_STATIC_ASSERT (COOKIE_LENGTH_MIN == OVERHEAD + 2 * KEY_LENGTH);

void
cookie_key_renew (CookieKey *key)
{
  key->number++;
  g_assert_cmpint (RAND_bytes (key->key, sizeof key->key), ==, 1);
}

void
cookie_seal (const CookieKey *key, const NtsKeys *keys, uint8_t *cookie, size_t length)
{
  uint8_t plaintext[NTS_COOKIE_MAX] = { 0 }; /* padded, when longer cookies are wanted */
  memcpy (plaintext, keys->s2c, KEY_LENGTH);
  memcpy (plaintext + KEY_LENGTH, keys->c2s, KEY_LENGTH);

  g_assert (length >= COOKIE_LENGTH_MIN && length <= NTS_COOKIE_MAX);
  BytesWriter writer = bytes_writer (cookie, length);
  bytes_write_u32 (&writer, key->number);
  uint8_t *nonce = bytes_write_room (&writer, NTS_AEAD_NONCE_LENGTH);
  g_assert_cmpint (RAND_bytes (nonce, NTS_AEAD_NONCE_LENGTH), ==, 1);
  NtsSpan associated = { nonce, NTS_AEAD_NONCE_LENGTH };
  bool sealed = nts_aead_seal (NTS_AEAD_AES_SIV_CMAC_256, key->key, &associated, 1, plaintext,
                               length - OVERHEAD, nonce + NTS_AEAD_NONCE_LENGTH);
  g_assert_true (sealed);
}

bool
cookie_open (const CookieKey *key, const uint8_t *cookie, size_t length, NtsKeys *keys)
{
  uint8_t plaintext[NTS_COOKIE_MAX];
  if (length < COOKIE_LENGTH_MIN || length > NTS_COOKIE_MAX)
    return false;
  BytesReader reader = bytes_reader (cookie, length);
  uint32_t number = bytes_read_u32 (&reader);
  NtsSpan associated = { bytes_read_span (&reader, NTS_AEAD_NONCE_LENGTH), NTS_AEAD_NONCE_LENGTH };
  size_t sealed_length = bytes_left (&reader);
  const uint8_t *sealed = bytes_read_span (&reader, sealed_length);
  if (number != key->number
      || !nts_aead_open (NTS_AEAD_AES_SIV_CMAC_256, key->key, &associated, 1, sealed, sealed_length,
                         plaintext))
    return false;
  keys->aead = NTS_AEAD_AES_SIV_CMAC_256;
  memcpy (keys->s2c, plaintext, KEY_LENGTH);
  memcpy (keys->c2s, plaintext + KEY_LENGTH, KEY_LENGTH);
  return true;
}
