/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "kept-keys.h"

#include "core/bytes.h"

#include <string.h>

#define MAGIC           "gnomon-keys"
#define MAGIC_LENGTH    11
#define VERSION         1
#define CHECKSUM_LENGTH 32 /* SHA-256 */
/* One server at most, with all cookies and the longest names. */
#define ENTRY_MAX (NTS_COOKIES_POOL + 2 * NTS_AEAD_KEY_MAX + 255 + 4096 + 128)

void
kept_keys_free (KeptKeys *kept)
{
  g_free (kept->host);
  g_free (kept->ca_file);
  nts_wipe (kept, sizeof *kept);
  g_free (kept);
}

static void
write_text (BytesWriter *writer, const char *text)
{
  gsize length = MIN (strlen (text), 4096);

  bytes_write_u16 (writer, (guint16) length);
  bytes_write_span (writer, (const guint8 *) text, length);
}

static void
write_address (BytesWriter *writer, const NtpAddress *address)
{
  bytes_write_u8 (writer, address->family);
  bytes_write_span (writer, address->octets, sizeof address->octets);
  bytes_write_u16 (writer, address->port);
}

static void
write_entry (BytesWriter *writer, KeptKeys *kept)
{
  gsize key_length = nts_aead_key_length (kept->keys.aead);
  guint8 cookie[NTS_COOKIE_MAX];
  gsize length;

  write_text (writer, kept->host);
  bytes_write_u16 (writer, kept->port);
  write_text (writer, kept->ca_file);
  write_address (writer, &kept->ke_address);
  write_address (writer, &kept->ntp_address);
  bytes_write_u16 (writer, kept->keys.aead);
  bytes_write_span (writer, kept->keys.c2s, key_length);
  bytes_write_span (writer, kept->keys.s2c, key_length);
  bytes_write_u8 (writer, (guint8) kept->jar.count);
  while ((length = nts_cookies_take (&kept->jar, cookie)) > 0)
    {
      bytes_write_u16 (writer, (guint16) length);
      bytes_write_span (writer, cookie, length);
    }
  nts_wipe (cookie, sizeof cookie);
}

static void
compute_checksum (const guint8 *data, gsize length, guint8 checksum[CHECKSUM_LENGTH])
{
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = CHECKSUM_LENGTH;

  g_checksum_update (sha256, data, (gssize) length);
  g_checksum_get_digest (sha256, checksum, &size);
}

guint8 *
kept_keys_encode (GPtrArray *kept, gsize *length)
{
  gsize capacity = MAGIC_LENGTH + 4 + kept->len * ENTRY_MAX + CHECKSUM_LENGTH;
  guint8 *data = g_malloc0 (capacity);
  BytesWriter writer = bytes_writer (data, capacity);
  guint8 checksum[CHECKSUM_LENGTH];

  bytes_write_span (&writer, (const guint8 *) MAGIC, MAGIC_LENGTH);
  bytes_write_u16 (&writer, VERSION);
  bytes_write_u16 (&writer, (guint16) kept->len);
  for (guint i = 0; i < kept->len; i++)
    write_entry (&writer, g_ptr_array_index (kept, i));
  compute_checksum (data, writer.length, checksum);
  bytes_write_span (&writer, checksum, sizeof checksum);
  *length = writer.length;
  return data;
}

static char *
read_text (BytesReader *reader)
{
  gsize length = bytes_read_u16 (reader);
  const guint8 *text = bytes_read_span (reader, length);

  if (text == NULL || !g_utf8_validate ((const char *) text, (gssize) length, NULL))
    {
      reader->failed = true;
      return g_strdup ("");
    }
  return g_strndup ((const char *) text, length);
}

static void
read_address (BytesReader *reader, NtpAddress *address)
{
  const guint8 *octets;

  address->family = bytes_read_u8 (reader);
  octets = bytes_read_span (reader, sizeof address->octets);
  address->port = bytes_read_u16 (reader);
  if (octets != NULL)
    memcpy (address->octets, octets, sizeof address->octets);
  if (address->family != 4 && address->family != 6)
    reader->failed = true;
}

static void
read_secrets (BytesReader *reader, KeptKeys *kept)
{
  gsize key_length;
  const guint8 *c2s, *s2c;
  unsigned n_cookies;

  kept->keys.aead = bytes_read_u16 (reader);
  key_length = nts_aead_key_length (kept->keys.aead);
  c2s = bytes_read_span (reader, key_length);
  s2c = bytes_read_span (reader, key_length);
  if (key_length == 0 || c2s == NULL || s2c == NULL)
    {
      reader->failed = true;
      return;
    }
  memcpy (kept->keys.c2s, c2s, key_length);
  memcpy (kept->keys.s2c, s2c, key_length);
  n_cookies = bytes_read_u8 (reader);
  for (unsigned i = 0; i < n_cookies && !reader->failed; i++)
    {
      gsize length = bytes_read_u16 (reader);
      const guint8 *cookie = bytes_read_span (reader, length);
      if (cookie != NULL)
        nts_cookies_put (&kept->jar, cookie, length);
    }
}

static KeptKeys *
read_entry (BytesReader *reader)
{
  KeptKeys *kept = g_new0 (KeptKeys, 1);

  kept->host = read_text (reader);
  kept->port = bytes_read_u16 (reader);
  kept->ca_file = read_text (reader);
  read_address (reader, &kept->ke_address);
  read_address (reader, &kept->ntp_address);
  read_secrets (reader, kept);
  return kept;
}

GPtrArray *
kept_keys_decode (const guint8 *data, gsize length)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) kept_keys_free);
  guint8 checksum[CHECKSUM_LENGTH];
  BytesReader reader;
  unsigned count;

  if (length < MAGIC_LENGTH + CHECKSUM_LENGTH || memcmp (data, MAGIC, MAGIC_LENGTH) != 0)
    return NULL;
  compute_checksum (data, length - CHECKSUM_LENGTH, checksum);
  if (memcmp (checksum, data + length - CHECKSUM_LENGTH, CHECKSUM_LENGTH) != 0)
    return NULL;

  reader = bytes_reader (data + MAGIC_LENGTH, length - MAGIC_LENGTH - CHECKSUM_LENGTH);
  if (bytes_read_u16 (&reader) != VERSION)
    return NULL;
  count = bytes_read_u16 (&reader);
  for (unsigned i = 0; i < count && !reader.failed; i++)
    g_ptr_array_add (kept, read_entry (&reader));
  if (reader.failed || bytes_left (&reader) != 0)
    return NULL;
  return g_steal_pointer (&kept);
}
