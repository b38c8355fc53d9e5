/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The icons of the tray as pixels, for panels that do not find them by their name: one in another
 * sandbox, or with a theme of its own. */

#pragma once

#include "seal.h"

#include <glib.h>

/* Of the type a(iiay): width, height and, row by row, four octets for each point in the order
 * alpha, red, green, blue. In two sizes; in none if they were not made when Gnomon was built.
 * Floating. */
GVariant *tray_pixmap_new (Seal seal);
