/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-aead.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#define BLOCK                16 /* AES */
#define GCM_SIV_NONCE_LENGTH 12 /* RFC 8452 §4 */

typedef enum
{
  FAMILY_SIV,
  FAMILY_GCM_SIV
} Family;

/* What libcrypto calls the parts of an algorithm. */
typedef struct
{
  uint16_t aead;
  Family family;
  size_t key_length;
  const char *name;
  const char *mac_cipher; /* for CMAC */
  const char *cipher;     /* CTR for AES-SIV, single blocks for GCM-SIV */
} Algorithm;

static const Algorithm algorithms[] = {
  { NTS_AEAD_AES_SIV_CMAC_256, FAMILY_SIV, 32, "AES-SIV-CMAC-256", "AES-128-CBC", "AES-128-CTR" },
  { NTS_AEAD_AES_SIV_CMAC_384, FAMILY_SIV, 48, "AES-SIV-CMAC-384", "AES-192-CBC", "AES-192-CTR" },
  { NTS_AEAD_AES_SIV_CMAC_512, FAMILY_SIV, 64, "AES-SIV-CMAC-512", "AES-256-CBC", "AES-256-CTR" },
  { NTS_AEAD_AES_128_GCM_SIV, FAMILY_GCM_SIV, 16, "AES-128-GCM-SIV", NULL, "AES-128-ECB" },
};

static const Algorithm *
find_algorithm (uint16_t aead)
{
  for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
    if (algorithms[i].aead == aead)
      return &algorithms[i];
  return NULL;
}

/* Enciphers @input with a fresh context; @iv may be NULL. */
static bool
encipher (const char *name, const uint8_t *key, const uint8_t *iv, const uint8_t *input,
          size_t length, uint8_t *output)
{
  EVP_CIPHER *cipher = EVP_CIPHER_fetch (NULL, name, NULL);
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  int written = 0;

  bool done = cipher != NULL && context != NULL && length <= INT_MAX
              && EVP_EncryptInit_ex2 (context, cipher, key, iv, NULL) == 1
              && EVP_CIPHER_CTX_set_padding (context, 0) == 1
              && EVP_EncryptUpdate (context, output, &written, input, (int) length) == 1
              && (size_t) written == length;
  EVP_CIPHER_CTX_free (context);
  EVP_CIPHER_free (cipher);
  return done;
}

/* ---- AES-SIV, RFC 5297 ---- */

/* CMAC of @data followed by @tail with the key that @context has. */
static bool
cmac (EVP_MAC_CTX *context, const uint8_t *data, size_t length, const uint8_t *tail,
      size_t tail_length, uint8_t mac[BLOCK])
{
  size_t mac_length = 0;

  return EVP_MAC_init (context, NULL, 0, NULL) == 1
         && (length == 0 || EVP_MAC_update (context, data, length) == 1)
         && (tail_length == 0 || EVP_MAC_update (context, tail, tail_length) == 1)
         && EVP_MAC_final (context, mac, &mac_length, BLOCK) == 1 && mac_length == BLOCK;
}

/* Multiplies by x in GF(2^128), RFC 5297 §2.3, without a branch on secret bits. */
static void
siv_double (uint8_t block[BLOCK])
{
  uint8_t carry = (uint8_t) - (block[0] >> 7);

  for (size_t i = 0; i + 1 < BLOCK; i++)
    block[i] = (uint8_t) (block[i] << 1 | block[i + 1] >> 7);
  block[BLOCK - 1] = (uint8_t) (block[BLOCK - 1] << 1 ^ (carry & 0x87));
}

static void
xor_into (uint8_t *block, const uint8_t *other, size_t length)
{
  for (size_t i = 0; i < length; i++)
    block[i] ^= other[i];
}

/* S2V over the components and the plaintext, RFC 5297 §2.4. */
static bool
siv_s2v (EVP_MAC_CTX *context, const NtsSpan *associated, size_t n_associated,
         const uint8_t *plaintext, size_t length, uint8_t tag[BLOCK])
{
  static const uint8_t zero[BLOCK];
  uint8_t sum[BLOCK] = { 0 }, block[BLOCK] = { 0 };

  bool done = cmac (context, zero, BLOCK, NULL, 0, sum);
  for (size_t i = 0; done && i < n_associated; i++)
    {
      done = cmac (context, associated[i].data, associated[i].length, NULL, 0, block);
      siv_double (sum);
      xor_into (sum, block, BLOCK);
    }
  if (done && length >= BLOCK)
    {
      xor_into (sum, plaintext + length - BLOCK, BLOCK);
      done = cmac (context, plaintext, length - BLOCK, sum, BLOCK, tag);
    }
  else if (done)
    {
      siv_double (sum);
      if (length > 0)
        xor_into (sum, plaintext, length);
      sum[length] ^= 0x80;
      done = cmac (context, sum, BLOCK, NULL, 0, tag);
    }
  nts_wipe (sum, sizeof sum);
  nts_wipe (block, sizeof block);
  return done;
}

static bool
siv_tag (const Algorithm *algorithm, const uint8_t *key, const NtsSpan *associated,
         size_t n_associated, const uint8_t *plaintext, size_t length, uint8_t tag[BLOCK])
{
  char cipher_name[sizeof "AES-128-CBC"];
  memcpy (cipher_name, algorithm->mac_cipher, sizeof cipher_name);
  OSSL_PARAM parameters[] = { OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_CIPHER, cipher_name,
                                                                0),
                              OSSL_PARAM_construct_end () };
  EVP_MAC *mac = EVP_MAC_fetch (NULL, "CMAC", NULL);
  EVP_MAC_CTX *context = mac != NULL ? EVP_MAC_CTX_new (mac) : NULL;

  bool done = context != NULL
              && EVP_MAC_init (context, key, algorithm->key_length / 2, parameters) == 1
              && siv_s2v (context, associated, n_associated, plaintext, length, tag);
  EVP_MAC_CTX_free (context);
  EVP_MAC_free (mac);
  return done;
}

/* Both directions, RFC 5297 §2.6. */
static bool
siv_crypt (const Algorithm *algorithm, const uint8_t *key, const uint8_t tag[BLOCK],
           const uint8_t *input, size_t length, uint8_t *output)
{
  uint8_t counter[BLOCK];

  memcpy (counter, tag, BLOCK);
  counter[8] &= 0x7f;
  counter[12] &= 0x7f;
  return length == 0
         || encipher (algorithm->cipher, key + algorithm->key_length / 2, counter, input, length,
                      output);
}

static bool
siv_seal (const Algorithm *algorithm, const uint8_t *key, const NtsSpan *associated,
          size_t n_associated, const uint8_t *plaintext, size_t length, uint8_t *output)
{
  return siv_tag (algorithm, key, associated, n_associated, plaintext, length, output)
         && siv_crypt (algorithm, key, output, plaintext, length, output + BLOCK);
}

static bool
siv_open (const Algorithm *algorithm, const uint8_t *key, const NtsSpan *associated,
          size_t n_associated, const uint8_t *sealed, size_t length, uint8_t *plaintext)
{
  uint8_t tag[BLOCK];

  return siv_crypt (algorithm, key, sealed, sealed + BLOCK, length, plaintext)
         && siv_tag (algorithm, key, associated, n_associated, plaintext, length, tag)
         && nts_equal (tag, sealed, BLOCK);
}

/* ---- AES-128-GCM-SIV, RFC 8452 ---- */

typedef struct
{
  uint64_t low, high; /* the coefficients of x^0…x^63 and x^64…x^127 */
} Element;

static uint64_t
little_endian (const uint8_t *octets)
{
  uint64_t value = 0;

  for (size_t i = 8; i > 0; i--)
    value = value << 8 | octets[i - 1];
  return value;
}

static void
put_little_endian (uint8_t *octets, uint64_t value, size_t count)
{
  for (size_t i = 0; i < count; i++, value >>= 8)
    octets[i] = (uint8_t) value;
}

/* a · b · x^−128 modulo x^128 + x^127 + x^126 + x^121 + 1, RFC 8452 §3, without a branch on secret
 * bits. */
static Element
polyval_dot (Element a, Element b)
{
  Element sum = { 0, 0 };

  for (unsigned i = 0; i < 128; i++)
    {
      uint64_t bit = (i < 64 ? a.low >> i : a.high >> (i - 64)) & 1;
      sum.low ^= b.low & -bit;
      sum.high ^= b.high & -bit;
      uint64_t odd = sum.low & 1;
      sum.low = sum.low >> 1 | sum.high << 63;
      sum.high = sum.high >> 1 ^ (UINT64_C (0xe1) << 56 & -odd);
    }
  return sum;
}

/* Takes in @data, zeros appended up to whole blocks. */
static Element
polyval_update (Element sum, Element key, const uint8_t *data, size_t length)
{
  for (size_t done = 0; done < length; done += BLOCK)
    {
      uint8_t block[BLOCK] = { 0 };
      memcpy (block, data + done, length - done < BLOCK ? length - done : BLOCK);
      sum.low ^= little_endian (block);
      sum.high ^= little_endian (block + 8);
      sum = polyval_dot (sum, key);
    }
  return sum;
}

/* The two keys of one nonce, RFC 8452 §4. */
static bool
gcm_siv_derive (const Algorithm *algorithm, const uint8_t *key, const uint8_t *nonce,
                uint8_t authentication[BLOCK], uint8_t encryption[BLOCK])
{
  uint8_t blocks[4 * BLOCK] = { 0 };

  for (uint8_t i = 0; i < 4; i++)
    {
      blocks[i * BLOCK] = i;
      memcpy (blocks + i * BLOCK + 4, nonce, GCM_SIV_NONCE_LENGTH);
    }
  bool done = encipher (algorithm->cipher, key, NULL, blocks, sizeof blocks, blocks);
  memcpy (authentication, blocks, 8);
  memcpy (authentication + 8, blocks + BLOCK, 8);
  memcpy (encryption, blocks + 2 * BLOCK, 8);
  memcpy (encryption + 8, blocks + 3 * BLOCK, 8);
  nts_wipe (blocks, sizeof blocks);
  return done;
}

static bool
gcm_siv_tag (const Algorithm *algorithm, const uint8_t authentication[BLOCK],
             const uint8_t encryption[BLOCK], const NtsSpan associated[2], const uint8_t *plaintext,
             size_t length, uint8_t tag[BLOCK])
{
  Element key = { little_endian (authentication), little_endian (authentication + 8) };
  Element sum = { 0, 0 };
  uint8_t lengths[BLOCK];

  put_little_endian (lengths, (uint64_t) associated[0].length * 8, 8);
  put_little_endian (lengths + 8, (uint64_t) length * 8, 8);
  sum = polyval_update (sum, key, associated[0].data, associated[0].length);
  sum = polyval_update (sum, key, plaintext, length);
  sum = polyval_update (sum, key, lengths, BLOCK);

  put_little_endian (tag, sum.low, 8);
  put_little_endian (tag + 8, sum.high, 8);
  xor_into (tag, associated[1].data, GCM_SIV_NONCE_LENGTH);
  tag[BLOCK - 1] &= 0x7f;
  return encipher (algorithm->cipher, encryption, NULL, tag, BLOCK, tag);
}

/* Both directions: a counter of 32 bits, little-endian, at the front of the block. */
static bool
gcm_siv_crypt (const Algorithm *algorithm, const uint8_t encryption[BLOCK],
               const uint8_t tag[BLOCK], const uint8_t *input, size_t length, uint8_t *output)
{
  uint8_t counter[BLOCK], stream[BLOCK] = { 0 };
  bool done = true;

  memcpy (counter, tag, BLOCK);
  counter[BLOCK - 1] |= 0x80;
  for (size_t position = 0; done && position < length; position += BLOCK)
    {
      size_t count = length - position < BLOCK ? length - position : BLOCK;
      done = encipher (algorithm->cipher, encryption, NULL, counter, BLOCK, stream);
      for (size_t i = 0; i < count; i++)
        output[position + i] = input[position + i] ^ stream[i];
      put_little_endian (counter, little_endian (counter) + 1, 4);
    }
  nts_wipe (stream, sizeof stream);
  return done;
}

static bool
gcm_siv_seal (const Algorithm *algorithm, const uint8_t *key, const NtsSpan associated[2],
              const uint8_t *plaintext, size_t length, uint8_t *output)
{
  uint8_t authentication[BLOCK], encryption[BLOCK];
  uint8_t *tag = output + length;

  bool done =
      gcm_siv_derive (algorithm, key, associated[1].data, authentication, encryption)
      && gcm_siv_tag (algorithm, authentication, encryption, associated, plaintext, length, tag)
      && gcm_siv_crypt (algorithm, encryption, tag, plaintext, length, output);
  nts_wipe (authentication, sizeof authentication);
  nts_wipe (encryption, sizeof encryption);
  return done;
}

static bool
gcm_siv_open (const Algorithm *algorithm, const uint8_t *key, const NtsSpan associated[2],
              const uint8_t *sealed, size_t length, uint8_t *plaintext)
{
  uint8_t authentication[BLOCK], encryption[BLOCK], tag[BLOCK];
  const uint8_t *sent = sealed + length;

  bool done =
      gcm_siv_derive (algorithm, key, associated[1].data, authentication, encryption)
      && gcm_siv_crypt (algorithm, encryption, sent, sealed, length, plaintext)
      && gcm_siv_tag (algorithm, authentication, encryption, associated, plaintext, length, tag)
      && nts_equal (tag, sent, BLOCK);
  nts_wipe (authentication, sizeof authentication);
  nts_wipe (encryption, sizeof encryption);
  return done;
}

/* ---- Both ---- */

static bool
arguments_fit (const Algorithm *algorithm, const NtsSpan *associated, size_t n_associated)
{
  if (algorithm == NULL || n_associated < 1 || n_associated > NTS_AEAD_ASSOCIATED_MAX)
    return false;
  return algorithm->family == FAMILY_SIV
         || (n_associated == 2 && associated[1].length == GCM_SIV_NONCE_LENGTH);
}

size_t
nts_aead_key_length (uint16_t aead)
{
  const Algorithm *algorithm = find_algorithm (aead);

  return algorithm != NULL ? algorithm->key_length : 0;
}

const char *
nts_aead_name (uint16_t aead)
{
  const Algorithm *algorithm = find_algorithm (aead);

  return algorithm != NULL ? algorithm->name : "";
}

bool
nts_aead_seal (uint16_t aead, const uint8_t *key, const NtsSpan *associated, size_t n_associated,
               const uint8_t *plaintext, size_t length, uint8_t *output)
{
  const Algorithm *algorithm = find_algorithm (aead);
  bool done = false;

  if (arguments_fit (algorithm, associated, n_associated))
    done = algorithm->family == FAMILY_SIV
               ? siv_seal (algorithm, key, associated, n_associated, plaintext, length, output)
               : gcm_siv_seal (algorithm, key, associated, plaintext, length, output);
  if (!done)
    nts_wipe (output, length + NTS_AEAD_TAG_LENGTH);
  return done;
}

bool
nts_aead_open (uint16_t aead, const uint8_t *key, const NtsSpan *associated, size_t n_associated,
               const uint8_t *sealed, size_t length, uint8_t *plaintext)
{
  const Algorithm *algorithm = find_algorithm (aead);
  bool done = false;

  if (length < NTS_AEAD_TAG_LENGTH)
    return false;
  length -= NTS_AEAD_TAG_LENGTH;
  if (arguments_fit (algorithm, associated, n_associated))
    done = algorithm->family == FAMILY_SIV
               ? siv_open (algorithm, key, associated, n_associated, sealed, length, plaintext)
               : gcm_siv_open (algorithm, key, associated, sealed, length, plaintext);
  if (!done)
    nts_wipe (plaintext, length);
  return done;
}

bool
nts_equal (const uint8_t *a, const uint8_t *b, size_t length)
{
  return CRYPTO_memcmp (a, b, length) == 0;
}

void
nts_wipe (void *secret, size_t length)
{
  OPENSSL_cleanse (secret, length);
}
