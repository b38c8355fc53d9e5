/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The NTS fields of NTP packets (RFC 8915 §5): writing a request, opening a reply. */

#pragma once

#include "ntp-packet.h"
#include "nts-aead.h"
#include "nts-cookies.h"

#define NTS_UNIQUE_ID_LENGTH 32
#define NTS_REQUEST_MAX      1232 /* octets of UDP payload: 1280 − 40 IPv6 − 8 UDP */
#define NTS_REPLY_MAX        2048 /* longer ones are refused unread */
#define NTS_PLACEHOLDERS_MAX 7

/* The body of the authenticator field, RFC 8915 §5.6. Both point into the packet. */
typedef struct
{
  NtsSpan nonce;
  NtsSpan sealed; /* ciphertext with its tag, as nts_aead_open () takes it */
} NtsAuthenticator;

/* Appends the authenticator over all that @packet holds so far, with @plaintext (may be empty)
 * sealed in it. The writer fails when it does not fit or sealing failed. Requests and replies are
 * alike here, so that tests can play the server. */
void nts_authenticator_write (BytesWriter *packet, uint16_t aead, const uint8_t *key,
                              const uint8_t *nonce, size_t nonce_length, const uint8_t *plaintext,
                              size_t length);
/* Takes the body of @field apart. False when nonce or ciphertext do not lie within it, the nonce is
 * empty or the ciphertext shorter than a tag. Nothing is opened. */
bool nts_authenticator_read (const NtpField *field, NtsAuthenticator *authenticator);

/* One key context: a successful key exchange makes a new one. Wipe it when it is dropped. */
typedef struct
{
  uint16_t aead;
  uint8_t c2s[NTS_AEAD_KEY_MAX];
  uint8_t s2c[NTS_AEAD_KEY_MAX];
} NtsKeys;

typedef struct
{
  NtpTimestamp transmit; /* 64 random bits, never 0 (RFC 8915 §9.2: nothing that identifies us) */
  uint8_t unique_id[NTS_UNIQUE_ID_LENGTH];
  uint8_t nonce[NTS_AEAD_NONCE_LENGTH];
  const uint8_t *cookie; /* borrowed */
  size_t cookie_length;
  unsigned placeholders; /* 0…7 */
} NtsRequest;

/* How many placeholders fit beside a cookie of @cookie_length, at most @wanted. */
unsigned nts_request_placeholders (size_t cookie_length, unsigned wanted);

/* The request octet by octet as every known server takes it: header of zeros but version, mode,
 * precision and the random transmit timestamp, unique identifier, cookie, placeholders,
 * authenticator over an empty plaintext, nothing behind it. Returns its length, or 0 when it does
 * not fit @capacity, the cookie is not usable, there are too many placeholders or sealing failed.
 */
size_t nts_request_write (const NtsRequest *request, const NtsKeys *keys, uint8_t *packet,
                          size_t capacity);

/* A reply that was opened, or a kiss that could not be. */
typedef struct
{
  NtpHeader header;
  bool authenticated; /* false only for an unauthenticated kiss: a hint at most */
  unsigned n_cookies; /* 0…8 usable ones; placed in cookies in the order of the reply */
  NtsSpan cookies[NTS_COOKIES_MAX]; /* point into @plaintext of nts_reply_open () */
} NtsReply;

/* Judges a reply to the request with @transmit and @unique_id in the order of RFC 8915 §5.7 and RFC
 * 5905 §8: length, version, mode, origin, fields, unique identifier, authenticator, encrypted
 * fields.
 * @plaintext: room for NTS_REPLY_MAX octets; wipe it when the cookies have been stored.
 * NTP_REASON_NONE: the reply is authentic, or it is an unauthenticated kiss (authenticated is
 * false, stratum 0) NTSN, RATE, DENY or RSTR with the right origin and unique identifier. Anything
 * else: drop it; @reply is void and a later reply may still be good. An authentic reply is never an
 * NTSN, but may be any other kiss. What the header says about time is not judged here. */
NtpReason nts_reply_open (const uint8_t *packet, size_t length, NtpTimestamp transmit,
                          const uint8_t unique_id[NTS_UNIQUE_ID_LENGTH], const NtsKeys *keys,
                          NtsReply *reply, uint8_t plaintext[NTS_REPLY_MAX]);
