/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All that the helper knows about one server, in the order in which it is shown. Pure. */

#pragma once

#include "clock-numbers.h"

/* What it measures: offset, delay, reach and the like. @now: µs since 1970 UTC. */
void server_measurement_tell (const ServerFacts *facts, gint64 now, NumberTeller tell,
                              gpointer data);
/* What protects that: cookies, keys and the two ends that it speaks from. */
void server_protection_tell (const ServerFacts *facts, NumberTeller tell, gpointer data);
