/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "import.h"

#include <glib/gi18n.h>

static const char *const NAMES[IMPORT_N_FORMATS] = {
  [IMPORT_CHRONY] = "chrony",
  [IMPORT_NTPD] = "ntpd",
  [IMPORT_NTPD_RS] = "ntpd-rs",
  [IMPORT_TIMESYNCD] = "systemd-timesyncd",
};

static const char *const SENTENCES[IMPORT_N_NOTES] = {
  [IMPORT_NOTE_UNAUTHENTICATED] =
      N_ ("It proves nothing: it is shown and compared, and never believed."),
  [IMPORT_NOTE_WITH_NTS] = N_ ("It was asked without proof, and is now asked for proof."),
  [IMPORT_NOTE_POOL] = N_ ("The pool is taken as one server."),
  [IMPORT_NOTE_KEY] = N_ ("Its shared key is not taken."),
  [IMPORT_NOTE_PREFERENCE] = N_ ("It is not preferred: Gnomon weighs all servers alike."),
  [IMPORT_NOTE_TUNING] = N_ ("Some options are not taken: Gnomon decides them by itself."),
  [IMPORT_NOTE_UNKNOWN_OPTION] = N_ ("An option is not known, and not taken."),
  [IMPORT_NOTE_MORE_AUTHORITIES] =
      N_ ("Only the system’s list of certificate authorities is used, not the additional ones."),
  [IMPORT_NOTE_ONE_AUTHORITY] =
      N_ ("Only its own certificate authority is used, not the system’s list as well."),
  [IMPORT_NOTE_CHECKED] = N_ ("Its certificate was not checked, and is checked now."),
  [IMPORT_NOTE_OTHER] = N_ ("This concerns the other program alone."),
  [IMPORT_NOTE_SETTING] = N_ ("For this Gnomon has settings of its own."),
  [IMPORT_NOTE_SERVING] = N_ ("Gnomon gives no time to others."),
  [IMPORT_NOTE_DEVICE] = N_ ("Gnomon asks servers, not devices of this computer."),
  [IMPORT_NOTE_KEYS] = N_ ("Gnomon has time proven by NTS alone, not by shared keys."),
  [IMPORT_NOTE_PEER] = N_ ("Gnomon asks servers and answers nobody."),
  [IMPORT_NOTE_BROADCAST] = N_ ("Gnomon asks servers and does not listen to broadcasts."),
  [IMPORT_NOTE_NTS_POOL] = N_ ("Gnomon cannot ask a pool for proof."),
  [IMPORT_NOTE_WATCHED] = N_ ("It was only watched there, and would be believed here."),
  [IMPORT_NOTE_FALLBACK] = N_ ("It was asked only if there were no other servers."),
  [IMPORT_NOTE_OVERRIDDEN] = N_ ("A later line takes its place."),
  [IMPORT_NOTE_AUTHORITY] =
      N_ ("Its certificate authorities are not one file with a full path, which Gnomon needs."),
  [IMPORT_NOTE_BAD_HOST] = N_ ("This is neither a host name nor an address."),
  [IMPORT_NOTE_BAD_PORT] = N_ ("A port is a number from 1 to 65535."),
  [IMPORT_NOTE_DUPLICATE] = N_ ("This server is named more than once."),
  [IMPORT_NOTE_UNKNOWN] = N_ ("Gnomon does not know what this means."),
  [IMPORT_NOTE_NOT_SYNTAX] = N_ ("This line is not complete, or not understood."),
  [IMPORT_NOTE_NO_FILE] = N_ ("The file that is named here cannot be read."),
  [IMPORT_NOTE_BAD_FILE] = N_ ("The file that is named here is no text, or far too long."),
  [IMPORT_NOTE_OUTSIDE] = N_ ("The file that is named here is outside the folder."),
  [IMPORT_NOTE_TOO_MUCH] = N_ ("There is too much of it; from here on nothing was read."),
};

const char *
import_format_name (ImportFormat format)
{
  g_return_val_if_fail (format < IMPORT_N_FORMATS, "");
  return NAMES[format];
}

const char *
import_note_sentence (ImportNote note)
{
  g_return_val_if_fail (note < IMPORT_N_NOTES, "");
  return _ (SENTENCES[note]);
}

char *
import_entry_notes (const ImportEntry *entry)
{
  g_autoptr (GStrvBuilder) sentences = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (ImportNote note = 0; note < IMPORT_N_NOTES; note++)
    if (entry->notes & IMPORT_NOTED (note))
      g_strv_builder_add (sentences, import_note_sentence (note));
  all = g_strv_builder_end (sentences);
  return g_strjoinv (" ", all);
}
