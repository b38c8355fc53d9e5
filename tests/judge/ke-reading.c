/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ke-reading.h"

#include <string.h>

static guint
number_at (const guint8 *data)
{
  return (guint) data[0] << 8 | data[1];
}

/* 128 octets are the rest of a request, 1232 the most that it may have. */
static void
add_cookie (KeReading *self, const guint8 *body, guint length)
{
  g_autoptr (GBytes) cookie = g_bytes_new (body, length);

  if (length % 4 != 0 || length + 4 < 16 || 128 + length > 1232 || self->cookies->len == 8
      || g_ptr_array_find_with_equal_func (self->cookies, cookie, g_bytes_equal, NULL))
    return;
  g_ptr_array_add (self->cookies, g_steal_pointer (&cookie));
}

static void
read_record (KeReading *self, guint type, gboolean critical, const guint8 *body, guint length)
{
  switch (type)
    {
    case 0:
      self->complete = critical && length == 0;
      break;
    case 1:
      self->protocols++;
      self->good_protocols += critical && length == 2 && number_at (body) == 0;
      break;
    case 4:
      self->aeads++;
      self->good_aeads += length == 2 && number_at (body) == 15;
      break;
    case 5:
      add_cookie (self, body, length);
      break;
    case 6:
      g_free (self->server);
      self->server = g_strndup ((const char *) body, length);
      break;
    case 7:
      self->port = length == 2 ? number_at (body) : 0;
      break;
    default:
      self->error = self->error || critical || type == 2 || type == 3;
      break;
    }
}

void
ke_reading_init (KeReading *self, GBytes *response)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (response, &length);

  *self = (KeReading){ .server = g_strdup (""), .port = 123 };
  self->cookies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->error = length > 65536;
  while (length >= 4 && 4 + number_at (data + 2) <= length)
    {
      /* End of Message is the last record. */
      self->error = self->error || self->complete;
      read_record (self, number_at (data) & 0x7fff, data[0] >> 7, data + 4, number_at (data + 2));
      length -= 4 + number_at (data + 2);
      data += 4 + number_at (data + 2);
    }
  if (length > 0)
    self->complete = FALSE;
}

void
ke_reading_clear (KeReading *self)
{
  g_clear_pointer (&self->server, g_free);
  g_clear_pointer (&self->cookies, g_ptr_array_unref);
}

gboolean
ke_reading_acceptable (const KeReading *self)
{
  return self->complete && !self->error && self->protocols == 1 && self->good_protocols == 1
         && self->aeads == 1 && self->good_aeads == 1 && self->cookies->len > 0;
}
