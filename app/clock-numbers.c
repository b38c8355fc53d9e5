/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-numbers.h"

#include "format.h"
#include "words.h"

#include <glib/gi18n.h>

void
number_listener_tell (const NumberListener *listener, const char *caption, char *value)
{
  g_autofree char *taken = value;
  listener->tell (listener->data, caption, taken);
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
clock_numbers_tell (GnomonHelperClient *client, NumberTeller tell, gpointer data)
{
  const NumberListener listener = { tell, data };
  const ClockFacts *clock = gnomon_helper_client_get_facts (client);
  g_autoptr (GVariant) known = gnomon_helper_client_get_tracking (client);
  g_autoptr (GVariant) tracking =
      known ? g_variant_ref (known) : g_variant_ref_sink (g_variant_new ("a{sv}", NULL));

  number_listener_tell (&listener, _ ("Offset"), format_precise (clock->offset, TRUE));
  number_listener_tell (&listener, _ ("Uncertainty"), uncertainty (clock));
  number_listener_tell (&listener, _ ("Last Offset"), seconds (tracking, "last-offset", TRUE));
  number_listener_tell (&listener, _ ("RMS Offset"), seconds (tracking, "rms-offset", FALSE));
  number_listener_tell (&listener, _ ("Frequency"), format_ppm (clock->frequency, TRUE));
  number_listener_tell (&listener, _ ("Residual Frequency"),
                        frequency (tracking, "residual-frequency"));
  number_listener_tell (&listener, _ ("Skew"), format_ppm (clock->frequency_uncertainty, FALSE));
  number_listener_tell (&listener, _ ("Update Interval"), interval (tracking));
  number_listener_tell (&listener, _ ("Reference"), reference (tracking));
  number_listener_tell (&listener, _ ("Stratum"), stratum (tracking));
  number_listener_tell (&listener, _ ("Root Delay"), seconds (tracking, "root-delay", FALSE));
  number_listener_tell (&listener, _ ("Root Dispersion"),
                        seconds (tracking, "root-dispersion", FALSE));
  number_listener_tell (&listener, _ ("Last Update"), last_update (clock));
  tell (data, _ ("Leap Second"), words_for_leap (clock->leap));
  tell (data, _ ("State"), words_for_state (clock->state));
  number_listener_tell (&listener, _ ("TAI − UTC"), tai (tracking));
}
