/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "certificate-history.h"

#include <gio/gio.h>

static const char *
text_of (GVariant *values, const char *key)
{
  const char *text = "";

  g_variant_lookup (values, key, "&s", &text);
  return text;
}

static gint64
time_of (GVariant *values, const char *key)
{
  gint64 time = 0;

  g_variant_lookup (values, key, "x", &time);
  return time;
}

static Sighting
read_sighting (GVariant *values)
{
  return (Sighting){
    .time = time_of (values, "first"),
    .subject = text_of (values, "subject"),
    .issuer = text_of (values, "issuer"),
    .sha256 = text_of (values, "sha256"),
    .address = text_of (values, "address"),
    .not_before = time_of (values, "not-before"),
    .not_after = time_of (values, "not-after"),
  };
}

static SightingKind
kind_of (const Sighting *sighting, const Sighting *older)
{
  if (!older)
    return SIGHTING_FIRST;
  return g_str_equal (sighting->issuer, older->issuer) ? SIGHTING_NEW_CERTIFICATE
                                                       : SIGHTING_NEW_ISSUER;
}

/* The last time that the newest one was seen, where that was not the first time. */
static void
add_last_time (GArray *sightings, GVariant *newest)
{
  Sighting again = read_sighting (newest);
  gint64 last = time_of (newest, "last");

  if (last <= again.time)
    return;
  again.kind = SIGHTING_SAME;
  again.time = last;
  g_array_prepend_val (sightings, again);
}

GArray *
certificate_history_read (GVariant *certificates)
{
  GArray *sightings = g_array_new (FALSE, FALSE, sizeof (Sighting));
  gsize n = g_variant_n_children (certificates);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) values = g_variant_get_child_value (certificates, i);
      Sighting sighting = read_sighting (values);
      g_array_append_val (sightings, sighting);
    }
  for (guint i = 0; i < sightings->len; i++)
    {
      Sighting *sighting = &g_array_index (sightings, Sighting, i);
      sighting->kind = kind_of (
          sighting, i + 1 < sightings->len ? &g_array_index (sightings, Sighting, i + 1) : NULL);
    }
  if (n > 0)
    {
      g_autoptr (GVariant) newest = g_variant_get_child_value (certificates, 0);
      add_last_time (sightings, newest);
    }
  return sightings;
}
