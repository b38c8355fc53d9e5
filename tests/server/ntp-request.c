/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-request.h"

#define AUTHENTICATOR_BODY 36 /* lengths 4, nonce 16, tag 16: no server refuses this form */

static bool
is_zero (const uint8_t *octets, size_t length)
{
  uint8_t sum = 0;
  for (size_t i = 0; i < length; i++)
    sum |= octets[i];
  return sum == 0;
}

static NtpRequestVerdict
read_fields (NtpRequest *request, NtpField *authenticator)
{
  BytesReader reader = bytes_reader (request->octets, request->length);
  bytes_read_span (&reader, NTP_HEADER_LENGTH);
  bool placeholder_odd = false;
  while (authenticator->body == NULL && bytes_left (&reader) > 0)
    {
      NtpField field;
      if (!ntp_field_read (&reader, NTP_FIELD_MINIMUM, &field))
        return NTP_REQUEST_MALFORMED;
      NtsSpan body = { field.body, field.body_length };
      if (field.type == NTP_FIELD_UNIQUE_ID && request->unique_id.data == NULL)
        request->unique_id = body;
      else if (field.type == NTP_FIELD_COOKIE && request->cookie.data == NULL)
        request->cookie = body;
      else if (field.type == NTP_FIELD_PLACEHOLDER && request->cookie.data != NULL)
        {
          request->placeholders++;
          placeholder_odd |= field.body_length != request->cookie.length
                             || !is_zero (field.body, field.body_length);
        }
      else if (field.type == NTP_FIELD_AUTHENTICATOR)
        *authenticator = field;
      else
        return NTP_REQUEST_MALFORMED; /* unknown, or a second one */
    }
  if (request->unique_id.length < NTS_UNIQUE_ID_LENGTH || request->cookie.data == NULL
      || authenticator->body == NULL || bytes_left (&reader) > 0 || placeholder_odd
      || request->placeholders > NTS_PLACEHOLDERS_MAX || request->length > NTS_REQUEST_MAX)
    return NTP_REQUEST_MALFORMED;
  return NTP_REQUEST_GOOD;
}

/* A client that says no more than it must sends zeros but for the poll exponent and 64 random bits
 * (RFC 8915 §9.2). */
static bool
tells_nothing (const NtpRequest *request)
{
  return is_zero (request->octets + 4, NTP_HEADER_LENGTH - 12) && request->octets[1] == 0
         && request->header.transmit != 0;
}

NtpRequestVerdict
ntp_request_read (const NtsServer *server, const uint8_t *octets, size_t length,
                  NtpRequest *request)
{
  *request = (NtpRequest){ .octets = octets, .length = length };
  BytesReader reader = bytes_reader (octets, length);
  if (!ntp_header_read (&request->header, &reader) || length % 4 != 0
      || request->header.version != NTP_VERSION || request->header.mode != NTP_MODE_CLIENT)
    return NTP_REQUEST_MALFORMED;
  if (length == NTP_HEADER_LENGTH)
    return NTP_REQUEST_PLAIN;

  NtpField authenticator = { 0 };
  NtpRequestVerdict verdict = read_fields (request, &authenticator);
  if (verdict != NTP_REQUEST_GOOD)
    return verdict;
  if (!cookie_open (&server->cookie_key, request->cookie.data, request->cookie.length,
                    &request->keys))
    return NTP_REQUEST_UNOPENED;

  BytesReader body = bytes_reader (authenticator.body, authenticator.body_length);
  uint16_t nonce_length = bytes_read_u16 (&body);
  uint16_t sealed_length = bytes_read_u16 (&body);
  const uint8_t *nonce = bytes_read_span (&body, (nonce_length + 3u) & ~3u);
  const uint8_t *sealed = bytes_read_span (&body, sealed_length);
  NtsSpan associated[] = { { octets, authenticator.start }, { nonce, nonce_length } };
  uint8_t plaintext[NTS_REQUEST_MAX];
  if (body.failed || sealed_length < NTS_AEAD_TAG_LENGTH
      || !nts_aead_open (request->keys.aead, request->keys.c2s, associated, 2, sealed,
                         sealed_length, plaintext))
    return NTP_REQUEST_UNOPENED;
  bool usual = authenticator.body_length == AUTHENTICATOR_BODY
               && nonce_length == NTS_AEAD_NONCE_LENGTH && tells_nothing (request);
  return usual ? NTP_REQUEST_GOOD : NTP_REQUEST_UNUSUAL;
}
