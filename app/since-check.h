/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From when on something is wanted, as a person types it, checked before anything is sent. Pure. */

#pragma once

#include <glib.h>

/* @text: a day, "2026-11-23", or a time of day, "2026-11-23T14:00" (a blank does for the T; with
 * seconds if they matter), in @zone unless it ends with "Z" or "+01:00"; or how long ago: "90m",
 * "24h", "30d", "4w". @now: µs since 1970 UTC. NULL and *@since in µs since 1970 UTC, or why not:
 * one translated sentence without a full stop, static. */
const char *since_check (const char *text, gint64 now, GTimeZone *zone, gint64 *since);
