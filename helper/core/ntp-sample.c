/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-sample.h"

#include <math.h>
#include <stdlib.h>

#define MAX_DISPERSION_S    16.0  /* RFC 5905 §7.2, MAXDISP */
#define FREQUENCY_TOLERANCE 15e-6 /* RFC 5905 §7.2, PHI, s/s */

/* Ours. */
#define LONGEST_RESIDENCE_S 4.0     /* in the server, T3 − T2 */
#define LONGEST_DELAY_S     3.0     /* a longer one proves next to nothing */
#define TOLERANCE_S         0.001   /* stamps of kernel and program, clocks that are being slewed */
#define STEP_NS             2000000 /* reading two clocks may take so long */
#define FINEST_PRECISION    (-32)   /* log2 s, one unit of the 64-bit timestamp */
#define COARSEST_PRECISION  (-1)    /* a clock that ticks slower keeps no time */

static double
precision_s (int precision_log2)
{
  return ldexp (1, precision_log2 < FINEST_PRECISION ? FINEST_PRECISION : precision_log2);
}

/* Servers fill the bits below their precision with noise (RFC 5905 §6), so that two of their times
 * may be out of order by so much. */
static double
noise_s (const NtpHeader *header)
{
  return fmin (TOLERANCE_S, precision_s (header->precision_log2));
}

static NtpReason
judge_server (const NtpHeader *header)
{
  if (header->leap == NTP_LEAP_UNKNOWN || header->stratum == 0)
    return NTP_REASON_SERVER_UNSYNCHRONISED;
  if (header->stratum > NTP_STRATUM_MAX)
    return NTP_REASON_STRATUM;
  if (header->receive == 0 || header->transmit == 0)
    return NTP_REASON_TIMESTAMP_MISSING;
  if (header->reference != 0
      && ntp_difference_s (header->reference, header->transmit) > noise_s (header))
    return NTP_REASON_SERVER_TIMES_DISORDERED;
  if (ntp_short_to_s (header->root_delay) / 2 + ntp_short_to_s (header->root_dispersion)
      >= MAX_DISPERSION_S)
    return NTP_REASON_ROOT_DISTANCE;
  if (header->precision_log2 > COARSEST_PRECISION)
    return NTP_REASON_PRECISION;
  return NTP_REASON_NONE;
}

/* True when our clock was stepped between question and answer: its two faces then disagree. */
static bool
was_stepped (const NtpExchange *exchange)
{
  const NtpNow *asked = &exchange->asked, *heard = &exchange->heard;
  int64_t shown_ns = ntp_difference_ns (heard->realtime, asked->realtime);
  int64_t passed_ns = heard->monotonic_ns - asked->monotonic_ns;

  return llabs (shown_ns - passed_ns) > STEP_NS;
}

/* How long each side had: the server's time lies within ours, and ours within the exchange. */
static NtpReason
judge_spans (const NtpHeader *header, const NtpExchange *exchange)
{
  double ours_s = ntp_difference_s (exchange->received, exchange->sent);
  double theirs_s = ntp_difference_s (header->transmit, header->receive);
  double most_s = ntp_difference_s (exchange->heard.realtime, exchange->asked.realtime);

  if (was_stepped (exchange) || ours_s <= 0 || ours_s > most_s + TOLERANCE_S)
    return NTP_REASON_CLOCK_CHANGED_MEANWHILE;
  if (theirs_s < -noise_s (header) || theirs_s > LONGEST_RESIDENCE_S
      || theirs_s > ours_s + TOLERANCE_S)
    return NTP_REASON_SERVER_TIMES_DISORDERED;
  if (ours_s - theirs_s > LONGEST_DELAY_S)
    return NTP_REASON_DELAY_TOO_LARGE;
  return NTP_REASON_NONE;
}

NtpReason
ntp_sample_judge (const NtpHeader *header, const NtpExchange *exchange, NtpSample *sample)
{
  NtpReason reason = judge_server (header);
  if (reason == NTP_REASON_NONE)
    reason = judge_spans (header, exchange);
  if (reason != NTP_REASON_NONE)
    return reason;

  double ours_s = precision_s (exchange->precision_log2);
  double span_s = ntp_difference_s (exchange->received, exchange->sent);
  NtpTimestamp ours = exchange->received - exchange->sent;
  NtpTimestamp theirs = header->transmit - header->receive;
  sample->offset_ns =
      ntp_difference_ns (header->receive, exchange->sent) - ntp_difference_ns (ours, theirs) / 2;
  sample->delay_s = fmax (ours_s, ntp_difference_s (ours, theirs));
  sample->error_s = ntp_short_to_s (header->root_delay) / 2
                    + ntp_short_to_s (header->root_dispersion) + ours_s
                    + precision_s (header->precision_log2) + FREQUENCY_TOLERANCE * span_s;
  return NTP_REASON_NONE;
}
