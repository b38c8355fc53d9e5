/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tally.h"

#include <string.h>

void
case_begin (Case *self, Tally *tally, const char *name, ...)
{
  va_list arguments;

  va_start (arguments, name);
  self->tally = tally;
  self->name = g_strdup_vprintf (name, arguments);
  self->faults = g_string_new (NULL);
  va_end (arguments);
}

void
case_begin_object (Case *self, Tally *tally, const char *file, JsonObject *object, guint index)
{
  const char *name = object_text (object, "name");

  if (name != NULL)
    case_begin (self, tally, "%s: %s", file, name);
  else
    case_begin (self, tally, "%s: case %u", file, index);
}

void
case_fault (Case *self, const char *format, ...)
{
  va_list arguments;

  if (self->faults->len > 0)
    g_string_append (self->faults, "; ");
  va_start (arguments, format);
  g_string_append_vprintf (self->faults, format, arguments);
  va_end (arguments);
}

void
case_end (Case *self)
{
  if (self->faults->len == 0)
    self->tally->passed++;
  else
    {
      g_autofree char *line = g_strdup_printf ("%s: %s", self->name, self->faults->str);
      /* Names and texts come from the file: one case stays one line. */
      g_print ("%s\n", g_strdelimit (line, "\n\r", ' '));
      self->tally->failed++;
    }
  g_clear_pointer (&self->name, g_free);
  g_string_free (g_steal_pointer (&self->faults), TRUE);
}

void
tally_malformed (Tally *tally, const char *file, const char *why)
{
  Case self;

  case_begin (&self, tally, "%s", file);
  case_fault (&self, "malformed: %s", why);
  case_end (&self);
}

GBytes *
octets_from_text (const char *text)
{
  g_autoptr (GByteArray) octets = g_byte_array_new ();

  for (const char *pair = text; *pair != '\0'; pair += 2)
    {
      if (!g_ascii_isxdigit (pair[0]) || !g_ascii_isxdigit (pair[1]))
        return NULL;
      guint8 octet =
          (guint8) (g_ascii_xdigit_value (pair[0]) << 4 | g_ascii_xdigit_value (pair[1]));
      g_byte_array_append (octets, &octet, 1);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&octets));
}

const char *
case_text (Case *self, JsonObject *object, const char *member)
{
  const char *text = object_text (object, member);

  if (text == NULL)
    case_fault (self, "malformed: no text \"%s\"", member);
  return text;
}

GBytes *
case_octets (Case *self, JsonObject *object, const char *member)
{
  const char *text = case_text (self, object, member);
  GBytes *octets = text != NULL ? octets_from_text (text) : NULL;

  if (text != NULL && octets == NULL)
    case_fault (self, "malformed: \"%s\" is not hexadecimal", member);
  return octets;
}

void
case_compare (Case *self, const char *what, const guint8 *got, gsize length, GBytes *expected)
{
  gsize expected_length;
  const guint8 *data = g_bytes_get_data (expected, &expected_length);

  if (length != expected_length)
    case_fault (self, "%s has %zu octets instead of %zu", what, length, expected_length);
  else if (length > 0 && memcmp (got, data, length) != 0)
    case_fault (self, "%s differs", what);
}

JsonObject *
node_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
node_array (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonArray *
object_array (JsonObject *object, const char *member)
{
  return object != NULL ? node_array (json_object_get_member (object, member)) : NULL;
}

const char *
object_text (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

guint16
object_number (JsonObject *object, const char *member, guint16 otherwise)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return otherwise;
  gint64 number = json_node_get_int (node);
  return number >= 0 && number <= G_MAXUINT16 ? (guint16) number : otherwise;
}
