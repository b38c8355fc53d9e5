/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clock that is kept right: the system's, a virtual one for demonstrations and tests, or the
 * system's looked at only. The virtual clock is the system clock plus a line in the monotonic
 * clock, kept in this process; whatever is asked of it, the system clock is never touched. */

#pragma once

#include <gio/gio.h>

#include "core/ntp-system.h"

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

/* Performs an adjustment whole or not at all. FALSE with GNOMON_ERROR_CLOCK_FAILED when the kernel
 * refuses, always so for CLOCK_MODE_OBSERVE. */
gboolean clock_adjust (Clock *clock, const NtpAdjust *adjust, GError **error);

/* A file descriptor that becomes readable when somebody sets the realtime clock, or −1. Owned by
 * the clock. clock_take_jump () then tells by how many seconds (0 when it was nobody else), and
 * re-arms it. */
int clock_jump_fd (const Clock *clock);
double clock_take_jump (Clock *clock);
