/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bounds-checked big-endian reading and writing: the only pointer arithmetic on received octets.
 *
 * A reader or writer that was asked for more than it holds stays failed: later reads give 0 or NULL
 * and later writes do nothing, so that a whole structure can be read first and judged once. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct
{
  const uint8_t *data; /* borrowed */
  size_t length;
  size_t position; /* of the next octet, never above length */
  bool failed;
} BytesReader;

static inline BytesReader
bytes_reader (const uint8_t *data, size_t length)
{
  return (BytesReader){ .data = data, .length = length };
}

/* Octets not read yet. */
static inline size_t
bytes_left (const BytesReader *reader)
{
  return reader->length - reader->position;
}

/* The next @count octets, or NULL (and the reader failed) when there are fewer. Borrowed from the
 * data. */
static inline const uint8_t *
bytes_read_span (BytesReader *reader, size_t count)
{
  if (reader->failed || count > bytes_left (reader))
    {
      reader->failed = true;
      return NULL;
    }
  const uint8_t *span = reader->data + reader->position;
  reader->position += count;
  return span;
}

static inline uint64_t
bytes_read_uint (BytesReader *reader, size_t count)
{
  const uint8_t *span = bytes_read_span (reader, count);
  uint64_t value = 0;
  for (size_t i = 0; span != NULL && i < count; i++)
    value = value << 8 | span[i];
  return value;
}

static inline uint8_t
bytes_read_u8 (BytesReader *reader)
{
  return (uint8_t) bytes_read_uint (reader, 1);
}

static inline uint16_t
bytes_read_u16 (BytesReader *reader)
{
  return (uint16_t) bytes_read_uint (reader, 2);
}

static inline uint32_t
bytes_read_u32 (BytesReader *reader)
{
  return (uint32_t) bytes_read_uint (reader, 4);
}

static inline uint64_t
bytes_read_u64 (BytesReader *reader)
{
  return bytes_read_uint (reader, 8);
}

typedef struct
{
  uint8_t *data; /* borrowed */
  size_t capacity;
  size_t length; /* written so far, never above capacity */
  bool failed;
} BytesWriter;

static inline BytesWriter
bytes_writer (uint8_t *data, size_t capacity)
{
  return (BytesWriter){ .data = data, .capacity = capacity };
}

/* Room for @count octets at the end, counted as written, or NULL (and the writer failed). */
static inline uint8_t *
bytes_write_room (BytesWriter *writer, size_t count)
{
  if (writer->failed || count > writer->capacity - writer->length)
    {
      writer->failed = true;
      return NULL;
    }
  uint8_t *room = writer->data + writer->length;
  writer->length += count;
  return room;
}

static inline void
bytes_write_span (BytesWriter *writer, const uint8_t *span, size_t count)
{
  uint8_t *room = bytes_write_room (writer, count);
  if (room != NULL && count > 0)
    memcpy (room, span, count);
}

static inline void
bytes_write_zeros (BytesWriter *writer, size_t count)
{
  uint8_t *room = bytes_write_room (writer, count);
  if (room != NULL)
    memset (room, 0, count);
}

static inline void
bytes_write_uint (BytesWriter *writer, uint64_t value, size_t count)
{
  uint8_t *room = bytes_write_room (writer, count);
  for (size_t i = count; room != NULL && i > 0; i--, value >>= 8)
    room[i - 1] = (uint8_t) value;
}

static inline void
bytes_write_u8 (BytesWriter *writer, uint8_t value)
{
  bytes_write_uint (writer, value, 1);
}

static inline void
bytes_write_u16 (BytesWriter *writer, uint16_t value)
{
  bytes_write_uint (writer, value, 2);
}

static inline void
bytes_write_u32 (BytesWriter *writer, uint32_t value)
{
  bytes_write_uint (writer, value, 4);
}

static inline void
bytes_write_u64 (BytesWriter *writer, uint64_t value)
{
  bytes_write_uint (writer, value, 8);
}
