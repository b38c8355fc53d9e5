/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The servers that Gnomon knows, to be ticked: some suggested ones, and all of them by country. A
 * server that is in both lists is ticked in both. Servers that are in use already are not offered.
 */

#pragma once

#include <adwaita.h>

#include "catalogue.h"
#include "server-prober.h"

/* Signal "changed" (): another set is ticked. */
#define GNOMON_TYPE_CATALOGUE_LIST (gnomon_catalogue_list_get_type ())
G_DECLARE_FINAL_TYPE (GnomonCatalogueList, gnomon_catalogue_list, GNOMON, CATALOGUE_LIST, GtkWidget)

/* To be called once. @used: GnomonServer items. @prober: tests them on request; a suggested one
 * that does not work is not ticked any more. */
void gnomon_catalogue_list_fill (GnomonCatalogueList *self, GListModel *used,
                                 GnomonServerProber *prober);
/* Shows only what has @text in its name, operator or country, of one country unless it is NULL. */
void gnomon_catalogue_list_search (GnomonCatalogueList *self, const char *text,
                                   const char *country);
/* Their names in the user's language and order, as gnomon_catalogue_list_search () takes them. New.
 */
char **gnomon_catalogue_list_get_countries (GnomonCatalogueList *self);
/* Offers none of @used any more: some have been added meanwhile. */
void gnomon_catalogue_list_drop (GnomonCatalogueList *self, GListModel *used);
/* CatalogueEntry *, in the order of the catalogue; (transfer container). */
GPtrArray *gnomon_catalogue_list_get_chosen (GnomonCatalogueList *self);
