/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-fields.h"

#include <string.h>

#define PRECISION_UNSAID     32 /* what a client that says nothing of itself puts there */
#define AUTHENTICATOR_HEADER 4  /* lengths of nonce and ciphertext, RFC 8915 §5.6 */
/* Header, unique identifier, header of the cookie, authenticator with nonce and tag. */
#define REQUEST_FIXED                                                                              \
  (NTP_HEADER_LENGTH + NTP_FIELD_HEADER_LENGTH + NTS_UNIQUE_ID_LENGTH + NTP_FIELD_HEADER_LENGTH    \
   + NTP_FIELD_HEADER_LENGTH + AUTHENTICATOR_HEADER + NTS_AEAD_NONCE_LENGTH + NTS_AEAD_TAG_LENGTH)

_Static_assert(REQUEST_FIXED + NTS_COOKIE_MAX == NTS_REQUEST_MAX, "the longest cookie just fits");

static size_t
padding (size_t length)
{
  return (4 - length % 4) % 4;
}

/* ---- The authenticator, RFC 8915 §5.6 ---- */

void
nts_authenticator_write (BytesWriter *packet, uint16_t aead, const uint8_t *key,
                         const uint8_t *nonce, size_t nonce_length, const uint8_t *plaintext,
                         size_t length)
{
  const NtsSpan associated[] = { { packet->data, packet->length }, { nonce, nonce_length } };
  size_t sealed_length = length + NTS_AEAD_TAG_LENGTH;
  size_t body_length = AUTHENTICATOR_HEADER + nonce_length + padding (nonce_length) + sealed_length
                       + padding (sealed_length);

  if (body_length > UINT16_MAX - NTP_FIELD_HEADER_LENGTH)
    {
      packet->failed = true;
      return;
    }
  bytes_write_u16 (packet, NTP_FIELD_AUTHENTICATOR);
  bytes_write_u16 (packet, (uint16_t) (NTP_FIELD_HEADER_LENGTH + body_length));
  bytes_write_u16 (packet, (uint16_t) nonce_length);
  bytes_write_u16 (packet, (uint16_t) sealed_length);
  bytes_write_span (packet, nonce, nonce_length);
  bytes_write_zeros (packet, padding (nonce_length));
  uint8_t *sealed = bytes_write_room (packet, sealed_length);
  bytes_write_zeros (packet, padding (sealed_length));
  if (!packet->failed && !nts_aead_seal (aead, key, associated, 2, plaintext, length, sealed))
    packet->failed = true;
}

bool
nts_authenticator_read (const NtpField *field, NtsAuthenticator *authenticator)
{
  BytesReader body = bytes_reader (field->body, field->body_length);

  authenticator->nonce.length = bytes_read_u16 (&body);
  authenticator->sealed.length = bytes_read_u16 (&body);
  authenticator->nonce.data = bytes_read_span (&body, authenticator->nonce.length);
  bytes_read_span (&body, padding (authenticator->nonce.length));
  authenticator->sealed.data = bytes_read_span (&body, authenticator->sealed.length);
  bytes_read_span (&body, padding (authenticator->sealed.length));
  return !body.failed && authenticator->nonce.length > 0
         && authenticator->sealed.length >= NTS_AEAD_TAG_LENGTH;
}

/* ---- Request ---- */

unsigned
nts_request_placeholders (size_t cookie_length, unsigned wanted)
{
  if (!nts_cookie_usable (cookie_length))
    return 0;

  size_t most = (NTS_COOKIE_MAX - cookie_length) / (NTP_FIELD_HEADER_LENGTH + cookie_length);
  if (most > NTS_PLACEHOLDERS_MAX)
    most = NTS_PLACEHOLDERS_MAX;
  return wanted < most ? wanted : (unsigned) most;
}

size_t
nts_request_write (const NtsRequest *request, const NtsKeys *keys, uint8_t *packet, size_t capacity)
{
  static const uint8_t placeholder[NTS_COOKIE_MAX];
  const NtpHeader header = { .version = NTP_VERSION,
                             .mode = NTP_MODE_CLIENT,
                             .precision_log2 = PRECISION_UNSAID,
                             .transmit = request->transmit };
  BytesWriter writer = bytes_writer (packet, capacity);

  if (!nts_cookie_usable (request->cookie_length) || request->placeholders > NTS_PLACEHOLDERS_MAX)
    return 0;
  ntp_header_write (&header, &writer);
  ntp_field_write (&writer, NTP_FIELD_UNIQUE_ID, request->unique_id, NTS_UNIQUE_ID_LENGTH);
  ntp_field_write (&writer, NTP_FIELD_COOKIE, request->cookie, request->cookie_length);
  for (unsigned i = 0; i < request->placeholders; i++)
    ntp_field_write (&writer, NTP_FIELD_PLACEHOLDER, placeholder, request->cookie_length);
  nts_authenticator_write (&writer, keys->aead, keys->c2s, request->nonce, NTS_AEAD_NONCE_LENGTH,
                           NULL, 0);
  return writer.failed ? 0 : writer.length;
}

/* ---- Reply ---- */

/* What is tested without a look at the extension fields. */
static NtpReason
judge_header (const NtpHeader *header, NtpTimestamp transmit)
{
  if (header->version != NTP_VERSION)
    return NTP_REASON_PACKET_VERSION;
  if (header->mode != NTP_MODE_SERVER)
    return NTP_REASON_PACKET_MODE;
  if (header->origin != transmit || header->origin == 0)
    return NTP_REASON_ORIGIN_MISMATCH;
  return NTP_REASON_NONE;
}

/* Walks the fields up to the authenticator, which is left in @field with *@found, or to the end.
 * Fields that are not known are passed over, and so are cookies: outside the ciphertext they would
 * be readable for everybody on the way. */
static NtpReason
find_authenticator (BytesReader *reader, const uint8_t unique_id[NTS_UNIQUE_ID_LENGTH],
                    NtpField *field, bool *found)
{
  unsigned unique_ids = 0;

  *found = false;
  while (!*found && bytes_left (reader) > 0)
    {
      if (!ntp_field_read (reader, NTP_FIELD_MINIMUM, field))
        return NTP_REASON_FIELD_MALFORMED;
      if (field->type == NTP_FIELD_AUTHENTICATOR)
        *found = true;
      else if (field->type == NTP_FIELD_UNIQUE_ID)
        {
          if (field->body_length != NTS_UNIQUE_ID_LENGTH
              || !nts_equal (field->body, unique_id, NTS_UNIQUE_ID_LENGTH))
            return NTP_REASON_UNIQUE_ID_MISMATCH;
          unique_ids++;
        }
    }
  if (unique_ids == 0)
    return NTP_REASON_UNIQUE_ID_MISSING;
  return unique_ids == 1 ? NTP_REASON_NONE : NTP_REASON_UNIQUE_ID_REPEATED;
}

static bool
is_known_kiss (uint32_t code)
{
  return code == NTP_KISS_NTSN || code == NTP_KISS_RATE || code == NTP_KISS_DENY
         || code == NTP_KISS_RSTR;
}

/* Without an authenticator only a kiss is worth a look, and it is a hint at most. */
static NtpReason
judge_unauthenticated (const NtpHeader *header)
{
  if (header->stratum != 0)
    return NTP_REASON_NOT_AUTHENTICATED;
  return is_known_kiss (header->reference_id) ? NTP_REASON_NONE : NTP_REASON_KISS_UNKNOWN;
}

static NtpReason
read_encrypted_fields (const uint8_t *plaintext, size_t length, NtsReply *reply)
{
  BytesReader reader = bytes_reader (plaintext, length);
  NtpField field;

  while (bytes_left (&reader) > 0)
    {
      if (!ntp_field_read (&reader, NTP_FIELD_MINIMUM_INSIDE, &field))
        return NTP_REASON_ENCRYPTED_FIELD_MALFORMED;
      if (field.type == NTP_FIELD_COOKIE && nts_cookie_usable (field.body_length)
          && reply->n_cookies < NTS_COOKIES_MAX)
        reply->cookies[reply->n_cookies++] = (NtsSpan){ field.body, field.body_length };
    }
  return NTP_REASON_NONE;
}

/* @field is the authenticator and begins at field->start of @packet. */
static NtpReason
open_sealed (const uint8_t *packet, const NtpField *field, const NtsKeys *keys, NtsReply *reply,
             uint8_t *plaintext)
{
  NtsAuthenticator authenticator;

  if (!nts_authenticator_read (field, &authenticator))
    return NTP_REASON_AUTHENTICATOR_MALFORMED;

  const NtsSpan associated[] = { { packet, field->start }, authenticator.nonce };
  if (!nts_aead_open (keys->aead, keys->s2c, associated, 2, authenticator.sealed.data,
                      authenticator.sealed.length, plaintext))
    return NTP_REASON_AUTHENTICATION_FAILED;

  /* RFC 8915 §5.7: the server could not read the cookie, so it cannot have the key either. */
  NtpReason reason = NTP_REASON_KISS_NTSN;
  size_t length = authenticator.sealed.length - NTS_AEAD_TAG_LENGTH;
  if (reply->header.stratum != 0 || reply->header.reference_id != NTP_KISS_NTSN)
    reason = read_encrypted_fields (plaintext, length, reply);
  if (reason != NTP_REASON_NONE)
    nts_wipe (plaintext, length);
  reply->authenticated = reason == NTP_REASON_NONE;
  return reason;
}

static NtpReason
open_reply (const uint8_t *packet, size_t length, NtpTimestamp transmit,
            const uint8_t unique_id[NTS_UNIQUE_ID_LENGTH], const NtsKeys *keys, NtsReply *reply,
            uint8_t *plaintext)
{
  BytesReader reader = bytes_reader (packet, length);
  NtpField field;
  bool sealed;

  if (length > NTS_REPLY_MAX || length % 4 != 0 || !ntp_header_read (&reply->header, &reader))
    return NTP_REASON_PACKET_LENGTH;

  NtpReason reason = judge_header (&reply->header, transmit);
  if (reason == NTP_REASON_NONE)
    reason = find_authenticator (&reader, unique_id, &field, &sealed);
  if (reason != NTP_REASON_NONE)
    return reason;
  if (!sealed)
    return judge_unauthenticated (&reply->header);
  if (bytes_left (&reader) > 0)
    return NTP_REASON_AUTHENTICATOR_NOT_LAST;
  return open_sealed (packet, &field, keys, reply, plaintext);
}

NtpReason
nts_reply_open (const uint8_t *packet, size_t length, NtpTimestamp transmit,
                const uint8_t unique_id[NTS_UNIQUE_ID_LENGTH], const NtsKeys *keys, NtsReply *reply,
                uint8_t plaintext[NTS_REPLY_MAX])
{
  *reply = (NtsReply){ 0 };
  NtpReason reason = open_reply (packet, length, transmit, unique_id, keys, reply, plaintext);
  if (reason != NTP_REASON_NONE)
    *reply = (NtsReply){ 0 };
  return reason;
}
