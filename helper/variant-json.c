/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "variant-json.h"

#include <math.h>

static void append_value (GString *json, GVariant *value);

/* RFC 8259 §7 */
static void
append_text (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  for (const char *at = text; *at != '\0'; at++)
    if (*at == '"' || *at == '\\')
      g_string_append_printf (json, "\\%c", *at);
    else if ((guchar) *at < 0x20)
      g_string_append_printf (json, "\\u%04x", (guint) *at);
    else
      g_string_append_c (json, *at);
  g_string_append_c (json, '"');
}

static void
append_double (GString *json, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (number))
    g_string_append (json, g_ascii_dtostr (text, sizeof text, number));
  else
    g_string_append (json, "null");
}

static void
append_children (GString *json, GVariant *container, const char *brackets)
{
  g_string_append_c (json, brackets[0]);
  for (gsize i = 0; i < g_variant_n_children (container); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (container, i);
      if (i > 0)
        g_string_append (json, ", ");
      append_value (json, child);
    }
  g_string_append_c (json, brackets[1]);
}

static void
append_entry (GString *json, GVariant *entry)
{
  g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);
  g_autoptr (GVariant) value = g_variant_get_child_value (entry, 1);

  append_value (json, key);
  g_string_append (json, ": ");
  append_value (json, value);
}

static void
append_inner (GString *json, GVariant *value)
{
  g_autoptr (GVariant) inner =
      g_variant_n_children (value) > 0 ? g_variant_get_child_value (value, 0) : NULL;

  if (inner != NULL)
    append_value (json, inner);
  else
    g_string_append (json, "null");
}

static void
append_value (GString *json, GVariant *value)
{
  g_autofree char *plain = NULL;

  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      append_text (json, g_variant_get_string (value, NULL));
      break;
    case G_VARIANT_CLASS_DOUBLE:
      append_double (json, g_variant_get_double (value));
      break;
    case G_VARIANT_CLASS_BYTE:
      g_string_append_printf (json, "%u", g_variant_get_byte (value));
      break;
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_MAYBE:
      append_inner (json, value);
      break;
    case G_VARIANT_CLASS_DICT_ENTRY:
      append_entry (json, value);
      break;
    case G_VARIANT_CLASS_ARRAY:
      append_children (json, value,
                       g_variant_is_of_type (value, G_VARIANT_TYPE_DICTIONARY) ? "{}" : "[]");
      break;
    case G_VARIANT_CLASS_TUPLE:
      append_children (json, value, "[]");
      break;
    default:
      /* Booleans and whole numbers are the same in both. */
      plain = g_variant_print (value, FALSE);
      g_string_append (json, plain);
    }
}

char *
variant_to_json (GVariant *value)
{
  GString *json = g_string_new (NULL);

  append_value (json, value);
  return g_string_free (json, FALSE);
}
