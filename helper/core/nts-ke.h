/* SPDX-License-Identifier: GPL-3.0-or-later */

/* NTS-KE records (RFC 8915 §4): our request, and the judgement of a server's response as its octets
 * come. No TLS, no socket: the key exchange session of the shell feeds this and exports the keys.
 */

#pragma once

#include "bytes.h"
#include "nts-aead.h"
#include "nts-cookies.h"
#include "ntp-reason.h"

#define NTS_KE_PORT            4460
#define NTS_KE_ALPN            "ntske/1"
#define NTS_KE_RESPONSE_MAX    65536 /* RFC 8915 §4: SHOULD accept at least so much */
#define NTS_KE_SERVER_NAME_MAX 255
#define NTS_KE_PROTOCOL_NTPV4  0

/* Record types, RFC 8915 §7.6. */
#define NTS_KE_CRITICAL       0x8000
#define NTS_KE_END_OF_MESSAGE 0
#define NTS_KE_NEXT_PROTOCOL  1
#define NTS_KE_ERROR          2
#define NTS_KE_WARNING        3
#define NTS_KE_AEAD           4
#define NTS_KE_NEW_COOKIE     5
#define NTS_KE_SERVER         6
#define NTS_KE_PORT_RECORD    7

/* TLS exporter, RFC 8915 §4.3 and §5.1. */
#define NTS_KE_EXPORTER_LABEL          "EXPORTER-network-time-security"
#define NTS_KE_EXPORTER_CONTEXT_LENGTH 5

/* Appends the request of a client that speaks NTPv4 and offers AEAD 15 only: 16 octets, to be
 * written at once, since some servers read only once. */
void nts_ke_request_write (BytesWriter *writer);

/* Appends one record. */
void nts_ke_record_write (BytesWriter *writer, uint16_t type, bool critical, const uint8_t *body,
                          size_t body_length);

/* The exporter context of the key for client to server, or server to client: protocol 0, @aead,
 * direction. */
void nts_ke_exporter_context (uint16_t aead, bool client_to_server,
                              uint8_t context[NTS_KE_EXPORTER_CONTEXT_LENGTH]);

/* What a complete, acceptable response says. */
typedef struct
{
  uint16_t aead;
  char server[NTS_KE_SERVER_NAME_MAX
              + 1];   /* IPv4 or IPv6 literal or host name, checked; "" = not said */
  uint16_t port;      /* of NTP; 123 when not said */
  unsigned n_cookies; /* 1…8, all usable, no two alike */
  uint16_t cookie_lengths[NTS_COOKIES_MAX];
  uint8_t cookies[NTS_COOKIES_MAX][NTS_COOKIE_MAX];
} NtsKeOffer;

/* A response being read. Private to nts-ke.c but for the size. */
typedef struct
{
  NtsKeOffer offer;
  NtpReason reason; /* the first fault, NTP_REASON_NONE so far */
  size_t total;     /* octets fed */
  bool complete;    /* End of Message was read */
  bool protocol_seen, aead_seen, server_seen, port_seen;
  uint8_t header[4];
  size_t header_length;
  uint8_t body[NTS_COOKIE_MAX]; /* the beginning of a longer one */
  size_t body_length;           /* octets of the body read so far, kept or not */
} NtsKeResponse;

typedef enum
{
  NTS_KE_MORE,     /* so far so good */
  NTS_KE_COMPLETE, /* End of Message was read and all is well, however the connection ends */
  NTS_KE_REFUSED   /* see reason; nothing of the offer may be used */
} NtsKeVerdict;

/* Wipes and starts over. */
void nts_ke_response_begin (NtsKeResponse *response);
/* Feeds the next octets in any portions. After NTS_KE_REFUSED it stays refused. */
NtsKeVerdict nts_ke_response_feed (NtsKeResponse *response, const uint8_t *data, size_t length);
/* The stream ended, in whichever way. */
NtsKeVerdict nts_ke_response_end (NtsKeResponse *response);
/* After NTS_KE_COMPLETE: wipe the response when the offer has been used. */
const NtsKeOffer *nts_ke_response_offer (const NtsKeResponse *response);

/* RFC 8915 §4.1.7: an IPv4 literal in dotted decimal, an IPv6 literal without zone, or a host name
 * of LDH labels whose last is not a number. @name need not end in NUL. Also used for what users
 * type. */
bool nts_ke_server_name_valid (const uint8_t *name, size_t length);
