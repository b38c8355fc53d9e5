/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "key-file.h"

#include <string.h>

typedef struct
{
  const char *name;
  char *group;      /* the present one, NULL before the first and inside one that is ignored */
  gboolean skipped; /* inside one that is ignored, for which a warning was given */
  GHashTable *seen; /* "group" and "group\nkey" */
  GString *accepted;
} Reader;

static void
ignore_line (const Reader *reader, const char *key, const char *why)
{
  g_autofree char *shown = g_utf8_make_valid (key, -1);

  g_warning ("%s: [%s] %s: %s; ignored", reader->name, reader->group != NULL ? reader->group : "",
             shown, why);
}

static void
cut_comment (char *text)
{
  for (char *at = text; *at != '\0'; at++)
    if (*at == '#' && at > text && g_ascii_isspace (at[-1])
        && (at[1] == '\0' || g_ascii_isspace (at[1])))
      {
        *at = '\0';
        break;
      }
  g_strstrip (text);
}

static void
begin_group (Reader *reader, char *line)
{
  char *end;

  cut_comment (line);
  end = strchr (line, ']');
  g_clear_pointer (&reader->group, g_free);
  reader->skipped = TRUE;
  if (end == NULL || end[1] != '\0' || end == line + 1 || strchr (line + 1, '[') != NULL)
    {
      ignore_line (reader, line, "is not a group");
      return;
    }
  *end = '\0';
  reader->group = g_strdup (line + 1);
  if (!g_hash_table_add (reader->seen, g_strdup (reader->group)))
    {
      ignore_line (reader, "", "this group was there before");
      g_clear_pointer (&reader->group, g_free);
      return;
    }
  reader->skipped = FALSE;
  g_string_append_printf (reader->accepted, "[%s]\n", reader->group);
}

static void
take_key (Reader *reader, char *line)
{
  char *value = strchr (line, '=');

  if (reader->skipped)
    return;
  if (value == NULL)
    {
      ignore_line (reader, line, "is neither group, key nor comment");
      return;
    }
  *value++ = '\0';
  g_strstrip (line);
  cut_comment (value);
  if (reader->group == NULL)
    ignore_line (reader, line, "stands before the first group");
  else if (!g_utf8_validate (line, -1, NULL) || !g_utf8_validate (value, -1, NULL))
    ignore_line (reader, line, "is not UTF-8");
  else if (*line == '\0' || strpbrk (line, "[]") != NULL)
    ignore_line (reader, line, "is not a key");
  else if (!g_hash_table_add (reader->seen, g_strdup_printf ("%s\n%s", reader->group, line)))
    ignore_line (reader, line, "this key was there before");
  else
    g_string_append_printf (reader->accepted, "%s=%s\n", line, value);
}

static void
read_line (Reader *reader, char *line, gsize length)
{
  if (strlen (line) != length)
    {
      ignore_line (reader, line, "holds a NUL octet");
      return;
    }
  g_strstrip (line);
  if (*line == '\0' || *line == '#')
    return;
  if (*line != '[')
    take_key (reader, line);
  else if (g_utf8_validate (line, -1, NULL))
    begin_group (reader, line);
  else
    {
      g_clear_pointer (&reader->group, g_free);
      reader->skipped = TRUE;
      ignore_line (reader, line, "is not UTF-8");
    }
}

GKeyFile *
key_file_parse (const char *data, gsize length, const char *name)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) accepted = g_string_new (NULL);
  Reader reader = { .name = name, .seen = seen, .accepted = accepted };

  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      data += 3;
      length -= 3;
    }
  for (gsize start = 0; start < length;)
    {
      const char *end = memchr (data + start, '\n', length - start);
      gsize line_length = end != NULL ? (gsize) (end - data) - start : length - start;
      g_autofree char *line = g_malloc (line_length + 1);

      memcpy (line, data + start, line_length);
      line[line_length] = '\0';
      read_line (&reader, line, line_length);
      start += line_length + 1;
    }
  g_free (reader.group);
  if (accepted->len > 0
      && !g_key_file_load_from_data (file, accepted->str, accepted->len, G_KEY_FILE_NONE, &error))
    g_warning ("%s: %s", name, error->message);
  return g_steal_pointer (&file);
}
