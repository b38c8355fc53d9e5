/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An exchange between two of Debian's chronyd 4.3 on loopback with its keys (AEAD 15), and the
 * answer to another request whose cookie the server could not read. From
 * vectors/ntp_exchanges.json. */

#pragma once

#include "nts-fields.h"

#include "hex.h"

#define CAPTURED_C2S "0481852410b2b838df923eddae9f53e48eb3c4f98f6b153992ddbdbefe6a9b8d"
#define CAPTURED_S2C "0c8b9c1800e73ffbcd46112bc0151d4549d8d4bd9c93c80a2eec10e4a0f1a569"
#define CAPTURED_REQUEST                                                                           \
  "23000020000000000000000000000000000000000000000000000000000000000000000000000000"               \
  "4658ebfcf71923ae01040024a5580911a42090358e072c2074f41823e617746d235d25b09bc5f458"               \
  "007c8a9c02040068e8c1b40b240e869cbae7ce446675be28509df129ed3696ffdd9a8c77c36a0a8b"               \
  "257a3209535022ca347c87525eb0643f3b8863cf17ddac6115d422c12a707fbd9eb8cf3f5caf22cb"               \
  "263fc8709d6358f313f433a459215746a9e97b1eaa1196f585d433ad0404002800100010dc1e1a29"               \
  "0f36743cbbc2a94b4d7192129c8179a9cc1b6f90bb468352be8c5543"
#define CAPTURED_RESPONSE                                                                          \
  "240300e600000000000000007f7f0101eeae27525e713de74658ebfcf71923aeeeae27541841e49f"               \
  "eeae27541848130401040024a5580911a42090358e072c2074f41823e617746d235d25b09bc5f458"               \
  "007c8a9c040400900010007890b966937d6968b7c01da700b7e08ccc2f8b1a68f6f51dfbd35ba1c6"               \
  "db5ba64c69361165e66ba229d14abf81f1b96049a094e6cecd957095d02bfeae4e714db270df40a2"               \
  "29ff9f7105e90924f45d3e24d2aa2ab6efb773f21c1540d0d800ff52f79dc95ae5d421e785aa0a8a"               \
  "94866d3ca84c95af31d01116c0aa98cb4438c09ba05d0cb72704947e"
#define CAPTURED_NEW_COOKIE                                                                        \
  "e8c1b40bd82b751a5d60a6e7494711d1d9a09412703c6b578b1bf62e7f49a50b92ee7e3e81be6ef2"               \
  "3cb9a45646f1ffc84cf1e47be3faa2e58db91325a78a8f2cbe0185a7321ca75c3455ad8be86610a6"               \
  "3537c8dae67b4f839331e7adf7c02c9c896daa05"
#define CAPTURED_NAK_REQUEST                                                                       \
  "23000020000000000000000000000000000000000000000000000000000000000000000000000000"               \
  "9cdbf2f36331a734010400241bd195c694757c50cc34dfa992875f9b22410939e6033ed689ee1572"               \
  "738a7be6"
#define CAPTURED_NAK                                                                               \
  "e40000e600000000000000004e54534eeeae27934d26507f9cdbf2f36331a734eeae2794abe6fee5"               \
  "eeae2794abefc6ce010400241bd195c694757c50cc34dfa992875f9b22410939e6033ed689ee1572"               \
  "738a7be6"

typedef struct
{
  NtsKeys keys;
  NtsRequest request;
  guint8 cookie[100];
} Captured;

/* Takes over what @text, a request, was made from: octets 40…47 are the transmit timestamp, 52…83
 * the unique identifier. */
static inline void
captured_ask (Captured *captured, const char *text)
{
  g_autoptr (GByteArray) octets = hex (text);
  BytesReader reader = bytes_reader (octets->data + 40, 8);

  captured->request.transmit = bytes_read_u64 (&reader);
  memcpy (captured->request.unique_id, octets->data + 52, NTS_UNIQUE_ID_LENGTH);
}

/* All that CAPTURED_REQUEST was made from. */
static inline void
captured_init (Captured *captured)
{
  g_autoptr (GByteArray) c2s = hex (CAPTURED_C2S);
  g_autoptr (GByteArray) s2c = hex (CAPTURED_S2C);
  g_autoptr (GByteArray) request = hex (CAPTURED_REQUEST);

  *captured = (Captured){ .keys.aead = NTS_AEAD_AES_SIV_CMAC_256 };
  memcpy (captured->keys.c2s, c2s->data, c2s->len);
  memcpy (captured->keys.s2c, s2c->data, s2c->len);
  captured_ask (captured, CAPTURED_REQUEST);
  memcpy (captured->cookie, request->data + 88, sizeof captured->cookie);
  memcpy (captured->request.nonce, request->data + 196, NTS_AEAD_NONCE_LENGTH);
  captured->request.cookie = captured->cookie;
  captured->request.cookie_length = sizeof captured->cookie;
}
