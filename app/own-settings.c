/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "own-settings.h"

#define SCHEMA "org.gnomon.Gnomon"

GSettings *
own_settings_new (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (!source)
    return NULL;
  schema = g_settings_schema_source_lookup (source, SCHEMA, TRUE);
  return schema ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

gboolean
own_settings_wants (GSettings *settings, const char *key)
{
  return settings ? g_settings_get_boolean (settings, key) : TRUE;
}
