/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-ke.h"

#include "ntp-address.h"
#include "ntp-packet.h"

#include <string.h>

#define LABEL_MAX  63  /* RFC 1035 §2.3.4 */
#define DOMAIN_MAX 253 /* without a final dot */

/* ---- Writing ---- */

void
nts_ke_record_write (BytesWriter *writer, uint16_t type, bool critical, const uint8_t *body,
                     size_t body_length)
{
  if (body_length > UINT16_MAX)
    {
      writer->failed = true;
      return;
    }
  bytes_write_u16 (writer, (uint16_t) (type | (critical ? NTS_KE_CRITICAL : 0)));
  bytes_write_u16 (writer, (uint16_t) body_length);
  bytes_write_span (writer, body, body_length);
}

void
nts_ke_request_write (BytesWriter *writer)
{
  static const uint8_t protocols[] = { 0, NTS_KE_PROTOCOL_NTPV4 };
  static const uint8_t aeads[] = { 0, NTS_AEAD_AES_SIV_CMAC_256 };

  nts_ke_record_write (writer, NTS_KE_NEXT_PROTOCOL, true, protocols, sizeof protocols);
  nts_ke_record_write (writer, NTS_KE_AEAD, true, aeads, sizeof aeads);
  nts_ke_record_write (writer, NTS_KE_END_OF_MESSAGE, true, NULL, 0);
}

void
nts_ke_exporter_context (uint16_t aead, bool client_to_server,
                         uint8_t context[NTS_KE_EXPORTER_CONTEXT_LENGTH])
{
  BytesWriter writer = bytes_writer (context, NTS_KE_EXPORTER_CONTEXT_LENGTH);

  bytes_write_u16 (&writer, NTS_KE_PROTOCOL_NTPV4);
  bytes_write_u16 (&writer, aead);
  bytes_write_u8 (&writer, client_to_server ? 0 : 1);
}

/* ---- Server names ---- */

static bool
is_digit (uint8_t octet)
{
  return octet >= '0' && octet <= '9';
}

static bool
is_hex_digit (uint8_t octet)
{
  return is_digit (octet) || (octet >= 'a' && octet <= 'f') || (octet >= 'A' && octet <= 'F');
}

static bool
is_letter (uint8_t octet)
{
  return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

static bool
label_valid (const uint8_t *label, size_t length)
{
  if (length < 1 || length > LABEL_MAX || label[0] == '-' || label[length - 1] == '-')
    return false;
  for (size_t i = 0; i < length; i++)
    if (!is_letter (label[i]) && !is_digit (label[i]) && label[i] != '-')
      return false;
  return true;
}

/* A name that ends in a number would be read as an odd IPv4 literal by some resolvers. */
static bool
label_is_number (const uint8_t *label, size_t length)
{
  bool hexadecimal = length >= 2 && label[0] == '0' && (label[1] == 'x' || label[1] == 'X');

  for (size_t i = hexadecimal ? 2 : 0; i < length; i++)
    if (hexadecimal ? !is_hex_digit (label[i]) : !is_digit (label[i]))
      return false;
  return true;
}

static bool
host_name_valid (const uint8_t *name, size_t length)
{
  const uint8_t *label = name;
  const uint8_t *end;

  if (length > 0 && name[length - 1] == '.')
    length--;
  if (length < 1 || length > DOMAIN_MAX)
    return false;
  end = name + length;
  for (const uint8_t *dot = memchr (label, '.', length); dot != NULL;
       dot = memchr (label, '.', (size_t) (end - label)))
    {
      if (!label_valid (label, (size_t) (dot - label)))
        return false;
      label = dot + 1;
    }
  return label_valid (label, (size_t) (end - label))
         && !label_is_number (label, (size_t) (end - label));
}

bool
nts_ke_server_name_valid (const uint8_t *name, size_t length)
{
  char text[NTS_KE_SERVER_NAME_MAX + 1] = "";
  NtpAddress address;

  if (length < 1 || length > NTS_KE_SERVER_NAME_MAX || memchr (name, '\0', length) != NULL)
    return false;
  memcpy (text, name, length);
  return ntp_address_from_literal (text, &address) || host_name_valid (name, length);
}

/* ---- Reading a response ---- */

/* Marks a record that may come once as seen. */
static NtpReason
see_once (bool *seen)
{
  NtpReason reason = *seen ? NTP_REASON_KE_DUPLICATE_RECORD : NTP_REASON_NONE;

  *seen = true;
  return reason;
}

static NtpReason
take_next_protocol (NtsKeResponse *response, bool critical)
{
  NtpReason reason = see_once (&response->protocol_seen);

  if (reason != NTP_REASON_NONE)
    return reason;
  if (!critical)
    return NTP_REASON_KE_NOT_CRITICAL;
  if (response->body_length == 0)
    return NTP_REASON_KE_NO_COMMON_PROTOCOL;
  if (response->body_length % 2 != 0)
    return NTP_REASON_KE_RECORD_MALFORMED;
  BytesReader body = bytes_reader (response->body, 2);
  if (response->body_length > 2 || bytes_read_u16 (&body) != NTS_KE_PROTOCOL_NTPV4)
    return NTP_REASON_KE_PROTOCOL_NOT_OFFERED;
  return NTP_REASON_NONE;
}

static NtpReason
take_aead (NtsKeResponse *response)
{
  NtpReason reason = see_once (&response->aead_seen);

  if (reason != NTP_REASON_NONE)
    return reason;
  if (response->body_length == 0)
    return NTP_REASON_KE_NO_COMMON_AEAD;
  if (response->body_length != 2)
    return NTP_REASON_KE_RECORD_MALFORMED;
  BytesReader body = bytes_reader (response->body, 2);
  response->offer.aead = bytes_read_u16 (&body);
  return response->offer.aead == NTS_AEAD_AES_SIV_CMAC_256 ? NTP_REASON_NONE
                                                           : NTP_REASON_KE_AEAD_NOT_OFFERED;
}

/* All codes are the end of it, also when the record itself is malformed (RFC 8915 §4.1.3). */
static NtpReason
take_error (const NtsKeResponse *response)
{
  BytesReader body = bytes_reader (response->body, 2);

  if (response->body_length != 2)
    return NTP_REASON_KE_ERROR_OTHER;
  switch (bytes_read_u16 (&body))
    {
    case 0:
      return NTP_REASON_KE_ERROR_UNRECOGNIZED_CRITICAL;
    case 1:
      return NTP_REASON_KE_ERROR_BAD_REQUEST;
    case 2:
      return NTP_REASON_KE_ERROR_INTERNAL;
    default:
      return NTP_REASON_KE_ERROR_OTHER;
    }
}

/* Cookies that no request can carry, repeated ones and those beyond eight are left out. */
static void
take_cookie (NtsKeResponse *response)
{
  NtsKeOffer *offer = &response->offer;
  size_t length = response->body_length;

  if (!nts_cookie_usable (length) || offer->n_cookies == NTS_COOKIES_MAX)
    return;
  for (unsigned i = 0; i < offer->n_cookies; i++)
    if (offer->cookie_lengths[i] == length && nts_equal (offer->cookies[i], response->body, length))
      return;
  memcpy (offer->cookies[offer->n_cookies], response->body, length);
  offer->cookie_lengths[offer->n_cookies] = (uint16_t) length;
  offer->n_cookies++;
}

static NtpReason
take_server (NtsKeResponse *response)
{
  NtpReason reason = see_once (&response->server_seen);

  if (reason != NTP_REASON_NONE)
    return reason;
  if (!nts_ke_server_name_valid (response->body, response->body_length))
    return NTP_REASON_KE_SERVER_MALFORMED;
  memcpy (response->offer.server, response->body, response->body_length);
  response->offer.server[response->body_length] = '\0';
  return NTP_REASON_NONE;
}

static NtpReason
take_port (NtsKeResponse *response)
{
  NtpReason reason = see_once (&response->port_seen);

  if (reason != NTP_REASON_NONE)
    return reason;
  if (response->body_length != 2)
    return NTP_REASON_KE_PORT_MALFORMED;
  BytesReader body = bytes_reader (response->body, 2);
  response->offer.port = bytes_read_u16 (&body);
  return response->offer.port != 0 ? NTP_REASON_NONE : NTP_REASON_KE_PORT_MALFORMED;
}

/* Records come in any order, so what is missing shows only here. */
static NtpReason
take_end (NtsKeResponse *response, bool critical)
{
  if (!critical || response->body_length != 0)
    return NTP_REASON_KE_END_MALFORMED;
  response->complete = true;
  if (!response->protocol_seen)
    return NTP_REASON_KE_NO_NEXT_PROTOCOL;
  if (!response->aead_seen)
    return NTP_REASON_KE_NO_AEAD;
  return response->offer.n_cookies > 0 ? NTP_REASON_NONE : NTP_REASON_KE_NO_COOKIE;
}

static NtpReason
take_record (NtsKeResponse *response, uint16_t type, bool critical)
{
  switch (type)
    {
    case NTS_KE_END_OF_MESSAGE:
      return take_end (response, critical);
    case NTS_KE_NEXT_PROTOCOL:
      return take_next_protocol (response, critical);
    case NTS_KE_ERROR:
      return take_error (response);
    case NTS_KE_WARNING:
      return NTP_REASON_KE_WARNING;
    case NTS_KE_AEAD:
      return take_aead (response);
    case NTS_KE_NEW_COOKIE:
      take_cookie (response);
      return NTP_REASON_NONE;
    case NTS_KE_SERVER:
      return take_server (response);
    case NTS_KE_PORT_RECORD:
      return take_port (response);
    default:
      return critical ? NTP_REASON_KE_UNKNOWN_CRITICAL_RECORD : NTP_REASON_NONE;
    }
}

/* One octet at a time, so that the portions in which they come cannot matter. */
static NtpReason
take_octet (NtsKeResponse *response, uint8_t octet)
{
  if (response->complete)
    return NTP_REASON_KE_TRAILING_DATA;
  if (++response->total > NTS_KE_RESPONSE_MAX)
    return NTP_REASON_KE_TOO_LONG;

  if (response->header_length < sizeof response->header)
    response->header[response->header_length++] = octet;
  else
    {
      if (response->body_length < sizeof response->body)
        response->body[response->body_length] = octet;
      response->body_length++;
    }
  if (response->header_length < sizeof response->header)
    return NTP_REASON_NONE;

  BytesReader header = bytes_reader (response->header, sizeof response->header);
  uint16_t type = bytes_read_u16 (&header);
  if (response->body_length < bytes_read_u16 (&header))
    return NTP_REASON_NONE;
  NtpReason reason = take_record (response, type & (NTS_KE_CRITICAL - 1), type & NTS_KE_CRITICAL);
  response->header_length = 0;
  response->body_length = 0;
  return reason;
}

static NtsKeVerdict
verdict (const NtsKeResponse *response)
{
  if (response->reason != NTP_REASON_NONE)
    return NTS_KE_REFUSED;
  return response->complete ? NTS_KE_COMPLETE : NTS_KE_MORE;
}

void
nts_ke_response_begin (NtsKeResponse *response)
{
  nts_wipe (response, sizeof *response);
  response->offer.port = NTP_PORT;
}

NtsKeVerdict
nts_ke_response_feed (NtsKeResponse *response, const uint8_t *data, size_t length)
{
  for (size_t i = 0; i < length && response->reason == NTP_REASON_NONE; i++)
    response->reason = take_octet (response, data[i]);
  return verdict (response);
}

NtsKeVerdict
nts_ke_response_end (NtsKeResponse *response)
{
  if (!response->complete && response->reason == NTP_REASON_NONE)
    response->reason = NTP_REASON_KE_TRUNCATED;
  return verdict (response);
}

const NtsKeOffer *
nts_ke_response_offer (const NtsKeResponse *response)
{
  return &response->offer;
}
