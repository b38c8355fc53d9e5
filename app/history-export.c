/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "history-export.h"

#include "format-date.h"
#include "variant-json.h"

#include <math.h>

/* The keys of an event, in the order of the columns. */
static const char *const COLUMNS[] = { "time",   "kind",    "amount",    "who",
                                       "reason", "vouched", "operators", "host" };

/* RFC 4180 §2: quoted where it holds a comma, a quotation mark or the end of a line. */
static void
append_field (GString *csv, const char *text)
{
  /* A name from the network must not become a formula in somebody's spreadsheet. */
  const char *guard = *text && strchr ("=+-@\t\r", *text) ? "'" : "";

  if (!strpbrk (text, ",\"\r\n"))
    {
      g_string_append (csv, guard);
      g_string_append (csv, text);
      return;
    }
  g_string_append_c (csv, '"');
  g_string_append (csv, guard);
  for (; *text; text++)
    {
      if (*text == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *text);
    }
  g_string_append_c (csv, '"');
}

static void
append_double (GString *csv, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (value))
    g_string_append (csv, g_ascii_formatd (number, sizeof number, "%.9f", value));
}

static void
append_value (GString *csv, GVariant *value, GTimeZone *utc, gboolean is_time)
{
  if (is_time && g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    {
      g_autofree char *time = format_iso8601 (g_variant_get_int64 (value), utc);
      g_string_append (csv, time);
    }
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    append_double (csv, g_variant_get_double (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    g_string_append_printf (csv, "%u", g_variant_get_uint32 (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    append_field (csv, g_variant_get_string (value, NULL));
}

char *
history_to_csv (GVariant *events)
{
  GString *csv = g_string_new ("time,kind,amount_s,who,reason,vouched,operators,host\r\n");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  for (gsize i = 0; i < g_variant_n_children (events); i++)
    {
      g_autoptr (GVariant) event = g_variant_get_child_value (events, i);

      for (gsize j = 0; j < G_N_ELEMENTS (COLUMNS); j++)
        {
          g_autoptr (GVariant) value = g_variant_lookup_value (event, COLUMNS[j], NULL);

          if (j > 0)
            g_string_append_c (csv, ',');
          if (value)
            append_value (csv, value, utc, j == 0);
        }
      g_string_append (csv, "\r\n");
    }
  return g_string_free (csv, FALSE);
}

static void
set_list (JsonObject *object, const char *name, GVariant *list)
{
  json_object_set_member (object, name,
                          list ? variant_to_json (list) : json_node_new (JSON_NODE_NULL));
}

char *
history_to_json (GVariant *events, GVariant *samples, GVariant *servers, gint64 now)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *time = format_iso8601 (now, utc);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "format", "gnomon-history-1");
  json_object_set_string_member (object, "generated", time);
  set_list (object, "events", events);
  set_list (object, "samples", samples);
  set_list (object, "servers", servers);
  json_node_take_object (node, object);
  return json_to_text (node);
}
