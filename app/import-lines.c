/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "import-lines.h"

#include "host-check.h"

#include <string.h>

void
import_parse_lines (ImportReader *reader, char *text, ImportParseLine parse, gpointer data)
{
  char *next;

  for (guint line = 1; text; text = next, line++)
    {
      next = strchr (text, '\n');
      if (next)
        *next++ = '\0';
      parse (reader, data, line, text);
    }
}

char **
import_split_words (const char *line, gboolean quotes)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  while (*(line += strspn (line, " \t\r\f\v")) && *line != '#')
    {
      gboolean quoted = quotes && *line == '"';
      gsize length = quoted ? strcspn (++line, "\"") : strcspn (line, " \t\r\f\v");
      g_autofree char *word = g_strndup (line, length);

      g_strv_builder_add (words, word);
      line += length;
      if (quoted && *line)
        line++;
    }
  return g_strv_builder_end (words);
}

static const ImportOption *
find_option (const char *name, const ImportOption *options, gsize n_options)
{
  for (gsize i = 0; i < n_options; i++)
    if (g_ascii_strcasecmp (name, options[i].name) == 0)
      return &options[i];
  return NULL;
}

static gboolean
set_port (ImportEntry *entry, guint *port, const char *text)
{
  if (text && port_check (text, port) == NULL)
    return TRUE;
  import_entry_leave (entry, IMPORT_NOTE_BAD_PORT);
  return FALSE;
}

/* @argument: NULL where the line ends too early. */
static gboolean
apply (ImportDraft *draft, OptionEffect effect, const char *argument)
{
  ImportEntry *entry = draft->entry;

  switch (effect)
    {
    case OPTION_USUAL:
      break;
    case OPTION_TUNING:
      entry->notes |= IMPORT_NOTED (IMPORT_NOTE_TUNING);
      break;
    case OPTION_PREFERENCE:
      entry->notes |= IMPORT_NOTED (IMPORT_NOTE_PREFERENCE);
      break;
    case OPTION_KEY:
      entry->notes |= IMPORT_NOTED (IMPORT_NOTE_KEY);
      break;
    case OPTION_NTS:
      entry->nts = TRUE;
      break;
    case OPTION_NTS_PORT:
      return set_port (entry, &entry->port, argument);
    case OPTION_NTP_PORT:
      return set_port (entry, &entry->ntp_port, argument);
    case OPTION_SET:
      if (argument && g_ascii_string_to_unsigned (argument, 10, 0, G_MAXUINT32, &draft->set, NULL))
        break;
      import_entry_leave (entry, IMPORT_NOTE_NOT_SYNTAX);
      return FALSE;
    case OPTION_CA:
      g_free (entry->ca);
      entry->ca = g_strdup (argument ? argument : "");
      break;
    case OPTION_WATCHED:
      entry->notes |= IMPORT_NOTED (IMPORT_NOTE_WATCHED);
      break;
    case OPTION_UNCHECKED:
      entry->notes |= IMPORT_NOTED (IMPORT_NOTE_CHECKED);
      break;
    default:
      g_assert_not_reached ();
    }
  return TRUE;
}

gboolean
import_apply_options (ImportDraft *draft, char **words, const ImportOption *options,
                      gsize n_options)
{
  guint n = g_strv_length (words);

  for (guint i = 0; i < n; i++)
    {
      const ImportOption *option = find_option (words[i], options, n_options);

      if (!option)
        {
          draft->entry->notes |= IMPORT_NOTED (IMPORT_NOTE_UNKNOWN_OPTION);
          continue;
        }
      if (!apply (draft, option->effect, option->n_arguments > 0 ? words[i + 1] : NULL))
        return FALSE;
      i = MIN (i + option->n_arguments, n - 1);
    }
  return TRUE;
}

ImportNote
import_note_of (const char *name, const ImportDirective *directives, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (g_ascii_strcasecmp (name, directives[i].name) == 0)
      return directives[i].note;
  return IMPORT_NOTE_UNKNOWN;
}
