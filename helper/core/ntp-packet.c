/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-packet.h"

#define FIELD_LENGTH_MAX 65532 /* RFC 7822 §3: 16 bits, a multiple of 4 */

void
ntp_header_write (const NtpHeader *header, BytesWriter *writer)
{
  uint8_t first =
      (uint8_t) ((header->leap & 3) << 6 | (header->version & 7) << 3 | (header->mode & 7));

  bytes_write_u8 (writer, first);
  bytes_write_u8 (writer, header->stratum);
  bytes_write_u8 (writer, (uint8_t) header->poll_log2);
  bytes_write_u8 (writer, (uint8_t) header->precision_log2);
  bytes_write_u32 (writer, header->root_delay);
  bytes_write_u32 (writer, header->root_dispersion);
  bytes_write_u32 (writer, header->reference_id);
  bytes_write_u64 (writer, header->reference);
  bytes_write_u64 (writer, header->origin);
  bytes_write_u64 (writer, header->receive);
  bytes_write_u64 (writer, header->transmit);
}

bool
ntp_header_read (NtpHeader *header, BytesReader *reader)
{
  uint8_t first = bytes_read_u8 (reader);

  header->leap = first >> 6;
  header->version = first >> 3 & 7;
  header->mode = first & 7;
  header->stratum = bytes_read_u8 (reader);
  header->poll_log2 = (int8_t) bytes_read_u8 (reader);
  header->precision_log2 = (int8_t) bytes_read_u8 (reader);
  header->root_delay = bytes_read_u32 (reader);
  header->root_dispersion = bytes_read_u32 (reader);
  header->reference_id = bytes_read_u32 (reader);
  header->reference = bytes_read_u64 (reader);
  header->origin = bytes_read_u64 (reader);
  header->receive = bytes_read_u64 (reader);
  header->transmit = bytes_read_u64 (reader);
  return !reader->failed;
}

bool
ntp_field_read (BytesReader *reader, size_t minimum, NtpField *field)
{
  BytesReader attempt = *reader;

  field->start = attempt.position;
  field->type = bytes_read_u16 (&attempt);
  size_t length = bytes_read_u16 (&attempt);
  if (attempt.failed || length < minimum || length % 4 != 0)
    return false;

  field->body_length = length - NTP_FIELD_HEADER_LENGTH;
  field->body = bytes_read_span (&attempt, field->body_length);
  if (field->body == NULL)
    return false;
  *reader = attempt;
  return true;
}

void
ntp_field_write (BytesWriter *writer, uint16_t type, const uint8_t *body, size_t body_length)
{
  size_t padding = (4 - body_length % 4) % 4;

  if (body_length > FIELD_LENGTH_MAX - NTP_FIELD_HEADER_LENGTH)
    {
      writer->failed = true;
      return;
    }
  bytes_write_u16 (writer, type);
  bytes_write_u16 (writer, (uint16_t) (NTP_FIELD_HEADER_LENGTH + body_length + padding));
  bytes_write_span (writer, body, body_length);
  bytes_write_zeros (writer, padding);
}
