/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "history.h"

#include "journal.h"

#include <math.h>
#include <string.h>

/* Ours: sixteen servers for a year, thinned, are 3 MB. */
#define SIZE_MAX_OCTETS (4 * 1024 * 1024)
#define UNSAVED_MAX     (8 * 1024)
#define N_FIELDS        4

/* One line a point, fields parted by tabs: time, host, offset, uncertainty. */
struct History
{
  Journal *journal;
};

typedef struct
{
  gint64 time_us;
  float offset_s;
  float uncertainty_s;
  guint host; /* index */
} Point;

/* Up to @age_us, one point of each host in @every_us. */
static const struct
{
  gint64 age_us, every_us;
} grades[] = {
  { 3 * G_TIME_SPAN_HOUR, 1 },
  { 7 * G_TIME_SPAN_DAY, 10 * G_TIME_SPAN_MINUTE },
  { 30 * G_TIME_SPAN_DAY, G_TIME_SPAN_HOUR },
  { G_MAXINT64, 6 * G_TIME_SPAN_HOUR },
};

History *
history_new (State *state)
{
  History *history = g_new0 (History, 1);

  history->journal = journal_new (state, STATE_HISTORY, SIZE_MAX_OCTETS);
  return history;
}

void
history_free (History *history)
{
  journal_free (history->journal);
  g_free (history);
}

void
history_add (History *history, gint64 time_us, const char *host, double offset_s,
             double uncertainty_s)
{
  char offset[G_ASCII_DTOSTR_BUF_SIZE], uncertainty[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *line = NULL;

  if (!isfinite (offset_s) || !isfinite (uncertainty_s))
    return;
  g_ascii_formatd (offset, sizeof offset, "%.9f", offset_s);
  g_ascii_formatd (uncertainty, sizeof uncertainty, "%.9f", uncertainty_s);
  line = g_strdup_printf ("%" G_GINT64_FORMAT "\t%s\t%s\t%s", time_us, host, offset, uncertainty);
  journal_add (history->journal, line);
  if (journal_unsaved (history->journal) >= UNSAVED_MAX)
    journal_save (history->journal);
}

void
history_save (History *history)
{
  journal_save (history->journal);
}

gboolean
history_is_large (const History *history)
{
  return journal_size (history->journal) > SIZE_MAX_OCTETS / 2;
}

/* ---- Reading ---- */

static gboolean
parse_number (const char *text, float *number)
{
  char *end;
  double value = g_ascii_strtod (text, &end);

  *number = (float) value;
  return end != text && *end == '\0' && isfinite (*number);
}

/* *@host points into @line. */
static gboolean
parse (char *line, Point *point, const char **host)
{
  char *fields[N_FIELDS];
  char *end;

  for (guint i = 0; i < N_FIELDS; i++)
    {
      fields[i] = line;
      end = strchr (line, '\t');
      if ((end == NULL) != (i == N_FIELDS - 1))
        return FALSE;
      if (end != NULL)
        {
          *end = '\0';
          line = end + 1;
        }
    }
  *host = fields[1];
  return g_ascii_string_to_signed (fields[0], 10, 0, G_MAXINT64, &point->time_us, NULL)
         && parse_number (fields[2], &point->offset_s)
         && parse_number (fields[3], &point->uncertainty_s);
}

typedef struct
{
  gint64 since_us;
  GArray *points;      /* Point */
  GPtrArray *hosts;    /* by index */
  GHashTable *by_host; /* host → index */
} Wanted;

static guint
index_of (Wanted *wanted, const char *host)
{
  gpointer index;
  char *copy;

  if (g_hash_table_lookup_extended (wanted->by_host, host, NULL, &index))
    return GPOINTER_TO_UINT (index);
  copy = g_strdup (host);
  g_ptr_array_add (wanted->hosts, copy);
  g_hash_table_insert (wanted->by_host, copy, GUINT_TO_POINTER (wanted->hosts->len - 1));
  return wanted->hosts->len - 1;
}

static gboolean
find (char *line, gpointer data)
{
  Wanted *wanted = data;
  const char *host;
  Point point;

  if (!parse (line, &point, &host))
    return FALSE;
  if (point.time_us < wanted->since_us)
    return TRUE;
  point.host = index_of (wanted, host);
  g_array_append_val (wanted->points, point);
  return TRUE;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 first = ((const Point *) a)->time_us, second = ((const Point *) b)->time_us;

  return (first > second) - (first < second);
}

/* Each host has its share of what may be given, and of its points each so manieth is taken, the
 * newest among them. */
static void
thin_evenly (Wanted *wanted, guint most)
{
  guint n_hosts = wanted->hosts->len, all = wanted->points->len, kept = 0;
  g_autofree guint *counts = g_new0 (guint, n_hosts + 1);
  g_autofree guint *seen = g_new0 (guint, n_hosts + 1);
  Point *points = (Point *) (void *) wanted->points->data;

  for (guint i = 0; i < all; i++)
    counts[points[i].host]++;
  for (guint i = 0; i < all; i++)
    {
      guint host = points[i].host;
      guint64 share = MAX (1, (guint64) counts[host] * most / all);
      guint64 before = seen[host] * share / counts[host];

      seen[host]++;
      if (seen[host] * share / counts[host] > before && kept < most)
        points[kept++] = points[i];
    }
  g_array_set_size (wanted->points, kept);
}

static GVariant *
to_variant (const Wanted *wanted, const Point *point)
{
  const char *host = g_ptr_array_index (wanted->hosts, point->host);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "time", g_variant_new_int64 (point->time_us));
  g_variant_builder_add (&builder, "{sv}", "host", g_variant_new_string (host));
  g_variant_builder_add (&builder, "{sv}", "offset", g_variant_new_double (point->offset_s));
  g_variant_builder_add (&builder, "{sv}", "uncertainty",
                         g_variant_new_double (point->uncertainty_s));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* The array in serialised form, element by element: as so many thousand values at a time it would
 * take ten times the memory, which GLib keeps. By the GVariant specification the elements, each
 * aligned, are followed by where each ends, in as few octets as can say how long it all is. */
static GVariant *
to_array (const Wanted *wanted)
{
  static const guint8 zeros[8] = { 0 };
  GByteArray *data = g_byte_array_new ();
  guint n = wanted->points->len;
  g_autofree guint32 *ends = g_new (guint32, n + 1);
  g_autoptr (GBytes) bytes = NULL;
  guint width;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GVariant) value = to_variant (wanted, &g_array_index (wanted->points, Point, i));
      g_byte_array_append (data, zeros, -data->len & 7);
      g_byte_array_append (data, g_variant_get_data (value), (guint) g_variant_get_size (value));
      ends[i] = GUINT32_TO_LE (data->len);
    }
  width = data->len + n <= G_MAXUINT8 ? 1 : data->len + 2 * n <= G_MAXUINT16 ? 2 : 4;
  for (guint i = 0; i < n; i++)
    g_byte_array_append (data, (const guint8 *) &ends[i], width);
  bytes = g_byte_array_free_to_bytes (data);
  return g_variant_new_from_bytes (G_VARIANT_TYPE ("aa{sv}"), bytes, FALSE);
}

GVariant *
history_get (History *history, gint64 since_us, guint most)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (Point));
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) by_host = g_hash_table_new (g_str_hash, g_str_equal);
  Wanted wanted = { since_us, points, hosts, by_host };

  if (most == 0 || most > HISTORY_POINTS_MAX)
    most = HISTORY_POINTS_MAX;
  journal_read (history->journal, find, &wanted);
  /* As they were measured, but for those from before a clock was set back. */
  g_array_sort (points, compare_times);
  if (points->len > most)
    thin_evenly (&wanted, most);
  return to_array (&wanted);
}

/* ---- Thinning with age ---- */

typedef struct
{
  gint64 now_us, before_us;
  GHashTable *last; /* host → where its last one stands, to be told from the next */
} Thinning;

static gint64
every_us (gint64 age_us)
{
  guint grade = 0;

  while (age_us > grades[grade].age_us)
    grade++;
  return grades[grade].every_us;
}

static gboolean
is_kept (char *line, gpointer data)
{
  Thinning *thinning = data;
  const char *host;
  gint64 *last, place;
  Point point;

  if (!parse (line, &point, &host) || point.time_us < thinning->before_us)
    return FALSE;
  place = point.time_us / every_us (thinning->now_us - point.time_us);
  last = g_hash_table_lookup (thinning->last, host);
  if (last != NULL && *last == place)
    return FALSE;
  if (last == NULL)
    g_hash_table_insert (thinning->last, g_strdup (host), g_memdup2 (&place, sizeof place));
  else
    *last = place;
  return TRUE;
}

void
history_thin (History *history, gint64 now_us, gint64 before_us)
{
  g_autoptr (GHashTable) last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Thinning thinning = { now_us, before_us, last };

  journal_filter (history->journal, is_kept, &thinning);
}

void
history_delete (History *history)
{
  journal_delete (history->journal);
}
