/* SPDX-License-Identifier: GPL-3.0-or-later */

/* About Gnomon: its version, its licence and whose work is in it. */

#pragma once

#include <gtk/gtk.h>

void about_present (GtkWindow *parent);
