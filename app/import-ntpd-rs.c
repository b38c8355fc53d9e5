/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ntp.toml of ntpd-rs. Of each [[source]] the keys come in any order, so it is settled where the
 * next table begins. Of the other tables only their names are told. */

#include "import-lines.h"

#include "import-toml.h"

#include <string.h>

typedef struct
{
  guint line;
  char *text;
  char *mode;
  char *address;
  char *ca;
  guint notes;
} Source;

typedef struct
{
  ImportReader *reader;
  gboolean in_source;
  Source source;
} NtpdRs;

static const ImportDirective TABLES[] = {
  { "clock", IMPORT_NOTE_OTHER },
  { "keyset", IMPORT_NOTE_SERVING },
  { "nts-ke-server", IMPORT_NOTE_SERVING },
  { "observability", IMPORT_NOTE_OTHER },
  { "server", IMPORT_NOTE_SERVING },
  { "source-defaults", IMPORT_NOTE_SETTING },
  { "synchronization", IMPORT_NOTE_SETTING },
};

static const char *const TUNING[] = { "initial-poll-interval", "ntp-version",
                                      "poll-interval-limits", "ignore" };
/* Of pools: Gnomon takes one server of each. */
static const char *const USUAL[] = { "count", "max_sources", "max-sources" };

static void
source_clear (Source *source)
{
  g_free (source->text);
  g_free (source->mode);
  g_free (source->address);
  g_free (source->ca);
  *source = (Source){ 0 };
}

static void
add_server (ImportReader *reader, const Source *source)
{
  gboolean nts = g_str_equal (source->mode, "nts");
  g_autofree char *host = NULL;
  guint port;
  gboolean good_port = import_split_port (source->address, &host, &port);
  ImportEntry *entry = import_reader_add (reader, source->line, source->address, host);

  if (!entry)
    return;
  entry->nts = nts;
  entry->notes = source->notes;
  *(nts ? &entry->port : &entry->ntp_port) = port;
  if (g_str_equal (source->mode, "pool"))
    entry->notes |= IMPORT_NOTED (IMPORT_NOTE_POOL);
  if (nts && source->ca)
    {
      entry->ca = g_strdup (source->ca);
      entry->notes |= IMPORT_NOTED (IMPORT_NOTE_ONE_AUTHORITY);
    }
  if (good_port)
    import_reader_finish (reader, entry);
  else
    import_entry_leave (entry, IMPORT_NOTE_BAD_PORT);
}

static void
settle (NtpdRs *self)
{
  Source *source = &self->source;
  const char *mode = source->mode;

  if (!self->in_source)
    return;
  self->in_source = FALSE;
  if (mode && (g_str_equal (mode, "sock") || g_str_equal (mode, "pps")))
    import_reader_leave (self->reader, source->line, source->text, IMPORT_NOTE_DEVICE);
  else if (!mode || !source->address)
    import_reader_leave (self->reader, source->line, source->text, IMPORT_NOTE_NOT_SYNTAX);
  else if (g_str_equal (mode, "nts-pool"))
    import_reader_leave (self->reader, source->line, source->address, IMPORT_NOTE_NTS_POOL);
  else if (g_str_equal (mode, "nts") || g_str_equal (mode, "server") || g_str_equal (mode, "pool"))
    add_server (self->reader, source);
  else
    import_reader_leave (self->reader, source->line, source->address, IMPORT_NOTE_UNKNOWN);
  source_clear (source);
}

static gboolean
is_one_of (const char *key, const char *const *names, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (key, names[i]))
      return TRUE;
  return FALSE;
}

static void
on_source_key (Source *source, const char *key, const char *value, gboolean is_string)
{
  char **place = g_str_equal (key, "mode")                    ? &source->mode
                 : g_str_equal (key, "address")               ? &source->address
                 : g_str_equal (key, "certificate-authority") ? &source->ca
                                                              : NULL;

  if (place && is_string)
    {
      g_free (*place);
      *place = g_strdup (value);
    }
  else if (is_one_of (key, TUNING, G_N_ELEMENTS (TUNING)))
    source->notes |= IMPORT_NOTED (IMPORT_NOTE_TUNING);
  else if (!is_one_of (key, USUAL, G_N_ELEMENTS (USUAL)))
    source->notes |= IMPORT_NOTED (IMPORT_NOTE_UNKNOWN_OPTION);
}

static void
on_table (NtpdRs *self, TomlKind kind, guint line, const char *key, const char *text)
{
  /* The first part of "observability.x". */
  g_autofree char *name = g_strndup (key, strcspn (key, "."));

  settle (self);
  if (kind == TOML_ARRAY_TABLE && g_str_equal (key, "source"))
    {
      self->in_source = TRUE;
      self->source.line = line;
      self->source.text = g_strdup (text);
      return;
    }
  import_reader_leave (self->reader, line, text,
                       import_note_of (name, TABLES, G_N_ELEMENTS (TABLES)));
}

static void
on_found (TomlKind kind, guint line, const char *key, const char *value, const char *text,
          gpointer data)
{
  NtpdRs *self = data;

  if (kind == TOML_TABLE || kind == TOML_ARRAY_TABLE)
    on_table (self, kind, line, key, text);
  else if (kind == TOML_NONSENSE)
    import_reader_leave (self->reader, line, text, IMPORT_NOTE_NOT_SYNTAX);
  else if (self->in_source)
    on_source_key (&self->source, key, value, kind == TOML_STRING);
}

static void
parse_text (ImportReader *reader, char *text, gpointer data)
{
  toml_read (text, on_found, data);
}

gboolean
import_ntpd_rs (ImportReader *reader, const char *path, GError **error)
{
  NtpdRs self = { .reader = reader };
  const char *including = reader->file;

  if (!import_reader_parse (reader, path, parse_text, &self, error))
    return FALSE;
  reader->file = path;
  settle (&self);
  reader->file = including;
  source_clear (&self.source);
  return TRUE;
}
