/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The AEAD algorithms of NTS. AES-SIV-CMAC (RFC 5297) is built here on libcrypto's CMAC and CTR,
 * because OpenSSL 3.0's own AES-SIV can neither seal nor open an empty plaintext, which every
 * normal NTS request has. AES-128-GCM-SIV (RFC 8452) is built on its AES for the same reason. The
 * only file of the core that calls libcrypto. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* IANA AEAD numbers, RFC 8915 §4.1.5. */
#define NTS_AEAD_AES_SIV_CMAC_256 15
#define NTS_AEAD_AES_SIV_CMAC_384 16
#define NTS_AEAD_AES_SIV_CMAC_512 17
#define NTS_AEAD_AES_128_GCM_SIV  30

#define NTS_AEAD_TAG_LENGTH     16
#define NTS_AEAD_KEY_MAX        64
#define NTS_AEAD_ASSOCIATED_MAX 126 /* RFC 5297 §2.6 */
#define NTS_AEAD_NONCE_LENGTH   16  /* ours, for AES-SIV: as long as every known server wants it */

/* Octets to authenticate. Borrowed. */
typedef struct
{
  const uint8_t *data;
  size_t length;
} NtsSpan;

/* Length of the key of @aead in octets; 0 when it is not known here. */
size_t nts_aead_key_length (uint16_t aead);
/* "AES-SIV-CMAC-256" and the like, or "" when it is not known. Static. */
const char *nts_aead_name (uint16_t aead);

/* Seals @length octets of @plaintext (may be 0) into @output, which has room for @length + 16
 * octets and may not overlap. @associated: the components of the associated data in order, the
 * nonce last; 1 to NTS_AEAD_ASSOCIATED_MAX (AES-128-GCM-SIV: exactly two, the nonce of 12 octets).
 * AES-SIV writes tag ‖ ciphertext, GCM-SIV ciphertext ‖ tag. False, and @output wiped, when
 * libcrypto fails or the arguments do not fit. */
bool nts_aead_seal (uint16_t aead, const uint8_t *key, const NtsSpan *associated,
                    size_t n_associated, const uint8_t *plaintext, size_t length, uint8_t *output);

/* Opens @length octets of @sealed into @plaintext, which has room for @length − 16 and may not
 * overlap. False, and @plaintext wiped, when @length is below 16, the tag is wrong or libcrypto
 * fails. */
bool nts_aead_open (uint16_t aead, const uint8_t *key, const NtsSpan *associated,
                    size_t n_associated, const uint8_t *sealed, size_t length, uint8_t *plaintext);

/* Compares in constant time. */
bool nts_equal (const uint8_t *a, const uint8_t *b, size_t length);
/* Overwrites keys and cookies so that the compiler cannot leave it out. */
void nts_wipe (void *secret, size_t length);
