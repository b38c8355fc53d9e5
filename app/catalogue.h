/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of public servers that comes with Gnomon (data/servers.tsv), and which of them to
 * suggest. Pure. */

#pragma once

#include <glib.h>

typedef struct
{
  char *host;
  guint port;
  char *operator_name;
  char *country; /* in English; "" = many countries */
  char *code;    /* ISO 3166, "DE" */
  guint stratum; /* 0 = not stated */
  gboolean anycast;
  gboolean ipv6_only;
} CatalogueEntry;

/* Reads the columns that the head of the file describes; lines that make no sense are left out.
 * Returns CatalogueEntry *, which the array owns. */
GPtrArray *catalogue_parse (const char *text);
/* Where a user is, degrees north and east; in the country of that code unless it is "". */
typedef struct
{
  char code[3];
  double latitude;
  double longitude;
} CataloguePlace;

/* Where the user is: as the time zone says, which is set to where one is, or else the territory,
 * for many take another country's English. FALSE if neither tells. @territory: of the locale,
 * "DE", or ""; @zone: the name of the time zone, "Europe/Berlin"; @zones: the text of the time zone
 * data's zone.tab, or "". */
gboolean catalogue_find_user (const char *territory, const char *zone, const char *zones,
                              CataloguePlace *place);
/* At most @n entries that are near and independent of one another: each of another operator, no
 * more than two of one country, no more than one by anycast, and none further than one step from a
 * clock of its own. @here: where the user is; NULL =
 * nobody knows, and they are near to one another. The entries belong to @entries. */
GPtrArray *catalogue_suggest (GPtrArray *entries, const CataloguePlace *here, guint n);
/* Nearest first, those of many countries last; at one distance as they are. */
void catalogue_sort_near (GPtrArray *entries, const CataloguePlace *here);
