/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "journal.h"

#include <string.h>

struct Journal
{
  State *state;
  char *name;
  gsize most;
  gsize size; /* of the file, the last time */
  GString *unsaved;
  gboolean warned;  /* of lines that make no sense */
  gboolean waiting; /* it could not be written the last time */
};

typedef struct
{
  JournalLine each;
  gpointer data;
  GString *kept; /* NULL = nothing is to be kept */
  guint bad;
} Reading;

Journal *
journal_new (State *state, const char *name, gsize most)
{
  Journal *journal = g_new0 (Journal, 1);

  journal->state = state;
  journal->name = g_strdup (name);
  journal->most = most;
  journal->unsaved = g_string_new (NULL);
  return journal;
}

void
journal_free (Journal *journal)
{
  g_string_free (journal->unsaved, TRUE);
  g_free (journal->name);
  g_free (journal);
}

/* Where the newer half of @text begins: at a line. */
static gsize
newer_half (const char *text, gsize length)
{
  const char *end = memchr (text + length / 2, '\n', length - length / 2);

  return end != NULL ? (gsize) (end - text) + 1 : length;
}

void
journal_add (Journal *journal, const char *line)
{
  g_string_append_printf (journal->unsaved, "%s\n", line);
  if (journal->unsaved->len > MIN (journal->most, JOURNAL_UNSAVED_MAX))
    g_string_erase (journal->unsaved, 0,
                    (gssize) newer_half (journal->unsaved->str, journal->unsaved->len));
}

gsize
journal_unsaved (const Journal *journal)
{
  return journal->unsaved->len;
}

/* The file may be larger than it should be by what is added at a time. */
static char *
read_file (Journal *journal, gsize *length)
{
  *length = 0;
  if (journal->state == NULL)
    return NULL;
  return (char *) state_read (journal->state, journal->name, 2 * journal->most, length);
}

/* One that cannot even be read for its size is given up. */
static void
halve_file (Journal *journal)
{
  gsize length;
  g_autofree char *text = read_file (journal, &length);
  gsize start = text != NULL ? newer_half (text, length) : 0;

  if (text == NULL)
    state_delete (journal->state, journal->name);
  else
    state_write (journal->state, journal->name, text + start, length - start);
}

void
journal_save (Journal *journal)
{
  g_autoptr (GError) error = NULL;

  if (journal->state == NULL || journal->unsaved->len == 0)
    return;
  if (!state_append (journal->state, journal->name, journal->unsaved->str, journal->unsaved->len,
                     &journal->size, &error))
    {
      if (!journal->waiting)
        g_warning ("%s", error->message);
      journal->waiting = TRUE;
      return;
    }
  journal->waiting = FALSE;
  g_string_set_size (journal->unsaved, 0);
  if (journal->size > journal->most)
    halve_file (journal);
}

gsize
journal_size (const Journal *journal)
{
  return journal->size;
}

static gboolean
is_plain (const char *line)
{
  for (const char *c = line; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) && *c != '\t')
      return FALSE;
  return TRUE;
}

/* @line: ends where its end of line was. */
static void
read_line (Reading *reading, char *line, gsize length)
{
  gsize before = reading->kept != NULL ? reading->kept->len : 0;

  if (length == 0)
    return;
  if (length > JOURNAL_LINE_MAX || strlen (line) != length || !is_plain (line)
      || !g_utf8_validate (line, (gssize) length, NULL))
    {
      reading->bad++;
      return;
    }
  if (reading->kept != NULL)
    g_string_append_printf (reading->kept, "%s\n", line);
  if (reading->each (line, reading->data))
    return;
  reading->bad++;
  if (reading->kept != NULL)
    g_string_truncate (reading->kept, before);
}

/* What has no end of line was cut. */
static void
read_text (Reading *reading, char *text, gsize length)
{
  char *end;

  while ((end = memchr (text, '\n', length)) != NULL)
    {
      *end = '\0';
      read_line (reading, text, (gsize) (end - text));
      length -= (gsize) (end + 1 - text);
      text = end + 1;
    }
  reading->bad += length > 0;
}

static void
read_all (Journal *journal, Reading *reading)
{
  gsize length;
  g_autofree char *text = read_file (journal, &length);
  g_autofree char *unsaved = g_memdup2 (journal->unsaved->str, journal->unsaved->len + 1);

  if (text != NULL)
    read_text (reading, text, length);
  read_text (reading, unsaved, journal->unsaved->len);
}

void
journal_read (Journal *journal, JournalLine each, gpointer data)
{
  Reading reading = { .each = each, .data = data };
  g_autofree char *path = NULL;

  read_all (journal, &reading);
  if (reading.bad == 0 || journal->warned)
    return;
  journal->warned = TRUE;
  path = journal->state != NULL ? state_path (journal->state, journal->name) : NULL;
  g_warning ("%s: %u lines make no sense; passed over", path != NULL ? path : journal->name,
             reading.bad);
}

void
journal_filter (Journal *journal, JournalLine keep, gpointer data)
{
  g_autoptr (GString) kept = g_string_new (NULL);
  Reading reading = { .each = keep, .data = data, .kept = kept };

  read_all (journal, &reading);
  if (reading.bad == 0)
    return;
  if (journal->state == NULL)
    g_string_assign (journal->unsaved, kept->str);
  else if (state_write (journal->state, journal->name, kept->str, kept->len))
    g_string_set_size (journal->unsaved, 0);
}

void
journal_delete (Journal *journal)
{
  g_string_set_size (journal->unsaved, 0);
  if (journal->state != NULL && !state_delete (journal->state, journal->name))
    g_warning ("%s: cannot be deleted", journal->name);
}
