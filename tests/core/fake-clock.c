/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-clock.h"

#include <math.h>

double
fake_clock_rate (const FakeClock *clock)
{
  return (1 - clock->own_ppm * 1e-6) * (1 + clock->steered_ppm * 1e-6);
}

double
fake_clock_monotonic_ns (const FakeClock *clock, gint64 true_ns)
{
  return clock->monotonic_ns + (double) (true_ns - clock->since_ns) * fake_clock_rate (clock);
}

gint64
fake_clock_unix_ns (const FakeClock *clock, gint64 true_ns)
{
  double passed_ns = (double) (true_ns - clock->since_ns) * fake_clock_rate (clock);
  return FAKE_BEGIN_NS + llround (clock->realtime_ns + passed_ns);
}

NtpNow
fake_clock_now (const FakeClock *clock, gint64 true_ns)
{
  return (NtpNow){ .monotonic_ns = llround (fake_clock_monotonic_ns (clock, true_ns)),
                   .realtime = ntp_timestamp_from_unix_ns (fake_clock_unix_ns (clock, true_ns)) };
}

void
fake_clock_turn (FakeClock *clock, gint64 true_ns, double step_s, double steered_ppm)
{
  double monotonic_ns = fake_clock_monotonic_ns (clock, true_ns);
  gint64 unix_ns = fake_clock_unix_ns (clock, true_ns);

  clock->since_ns = true_ns;
  clock->monotonic_ns = monotonic_ns;
  clock->realtime_ns = (double) (unix_ns - FAKE_BEGIN_NS) + step_s * 1e9;
  clock->steered_ppm = steered_ppm;
}
