/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-ke-retry.h"

#include <math.h>

/* RFC 8915 §4.2, the suggested back-off. */
#define FIRST_PAUSE_S   10.0
#define PAUSE_FACTOR    1.5
#define LONGEST_PAUSE_S 432000.0
#define LONGEST_PAUSE_N 28 /* the first retry that has it */

#define PAUSE_JITTER      0.25 /* ours, upwards only: clients of one server must not come together */
#define SHORTEST_PAUSE_NS (10 * INT64_C (1000000000)) /* ours, whoever asks */
#define NANOSECONDS_PER_S 1e9

double
ntp_ke_retry_pause_s (unsigned n)
{
  if (n >= LONGEST_PAUSE_N)
    return LONGEST_PAUSE_S;
  return n == 0 ? 0 : FIRST_PAUSE_S * pow (PAUSE_FACTOR, n - 1);
}

bool
ntp_ke_retry_is_network_failure (NtpReason reason)
{
  return reason >= NTP_REASON_NAME_NOT_FOUND && reason <= NTP_REASON_KE_TIMEOUT;
}

void
ntp_ke_retry_init (NtpKeRetry *retry)
{
  *retry = (NtpKeRetry){ .earliest_ns = INT64_MIN, .started_ns = INT64_MIN };
}

int64_t
ntp_ke_retry_due_ns (const NtpKeRetry *retry)
{
  if (!retry->early || retry->started_ns == INT64_MIN)
    return retry->earliest_ns;
  int64_t soonest = retry->started_ns + SHORTEST_PAUSE_NS;
  return soonest < retry->earliest_ns ? soonest : retry->earliest_ns;
}

void
ntp_ke_retry_started (NtpKeRetry *retry, int64_t now_ns)
{
  retry->started_ns = now_ns;
  retry->early = false;
}

static void
wait_before_next (NtpKeRetry *retry, double factor, int64_t now_ns)
{
  if (retry->failures < LONGEST_PAUSE_N)
    retry->failures++;
  double pause_s = ntp_ke_retry_pause_s (retry->failures) * factor;
  retry->earliest_ns = now_ns + (int64_t) (pause_s * NANOSECONDS_PER_S);
}

void
ntp_ke_retry_failed (NtpKeRetry *retry, NtpReason reason, double random, int64_t now_ns)
{
  retry->reason = reason;
  wait_before_next (retry, 1 + PAUSE_JITTER * random, now_ns);
}

void
ntp_ke_retry_succeeded (NtpKeRetry *retry, int64_t now_ns)
{
  retry->reason = NTP_REASON_NONE;
  wait_before_next (retry, 1 + PAUSE_JITTER, now_ns);
}

void
ntp_ke_retry_proven (NtpKeRetry *retry)
{
  retry->failures = 0;
  retry->earliest_ns = INT64_MIN;
  retry->early = false;
}

void
ntp_ke_retry_network_changed (NtpKeRetry *retry)
{
  if (ntp_ke_retry_is_network_failure (retry->reason))
    retry->early = true;
}

void
ntp_ke_retry_requested (NtpKeRetry *retry)
{
  retry->early = true;
}
