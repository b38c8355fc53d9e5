/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "catalogue-here.h"

#include <gio/gio.h>
#include <locale.h>

#define N_SUGGESTIONS 4
#define ZONES         "/usr/share/zoneinfo/zone.tab"

GPtrArray *
catalogue_load (void)
{
  g_autoptr (GBytes) bytes = g_resources_lookup_data ("/org/gnomon/Gnomon/servers.tsv",
                                                      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  /* The data of a resource ends with a NUL that is not counted. */
  return catalogue_parse (bytes ? g_bytes_get_data (bytes, NULL) : "");
}

/* "DE" of "de_DE.UTF-8". */
static char *
get_territory (void)
{
  const char *locale = setlocale (LC_TIME, NULL);
  const char *territory = locale ? strchr (locale, '_') : NULL;

  return territory ? g_strndup (territory + 1, strcspn (territory + 1, ".@")) : g_strdup ("");
}

static gboolean
find_here (CataloguePlace *place)
{
  g_autofree char *territory = get_territory ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *zones = NULL;

  g_file_get_contents (ZONES, &zones, NULL, NULL);
  return catalogue_find_user (territory, g_time_zone_get_identifier (zone), zones ? zones : "",
                              place);
}

gboolean
catalogue_knows_here (void)
{
  CataloguePlace here;

  return find_here (&here);
}

GPtrArray *
catalogue_suggest_here (GPtrArray *entries)
{
  CataloguePlace here;

  return catalogue_suggest (entries, find_here (&here) ? &here : NULL, N_SUGGESTIONS);
}

void
catalogue_sort_here (GPtrArray *entries)
{
  CataloguePlace here;

  catalogue_sort_near (entries, find_here (&here) ? &here : NULL);
}

GVariant *
catalogue_entry_options (const CatalogueEntry *entry)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "port", "q", (guint16) entry->port);
  g_variant_dict_insert (&options, "operator", "s", entry->operator_name);
  if (*entry->country)
    g_variant_dict_insert (&options, "country", "s", entry->country);
  return g_variant_dict_end (&options);
}
