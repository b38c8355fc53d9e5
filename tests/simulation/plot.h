/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run as a picture: the error over time, with the uncertainty around what the client thought. */

#pragma once

#include "simulation.h"

gboolean plot_write (const char *path, const char *title, const GArray *points, GError **error);
