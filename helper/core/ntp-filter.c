/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-filter.h"

#include <math.h>
#include <stddef.h>

#define MIN_DISPERSION_S 0.005 /* RFC 5905 §7.2, MINDISP */
#define NS_PER_S         1e9

double
ntp_filter_distance_s (const ClockSample *sample, double drift, int64_t at_ns)
{
  double age_s = (double) (at_ns - sample->at_ns) / NS_PER_S;
  double measured_s = fmax (MIN_DISPERSION_S / 2, sample->delay_s / 2 + sample->error_s);

  return measured_s + drift * fmax (0, age_s);
}

void
ntp_filter_clear (NtpFilter *filter)
{
  filter->n = 0;
  filter->waiting = 0;
}

static bool
contradict (const ClockSample *new, const ClockSample *old, double frequency, double drift)
{
  double age_s = (double) (new->at_ns - old->at_ns) / NS_PER_S;
  double moved_s = (double) (new->offset_ns - old->offset_ns) / NS_PER_S - frequency * age_s;

  return fabs (moved_s) > ntp_filter_distance_s (new, drift, new->at_ns)
                              + ntp_filter_distance_s (old, drift, new->at_ns);
}

static void
find_best (NtpFilter *filter, double drift)
{
  const ClockSample *newest = &filter->samples[filter->newest];
  double least_s = INFINITY;

  for (unsigned i = 0; i < filter->n; i++)
    {
      double distance_s = ntp_filter_distance_s (&filter->samples[i], drift, newest->at_ns);
      if (distance_s < least_s)
        {
          least_s = distance_s;
          filter->best = i;
        }
    }
}

bool
ntp_filter_add (NtpFilter *filter, const ClockSample *sample, double frequency, double drift)
{
  bool fits = true;

  for (unsigned i = 0; i < filter->n; i++)
    if (contradict (sample, &filter->samples[i], frequency, drift))
      fits = false;
  if (!fits)
    ntp_filter_clear (filter);

  filter->newest = filter->n == 0 ? 0 : (filter->newest + 1) % NTP_FILTER_STAGES;
  if (filter->n < NTP_FILTER_STAGES)
    filter->n++;
  filter->samples[filter->newest] = *sample;
  filter->waiting |= (uint8_t) (1u << filter->newest);
  find_best (filter, drift);
  return fits;
}

const ClockSample *
ntp_filter_best (const NtpFilter *filter, int64_t since_ns)
{
  const ClockSample *best = NULL;

  if (filter->n > 0 && filter->samples[filter->best].at_ns >= since_ns)
    return &filter->samples[filter->best];
  for (unsigned i = 0; i < filter->n; i++)
    {
      const ClockSample *sample = &filter->samples[i];
      if (sample->at_ns >= since_ns
          && (best == NULL
              || ntp_filter_distance_s (sample, 0, 0) < ntp_filter_distance_s (best, 0, 0)))
        best = sample;
    }
  return best;
}

double
ntp_filter_jitter_s (const NtpFilter *filter)
{
  const ClockSample *best = &filter->samples[filter->best];
  double sum = 0;

  if (filter->n < 2)
    return 0;
  for (unsigned i = 0; i < filter->n; i++)
    {
      double difference_s = (double) (filter->samples[i].offset_ns - best->offset_ns) / NS_PER_S;
      sum += difference_s * difference_s;
    }
  return sqrt (sum / (filter->n - 1));
}
