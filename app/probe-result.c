/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "probe-result.h"

#include "format.h"
#include "words.h"

#include <glib/gi18n.h>
#include <math.h>

#define USEC_PER_DAY (24 * G_TIME_SPAN_HOUR)

/* Later steps know better: the delay of the answer is that of the request, measured by the core. */
static void
read_step (ProbeResult *result, GVariant *step)
{
  const char *verdict = "";
  const char *reason = "";

  g_variant_lookup (step, "verdict", "&s", &verdict);
  g_variant_lookup (step, "delay", "d", &result->delay_s);
  g_variant_lookup (step, "certificate-not-after", "x", &result->certificate_not_after);
  if (g_str_equal (verdict, "passed"))
    return;
  result->works = FALSE;
  if (!*result->reason && g_variant_lookup (step, "reason", "&s", &reason))
    g_strlcpy (result->reason, reason, sizeof result->reason);
}

ProbeResult
probe_result_read (GVariant *steps)
{
  ProbeResult result = { .delay_s = (double) NAN };

  if (!g_variant_is_of_type (steps, G_VARIANT_TYPE ("aa{sv}")))
    return result;
  result.works = g_variant_n_children (steps) > 0;
  for (gsize i = 0; i < g_variant_n_children (steps); i++)
    {
      g_autoptr (GVariant) step = g_variant_get_child_value (steps, i);
      read_step (&result, step);
    }
  return result;
}

char *
probe_result_headline (const ProbeResult *result)
{
  const char *reason = words_for_reason (result->reason);

  if (result->works)
    return format_amount (result->delay_s);
  return reason && *reason ? format_capitalised (reason)
                           : g_strdup (_ ("No time from this server"));
}

char *
probe_result_certificate (const ProbeResult *result, gint64 now)
{
  gint64 left = result->certificate_not_after - now;
  guint days = left > 0 ? (guint) MIN (left / USEC_PER_DAY, 9999) : 0;

  if (result->certificate_not_after == 0)
    return g_strdup ("");
  if (left <= 0)
    return g_strdup (_ ("certificate: expired"));
  return g_strdup_printf (ngettext ("certificate: %u day", "certificate: %u days", days), days);
}
