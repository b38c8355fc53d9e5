/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-facts.h"

#include "helper-bus.h"

#include <math.h>

const ClockFacts CLOCK_FACTS_UNKNOWN = {
  .version = "",
  .state = "",
  .reason = "",
  .clock_mode = "",
  .other_service = "",
  .connectivity = "",
  .leap = "",
  .uncertainty = INFINITY,
};

static const char *
text_or_empty (const char *text)
{
  return text ? text : "";
}

static void
read_witnesses (ClockFacts *facts, BusHelper1 *proxy)
{
  GVariant *witnesses = bus_helper1_get_witnesses (proxy);
  GVariant *options = bus_helper1_get_options (proxy);

  if (witnesses && g_variant_is_of_type (witnesses, G_VARIANT_TYPE ("(uuu)")))
    g_variant_get (witnesses, "(uuu)", &facts->vouching, &facts->asked, &facts->operators);
  if (options && g_variant_is_of_type (options, G_VARIANT_TYPE_VARDICT))
    g_variant_lookup (options, "minimum-sources", "u", &facts->minimum_sources);
}

void
clock_facts_read (ClockFacts *facts, BusHelper1 *proxy)
{
  *facts = (ClockFacts){
    .version = text_or_empty (bus_helper1_get_version (proxy)),
    .automatic = bus_helper1_get_automatic (proxy),
    .state = text_or_empty (bus_helper1_get_state (proxy)),
    .reason = text_or_empty (bus_helper1_get_state_reason (proxy)),
    .clock_mode = text_or_empty (bus_helper1_get_clock_mode (proxy)),
    .other_service = text_or_empty (bus_helper1_get_other_service (proxy)),
    .connectivity = text_or_empty (bus_helper1_get_connectivity (proxy)),
    .offset = bus_helper1_get_offset (proxy),
    .uncertainty = bus_helper1_get_uncertainty (proxy),
    .frequency = bus_helper1_get_frequency (proxy),
    .frequency_uncertainty = bus_helper1_get_frequency_uncertainty (proxy),
    .last_sync = bus_helper1_get_last_sync (proxy),
    .last_step = bus_helper1_get_last_step (proxy),
    .leap = text_or_empty (bus_helper1_get_leap (proxy)),
  };
  read_witnesses (facts, proxy);
}

void
sync_result_read (SyncResult *sync, GVariant *values)
{
  *sync = (SyncResult){ .uncertainty = INFINITY, .time = g_get_real_time () };
  g_variant_lookup (values, "offset-before", "d", &sync->offset_before);
  g_variant_lookup (values, "correction", "d", &sync->correction);
  g_variant_lookup (values, "stepped", "b", &sync->stepped);
  g_variant_lookup (values, "uncertainty", "d", &sync->uncertainty);
  g_variant_lookup (values, "answered", "u", &sync->answered);
  g_variant_lookup (values, "vouched", "u", &sync->vouched);
  g_variant_lookup (values, "operators", "u", &sync->operators);
  g_variant_lookup (values, "duration", "d", &sync->duration);
}
