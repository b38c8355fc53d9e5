/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GTK 4.8 shows a screen reader all pages of a stack or a leaflet, as if they were all on the
 * screen. These keep the pages that nobody sees from it, from now on. */

#pragma once

#include <adwaita.h>

void accessible_pages_follow_stack (GtkStack *stack);
void accessible_pages_follow_leaflet (AdwLeaflet *leaflet);
