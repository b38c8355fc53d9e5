/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "import-toml.h"

#include <string.h>

#define MAX_DEPTH 32 /* ours: brackets within brackets */

typedef struct
{
  const char *at;
  guint line; /* of at */
} Cursor;

static void
skip_blanks (Cursor *cursor)
{
  cursor->at += strspn (cursor->at, " \t\r");
}

static void
skip_comment (Cursor *cursor)
{
  skip_blanks (cursor);
  if (*cursor->at == '#')
    cursor->at += strcspn (cursor->at, "\n");
}

/* Counts the lines on the way. */
static void
advance_to (Cursor *cursor, const char *to)
{
  for (; cursor->at < to; cursor->at++)
    cursor->line += *cursor->at == '\n';
}

/* ---- Strings ---- */

static gboolean
append_code_point (GString *string, const char **at, gsize n_digits)
{
  gunichar value = 0;

  for (gsize i = 0; i < n_digits; i++, (*at)++)
    {
      int digit = g_ascii_xdigit_value (**at);
      if (digit < 0)
        return FALSE;
      value = value * 16 + (gunichar) digit;
    }
  if (value == 0 || !g_unichar_validate (value))
    return FALSE;
  g_string_append_unichar (string, value);
  return TRUE;
}

/* @at: after the backslash. */
static gboolean
append_escape (GString *string, const char **at)
{
  static const char NAMES[] = "btnfr\"\\";
  static const char VALUES[] = "\b\t\n\f\r\"\\";
  const char *name = **at ? strchr (NAMES, **at) : NULL;
  char kind = **at;

  if (name)
    {
      g_string_append_c (string, VALUES[name - NAMES]);
      (*at)++;
      return TRUE;
    }
  if (kind != 'u' && kind != 'U')
    return FALSE;
  (*at)++;
  return append_code_point (string, at, kind == 'u' ? 4 : 8);
}

/* Within """: a backslash at the end of a line swallows the white space after it. */
static gboolean
skip_folded (const char **at)
{
  const char *end = *at + strspn (*at, " \t\r");

  if (*end != '\n')
    return FALSE;
  *at = end + strspn (end, " \t\r\n");
  return TRUE;
}

/* At a quote; NULL if the string does not end where it must. */
static char *
read_string (Cursor *cursor)
{
  char quote = *cursor->at;
  const char *at = cursor->at;
  gboolean many = at[1] == quote && at[2] == quote;
  g_autoptr (GString) string = g_string_new (NULL);

  at += many ? 3 : 1;
  if (many && (*at == '\n' || (at[0] == '\r' && at[1] == '\n')))
    at += *at == '\r' ? 2 : 1;
  while (*at && (many || *at != '\n'))
    {
      if (*at == quote && (!many || (at[1] == quote && at[2] == quote)))
        {
          advance_to (cursor, at + (many ? 3 : 1));
          return g_string_free (g_steal_pointer (&string), FALSE);
        }
      if (*at != '\\' || quote == '\'')
        g_string_append_c (string, *at++);
      else if (at++, !(many && skip_folded (&at)) && !append_escape (string, &at))
        return NULL;
    }
  return NULL;
}

/* ---- Keys and values ---- */

static gsize
bare_length (const char *at)
{
  gsize n = 0;

  while (g_ascii_isalnum (at[n]) || at[n] == '_' || at[n] == '-')
    n++;
  return n;
}

/* "a.b", each part bare or quoted; NULL if it is none. */
static char *
read_key (Cursor *cursor)
{
  g_autoptr (GString) key = g_string_new (NULL);

  for (;;)
    {
      g_autofree char *part = NULL;
      gsize length;

      skip_blanks (cursor);
      length = bare_length (cursor->at);
      if (*cursor->at == '"' || *cursor->at == '\'')
        part = read_string (cursor);
      else if (length > 0)
        {
          part = g_strndup (cursor->at, length);
          cursor->at += length;
        }
      if (!part)
        return NULL;
      g_string_append (key, part);
      skip_blanks (cursor);
      if (*cursor->at != '.')
        return g_string_free (g_steal_pointer (&key), FALSE);
      cursor->at++;
      g_string_append_c (key, '.');
    }
}

/* Passes over [...] or {...} with all that is in it. */
static gboolean
skip_brackets (Cursor *cursor)
{
  char closing[MAX_DEPTH];
  guint depth = 0;

  do
    {
      char c = *cursor->at;

      if (c == '"' || c == '\'')
        {
          g_autofree char *string = read_string (cursor);
          if (!string)
            return FALSE;
          continue;
        }
      if (c == '#')
        {
          skip_comment (cursor);
          continue;
        }
      if (c == '\0' || ((c == '[' || c == '{') && depth == MAX_DEPTH))
        return FALSE;
      if (c == '[' || c == '{')
        closing[depth++] = c == '[' ? ']' : '}';
      else if ((c == ']' || c == '}') && closing[--depth] != c)
        return FALSE;
      advance_to (cursor, cursor->at + 1);
    }
  while (depth > 0);
  return TRUE;
}

/* NULL if there is none. */
static char *
read_value (Cursor *cursor, TomlKind *kind)
{
  const char *begin = cursor->at;

  *kind = *begin == '"' || *begin == '\'' ? TOML_STRING : TOML_OTHER;
  if (*kind == TOML_STRING)
    return read_string (cursor);
  if (*begin == '[' || *begin == '{')
    {
      if (!skip_brackets (cursor))
        return NULL;
    }
  else
    cursor->at += strcspn (cursor->at, " \t\r\n#");
  return cursor->at > begin ? g_strndup (begin, (gsize) (cursor->at - begin)) : NULL;
}

/* ---- Lines ---- */

static gboolean
at_end_of_line (Cursor *cursor)
{
  skip_comment (cursor);
  return *cursor->at == '\n' || *cursor->at == '\0';
}

static gboolean
read_table (Cursor *cursor, TomlKind *kind, char **key)
{
  *kind = cursor->at[1] == '[' ? TOML_ARRAY_TABLE : TOML_TABLE;
  cursor->at += *kind == TOML_ARRAY_TABLE ? 2 : 1;
  *key = read_key (cursor);
  if (!*key || *cursor->at != ']' || (*kind == TOML_ARRAY_TABLE && cursor->at[1] != ']'))
    return FALSE;
  cursor->at += *kind == TOML_ARRAY_TABLE ? 2 : 1;
  return at_end_of_line (cursor);
}

static gboolean
read_assignment (Cursor *cursor, TomlKind *kind, char **key, char **value)
{
  *key = read_key (cursor);
  if (!*key || *cursor->at != '=')
    return FALSE;
  cursor->at++;
  skip_blanks (cursor);
  *value = read_value (cursor, kind);
  return *value && at_end_of_line (cursor);
}

static void
read_line (Cursor *cursor, TomlFound found, gpointer data)
{
  const Cursor begin = *cursor;
  g_autofree char *text = g_strndup (begin.at, strcspn (begin.at, "\n"));
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;
  TomlKind kind = TOML_NONSENSE;
  gboolean good = *begin.at == '[' ? read_table (cursor, &kind, &key)
                                   : read_assignment (cursor, &kind, &key, &value);

  if (good)
    found (kind, begin.line, key, value ? value : "", text, data);
  else
    {
      *cursor = begin;
      cursor->at += strlen (text);
      found (TOML_NONSENSE, begin.line, "", "", text, data);
    }
}

void
toml_read (const char *text, TomlFound found, gpointer data)
{
  Cursor cursor = { text, 1 };

  for (;;)
    {
      if (!at_end_of_line (&cursor))
        read_line (&cursor, found, data);
      if (*cursor.at == '\0')
        return;
      advance_to (&cursor, cursor.at + 1);
    }
}
