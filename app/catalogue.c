/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "catalogue.h"

#include <math.h>

#define N_COLUMNS           7
#define MOST_OF_ONE_COUNTRY 2
#define HIGHEST_STRATUM     2
/* As good as on the other side of the world: nothing is known of where it is. */
#define FAR_AWAY 180.0

enum
{
  COLUMN_HOST,
  COLUMN_PORT,
  COLUMN_OPERATOR,
  COLUMN_COUNTRY,
  COLUMN_CODE,
  COLUMN_STRATUM,
  COLUMN_ANYCAST,
  COLUMN_IP_VERSION
};

typedef struct
{
  const char *name; /* ISO 3166 code, or the first part of a time zone's name */
  double latitude;
  double longitude;
} Place;

/* Where most of the national institutes are. */
static const CataloguePlace MOST_INSTITUTES = { .latitude = 50, .longitude = 10 };

/* Roughly the middle of where people live. */
static const Place PLACES[] = {
  { "AT", 48, 15 },        { "AU", -34, 146 },  { "BE", 51, 4 },     { "BR", -22, -46 },
  { "CA", 47, -79 },       { "CH", 47, 8 },     { "CN", 33, 113 },   { "CZ", 50, 15 },
  { "DE", 51, 10 },        { "DK", 56, 11 },    { "ES", 40, -4 },    { "FI", 61, 25 },
  { "FR", 47, 3 },         { "GB", 52, -1 },    { "HR", 45, 16 },    { "IE", 53, -7 },
  { "IN", 22, 78 },        { "IT", 43, 12 },    { "JP", 36, 139 },   { "NL", 52, 5 },
  { "NO", 60, 10 },        { "PL", 52, 19 },    { "PT", 39, -9 },    { "RU", 55, 40 },
  { "SE", 59, 16 },        { "SG", 1, 104 },    { "US", 39, -90 },   { "Europe", 50, 10 },
  { "America", 38, -85 },  { "Asia", 28, 105 }, { "Africa", 5, 20 }, { "Australia", -30, 145 },
  { "Pacific", -20, 175 },
};

static void
catalogue_entry_free (gpointer data)
{
  CatalogueEntry *entry = data;

  g_free (entry->host);
  g_free (entry->operator_name);
  g_free (entry->country);
  g_free (entry->code);
  g_free (entry);
}

static CatalogueEntry *
parse_line (const char *line)
{
  g_auto (GStrv) columns = g_strsplit (line, "\t", -1);
  CatalogueEntry *entry;
  guint64 port;

  if (*line == '#' || g_strv_length (columns) <= COLUMN_IP_VERSION || !*columns[COLUMN_HOST]
      || !g_ascii_string_to_unsigned (columns[COLUMN_PORT], 10, 1, G_MAXUINT16, &port, NULL))
    return NULL;
  entry = g_new0 (CatalogueEntry, 1);
  entry->host = g_strdup (columns[COLUMN_HOST]);
  entry->port = (guint) port;
  entry->operator_name = g_strdup (columns[COLUMN_OPERATOR]);
  entry->country = g_strdup (columns[COLUMN_COUNTRY]);
  entry->code = g_strdup (columns[COLUMN_CODE]);
  entry->stratum = (guint) g_ascii_strtoull (columns[COLUMN_STRATUM], NULL, 10);
  entry->anycast = g_str_equal (columns[COLUMN_ANYCAST], "yes");
  entry->ipv6_only = g_str_equal (columns[COLUMN_IP_VERSION], "6");
  return entry;
}

GPtrArray *
catalogue_parse (const char *text)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (catalogue_entry_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i]; i++)
    {
      /* Tabs at the end are columns that hold nothing. */
      CatalogueEntry *entry = parse_line (g_strdelimit (lines[i], "\r", '\0'));
      if (entry)
        g_ptr_array_add (entries, entry);
    }
  return entries;
}

/* ---- Suggestions ---- */

static const Place *
find_place (const char *name, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (PLACES); i++)
    if (strlen (PLACES[i].name) == length && strncmp (PLACES[i].name, name, length) == 0)
      return &PLACES[i];
  return NULL;
}

static double
radians (double degrees)
{
  return degrees * G_PI / 180;
}

/* Along a great circle, degrees. */
static double
distance (const CataloguePlace *a, const Place *b)
{
  double cosine;

  if (!a || !b)
    return FAR_AWAY;
  cosine = sin (radians (a->latitude)) * sin (radians (b->latitude))
           + cos (radians (a->latitude)) * cos (radians (b->latitude))
                 * cos (radians (a->longitude - b->longitude));
  return acos (CLAMP (cosine, -1, 1)) * 180 / G_PI;
}

typedef struct
{
  CatalogueEntry *entry;
  double distance;
  guint place; /* in the list */
} Candidate;

/* Nearest first; at one distance those with a clock of their own first, then as listed. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a;
  const Candidate *y = b;
  gboolean x_first = x->entry->stratum == 1;
  gboolean y_first = y->entry->stratum == 1;

  if (x_first != y_first)
    return y_first - x_first;
  if (x->distance < y->distance || x->distance > y->distance)
    return x->distance < y->distance ? -1 : 1;
  return (x->place > y->place) - (x->place < y->place);
}

static gboolean
fits (GPtrArray *chosen, const CatalogueEntry *entry)
{
  guint of_country = 0;

  for (guint i = 0; i < chosen->len; i++)
    {
      const CatalogueEntry *other = g_ptr_array_index (chosen, i);
      if (g_str_equal (other->operator_name, entry->operator_name)
          || (other->anycast && entry->anycast))
        return FALSE;
      of_country += g_str_equal (other->code, entry->code);
    }
  return of_country < MOST_OF_ONE_COUNTRY;
}

/* "+5230" or "-0340453": degrees, minutes and seconds, of which the first have @digits. */
static double
parse_angle (const char *text, int digits)
{
  int whole = 0;
  double parts[] = { 0, 0 };

  for (int i = 0; i < digits; i++)
    whole = whole * 10 + g_ascii_digit_value (text[1 + i]);
  for (int i = 0; i < 2 && g_ascii_isdigit (text[1 + digits + 2 * i]); i++)
    parts[i] = g_ascii_digit_value (text[1 + digits + 2 * i]) * 10
               + g_ascii_digit_value (text[2 + digits + 2 * i]);
  return (*text == '-' ? -1 : 1) * (whole + parts[0] / 60 + parts[1] / 3600);
}

/* A line of zone.tab: country, coordinates, name, and perhaps a comment. */
static gboolean
parse_zone (const char *line, const char *zone, CataloguePlace *place)
{
  g_auto (GStrv) columns = g_strsplit (line, "\t", 4);

  if (*line == '#' || g_strv_length (columns) < 3 || !g_str_equal (columns[2], zone)
      || strlen (columns[0]) != 2
      || !g_regex_match_simple ("^[+-]\\d{4}(\\d\\d)?[+-]\\d{5}(\\d\\d)?$", columns[1], 0, 0))
    return FALSE;
  g_strlcpy (place->code, columns[0], sizeof place->code);
  place->latitude = parse_angle (columns[1], 2);
  place->longitude = parse_angle (columns[1] + 1 + strcspn (columns[1] + 1, "+-"), 3);
  return TRUE;
}

gboolean
catalogue_find_user (const char *territory, const char *zone, const char *zones,
                     CataloguePlace *place)
{
  g_auto (GStrv) lines = g_strsplit (zones, "\n", -1);
  const Place *known;

  *place = (CataloguePlace){ 0 };
  for (guint i = 0; lines[i]; i++)
    if (parse_zone (lines[i], zone, place))
      return TRUE;
  known = find_place (territory, strlen (territory));
  if (known)
    g_strlcpy (place->code, territory, sizeof place->code);
  else
    known = find_place (zone, strcspn (zone, "/"));
  if (!known)
    return FALSE;
  place->latitude = known->latitude;
  place->longitude = known->longitude;
  return TRUE;
}

/* From the user to the entry. The middle of a neighbour may be nearer than that of one's own
 * country. */
static double
distance_of (const CatalogueEntry *entry, const CataloguePlace *here)
{
  if (here && *here->code && g_str_equal (entry->code, here->code))
    return 0;
  return distance (here, find_place (entry->code, strlen (entry->code)));
}

GPtrArray *
catalogue_suggest (GPtrArray *entries, const CataloguePlace *here, guint n)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  GPtrArray *chosen = g_ptr_array_new ();

  for (guint i = 0; i < entries->len; i++)
    {
      CatalogueEntry *entry = g_ptr_array_index (entries, i);
      Candidate candidate = { entry, distance_of (entry, here ? here : &MOST_INSTITUTES), i };
      if (!entry->ipv6_only && entry->stratum >= 1 && entry->stratum <= HIGHEST_STRATUM)
        g_array_append_val (candidates, candidate);
    }
  g_array_sort (candidates, compare);
  for (guint i = 0; i < candidates->len && chosen->len < n; i++)
    {
      CatalogueEntry *entry = g_array_index (candidates, Candidate, i).entry;
      if (fits (chosen, entry))
        g_ptr_array_add (chosen, entry);
    }
  return chosen;
}

static int
compare_distance (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a;
  const Candidate *y = b;

  if (x->distance < y->distance || x->distance > y->distance)
    return x->distance < y->distance ? -1 : 1;
  return (x->place > y->place) - (x->place < y->place);
}

void
catalogue_sort_near (GPtrArray *entries, const CataloguePlace *here)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));

  for (guint i = 0; i < entries->len; i++)
    {
      CatalogueEntry *entry = g_ptr_array_index (entries, i);
      Candidate candidate = { entry, *entry->code ? distance_of (entry, here) : FAR_AWAY + 1, i };
      g_array_append_val (candidates, candidate);
    }
  g_array_sort (candidates, compare_distance);
  for (guint i = 0; i < entries->len; i++)
    entries->pdata[i] = g_array_index (candidates, Candidate, i).entry;
}
