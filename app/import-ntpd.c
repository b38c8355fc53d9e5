/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ntp.conf of ntpd, classic and NTPsec. "nts ca" holds for all servers that name no authority
 * themselves, wherever it stands. */

#include "import-lines.h"

#include <string.h>

typedef struct
{
  GPtrArray *servers; /* ImportEntry */
  char *ca;
} Ntpd;

static const ImportOption OPTIONS[] = {
  { "aead", 1, OPTION_TUNING },       { "ask", 1, OPTION_TUNING },
  { "autokey", 0, OPTION_KEY },       { "bias", 1, OPTION_TUNING },
  { "burst", 0, OPTION_USUAL },       { "ca", 1, OPTION_CA },
  { "cert", 1, OPTION_TUNING },       { "expire", 0, OPTION_TUNING },
  { "iburst", 0, OPTION_USUAL },      { "key", 1, OPTION_KEY },
  { "maxpoll", 1, OPTION_TUNING },    { "minpoll", 1, OPTION_TUNING },
  { "mode", 1, OPTION_TUNING },       { "noselect", 0, OPTION_WATCHED },
  { "noval", 0, OPTION_UNCHECKED },   { "nts", 0, OPTION_NTS },
  { "ntsport", 1, OPTION_NTS_PORT },  { "preempt", 0, OPTION_USUAL },
  { "prefer", 0, OPTION_PREFERENCE }, { "require", 1, OPTION_TUNING },
  { "true", 0, OPTION_PREFERENCE },   { "ttl", 1, OPTION_TUNING },
  { "version", 1, OPTION_TUNING },    { "xleave", 0, OPTION_TUNING },
};

static const ImportDirective DIRECTIVES[] = {
  { "broadcast", IMPORT_NOTE_BROADCAST },
  { "broadcastclient", IMPORT_NOTE_BROADCAST },
  { "broadcastdelay", IMPORT_NOTE_BROADCAST },
  { "controlkey", IMPORT_NOTE_KEYS },
  { "crypto", IMPORT_NOTE_KEYS },
  { "disable", IMPORT_NOTE_OTHER },
  { "discard", IMPORT_NOTE_SERVING },
  { "driftfile", IMPORT_NOTE_OTHER },
  { "dscp", IMPORT_NOTE_OTHER },
  { "enable", IMPORT_NOTE_OTHER },
  { "filegen", IMPORT_NOTE_OTHER },
  { "fudge", IMPORT_NOTE_DEVICE },
  { "interface", IMPORT_NOTE_OTHER },
  { "keys", IMPORT_NOTE_KEYS },
  { "keysdir", IMPORT_NOTE_KEYS },
  { "leapfile", IMPORT_NOTE_OTHER },
  { "leapsmearinterval", IMPORT_NOTE_SERVING },
  { "logconfig", IMPORT_NOTE_OTHER },
  { "logfile", IMPORT_NOTE_OTHER },
  { "manycastclient", IMPORT_NOTE_BROADCAST },
  { "manycastserver", IMPORT_NOTE_SERVING },
  { "mdnstries", IMPORT_NOTE_SERVING },
  { "mru", IMPORT_NOTE_SERVING },
  { "multicastclient", IMPORT_NOTE_BROADCAST },
  { "nic", IMPORT_NOTE_OTHER },
  { "ntpsigndsocket", IMPORT_NOTE_SERVING },
  { "peer", IMPORT_NOTE_PEER },
  { "phone", IMPORT_NOTE_DEVICE },
  { "pidfile", IMPORT_NOTE_OTHER },
  { "refclock", IMPORT_NOTE_DEVICE },
  { "requestkey", IMPORT_NOTE_KEYS },
  { "reset", IMPORT_NOTE_OTHER },
  { "restrict", IMPORT_NOTE_SERVING },
  { "revoke", IMPORT_NOTE_KEYS },
  { "rlimit", IMPORT_NOTE_OTHER },
  { "saveconfigdir", IMPORT_NOTE_OTHER },
  { "setvar", IMPORT_NOTE_OTHER },
  { "statistics", IMPORT_NOTE_OTHER },
  { "statsdir", IMPORT_NOTE_OTHER },
  { "tinker", IMPORT_NOTE_SETTING },
  { "tos", IMPORT_NOTE_SETTING },
  { "trap", IMPORT_NOTE_OTHER },
  { "trustedkey", IMPORT_NOTE_KEYS },
  { "unpeer", IMPORT_NOTE_OTHER },
  { "unrestrict", IMPORT_NOTE_SERVING },
};

/* The addresses of this net are no hosts but the drivers of devices. */
static gboolean
is_device (const char *host)
{
  return g_str_has_prefix (host, "127.127.");
}

/* @words: the host and its options. */
static void
add_server (ImportReader *reader, Ntpd *ntpd, guint line, const char *text, char **words,
            gboolean pool)
{
  ImportDraft draft = { 0 };
  g_autofree char *host = NULL;
  guint port;
  gboolean good_port;

  if (words[0] && (g_str_equal (words[0], "-4") || g_str_equal (words[0], "-6")))
    words++;
  if (!words[0])
    {
      import_reader_leave (reader, line, text, IMPORT_NOTE_NOT_SYNTAX);
      return;
    }
  if (is_device (words[0]))
    {
      import_reader_leave (reader, line, text, IMPORT_NOTE_DEVICE);
      return;
    }
  good_port = import_split_port (words[0], &host, &port);
  draft.entry = import_reader_add (reader, line, text, host);
  if (!draft.entry)
    return;
  if (!good_port)
    {
      import_entry_leave (draft.entry, IMPORT_NOTE_BAD_PORT);
      return;
    }
  if (!import_apply_options (&draft, words + 1, OPTIONS, G_N_ELEMENTS (OPTIONS)))
    return;
  if (pool)
    draft.entry->notes |= IMPORT_NOTED (IMPORT_NOTE_POOL);
  if (port > 0 && draft.entry->nts)
    draft.entry->port = port;
  else if (port > 0)
    draft.entry->ntp_port = port;
  g_ptr_array_add (ntpd->servers, draft.entry);
}

static void parse_text (ImportReader *reader, char *text, gpointer data);

/* Of a folder, all files with that ending. */
static void
follow (ImportReader *reader, Ntpd *ntpd, guint line, const char *text, const char *path)
{
  gboolean folder;

  if (import_reader_exists (reader, path, &folder) && folder)
    import_reader_folders (reader, line, text, (const char *const[]){ path, NULL }, ".conf",
                           parse_text, ntpd);
  else
    import_reader_include (reader, line, text, path, parse_text, ntpd);
}

/* "nts ca file", or what concerns a server of one's own. Several pairs may stand in one line. */
static void
parse_nts (ImportReader *reader, Ntpd *ntpd, guint line, const char *text, char **arguments)
{
  gboolean taken = FALSE;

  for (guint i = 0; arguments[i] && arguments[i + 1]; i++)
    if (g_ascii_strcasecmp (arguments[i], "ca") == 0)
      {
        g_free (ntpd->ca);
        ntpd->ca = g_strdup (arguments[++i]);
        taken = TRUE;
      }
  if (!taken)
    import_reader_leave (reader, line, text, IMPORT_NOTE_SERVING);
}

static void
parse_line (ImportReader *reader, gpointer data, guint line, const char *text)
{
  Ntpd *ntpd = data;
  g_auto (GStrv) words = import_split_words (text, TRUE);
  gboolean pool;

  if (!words[0])
    return;
  pool = g_ascii_strcasecmp (words[0], "pool") == 0;
  if (pool || g_ascii_strcasecmp (words[0], "server") == 0)
    add_server (reader, ntpd, line, text, words + 1, pool);
  else if (g_ascii_strcasecmp (words[0], "nts") == 0)
    parse_nts (reader, ntpd, line, text, words + 1);
  else if (g_ascii_strcasecmp (words[0], "includefile") == 0 && words[1])
    follow (reader, ntpd, line, text, words[1]);
  else
    import_reader_leave (reader, line, text,
                         import_note_of (words[0], DIRECTIVES, G_N_ELEMENTS (DIRECTIVES)));
}

static void
parse_text (ImportReader *reader, char *text, gpointer data)
{
  import_parse_lines (reader, text, parse_line, data);
}

/* FALSE if the authority is a folder, which Gnomon does not take. */
static gboolean
settle_trust (ImportReader *reader, const Ntpd *ntpd, ImportEntry *entry)
{
  gboolean folder = FALSE;

  if (!entry->ca)
    entry->ca = g_strdup (ntpd->ca);
  if (entry->ca)
    import_reader_exists (reader, entry->ca, &folder);
  return !folder;
}

gboolean
import_ntpd (ImportReader *reader, const char *path, GError **error)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new ();
  Ntpd ntpd = { .servers = servers };
  gboolean read = import_reader_parse (reader, path, parse_text, &ntpd, error);

  for (guint i = 0; i < servers->len; i++)
    {
      ImportEntry *entry = g_ptr_array_index (servers, i);
      if (entry->nts && !settle_trust (reader, &ntpd, entry))
        import_entry_leave (entry, IMPORT_NOTE_AUTHORITY);
      else
        import_reader_finish (reader, entry);
    }
  g_free (ntpd.ca);
  return read;
}
