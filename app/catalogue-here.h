/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of public servers that comes with Gnomon, for the user of this computer. */

#pragma once

#include "catalogue.h"

/* The catalogue that comes with the program, (transfer full). */
GPtrArray *catalogue_load (void);
/* Whether something tells where on Earth this computer is, so that "near" means something. */
gboolean catalogue_knows_here (void);
/* Four of @entries for this user, see catalogue_suggest (). */
GPtrArray *catalogue_suggest_here (GPtrArray *entries);
/* See catalogue_sort_near (). */
void catalogue_sort_here (GPtrArray *entries);
/* a{sv} as AddServer takes it; floating. */
GVariant *catalogue_entry_options (const CatalogueEntry *entry);
