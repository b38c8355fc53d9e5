/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The cookie jar (RFC 8915 §5.7, §6): at most 8 cookies, oldest given first, each given out exactly
 * once and wiped from the jar as it is given. The number of cookies exists nowhere else. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NTS_COOKIES_MAX 8
/* The longest cookie that fits a request of 1232 octets: 128 octets are header, unique identifier,
 * authenticator and the cookie's own field header (1280 − 40 IPv6 − 8 UDP). */
#define NTS_COOKIE_MAX 1104
/* The shortest: its field has the minimum of 16 octets (RFC 7822 §3). A shorter one would have to
 * be padded, and the server could not tell the padding from the cookie. */
#define NTS_COOKIE_MIN 12
/* Ours: octets of all cookies together, 8 of 288 or 2 of the longest. */
#define NTS_COOKIES_POOL 2304

typedef struct
{
  uint8_t pool[NTS_COOKIES_POOL]; /* packed, oldest first */
  uint16_t lengths[NTS_COOKIES_MAX];
  unsigned count;
} NtsCookies;

/* True for a length that a request can carry: a multiple of 4 from NTS_COOKIE_MIN to
 * NTS_COOKIE_MAX.
 */
bool nts_cookie_usable (size_t length);

/* Puts a cookie in as the newest. Unusable ones and ones that are in the jar already are left out;
 * when the jar is full the oldest make room. True when it went in. */
bool nts_cookies_put (NtsCookies *jar, const uint8_t *cookie, size_t length);

/* Takes the oldest cookie into @cookie (room for NTS_COOKIE_MAX) and wipes it in the jar. Its
 * length, or 0 when the jar is empty. */
size_t nts_cookies_take (NtsCookies *jar, uint8_t *cookie);

/* Length of the cookie that would be taken next; 0 when the jar is empty. */
size_t nts_cookies_next_length (const NtsCookies *jar);

/* Wipes and empties the jar. */
void nts_cookies_clear (NtsCookies *jar);
