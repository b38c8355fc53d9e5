/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The servers that Gnomon knows, to be ticked: some suggested ones, and all of them by country. A
 * server that is in both lists is ticked in both. Servers that are in use already are not offered.
 */

#pragma once

#include <adwaita.h>

#include "catalogue.h"

/* Signal "changed" (): another set is ticked. */
#define GNOMON_TYPE_CATALOGUE_LIST (gnomon_catalogue_list_get_type ())
G_DECLARE_FINAL_TYPE (GnomonCatalogueList, gnomon_catalogue_list, GNOMON, CATALOGUE_LIST, GtkWidget)

/* @used: GnomonServer items. */
void gnomon_catalogue_list_fill (GnomonCatalogueList *self, GListModel *used);
/* Shows only what has @text in its name, operator or country. */
void gnomon_catalogue_list_search (GnomonCatalogueList *self, const char *text);
/* CatalogueEntry *, in the order of the catalogue; (transfer container). */
GPtrArray *gnomon_catalogue_list_get_chosen (GnomonCatalogueList *self);

/* The catalogue that comes with the program, (transfer full). */
GPtrArray *catalogue_load (void);
/* Four of @entries for this user, see catalogue_suggest (). */
GPtrArray *catalogue_suggest_here (GPtrArray *entries);
/* "host" and a{sv} as AddServer takes it; floating. */
GVariant *catalogue_entry_options (const CatalogueEntry *entry);
