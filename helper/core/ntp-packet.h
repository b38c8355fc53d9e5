/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The NTPv4 header (RFC 5905 §7.3) and the walk over extension fields (RFC 7822). Encoding and
 * parsing only: nothing here decides whether a packet is believed. */

#pragma once

#include "bytes.h"
#include "ntp-reason.h"
#include "ntp-time.h"

#define NTP_PORT          123
#define NTP_VERSION       4
#define NTP_HEADER_LENGTH 48
#define NTP_MODE_CLIENT   3
#define NTP_MODE_SERVER   4
#define NTP_LEAP_NONE     0
#define NTP_LEAP_INSERT   1
#define NTP_LEAP_DELETE   2
#define NTP_LEAP_UNKNOWN  3 /* the server is not synchronised */
#define NTP_STRATUM_MAX   15

/* RFC 5905 §7.4: four ASCII letters in the reference identifier of a packet of stratum 0. */
#define NTP_KISS_NTSN 0x4e54534eu /* RFC 8915 §5.7 */
#define NTP_KISS_RATE 0x52415445u
#define NTP_KISS_DENY 0x44454e59u
#define NTP_KISS_RSTR 0x52535452u

typedef struct
{
  uint8_t leap;    /* 0…3 */
  uint8_t version; /* 0…7 */
  uint8_t mode;    /* 0…7 */
  uint8_t stratum;
  int8_t poll_log2;      /* log2 s, as the peer says it: never shift by it unclamped */
  int8_t precision_log2; /* log2 s, likewise */
  NtpShort root_delay;
  NtpShort root_dispersion;
  uint32_t reference_id;
  NtpTimestamp reference;
  NtpTimestamp origin;
  NtpTimestamp receive;
  NtpTimestamp transmit;
} NtpHeader;

/* Appends the 48 octets of @header. */
void ntp_header_write (const NtpHeader *header, BytesWriter *writer);
/* Takes 48 octets; false when there are fewer. No value is judged. */
bool ntp_header_read (NtpHeader *header, BytesReader *reader);

/* RFC 7822 and RFC 8915 §5. The length on the wire counts type and length, too. */
#define NTP_FIELD_HEADER_LENGTH  4
#define NTP_FIELD_MINIMUM        16 /* outside the ciphertext */
#define NTP_FIELD_MINIMUM_INSIDE 4  /* inside it, RFC 8915 §5.6 */
#define NTP_FIELD_UNIQUE_ID      0x0104
#define NTP_FIELD_COOKIE         0x0204
#define NTP_FIELD_PLACEHOLDER    0x0304
#define NTP_FIELD_AUTHENTICATOR  0x0404

typedef struct
{
  uint16_t type;
  size_t start;        /* of the field's header, from the beginning of the reader's data */
  const uint8_t *body; /* borrowed; padding included */
  size_t body_length;
} NtpField;

/* Takes the next field. @minimum: NTP_FIELD_MINIMUM or NTP_FIELD_MINIMUM_INSIDE. False when its
 * length is below @minimum, not a multiple of 4, or beyond the data; then nothing has been taken.
 */
bool ntp_field_read (BytesReader *reader, size_t minimum, NtpField *field);
/* Appends a field with @body and zeros up to a multiple of 4. */
void ntp_field_write (BytesWriter *writer, uint16_t type, const uint8_t *body, size_t body_length);
