/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "variant-json.h"

#include <math.h>

static JsonNode *
object_from (GVariant *dictionary)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  for (gsize i = 0; i < g_variant_n_children (dictionary); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (dictionary, i);
      g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);
      g_autoptr (GVariant) value = g_variant_get_child_value (entry, 1);
      json_object_set_member (object, g_variant_get_string (key, NULL), variant_to_json (value));
    }
  json_node_take_object (node, object);
  return node;
}

static JsonNode *
array_from (GVariant *container)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (gsize i = 0; i < g_variant_n_children (container); i++)
    {
      g_autoptr (GVariant) value = g_variant_get_child_value (container, i);
      json_array_add_element (array, variant_to_json (value));
    }
  json_node_take_array (node, array);
  return node;
}

static JsonNode *
number_from (double value)
{
  JsonNode *node = json_node_new (isfinite (value) ? JSON_NODE_VALUE : JSON_NODE_NULL);

  if (isfinite (value))
    json_node_set_double (node, value);
  return node;
}

static gint64
integer_from (GVariant *value)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BYTE:
      return g_variant_get_byte (value);
    case G_VARIANT_CLASS_INT16:
      return g_variant_get_int16 (value);
    case G_VARIANT_CLASS_UINT16:
      return g_variant_get_uint16 (value);
    case G_VARIANT_CLASS_INT32:
      return g_variant_get_int32 (value);
    case G_VARIANT_CLASS_UINT32:
      return g_variant_get_uint32 (value);
    case G_VARIANT_CLASS_INT64:
      return g_variant_get_int64 (value);
    default:
      return (gint64) g_variant_get_uint64 (value);
    }
}

JsonNode *
variant_to_json (GVariant *value)
{
  g_autoptr (GVariant) inner = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARIANT))
    {
      inner = g_variant_get_variant (value);
      return variant_to_json (inner);
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DICTIONARY))
    return object_from (value);
  if (g_variant_is_container (value))
    return array_from (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return json_node_init_string (json_node_alloc (), g_variant_get_string (value, NULL));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return json_node_init_boolean (json_node_alloc (), g_variant_get_boolean (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return number_from (g_variant_get_double (value));
  return json_node_init_int (json_node_alloc (), integer_from (value));
}

char *
json_to_text (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);
  return g_strconcat (text, "\n", NULL);
}
