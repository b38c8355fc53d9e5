/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-driver.h"

#include <errno.h>
#include <math.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <unistd.h>

#define PRECISION_READS    64   /* ours: enough to see the smallest step once undisturbed */
#define PRECISION_COARSEST (-6) /* RFC 5905 §7.3 */
#define SLEEP_LEAST_NS     G_GINT64_CONSTANT (100000000) /* ours */
#define JUMP_LEAST_NS      G_GINT64_CONSTANT (1000000) /* ours: well above the noise of two readings */

static gint64
read_ns (clockid_t id)
{
  struct timespec time;

  if (clock_gettime (id, &time) != 0)
    return 0;
  return (gint64) time.tv_sec * NS_PER_S + time.tv_nsec;
}

ClockReading
clock_read_system (const Clock *clock)
{
  ClockReading best = { 0 };
  gint64 least = G_MAXINT64;

  /* Being interrupted between the two readings would look like a jump. */
  for (int tries = 0; tries < 3 && least > 20000; tries++)
    {
      gint64 before = read_ns (clock->monotonic_id);
      gint64 realtime = read_ns (CLOCK_REALTIME);
      gint64 after = read_ns (clock->monotonic_id);
      if (after - before >= least)
        continue;
      least = after - before;
      best = (ClockReading){ realtime, before + least / 2 };
    }
  return best;
}

/* Since the machine was started. */
static gint64
read_slept (const Clock *clock)
{
  return read_ns (clock->monotonic_id) - read_ns (CLOCK_MONOTONIC);
}

static int
measure_precision (void)
{
  gint64 least = G_MAXINT64;
  gint64 previous = read_ns (CLOCK_REALTIME);

  for (int i = 0; i < PRECISION_READS; i++)
    {
      gint64 now = read_ns (CLOCK_REALTIME);
      if (now > previous)
        least = MIN (least, now - previous);
      previous = now;
    }
  if (least == G_MAXINT64)
    least = 1000;
  return MAX (-30, MIN (PRECISION_COARSEST, (int) ceil (log2 ((double) least * 1e-9))));
}

/* A timer that never fires but is cancelled when the realtime clock is set (Linux 3.0). Kernels
 * without CLOCK_BOOTTIME, which is older, need not be asked for it. */
static int
open_jump_timer (const Clock *clock)
{
  const struct itimerspec never = { .it_value = { .tv_sec = G_MAXINT64 / NS_PER_S } };
  int fd;

  if (clock->monotonic_id != CLOCK_BOOTTIME)
    return -1;
  fd = timerfd_create (CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0)
    return -1;
  if (timerfd_settime (fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) != 0)
    {
      close (fd);
      return -1;
    }
  return fd;
}

Clock *
clock_new (ClockMode mode, double offset_s, double frequency_ppm)
{
  static const ClockDriver *const drivers[] = {
    [CLOCK_MODE_SYSTEM] = &clock_system_driver,
    [CLOCK_MODE_VIRTUAL] = &clock_virtual_driver,
    [CLOCK_MODE_OBSERVE] = &clock_observe_driver,
  };
  Clock *clock = g_new0 (Clock, 1);
  struct timespec time;
  ClockReading now;
  gboolean slewing;
  double rate_ppm;

  clock->mode = mode;
  clock->driver = drivers[mode];
  clock->monotonic_id =
      clock_gettime (CLOCK_BOOTTIME, &time) == 0 ? CLOCK_BOOTTIME : CLOCK_MONOTONIC;
  clock->precision_log2 = measure_precision ();
  clock->jump_fd = open_jump_timer (clock);
  now = clock_read_system (clock);
  clock->gap_ns = now.realtime_ns - now.monotonic_ns;
  clock->slept_ns = read_slept (clock);
  if (mode == CLOCK_MODE_VIRTUAL)
    clock_virtual_begin (clock, offset_s, frequency_ppm);
  clock_take_rate (clock, &rate_ppm, &slewing); /* what is so from the start is no news */
  return clock;
}

void
clock_free (Clock *clock)
{
  if (clock->jump_fd >= 0)
    close (clock->jump_fd);
  g_free (clock);
}

ClockMode
clock_get_mode (const Clock *clock)
{
  return clock->mode;
}

const char *
clock_mode_name (ClockMode mode)
{
  static const char *const names[] = {
    [CLOCK_MODE_SYSTEM] = "system",
    [CLOCK_MODE_VIRTUAL] = "virtual",
    [CLOCK_MODE_OBSERVE] = "observe",
  };

  return names[mode];
}

NtpNow
clock_now (const Clock *clock)
{
  ClockReading now = clock->driver->read (clock, clock_read_system (clock));

  return (NtpNow){ .monotonic_ns = now.monotonic_ns,
                   .realtime = ntp_timestamp_from_unix_ns (now.realtime_ns) };
}

gint64
clock_unix_ns (const Clock *clock)
{
  return clock->driver->read (clock, clock_read_system (clock)).realtime_ns;
}

NtpTimestamp
clock_from_kernel_stamp (const Clock *clock, const struct timespec *stamp)
{
  ClockReading now = clock_read_system (clock);
  gint64 stamp_ns = (gint64) stamp->tv_sec * NS_PER_S + stamp->tv_nsec;
  ClockReading then = { stamp_ns, now.monotonic_ns - (now.realtime_ns - stamp_ns) };

  return ntp_timestamp_from_unix_ns (clock->driver->read (clock, then).realtime_ns);
}

int
clock_precision_log2 (const Clock *clock)
{
  return clock->precision_log2;
}

double
clock_get_frequency_ppm (const Clock *clock)
{
  return clock->driver->frequency (clock);
}

gint64
clock_wait_ns (const Clock *clock, gint64 until_ns)
{
  ClockReading now = clock->driver->read (clock, clock_read_system (clock));

  if (until_ns <= now.monotonic_ns)
    return 0;
  if (until_ns == G_MAXINT64)
    return G_MAXINT64;
  return (gint64) ((double) (until_ns - now.monotonic_ns) / (1.0 + clock->driver->rate (clock)));
}

gboolean
clock_get_tai_offset (const Clock *clock, int *tai_offset_s)
{
  struct timex timex = { .modes = 0 };

  if (adjtimex (&timex) < 0 || timex.tai == 0)
    return FALSE;
  *tai_offset_s = timex.tai;
  return TRUE;
}

gboolean
clock_adjust (Clock *clock, const NtpAdjust *adjust, GError **error)
{
  return clock->driver->adjust (clock, adjust, error);
}

gboolean
clock_take_rate (Clock *clock, double *rate_ppm, gboolean *slewing)
{
  return clock->driver->take_rate != NULL && clock->driver->take_rate (clock, rate_ppm, slewing);
}

int
clock_jump_fd (const Clock *clock)
{
  return clock->jump_fd;
}

void
clock_clear_jump_fd (Clock *clock)
{
  guint64 expirations;
  gssize length = read (clock->jump_fd, &expirations, sizeof expirations);

  g_debug ("Clock set: %s", length < 0 ? g_strerror (errno) : "expired");
}

double
clock_take_jump (Clock *clock)
{
  ClockReading now = clock_read_system (clock);
  gint64 jump_ns = now.realtime_ns - now.monotonic_ns - clock->gap_ns;

  if (ABS (jump_ns) < JUMP_LEAST_NS)
    return 0.0;

  clock->gap_ns += jump_ns;
  if (clock->expected_leap_s != 0
      && ABS (jump_ns - clock->expected_leap_s * NS_PER_S) < JUMP_LEAST_NS)
    {
      clock->expected_leap_s = 0;
      return 0.0;
    }
  return (double) jump_ns * 1e-9;
}

double
clock_take_sleep (Clock *clock)
{
  gint64 slept_ns = read_slept (clock) - clock->slept_ns;

  if (slept_ns < SLEEP_LEAST_NS)
    return 0.0;
  clock->slept_ns += slept_ns;
  return (double) slept_ns * 1e-9;
}
