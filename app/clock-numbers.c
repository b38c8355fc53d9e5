/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-numbers.h"

#include "format.h"
#include "words.h"

#include <glib/gi18n.h>

static void
set_taken (GnomonTileGrid *grid, const char *caption, char *value)
{
  g_autofree char *taken = value;
  gnomon_tile_grid_set (grid, caption, taken);
}

/* NULL where the helper does not tell it. */
static char *
seconds (GVariant *tracking, const char *key, gboolean sign)
{
  double value;
  return g_variant_lookup (tracking, key, "d", &value) ? format_precise (value, sign) : NULL;
}

static char *
frequency (GVariant *tracking, const char *key)
{
  double value;
  return g_variant_lookup (tracking, key, "d", &value) ? format_ppm (value, TRUE) : NULL;
}

static char *
interval (GVariant *tracking)
{
  double value;
  return g_variant_lookup (tracking, "update-interval", "d", &value) ? format_tenths (value) : NULL;
}

static char *
uncertainty (const ClockFacts *clock)
{
  g_autofree char *text = format_precise (clock->uncertainty, FALSE);
  return g_strdup_printf ("±\302\240%s", text);
}

static char *
reference (GVariant *tracking)
{
  char *value = NULL;
  return g_variant_lookup (tracking, "refid", "s", &value) ? value : NULL;
}

static char *
stratum (GVariant *tracking)
{
  guint8 value;
  return g_variant_lookup (tracking, "stratum", "y", &value) ? g_strdup_printf ("%u", value) : NULL;
}

static char *
tai (GVariant *tracking)
{
  gint32 value;
  return g_variant_lookup (tracking, "tai-offset", "i", &value)
             /* Translators: whole seconds. */
             ? g_strdup_printf (_ ("%d\302\240s"), value)
             : NULL;
}

static char *
last_update (const ClockFacts *clock)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  return clock->last_sync > 0 ? format_time_of_day (clock->last_sync, zone) : NULL;
}

void
clock_numbers_show (GnomonTileGrid *grid, GnomonHelperClient *client)
{
  const ClockFacts *clock = gnomon_helper_client_get_facts (client);
  g_autoptr (GVariant) known = gnomon_helper_client_get_tracking (client);
  g_autoptr (GVariant) tracking =
      known ? g_variant_ref (known) : g_variant_ref_sink (g_variant_new ("a{sv}", NULL));

  set_taken (grid, _ ("Offset"), format_precise (clock->offset, TRUE));
  set_taken (grid, _ ("Uncertainty"), uncertainty (clock));
  set_taken (grid, _ ("Last Offset"), seconds (tracking, "last-offset", TRUE));
  set_taken (grid, _ ("RMS Offset"), seconds (tracking, "rms-offset", FALSE));
  set_taken (grid, _ ("Frequency"), format_ppm (clock->frequency, TRUE));
  set_taken (grid, _ ("Residual Frequency"), frequency (tracking, "residual-frequency"));
  set_taken (grid, _ ("Skew"), format_ppm (clock->frequency_uncertainty, FALSE));
  set_taken (grid, _ ("Update Interval"), interval (tracking));
  set_taken (grid, _ ("Reference"), reference (tracking));
  set_taken (grid, _ ("Stratum"), stratum (tracking));
  set_taken (grid, _ ("Root Delay"), seconds (tracking, "root-delay", FALSE));
  set_taken (grid, _ ("Root Dispersion"), seconds (tracking, "root-dispersion", FALSE));
  set_taken (grid, _ ("Last Update"), last_update (clock));
  gnomon_tile_grid_set (grid, _ ("Leap Second"), words_for_leap (clock->leap));
  gnomon_tile_grid_set (grid, _ ("State"), words_for_state (clock->state));
  set_taken (grid, _ ("TAI − UTC"), tai (tracking));
}
