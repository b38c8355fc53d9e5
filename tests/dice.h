/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers that look random and are the same in every run. */

#pragma once

#include <glib.h>

/* From 0 to @below − 1. xorshift64*, Marsaglia 2003, Vigna 2016. @state: not 0. */
static inline guint
dice_draw (guint64 *state, guint below)
{
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return (guint) ((*state * G_GUINT64_CONSTANT (2685821657736338717)) >> 33) % below;
}
