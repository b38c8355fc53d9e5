/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "import-reader.h"

#include "host-check.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ours: far more than any such file has. */
#define MAX_SIZE    (256 * 1024)
#define MAX_FILES   64
#define MAX_DEPTH   10
#define MAX_ENTRIES 1000
#define MAX_NAMES   1000 /* in one folder */
#define MAX_TEXT    200  /* letters */

static void
import_entry_free (gpointer data)
{
  ImportEntry *entry = data;

  g_free (entry->file);
  g_free (entry->text);
  g_free (entry->host);
  g_free (entry->ca);
  g_free (entry->operator_name);
  g_free (entry->country);
  g_free (entry);
}

void
import_reader_init (ImportReader *reader, const char *root)
{
  char *real = root ? realpath (root, NULL) : NULL;

  *reader = (ImportReader){ .entries = g_ptr_array_new_with_free_func (import_entry_free) };
  /* A root that is not there has no files: this name stands for it. */
  reader->root = g_strdup (real ? real : root ? root : "");
  if (g_str_equal (reader->root, "/"))
    reader->root[0] = '\0';
  free (real);
}

void
import_reader_clear (ImportReader *reader)
{
  g_free (reader->root);
  g_clear_pointer (&reader->entries, g_ptr_array_unref);
}

/* ---- Files ---- */

static gboolean
fail (GError **error, int number)
{
  switch (number)
    {
    case ENOENT:
    case ENOTDIR:
      g_set_error_literal (error, IMPORT_ERROR, IMPORT_ERROR_NO_FILE, _ ("There is no such file"));
      break;
    case EACCES:
    case EPERM:
      g_set_error_literal (error, IMPORT_ERROR, IMPORT_ERROR_DENIED,
                           _ ("You may not read this file"));
      break;
    default:
      g_set_error_literal (error, IMPORT_ERROR, IMPORT_ERROR_FAILED, g_strerror (number));
      break;
    }
  return FALSE;
}

/* Where @path under the root really is. */
static char *
resolve (ImportReader *reader, const char *path, GError **error)
{
  g_autofree char *full = g_strconcat (reader->root, "/", path, NULL);
  char *real = realpath (full, NULL);
  gsize length = strlen (reader->root);

  if (!real)
    {
      fail (error, errno);
      return NULL;
    }
  if (strncmp (real, reader->root, length) == 0 && (real[length] == '/' || real[length] == '\0'))
    return real;
  free (real);
  g_set_error_literal (error, IMPORT_ERROR, IMPORT_ERROR_OUTSIDE,
                       _ ("This file leads out of the folder"));
  return NULL;
}

gboolean
import_reader_exists (ImportReader *reader, const char *path, gboolean *folder)
{
  char *real = resolve (reader, path, NULL);
  struct stat status;
  gboolean there = real && stat (real, &status) == 0;

  if (folder)
    *folder = there && S_ISDIR (status.st_mode);
  free (real);
  return there;
}

static gboolean
is_text (const char *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (((guchar) data[i] < 0x20 && !strchr ("\t\n\r\f\v", data[i])) || data[i] == 0x7f
        || data[i] == '\0')
      return FALSE;
  return TRUE;
}

/* Not even a file that claims to be empty, and is not, is read beyond the limit. */
static gssize
read_all (int fd, char *buffer, gsize size)
{
  gsize length = 0;

  while (length < size)
    {
      gssize n = read (fd, buffer + length, size - length);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return -1;
      if (n == 0)
        break;
      length += (gsize) n;
    }
  return (gssize) length;
}

static char *
load_open (int fd, GError **error)
{
  g_autofree char *buffer = NULL;
  struct stat status;
  gssize length;

  if (fstat (fd, &status) != 0)
    return fail (error, errno), NULL;
  if (!S_ISREG (status.st_mode))
    {
      g_set_error_literal (error, IMPORT_ERROR, IMPORT_ERROR_NOT_PLAIN,
                           _ ("This is not a plain file"));
      return NULL;
    }
  buffer = g_malloc (MAX_SIZE + 2);
  length = read_all (fd, buffer, MAX_SIZE + 1);
  if (length < 0)
    return fail (error, errno), NULL;
  if (length > MAX_SIZE)
    {
      g_set_error_literal (error, IMPORT_ERROR, IMPORT_ERROR_TOO_LARGE,
                           _ ("This file is too long to be a configuration"));
      return NULL;
    }
  if (!is_text (buffer, (gsize) length))
    {
      g_set_error_literal (error, IMPORT_ERROR, IMPORT_ERROR_NOT_TEXT, _ ("This file is not text"));
      return NULL;
    }
  return g_utf8_make_valid (buffer, length);
}

char *
import_reader_load (ImportReader *reader, const char *path, GError **error)
{
  char *real = resolve (reader, path, error);
  char *text = NULL;
  int fd;

  if (!real)
    return NULL;
  /* Not to wait for the other end of a pipe. */
  fd = open (real, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0)
    fail (error, errno);
  else
    text = load_open (fd, error);
  if (fd >= 0)
    close (fd);
  free (real);
  return text;
}

gboolean
import_reader_parse (ImportReader *reader, const char *path, ImportParse parse, gpointer data,
                     GError **error)
{
  const char *including = reader->file;
  g_autofree char *text = NULL;

  if (reader->depth >= MAX_DEPTH || reader->n_files >= MAX_FILES)
    {
      g_set_error_literal (error, IMPORT_ERROR, IMPORT_ERROR_FAILED, _ ("Too many files"));
      return FALSE;
    }
  reader->n_files++;
  text = import_reader_load (reader, path, error);
  if (!text)
    return FALSE;
  reader->file = path;
  reader->depth++;
  parse (reader, text, data);
  reader->depth--;
  reader->file = including;
  return TRUE;
}

/* ---- Files that a file names ---- */

static ImportNote
note_of_error (const GError *error)
{
  switch ((ImportError) error->code)
    {
    case IMPORT_ERROR_NO_FILE:
    case IMPORT_ERROR_DENIED:
      return IMPORT_NOTE_NO_FILE;
    case IMPORT_ERROR_NOT_PLAIN:
    case IMPORT_ERROR_TOO_LARGE:
    case IMPORT_ERROR_NOT_TEXT:
      return IMPORT_NOTE_BAD_FILE;
    case IMPORT_ERROR_OUTSIDE:
      return IMPORT_NOTE_OUTSIDE;
    case IMPORT_ERROR_FAILED:
    default:
      return IMPORT_NOTE_TOO_MUCH;
    }
}

static void
parse_or_leave (ImportReader *reader, guint line, const char *text, const char *path,
                ImportParse parse, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!import_reader_parse (reader, path, parse, data, &error))
    import_reader_leave (reader, line, text, note_of_error (error));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names in a folder that match; none if it is not there. */
static GPtrArray *
list (ImportReader *reader, const char *folder, const char *pattern)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  char *real = resolve (reader, folder, NULL);
  g_autoptr (GDir) directory = real ? g_dir_open (real, 0, NULL) : NULL;
  const char *name;

  while (directory && names->len < MAX_NAMES && (name = g_dir_read_name (directory)))
    if (*name != '.' && g_pattern_match_simple (pattern, name))
      g_ptr_array_add (names, g_strdup (name));
  free (real);
  g_ptr_array_sort (names, compare_names);
  return names;
}

void
import_reader_include (ImportReader *reader, guint line, const char *text, const char *path,
                       ImportParse parse, gpointer data)
{
  g_autofree char *here = g_path_get_dirname (reader->file);
  g_autofree char *full =
      g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (here, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);
  g_autofree char *pattern = g_path_get_basename (full);
  g_autoptr (GPtrArray) names = NULL;

  if (!strpbrk (pattern, "*?"))
    {
      parse_or_leave (reader, line, text, full, parse, data);
      return;
    }
  names = list (reader, folder, pattern);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *file = g_build_filename (folder, g_ptr_array_index (names, i), NULL);
      parse_or_leave (reader, line, text, file, parse, data);
    }
}

typedef struct
{
  char *name;
  char *path;
} Found;

static void
clear_found (gpointer data)
{
  Found *found = data;

  g_free (found->name);
  g_free (found->path);
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Found *) a)->name, ((const Found *) b)->name);
}

void
import_reader_folders (ImportReader *reader, guint line, const char *text,
                       const char *const *folders, const char *suffix, ImportParse parse,
                       gpointer data)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autofree char *pattern = g_strconcat ("*", suffix, NULL);

  g_array_set_clear_func (all, clear_found);
  for (; *folders; folders++)
    {
      g_autoptr (GPtrArray) here = list (reader, *folders, pattern);
      for (guint i = 0; i < here->len; i++)
        {
          const char *name = g_ptr_array_index (here, i);
          Found found = { g_strdup (name), g_build_filename (*folders, name, NULL) };
          if (g_hash_table_add (names, g_strdup (name)))
            g_array_append_val (all, found);
          else
            clear_found (&found);
        }
    }
  g_array_sort (all, compare_found);
  for (guint i = 0; i < all->len; i++)
    parse_or_leave (reader, line, text, g_array_index (all, Found, i).path, parse, data);
}

/* ---- Entries ---- */

/* Fit to be shown: one line, and not too long. */
static char *
make_showable (const char *text)
{
  g_autofree char *line = g_strdup (text);

  g_strdelimit (line, "\t\r\n\f\v", ' ');
  g_strstrip (line);
  if (g_utf8_strlen (line, -1) <= MAX_TEXT)
    return g_steal_pointer (&line);
  *g_utf8_offset_to_pointer (line, MAX_TEXT - 1) = '\0';
  return g_strconcat (line, "…", NULL);
}

static ImportEntry *
add (ImportReader *reader, guint line, const char *text)
{
  ImportEntry *entry;

  if (reader->full)
    return NULL;
  entry = g_new0 (ImportEntry, 1);
  entry->verdict = IMPORT_LEFT;
  entry->file = g_strdup (reader->file ? reader->file : "");
  entry->line = line;
  entry->text = make_showable (text);
  g_ptr_array_add (reader->entries, entry);
  if (reader->entries->len == MAX_ENTRIES)
    {
      reader->full = TRUE;
      import_entry_leave (entry, IMPORT_NOTE_TOO_MUCH);
      return NULL;
    }
  return entry;
}

void
import_reader_leave (ImportReader *reader, guint line, const char *text, ImportNote note)
{
  ImportEntry *entry = add (reader, line, text);

  if (entry)
    import_entry_leave (entry, note);
}

ImportEntry *
import_reader_add (ImportReader *reader, guint line, const char *text, const char *host)
{
  ImportEntry *entry = add (reader, line, text);

  if (entry)
    entry->host = g_strdup (host);
  return entry;
}

void
import_entry_leave (ImportEntry *entry, ImportNote note)
{
  entry->verdict = IMPORT_LEFT;
  entry->notes = IMPORT_NOTED (note);
}

/* FALSE if the host was named before. Of two, the one that proves its time is kept. */
static gboolean
is_new (ImportReader *reader, const ImportEntry *entry)
{
  for (guint i = 0; i < reader->entries->len; i++)
    {
      ImportEntry *other = g_ptr_array_index (reader->entries, i);
      if (other == entry || other->verdict == IMPORT_LEFT
          || g_ascii_strcasecmp (other->host, entry->host) != 0)
        continue;
      if (other->nts || !entry->nts)
        return FALSE;
      import_entry_leave (other, IMPORT_NOTE_DUPLICATE);
    }
  return TRUE;
}

void
import_reader_finish (ImportReader *reader, ImportEntry *entry)
{
  if (host_check (entry->host) != NULL)
    import_entry_leave (entry, IMPORT_NOTE_BAD_HOST);
  else if (entry->nts && entry->notes & IMPORT_NOTED (IMPORT_NOTE_WATCHED))
    import_entry_leave (entry, IMPORT_NOTE_WATCHED);
  else if (entry->nts && entry->ca && !g_path_is_absolute (entry->ca))
    import_entry_leave (entry, IMPORT_NOTE_AUTHORITY);
  else if (!is_new (reader, entry))
    import_entry_leave (entry, IMPORT_NOTE_DUPLICATE);
  else
    {
      /* What concerns certificates says nothing without NTS, and to be compared and never believed
       * is what happens to all those. */
      if (!entry->nts)
        {
          g_clear_pointer (&entry->ca, g_free);
          entry->notes &=
              ~(IMPORT_NOTED (IMPORT_NOTE_WATCHED) | IMPORT_NOTED (IMPORT_NOTE_CHECKED));
          entry->notes |= IMPORT_NOTED (IMPORT_NOTE_UNAUTHENTICATED);
        }
      entry->verdict = entry->notes ? IMPORT_CHANGED : IMPORT_TAKEN;
    }
}

gboolean
import_split_port (const char *text, char **host, guint *port)
{
  const char *colon = strrchr (text, ':');
  const char *end = strchr (text, ']');

  *port = 0;
  if (*text == '[' && end)
    {
      *host = g_strndup (text + 1, (gsize) (end - text - 1));
      return end[1] == '\0' || (end[1] == ':' && port_check (end + 2, port) == NULL);
    }
  /* More than one colon: an address. */
  if (!colon || strchr (text, ':') != colon)
    {
      *host = g_strdup (text);
      return TRUE;
    }
  *host = g_strndup (text, (gsize) (colon - text));
  return port_check (colon + 1, port) == NULL;
}
