/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All Numbers: what the helper knows about the clock, with all its digits, as tiles. */

#pragma once

#include "helper-client.h"
#include "tile-grid.h"

void clock_numbers_show (GnomonTileGrid *grid, GnomonHelperClient *client);
