/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every reason for which something is refused, not believed or not done, with a name for machines
 * and a sentence for people. The names are on D-Bus and in log lines: never change one. */

#pragma once

typedef enum
{
  NTP_REASON_NONE,

  /* Reaching the key exchange server (failures of the network: a network change permits one early
     retry) */
  NTP_REASON_NAME_NOT_FOUND,
  NTP_REASON_NAME_LOOKUP_FAILED,
  NTP_REASON_NETWORK_UNREACHABLE,
  NTP_REASON_CONNECTION_REFUSED,
  NTP_REASON_CONNECTION_CLOSED,
  NTP_REASON_KE_TIMEOUT, /* the one deadline for connecting, handshake and response */

  /* TLS (RFC 8915 §3) */
  NTP_REASON_TLS_FAILED,
  NTP_REASON_TLS_VERSION,
  NTP_REASON_TLS_NO_NTSKE, /* ALPN "ntske/1" was not selected */
  NTP_REASON_CERTIFICATE_INVALID,
  NTP_REASON_CERTIFICATE_UNTRUSTED,
  NTP_REASON_CERTIFICATE_WRONG_NAME,
  NTP_REASON_CERTIFICATE_WRONG_PURPOSE,
  NTP_REASON_CERTIFICATE_EXPIRED,
  NTP_REASON_CERTIFICATE_NOT_YET_VALID,
  NTP_REASON_CERTIFICATE_OTHER_ISSUER, /* good, but only another authority's is wanted */
  NTP_REASON_CERTIFICATE_OTHER_KEY,    /* good, but only one with another public key is wanted */
  NTP_REASON_CA_FILE_UNREADABLE,

  /* The key exchange message (RFC 8915 §4) */
  NTP_REASON_KE_TRUNCATED,     /* ended before End of Message, or inside a record */
  NTP_REASON_KE_TOO_LONG,      /* over 65536 octets */
  NTP_REASON_KE_TRAILING_DATA, /* octets after End of Message */
  NTP_REASON_KE_END_MALFORMED, /* End of Message not critical or with a body */
  NTP_REASON_KE_NOT_CRITICAL,  /* a record whose critical bit must be set has it clear */
  NTP_REASON_KE_UNKNOWN_CRITICAL_RECORD,
  NTP_REASON_KE_DUPLICATE_RECORD,
  NTP_REASON_KE_RECORD_MALFORMED, /* a body of the wrong length */
  NTP_REASON_KE_NO_NEXT_PROTOCOL,
  NTP_REASON_KE_NO_COMMON_PROTOCOL,
  NTP_REASON_KE_PROTOCOL_NOT_OFFERED,
  NTP_REASON_KE_NO_AEAD,
  NTP_REASON_KE_NO_COMMON_AEAD,
  NTP_REASON_KE_AEAD_NOT_OFFERED,
  NTP_REASON_KE_NO_COOKIE, /* none, or none that fits a request */
  NTP_REASON_KE_SERVER_MALFORMED,
  NTP_REASON_KE_SERVER_REFUSED, /* names an address that must not be asked */
  NTP_REASON_KE_PORT_MALFORMED,
  NTP_REASON_KE_ERROR_UNRECOGNIZED_CRITICAL, /* Error record, code 0 */
  NTP_REASON_KE_ERROR_BAD_REQUEST,           /* code 1 */
  NTP_REASON_KE_ERROR_INTERNAL,              /* code 2 */
  NTP_REASON_KE_ERROR_OTHER,                 /* any other, or malformed */
  NTP_REASON_KE_WARNING, /* none is defined, so all are errors (RFC 8915 §4.1.4) */
  NTP_REASON_KEY_EXPORT_FAILED,

  /* A reply as a packet (RFC 5905 §7.3, §8; RFC 7822; RFC 8915 §5) */
  NTP_REASON_PACKET_LENGTH, /* under 48 octets, not a multiple of 4, or cut by the buffer */
  NTP_REASON_PACKET_VERSION,
  NTP_REASON_PACKET_MODE,
  NTP_REASON_PACKET_UNEXPECTED, /* no request is outstanding, or it was answered before */
  NTP_REASON_PACKET_LATE,
  NTP_REASON_ORIGIN_MISMATCH,
  NTP_REASON_FIELD_MALFORMED,
  NTP_REASON_UNIQUE_ID_MISSING,
  NTP_REASON_UNIQUE_ID_MISMATCH,
  NTP_REASON_UNIQUE_ID_REPEATED,
  NTP_REASON_NOT_AUTHENTICATED, /* no authenticator: interception, or an answer without NTS */
  NTP_REASON_AUTHENTICATOR_MALFORMED,
  NTP_REASON_AUTHENTICATOR_NOT_LAST,
  NTP_REASON_AUTHENTICATION_FAILED,
  NTP_REASON_ENCRYPTED_FIELD_MALFORMED,
  NTP_REASON_TOO_MANY_FORGERIES, /* no more openings are tried for this request */

  /* Kiss codes (RFC 5905 §7.4, RFC 8915 §5.7) */
  NTP_REASON_KISS_NTSN,
  NTP_REASON_KISS_RATE,
  NTP_REASON_KISS_DENY,
  NTP_REASON_KISS_RSTR,
  NTP_REASON_KISS_UNKNOWN,

  /* An authentic reply whose time cannot be used (RFC 5905 §9.2, §A.5.1.1) */
  NTP_REASON_SERVER_UNSYNCHRONISED,   /* leap indicator 3 */
  NTP_REASON_STRATUM,                 /* 16 and more */
  NTP_REASON_TIMESTAMP_MISSING,       /* receive or transmit timestamp is zero */
  NTP_REASON_SERVER_TIMES_DISORDERED, /* T3 before T2, longer in the server than the round trip,
                                         reference after T3 */
  NTP_REASON_ROOT_DISTANCE,           /* root delay or dispersion that is nonsense or over 16 s */
  NTP_REASON_PRECISION,
  NTP_REASON_DELAY_TOO_LARGE,
  NTP_REASON_CLOCK_CHANGED_MEANWHILE, /* our clock was stepped between request and reply */

  /* Selection (RFC 5905 §11.2) */
  NTP_REASON_NO_SAMPLES,
  NTP_REASON_NO_REPLY, /* the last polls were not answered */
  NTP_REASON_DISTANT,  /* root distance above the limit for selection */
  NTP_REASON_FALSETICKER,
  NTP_REASON_LOOP,        /* it takes its time from us */
  NTP_REASON_DUPLICATE,   /* has the NTP address of another server, which has the vote */
  NTP_REASON_NOT_TRUSTED, /* unauthenticated: compared, never believed */

  /* The system */
  NTP_REASON_NO_SERVERS,
  NTP_REASON_NO_QUORUM,        /* servers answer, and not enough of them agree */
  NTP_REASON_FEW_SERVERS,      /* synchronised, with fewer servers configured than wanted */
  NTP_REASON_FEW_OPERATORS,    /* synchronised, with fewer operators configured than wanted */
  NTP_REASON_CHANGE_TOO_LARGE, /* beyond MaximumChange: a person must decide */
  NTP_REASON_CHANGE_REJECTED,  /* a person has decided against it */
  NTP_REASON_CLOCK_FAILED,     /* the kernel refused the adjustment */
  NTP_REASON_CANCELLED,
  NTP_REASON_AUTOMATIC_OFF,
  NTP_REASON_OTHER_SERVICE,   /* another program keeps the clock: ours only watches */
  NTP_REASON_DATES_UNCHECKED, /* certificates are not valid by our clock; see nts-dates.h */

  NTP_N_REASONS
} NtpReason;

/* "certificate-expired" and the like; "" for NTP_REASON_NONE. Static. */
const char *ntp_reason_name (NtpReason reason);
/* An English sentence without a full stop, for logs; the application translates by name. Static. */
const char *ntp_reason_text (NtpReason reason);
