/* SPDX-License-Identifier: GPL-3.0-or-later */

/* --once: synchronises once, or measures where the clock is only observed, and prints what came of
 * it, for people or as JSON. */

#pragma once

#include "engine.h"

typedef struct Once Once;

/* Starts @engine, whose listener it takes, and begins. A slew that is under way at the end is
 * waited for, so that the clock is right when @done is called.
 * @status: 0 only when the time was authenticated and a quorum agreed, else 1. */
Once *once_new (Engine *engine, guint timeout_s, gboolean json,
                void (*done) (int status, gpointer data), gpointer data);
/* Call it before engine_stop (). */
void once_free (Once *once);
