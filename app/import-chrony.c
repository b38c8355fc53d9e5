/* SPDX-License-Identifier: GPL-3.0-or-later */

/* chrony.conf and *.sources. Directives come in any order, so trust is settled at the end: a set of
 * certificates holds what all "ntstrustedcerts" lines put into it, and set 0 the system's list too.
 */

#include "import-lines.h"

#include <string.h>

typedef struct
{
  guint64 id;
  guint n_files;
  char *file; /* the last one */
  gboolean folder;
} CertificateSet;

typedef struct
{
  GArray *drafts; /* ImportDraft */
  GArray *sets;   /* CertificateSet */
  gboolean no_system_list;
  gboolean sources_only;
} Chrony;

static const ImportOption OPTIONS[] = {
  { "asymmetry", 1, OPTION_TUNING },
  { "auto_offline", 0, OPTION_USUAL },
  { "burst", 0, OPTION_USUAL },
  { "certset", 1, OPTION_SET },
  { "copy", 0, OPTION_TUNING },
  { "extfield", 1, OPTION_TUNING },
  { "filter", 1, OPTION_TUNING },
  { "iburst", 0, OPTION_USUAL },
  { "ipv4", 0, OPTION_TUNING },
  { "ipv6", 0, OPTION_TUNING },
  { "key", 1, OPTION_KEY },
  { "maxdelay", 1, OPTION_TUNING },
  { "maxdelaydevratio", 1, OPTION_TUNING },
  { "maxdelayquant", 1, OPTION_TUNING },
  { "maxdelayratio", 1, OPTION_TUNING },
  { "maxpoll", 1, OPTION_TUNING },
  { "maxsamples", 1, OPTION_TUNING },
  { "maxsources", 1, OPTION_USUAL },
  { "maxunreach", 1, OPTION_TUNING },
  { "mindelay", 1, OPTION_TUNING },
  { "minpoll", 1, OPTION_TUNING },
  { "minsamples", 1, OPTION_TUNING },
  { "minstratum", 1, OPTION_TUNING },
  { "noselect", 0, OPTION_WATCHED },
  { "nts", 0, OPTION_NTS },
  { "ntsport", 1, OPTION_NTS_PORT },
  { "offline", 0, OPTION_USUAL },
  { "offset", 1, OPTION_TUNING },
  { "polltarget", 1, OPTION_TUNING },
  { "port", 1, OPTION_NTP_PORT },
  { "prefer", 0, OPTION_PREFERENCE },
  { "presend", 1, OPTION_TUNING },
  { "require", 0, OPTION_PREFERENCE },
  { "trust", 0, OPTION_PREFERENCE },
  { "version", 1, OPTION_TUNING },
  { "xleave", 0, OPTION_TUNING },
};

static const ImportDirective DIRECTIVES[] = {
  { "acquisitionport", IMPORT_NOTE_OTHER },
  { "allow", IMPORT_NOTE_SERVING },
  { "authselectmode", IMPORT_NOTE_KEYS },
  { "bindacqaddress", IMPORT_NOTE_OTHER },
  { "bindacqdevice", IMPORT_NOTE_OTHER },
  { "bindaddress", IMPORT_NOTE_SERVING },
  { "bindcmdaddress", IMPORT_NOTE_OTHER },
  { "bindcmddevice", IMPORT_NOTE_OTHER },
  { "binddevice", IMPORT_NOTE_SERVING },
  { "broadcast", IMPORT_NOTE_SERVING },
  { "clientloglimit", IMPORT_NOTE_SERVING },
  { "clockprecision", IMPORT_NOTE_OTHER },
  { "cmdallow", IMPORT_NOTE_OTHER },
  { "cmddeny", IMPORT_NOTE_OTHER },
  { "cmdport", IMPORT_NOTE_OTHER },
  { "cmdratelimit", IMPORT_NOTE_OTHER },
  { "combinelimit", IMPORT_NOTE_SETTING },
  { "corrtimeratio", IMPORT_NOTE_SETTING },
  { "deny", IMPORT_NOTE_SERVING },
  { "driftfile", IMPORT_NOTE_OTHER },
  { "dscp", IMPORT_NOTE_OTHER },
  { "dumpdir", IMPORT_NOTE_OTHER },
  { "dumponexit", IMPORT_NOTE_OTHER },
  { "fallbackdrift", IMPORT_NOTE_SETTING },
  { "hwclockfile", IMPORT_NOTE_DEVICE },
  { "hwtimestamp", IMPORT_NOTE_DEVICE },
  { "hwtstimeout", IMPORT_NOTE_DEVICE },
  { "initstepslew", IMPORT_NOTE_SETTING },
  { "keyfile", IMPORT_NOTE_KEYS },
  { "leapseclist", IMPORT_NOTE_OTHER },
  { "leapsecmode", IMPORT_NOTE_SETTING },
  { "leapsectz", IMPORT_NOTE_OTHER },
  { "local", IMPORT_NOTE_SERVING },
  { "lock_all", IMPORT_NOTE_OTHER },
  { "log", IMPORT_NOTE_OTHER },
  { "logbanner", IMPORT_NOTE_OTHER },
  { "logchange", IMPORT_NOTE_OTHER },
  { "logdir", IMPORT_NOTE_OTHER },
  { "mailonchange", IMPORT_NOTE_OTHER },
  { "makestep", IMPORT_NOTE_SETTING },
  { "manual", IMPORT_NOTE_OTHER },
  { "maxchange", IMPORT_NOTE_SETTING },
  { "maxclockerror", IMPORT_NOTE_SETTING },
  { "maxdistance", IMPORT_NOTE_SETTING },
  { "maxdrift", IMPORT_NOTE_SETTING },
  { "maxjitter", IMPORT_NOTE_SETTING },
  { "maxntsconnections", IMPORT_NOTE_SERVING },
  { "maxsamples", IMPORT_NOTE_SETTING },
  { "maxslewrate", IMPORT_NOTE_SETTING },
  { "maxtxbuffers", IMPORT_NOTE_DEVICE },
  { "maxupdateskew", IMPORT_NOTE_SETTING },
  { "minsamples", IMPORT_NOTE_SETTING },
  { "minsources", IMPORT_NOTE_SETTING },
  { "nocerttimecheck", IMPORT_NOTE_SETTING },
  { "noclientlog", IMPORT_NOTE_SERVING },
  { "ntpsigndsocket", IMPORT_NOTE_SERVING },
  { "ntsaeads", IMPORT_NOTE_OTHER },
  { "ntscachedir", IMPORT_NOTE_OTHER },
  { "ntsdumpdir", IMPORT_NOTE_OTHER },
  { "ntsport", IMPORT_NOTE_SERVING },
  { "ntsprocesses", IMPORT_NOTE_SERVING },
  { "ntsratelimit", IMPORT_NOTE_SERVING },
  { "ntsrefresh", IMPORT_NOTE_OTHER },
  { "ntsrotate", IMPORT_NOTE_SERVING },
  { "ntsservercert", IMPORT_NOTE_SERVING },
  { "ntsserverkey", IMPORT_NOTE_SERVING },
  { "opencommands", IMPORT_NOTE_OTHER },
  { "peer", IMPORT_NOTE_PEER },
  { "pidfile", IMPORT_NOTE_OTHER },
  { "port", IMPORT_NOTE_SERVING },
  { "ptpdomain", IMPORT_NOTE_DEVICE },
  { "ptpport", IMPORT_NOTE_DEVICE },
  { "ratelimit", IMPORT_NOTE_SERVING },
  { "refclock", IMPORT_NOTE_DEVICE },
  { "refresh", IMPORT_NOTE_OTHER },
  { "reselectdist", IMPORT_NOTE_SETTING },
  { "rtcautotrim", IMPORT_NOTE_DEVICE },
  { "rtcdevice", IMPORT_NOTE_DEVICE },
  { "rtcfile", IMPORT_NOTE_DEVICE },
  { "rtconutc", IMPORT_NOTE_DEVICE },
  { "rtcsync", IMPORT_NOTE_DEVICE },
  { "sched_priority", IMPORT_NOTE_OTHER },
  { "smoothtime", IMPORT_NOTE_SERVING },
  { "stratumweight", IMPORT_NOTE_SETTING },
  { "tempcomp", IMPORT_NOTE_DEVICE },
  { "user", IMPORT_NOTE_OTHER },
};

static void
clear_set (gpointer data)
{
  g_free (((CertificateSet *) data)->file);
}

static CertificateSet *
get_set (Chrony *chrony, guint64 id)
{
  CertificateSet set = { .id = id };

  for (guint i = 0; i < chrony->sets->len; i++)
    if (g_array_index (chrony->sets, CertificateSet, i).id == id)
      return &g_array_index (chrony->sets, CertificateSet, i);
  g_array_append_val (chrony->sets, set);
  return &g_array_index (chrony->sets, CertificateSet, chrony->sets->len - 1);
}

/* "ntstrustedcerts [set] path" */
static gboolean
trust (ImportReader *reader, Chrony *chrony, char **arguments)
{
  guint n = g_strv_length (arguments);
  guint64 id = 0;
  CertificateSet *set;

  if (n < 1 || n > 2
      || (n == 2 && !g_ascii_string_to_unsigned (arguments[0], 10, 0, G_MAXUINT32, &id, NULL)))
    return FALSE;
  set = get_set (chrony, id);
  set->n_files++;
  g_free (set->file);
  set->file = g_strdup (arguments[n - 1]);
  import_reader_exists (reader, set->file, &set->folder);
  return TRUE;
}

static void
add_server (ImportReader *reader, Chrony *chrony, guint line, const char *text, char **words,
            gboolean pool)
{
  ImportDraft draft = { 0 };

  if (!words[1])
    {
      import_reader_leave (reader, line, text, IMPORT_NOTE_NOT_SYNTAX);
      return;
    }
  draft.entry = import_reader_add (reader, line, text, words[1]);
  if (!draft.entry || !import_apply_options (&draft, words + 2, OPTIONS, G_N_ELEMENTS (OPTIONS)))
    return;
  if (pool)
    draft.entry->notes |= IMPORT_NOTED (IMPORT_NOTE_POOL);
  g_array_append_val (chrony->drafts, draft);
}

static void parse_text (ImportReader *reader, char *text, gpointer data);

static void
parse_sources (ImportReader *reader, char *text, gpointer data)
{
  Chrony *chrony = data;
  gboolean before = chrony->sources_only;

  chrony->sources_only = TRUE;
  parse_text (reader, text, data);
  chrony->sources_only = before;
}

/* FALSE if it is no directive that names files. */
static gboolean
follow (ImportReader *reader, Chrony *chrony, guint line, const char *text, char **words)
{
  const char *const *folders = (const char *const *) words + 1;

  if (g_ascii_strcasecmp (words[0], "include") == 0 && words[1])
    import_reader_include (reader, line, text, words[1], parse_text, chrony);
  else if (g_ascii_strcasecmp (words[0], "confdir") == 0)
    import_reader_folders (reader, line, text, folders, ".conf", parse_text, chrony);
  else if (g_ascii_strcasecmp (words[0], "sourcedir") == 0)
    import_reader_folders (reader, line, text, folders, ".sources", parse_sources, chrony);
  else
    return FALSE;
  return TRUE;
}

static void
parse_line (ImportReader *reader, gpointer data, guint line, const char *text)
{
  Chrony *chrony = data;
  g_auto (GStrv) words = import_split_words (text, FALSE);
  gboolean pool;

  /* Comments of a whole line. */
  if (!words[0] || strchr ("!;%", words[0][0]))
    return;
  pool = g_ascii_strcasecmp (words[0], "pool") == 0;
  if (pool || g_ascii_strcasecmp (words[0], "server") == 0)
    add_server (reader, chrony, line, text, words, pool);
  else if (chrony->sources_only)
    import_reader_leave (reader, line, text,
                         import_note_of (words[0], DIRECTIVES, G_N_ELEMENTS (DIRECTIVES)));
  else if (g_ascii_strcasecmp (words[0], "nosystemcert") == 0)
    chrony->no_system_list = TRUE;
  else if (g_ascii_strcasecmp (words[0], "ntstrustedcerts") == 0)
    {
      if (!trust (reader, chrony, words + 1))
        import_reader_leave (reader, line, text, IMPORT_NOTE_NOT_SYNTAX);
    }
  else if (!follow (reader, chrony, line, text, words))
    import_reader_leave (reader, line, text,
                         import_note_of (words[0], DIRECTIVES, G_N_ELEMENTS (DIRECTIVES)));
}

static void
parse_text (ImportReader *reader, char *text, gpointer data)
{
  import_parse_lines (reader, text, parse_line, data);
}

/* Gnomon has the system's list or one file. FALSE where that would be to trust more than chrony
 * did. */
static gboolean
settle_trust (Chrony *chrony, ImportDraft *draft)
{
  const CertificateSet *set = get_set (chrony, draft->set);
  gboolean system_list = draft->set == 0 && !chrony->no_system_list;

  if (system_list)
    {
      if (set->n_files > 0)
        draft->entry->notes |= IMPORT_NOTED (IMPORT_NOTE_MORE_AUTHORITIES);
      return TRUE;
    }
  if (set->n_files != 1 || set->folder)
    return FALSE;
  draft->entry->ca = g_strdup (set->file);
  return TRUE;
}

gboolean
import_chrony (ImportReader *reader, const char *path, GError **error)
{
  g_autoptr (GArray) drafts = g_array_new (FALSE, FALSE, sizeof (ImportDraft));
  g_autoptr (GArray) sets = g_array_new (FALSE, FALSE, sizeof (CertificateSet));
  Chrony chrony = { .drafts = drafts, .sets = sets };

  g_array_set_clear_func (sets, clear_set);
  if (!import_reader_parse (reader, path,
                            g_str_has_suffix (path, ".sources") ? parse_sources : parse_text,
                            &chrony, error))
    return FALSE;
  for (guint i = 0; i < drafts->len; i++)
    {
      ImportDraft *draft = &g_array_index (drafts, ImportDraft, i);
      if (draft->entry->nts && !settle_trust (&chrony, draft))
        import_entry_leave (draft->entry, IMPORT_NOTE_AUTHORITY);
      else
        import_reader_finish (reader, draft->entry);
    }
  return TRUE;
}
