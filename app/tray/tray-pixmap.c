/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tray-pixmap.h"

/* The shapes; empty where there was nothing to make them with. */
static const struct
{
  const char *icon_name;
  gsize size;
  const guint8 *opacity;
} SHAPES[] = {
#include "tray-shapes.h"
  { "", 0, NULL },
};

/* 0xRRGGBB. A panel colours an icon of its theme as it likes; these are seen on a light one and on
 * a dark one. */
static guint32
get_colour (Seal seal)
{
  switch (seal)
    {
    case SEAL_RIGHT:
      return 0x2ec27e;
    case SEAL_SYNCHRONISING:
      return 0x3584e4;
    case SEAL_WARNING:
    case SEAL_DECISION:
      return 0xe5a50a;
    case SEAL_NOT_TRUSTED:
      return 0xed333b;
    case SEAL_OFF:
    case N_SEALS:
    default:
      return 0x9a9996;
    }
}

static GVariant *
paint (const guint8 *opacity, gsize size, guint32 colour)
{
  gsize n = 4 * size * size;
  guint8 *octets = g_malloc (n);

  for (gsize i = 0; i < size * size; i++)
    {
      octets[4 * i] = opacity[i];
      octets[4 * i + 1] = (guint8) (colour >> 16);
      octets[4 * i + 2] = (guint8) (colour >> 8);
      octets[4 * i + 3] = (guint8) colour;
    }
  return g_variant_new (
      "(ii@ay)", (int) size, (int) size,
      g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, octets, n, TRUE, g_free, octets));
}

GVariant *
tray_pixmap_new (Seal seal)
{
  const char *name = seal_icon_name (seal == SEAL_DECISION ? SEAL_WARNING : seal);
  GVariantBuilder pixmaps;

  g_variant_builder_init (&pixmaps, G_VARIANT_TYPE ("a(iiay)"));
  for (gsize i = 0; SHAPES[i].size > 0; i++)
    if (g_str_equal (SHAPES[i].icon_name, name))
      g_variant_builder_add_value (&pixmaps,
                                   paint (SHAPES[i].opacity, SHAPES[i].size, get_colour (seal)));
  return g_variant_builder_end (&pixmaps);
}
