/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What differs between the clocks of clock.h. Private to clock*.c. */

#pragma once

#include "clock.h"

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

/* One moment, seen on two scales; ns, realtime since 1970 UTC. */
typedef struct
{
  gint64 realtime_ns;
  gint64 monotonic_ns;
} ClockReading;

typedef struct
{
  /* The moment @system of the system's clock on this clock. */
  ClockReading (*read) (const Clock *clock, ClockReading system);
  gboolean (*adjust) (Clock *clock, const NtpAdjust *adjust, GError **error);
  /* By how much the clock is sped up now, ppm. */
  double (*frequency) (const Clock *clock);
  /* How much time passes on this clock in one second of the system's, less one. */
  double (*rate) (const Clock *clock);
  /* See clock_take_rate (); NULL = nobody else can reach this clock. */
  gboolean (*take_rate) (Clock *clock, double *rate_ppm, gboolean *slewing);
} ClockDriver;

struct Clock
{
  const ClockDriver *driver;
  ClockMode mode;
  clockid_t monotonic_id;
  int precision_log2;

  int jump_fd;         /* timerfd that is cancelled when the realtime clock is set, or −1 */
  gint64 gap_ns;       /* realtime − monotonic that our own steps explain */
  gint64 slept_ns;     /* since the machine was started */
  int expected_leap_s; /* −1 or +1 when the kernel is to insert or delete a second, else 0 */

  /* Virtual: the line in the monotonic clock that is added to the system's clock. */
  double own_rate;     /* how much it gains by itself, s/s */
  double line_rate;    /* with what it is sped up by */
  gint64 line_from_ns; /* monotonic: where the line has its origin */
  gint64 line_ns;      /* there, without steps, and the fraction of a ns that is left over */
  double line_rest_ns;
  gint64 stepped_ns;
  double sped_up_ppm;

  /* System: what was set or seen last, to see another program's hand; freq as the kernel counts
   * it. */
  gboolean slew_told;
  glong known_freq;
  glong known_tick;
};

extern const ClockDriver clock_system_driver;
extern const ClockDriver clock_observe_driver;
extern const ClockDriver clock_virtual_driver;

/* The system's clock now. */
ClockReading clock_read_system (const Clock *clock);
void clock_virtual_begin (Clock *clock, double offset_s, double frequency_ppm);
