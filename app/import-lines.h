/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines of words, as chrony and ntpd have them: directives, and servers with options. Private to
 * import-*.c. */

#pragma once

#include "import-reader.h"

typedef enum
{
  OPTION_USUAL,      /* Gnomon does so anyway, or it says nothing */
  OPTION_TUNING,     /* Gnomon decides it by itself */
  OPTION_PREFERENCE, /* Gnomon weighs all alike */
  OPTION_KEY,
  OPTION_NTS,
  OPTION_NTS_PORT,
  OPTION_NTP_PORT,
  OPTION_SET, /* of certificates */
  OPTION_CA,
  OPTION_WATCHED,
  OPTION_UNCHECKED
} OptionEffect;

typedef struct
{
  const char *name;
  guint n_arguments;
  OptionEffect effect;
} ImportOption;

typedef struct
{
  const char *name;
  ImportNote note; /* why it is left */
} ImportDirective;

/* A server whose verdict depends on lines that may follow. */
typedef struct
{
  ImportEntry *entry;
  guint64 set; /* of certificates */
} ImportDraft;

/* @text: one line without its end; @data: the reader's own. */
typedef void (*ImportParseLine) (ImportReader *reader, gpointer data, guint line, const char *text);

/* Takes @text apart into its lines, which are numbered from 1. */
void import_parse_lines (ImportReader *reader, char *text, ImportParseLine parse, gpointer data);
/* The words of a line up to a comment; @quotes: what is in "" is one word. (transfer full) */
char **import_split_words (const char *line, gboolean quotes);
/* Sets what @options, words after the host, say. FALSE if the entry is left because of them. */
gboolean import_apply_options (ImportDraft *draft, char **words, const ImportOption *options,
                               gsize n_options);
/* Why a directive that is none of the servers' is left. */
ImportNote import_note_of (const char *name, const ImportDirective *directives, gsize n);
