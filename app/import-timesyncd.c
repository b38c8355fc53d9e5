/* SPDX-License-Identifier: GPL-3.0-or-later */

/* timesyncd.conf and its drop-ins. All of its servers are without authentication. An empty "NTP="
 * forgets those before; those of "FallbackNTP=" count only where there are no others. */

#include "import-reader.h"

#include <string.h>

#define FILE_NAME "systemd/timesyncd.conf"

/* The first has precedence. */
static const char *const PLACES[] = { "/etc/", "/run/", "/usr/local/lib/", "/usr/lib/" };

static const char *const SETTINGS[] = { "RootDistanceMaxSec", "PollIntervalMinSec",
                                        "PollIntervalMaxSec", "ConnectionRetrySec",
                                        "SaveIntervalSec" };

typedef struct
{
  GPtrArray *servers;   /* ImportEntry */
  GPtrArray *fallbacks; /* ImportEntry */
} Timesyncd;

static void
forget (GPtrArray *servers)
{
  for (guint i = 0; i < servers->len; i++)
    import_entry_leave (g_ptr_array_index (servers, i), IMPORT_NOTE_OVERRIDDEN);
  g_ptr_array_set_size (servers, 0);
}

static void
add_servers (ImportReader *reader, GPtrArray *servers, guint line, const char *text,
             const char *value)
{
  g_auto (GStrv) hosts = g_strsplit_set (value, " \t\r", -1);

  if (!*value)
    forget (servers);
  for (char **host = hosts; *host; host++)
    {
      ImportEntry *entry = **host ? import_reader_add (reader, line, text, *host) : NULL;
      if (entry)
        g_ptr_array_add (servers, entry);
    }
}

static ImportNote
note_of (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (SETTINGS); i++)
    if (g_str_equal (key, SETTINGS[i]))
      return IMPORT_NOTE_SETTING;
  return IMPORT_NOTE_UNKNOWN;
}

static void
parse_assignment (ImportReader *reader, Timesyncd *timesyncd, guint line, const char *text)
{
  const char *equals = strchr (text, '=');
  g_autofree char *key = equals ? g_strndup (text, (gsize) (equals - text)) : NULL;
  g_autofree char *value = equals ? g_strdup (equals + 1) : NULL;

  if (!equals)
    {
      import_reader_leave (reader, line, text, IMPORT_NOTE_NOT_SYNTAX);
      return;
    }
  g_strchomp (key);
  g_strstrip (value);
  if (g_str_equal (key, "NTP"))
    add_servers (reader, timesyncd->servers, line, text, value);
  else if (g_str_equal (key, "FallbackNTP"))
    add_servers (reader, timesyncd->fallbacks, line, text, value);
  else
    import_reader_leave (reader, line, text, note_of (key));
}

/* A line that ends in a backslash goes on in the next one. */
static char *
join (char *line, char *end)
{
  char *next = end;

  while (next && next > line && next[-1] == '\\')
    {
      next[-1] = ' ';
      next[0] = ' ';
      next = strchr (next, '\n');
    }
  if (!next)
    return NULL;
  *next = '\0';
  return next + 1;
}

static guint
count_lines (const char *from, const char *to)
{
  guint n = 0;

  for (; from < to; from++)
    n += *from == '\n';
  return n;
}

static void
parse_text (ImportReader *reader, char *text, gpointer data)
{
  g_autofree char *original = g_strdup (text);
  char *begin = text;
  gboolean in_section = FALSE;
  char *next;

  for (char *line = text; line; line = next)
    {
      guint number = 1 + count_lines (original, original + (line - begin));

      next = join (line, strchr (line, '\n'));
      g_strstrip (line);
      if (!*line || *line == '#' || *line == ';')
        continue;
      if (*line == '[')
        {
          in_section = g_str_equal (line, "[Time]");
          if (!in_section)
            import_reader_leave (reader, number, line, IMPORT_NOTE_UNKNOWN);
        }
      else if (in_section)
        parse_assignment (reader, data, number, line);
      else
        import_reader_leave (reader, number, line, IMPORT_NOTE_UNKNOWN);
    }
}

/* Where a file has its usual place the drop-ins of all places belong to it. */
static char **
get_folders (const char *path)
{
  g_autoptr (GStrvBuilder) folders = g_strv_builder_new ();
  g_autofree char *own = g_strconcat (path, ".d", NULL);
  gboolean usual = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (PLACES); i++)
    usual |=
        g_str_has_prefix (path, PLACES[i]) && g_str_equal (path + strlen (PLACES[i]), FILE_NAME);
  if (!usual)
    g_strv_builder_add (folders, own);
  for (guint i = 0; usual && i < G_N_ELEMENTS (PLACES); i++)
    {
      g_autofree char *folder = g_strconcat (PLACES[i], FILE_NAME ".d", NULL);
      g_strv_builder_add (folders, folder);
    }
  return g_strv_builder_end (folders);
}

gboolean
import_timesyncd (ImportReader *reader, const char *path, GError **error)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new ();
  g_autoptr (GPtrArray) fallbacks = g_ptr_array_new ();
  g_auto (GStrv) folders = get_folders (path);
  Timesyncd timesyncd = { servers, fallbacks };
  g_autoptr (GError) own = NULL;

  if (!import_reader_parse (reader, path, parse_text, &timesyncd, &own)
      && !g_error_matches (own, IMPORT_ERROR, IMPORT_ERROR_NO_FILE))
    {
      g_propagate_error (error, g_steal_pointer (&own));
      return FALSE;
    }
  import_reader_folders (reader, 0, path, (const char *const *) folders, ".conf", parse_text,
                         &timesyncd);
  /* Drop-ins may be all that there is. */
  if (own && reader->entries->len == 0)
    {
      g_propagate_error (error, g_steal_pointer (&own));
      return FALSE;
    }
  for (guint i = 0; i < servers->len; i++)
    import_reader_finish (reader, g_ptr_array_index (servers, i));
  for (guint i = 0; i < fallbacks->len; i++)
    if (servers->len > 0)
      import_entry_leave (g_ptr_array_index (fallbacks, i), IMPORT_NOTE_FALLBACK);
    else
      import_reader_finish (reader, g_ptr_array_index (fallbacks, i));
  return TRUE;
}
