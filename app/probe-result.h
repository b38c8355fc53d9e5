/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What somebody who chooses a server wants to know of a test of it. Pure. */

#pragma once

#include <glib.h>

typedef struct
{
  gboolean works;               /* it gave keys, and a proven answer */
  double delay_s;               /* the round trip; NaN = not known */
  gint64 certificate_not_after; /* µs since 1970 UTC, 0 = not known */
  char reason[48];              /* why it does not work, a reason name; "" = not told */
} ProbeResult;

/* @steps: aa{sv} as Diagnose gives it, of any content. */
ProbeResult probe_result_read (GVariant *steps);

/* "14 ms", or in half a sentence why it does not work. New. */
char *probe_result_headline (const ProbeResult *result);
/* "certificate: 50 days"; "" where it is not known. @now: µs since 1970 UTC. New. */
char *probe_result_certificate (const ProbeResult *result, gint64 now);
