/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clock that is kept right: the system's, a virtual one for demonstrations and tests, or the
 * system's looked at only. The virtual clock is the system clock plus a line in the monotonic
 * clock, kept in this process; whatever is asked of it, the system clock is never touched. */

#pragma once

#include <gio/gio.h>

#include "core/ntp-system.h"

/* What adjtimex (2) can do, in ppm, and what is asked of no clock. */
#define CLOCK_FREQUENCY_MAX_PPM 100000.0

typedef enum
{
  CLOCK_MODE_SYSTEM,
  CLOCK_MODE_VIRTUAL,
  CLOCK_MODE_OBSERVE
} ClockMode;

typedef struct Clock Clock;

/* @offset_s and @frequency_ppm: only for the virtual clock, how wrong it begins; positive = slow,
 * loses time. */
Clock *clock_new (ClockMode mode, double offset_s, double frequency_ppm);
void clock_free (Clock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Clock, clock_free)

ClockMode clock_get_mode (const Clock *clock);
/* "system", "virtual" or "observe". Static. */
const char *clock_mode_name (ClockMode mode);

/* The present of this clock. */
NtpNow clock_now (const Clock *clock);
/* Nanoseconds since 1970 UTC of this clock. */
gint64 clock_unix_ns (const Clock *clock);
/* A kernel stamp (CLOCK_REALTIME) in the time of this clock. */
NtpTimestamp clock_from_kernel_stamp (const Clock *clock, const struct timespec *stamp);
/* log2 s, from the clock's resolution and the time that reading it takes. */
int clock_precision_log2 (const Clock *clock);

/* By how much the clock is sped up now, in ppm: what an earlier program or run has left behind. */
double clock_get_frequency_ppm (const Clock *clock);
/* Nanoseconds to wait, as poll () waits, until NtpNow.monotonic_ns of this clock is @until_ns; 0
 * when it is past, G_MAXINT64 for G_MAXINT64. */
gint64 clock_wait_ns (const Clock *clock, gint64 until_ns);
/* TAI − UTC as the kernel has it, s. FALSE when it does not know. */
gboolean clock_get_tai_offset (const Clock *clock, int *tai_offset_s);

/* Performs an adjustment whole or not at all. FALSE with GNOMON_ERROR_CLOCK_FAILED when the kernel
 * refuses, always so for CLOCK_MODE_OBSERVE. */
gboolean clock_adjust (Clock *clock, const NtpAdjust *adjust, GError **error);

/* TRUE when somebody else has changed the rate since clock_adjust () or this set or told it last,
 * or has begun to slew the clock: adjtime (3), or the kernel's own loop. @rate_ppm: by how much the
 * clock is sped up now, without such a slew; @slewing: there is one, which clock_adjust () ends.
 * The kernel tells nobody of this, so ask at each event; it costs two short system calls. */
gboolean clock_take_rate (Clock *clock, double *rate_ppm, gboolean *slewing);

/* A file descriptor that becomes readable when the realtime clock is set or the machine wakes up,
 * or −1 where the kernel has no such thing. Owned by the clock. clock_clear_jump_fd () makes it
 * wait for the next time. */
int clock_jump_fd (const Clock *clock);
void clock_clear_jump_fd (Clock *clock);
/* By how many seconds somebody else has moved the realtime clock since this was asked last; 0 for
 * our own steps and for the leap second that we announced. Costs two readings, so it may be asked
 * at each event. */
double clock_take_jump (Clock *clock);
/* How many seconds the machine slept since this was asked last. */
double clock_take_sleep (Clock *clock);
