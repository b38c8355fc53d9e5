/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server that can be ticked, and what a test of it has shown. */

#pragma once

#include <adwaita.h>

#include "catalogue.h"
#include "probe-result.h"

#define GNOMON_TYPE_CATALOGUE_ROW (gnomon_catalogue_row_get_type ())
G_DECLARE_FINAL_TYPE (GnomonCatalogueRow, gnomon_catalogue_row, GNOMON, CATALOGUE_ROW, AdwActionRow)

/* @entry: must outlive the row. */
GtkWidget *gnomon_catalogue_row_new (const CatalogueEntry *entry, const char *subtitle);
GtkCheckButton *gnomon_catalogue_row_get_check (GnomonCatalogueRow *self);
const CatalogueEntry *gnomon_catalogue_row_get_entry (GnomonCatalogueRow *self);

/* It waits to be tested, or is being tested. */
void gnomon_catalogue_row_show_testing (GnomonCatalogueRow *self);
gboolean gnomon_catalogue_row_is_testing (GnomonCatalogueRow *self);
/* NULL = it is not tested after all. */
void gnomon_catalogue_row_show_result (GnomonCatalogueRow *self, const ProbeResult *result);
