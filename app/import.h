/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads which servers other programs ask: chrony, ntpd (classic and NTPsec), ntpd-rs and
 * systemd-timesyncd. What comes out is a proposal, line by line: what is taken, what is taken but
 * changed, and what is left with its reason. Nothing of the other program is ever written.
 *
 * The files are untrusted: no more than 256 KiB each, 64 files, ten includes deep and 1000 entries;
 * only regular files of text. May be called in any thread. */

#pragma once

#include <gio/gio.h>

typedef enum
{
  IMPORT_CHRONY,    /* chrony.conf and *.sources */
  IMPORT_NTPD,      /* ntp.conf */
  IMPORT_NTPD_RS,   /* ntp.toml */
  IMPORT_TIMESYNCD, /* timesyncd.conf */
  IMPORT_N_FORMATS
} ImportFormat;

typedef enum
{
  IMPORT_TAKEN,   /* as it stands there */
  IMPORT_CHANGED, /* with the differences that the notes tell */
  IMPORT_LEFT     /* not at all, for the reason that the note tells */
} ImportVerdict;

typedef enum
{
  /* What is changed about a server. */
  IMPORT_NOTE_UNAUTHENTICATED, /* shown and compared, never believed */
  IMPORT_NOTE_WITH_NTS,        /* was without, but is known to offer it */
  IMPORT_NOTE_POOL,            /* a pool as one server */
  IMPORT_NOTE_KEY,             /* a symmetric key */
  IMPORT_NOTE_PREFERENCE,      /* prefer, trust, require */
  IMPORT_NOTE_TUNING,          /* intervals, filters and the like */
  IMPORT_NOTE_UNKNOWN_OPTION,
  IMPORT_NOTE_MORE_AUTHORITIES, /* beside the system's list, which alone is used */
  IMPORT_NOTE_ONE_AUTHORITY,    /* without the system's list, which was used too */
  IMPORT_NOTE_CHECKED,          /* its certificate was not checked there, and is here */
  /* Why something is left. */
  IMPORT_NOTE_OTHER,      /* a matter of the other program */
  IMPORT_NOTE_SETTING,    /* Gnomon has settings of its own */
  IMPORT_NOTE_SERVING,    /* serves the time to others */
  IMPORT_NOTE_DEVICE,     /* a clock or a device at this computer */
  IMPORT_NOTE_KEYS,       /* authentication without NTS */
  IMPORT_NOTE_PEER,       /* a symmetric association */
  IMPORT_NOTE_BROADCAST,  /* broadcast, multicast or manycast */
  IMPORT_NOTE_NTS_POOL,   /* a pool with NTS */
  IMPORT_NOTE_WATCHED,    /* was measured and never believed */
  IMPORT_NOTE_FALLBACK,   /* only in place of servers that there are */
  IMPORT_NOTE_OVERRIDDEN, /* by a later line */
  IMPORT_NOTE_AUTHORITY,  /* trust that Gnomon cannot keep as narrow */
  IMPORT_NOTE_BAD_HOST,   /* neither a host name nor an address */
  IMPORT_NOTE_BAD_PORT,   /* not from 1 to 65535 */
  IMPORT_NOTE_DUPLICATE,  /* named already */
  IMPORT_NOTE_UNKNOWN,    /* no such directive is known */
  IMPORT_NOTE_NOT_SYNTAX, /* cannot be understood */
  IMPORT_NOTE_NO_FILE,    /* an included file that cannot be read */
  IMPORT_NOTE_BAD_FILE,   /* an included file that is refused */
  IMPORT_NOTE_OUTSIDE,    /* an included file outside the root */
  IMPORT_NOTE_TOO_MUCH,   /* more than the limits allow */
  IMPORT_N_NOTES
} ImportNote;

#define IMPORT_NOTED(note) (1u << (note))

/* One server, or one line that is left. */
typedef struct
{
  ImportVerdict verdict;
  guint notes; /* IMPORT_NOTED () of each */
  char *file;  /* without the root */
  guint line;  /* the first is 1 */
  char *text;  /* what stands there, made fit to be shown, at most 200 letters */
  char *host;  /* of a server, NULL else */
  gboolean nts;
  guint port;     /* of the key exchange, 0 = 4460 */
  guint ntp_port; /* without NTS, 0 = 123 */
  char *ca;       /* absolute path, NULL = the system's list */
  char *operator_name;
  char *country; /* in English; both NULL where it is not known */
} ImportEntry;

typedef enum
{
  IMPORT_ERROR_NO_FILE,   /* it is not there */
  IMPORT_ERROR_DENIED,    /* it must not be read */
  IMPORT_ERROR_NOT_PLAIN, /* a folder, a device */
  IMPORT_ERROR_TOO_LARGE,
  IMPORT_ERROR_NOT_TEXT,
  IMPORT_ERROR_OUTSIDE, /* it leads out of the root */
  IMPORT_ERROR_FAILED
} ImportError;

#define IMPORT_ERROR import_error_quark ()
GQuark import_error_quark (void);

/* Reads the file at @path and all that it includes. @root: the folder that stands for "/", out of
 * which nothing leads, NULL = "/". The result are ImportEntry * in the order of the files, owned by
 * the array; with NULL and *@error, whose message is a translated sentence without full stop, if
 * the file itself cannot be read. */
GPtrArray *import_read (const char *root, const char *path, ImportFormat format, GError **error);

/* What kind of file that is, by its name, or else by what it holds. */
gboolean import_guess_format (const char *root, const char *path, ImportFormat *format,
                              GError **error);

typedef struct
{
  ImportFormat format;
  char *path;
} ImportFile;

/* The files of these programs that are in their usual places under @root: ImportFile *, owned by
 * the array. */
GPtrArray *import_find (const char *root);

/* Gives servers that the catalogue (CatalogueEntry *) knows their operator and country, and takes
 * those with NTS that it knows to offer it. */
void import_consult (GPtrArray *entries, GPtrArray *catalogue);

/* The options of AddServer for an entry that is not left: a{sv}, floating. */
GVariant *import_entry_options (const ImportEntry *entry);

/* "chrony" */
const char *import_format_name (ImportFormat format);
/* One translated sentence with its full stop. */
const char *import_note_sentence (ImportNote note);
/* All notes of an entry, one sentence after the other; "" where it has none. */
char *import_entry_notes (const ImportEntry *entry);
