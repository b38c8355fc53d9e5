/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the readers of the formats have in common: files within a root and within limits, and the
 * list of entries that they fill. Private to import-*.c. */

#pragma once

#include "import.h"

typedef struct
{
  char *root;         /* real path without a slash at its end, "" = the whole system */
  GPtrArray *entries; /* ImportEntry */
  const char *file;   /* that is being read */
  guint depth;        /* of includes */
  guint n_files;
  gboolean full;
} ImportReader;

/* One line, or what else a reader reads: @data is its own. */
typedef void (*ImportParse) (ImportReader *reader, char *text, gpointer data);

void import_reader_init (ImportReader *reader, const char *root);
void import_reader_clear (ImportReader *reader);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImportReader, import_reader_clear)

/* The whole text of a file, checked; NULL and *@error. */
char *import_reader_load (ImportReader *reader, const char *path, GError **error);
/* Loads and parses. Includes that lead too deep, or files that are too many, are
 * IMPORT_ERROR_FAILED.
 */
gboolean import_reader_parse (ImportReader *reader, const char *path, ImportParse parse,
                              gpointer data, GError **error);
/* The same for a file that another one includes: what goes wrong becomes an entry that is left. A
 * relative @path begins where the including file is; its last part may have wildcards. */
void import_reader_include (ImportReader *reader, guint line, const char *text, const char *path,
                            ImportParse parse, gpointer data);
/* Parses all files of @folders, in that order, whose names end in @suffix, sorted by name; of two
 * of the same name that in the first folder. Folders that are not there are passed over. */
void import_reader_folders (ImportReader *reader, guint line, const char *text,
                            const char *const *folders, const char *suffix, ImportParse parse,
                            gpointer data);
/* TRUE if it is there, TRUE in *@folder if it is a folder. */
gboolean import_reader_exists (ImportReader *reader, const char *path, gboolean *folder);

/* Adds a line that is left; @text as it stands in the file. */
void import_reader_leave (ImportReader *reader, guint line, const char *text, ImportNote note);
/* Adds a server that is to be finished, NULL if there are too many. Takes nothing over. */
ImportEntry *import_reader_add (ImportReader *reader, guint line, const char *text,
                                const char *host);
/* Gives a server its verdict: by then host, NTS, ports, authority and notes stand. */
void import_reader_finish (ImportReader *reader, ImportEntry *entry);
/* Leaves a server after all. */
void import_entry_leave (ImportEntry *entry, ImportNote note);
/* "host:port", "[address]:port" or either without the port, which is then 0. FALSE if the port is
 * none. */
gboolean import_split_port (const char *text, char **host, guint *port);

/* The formats. */
gboolean import_chrony (ImportReader *reader, const char *path, GError **error);
gboolean import_ntpd (ImportReader *reader, const char *path, GError **error);
gboolean import_ntpd_rs (ImportReader *reader, const char *path, GError **error);
gboolean import_timesyncd (ImportReader *reader, const char *path, GError **error);
