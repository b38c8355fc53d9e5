/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The directory of what is kept from run to run. Nothing in it is believed by its name alone: a
 * file that is a link or not a regular one, belongs to somebody else, may be read by others or is
 * too large is ignored with a warning. A file is replaced whole or not at all. */

#pragma once

#include <gio/gio.h>

#define STATE_SETTINGS  "settings.conf" /* what users changed: config_get_users_data () */
#define STATE_KEYS      "keys"          /* keys and unused cookies: kept-keys.h */
#define STATE_DRIFT     "drift"         /* state_save_drift () */
#define STATE_NTP_DRIFT "ntp.drift"     /* the same for other programs: ppm alone */
#define STATE_LEDGER    "ledger"        /* certificates that were seen: ledger.h */
#define STATE_HISTORY   "history"       /* what was measured: history.h */
#define STATE_EVENTS    "events"        /* what was done to the clock: events.h */

typedef struct State State;

/* Opens the directory, makes it if need be, with mode 0700. NULL with an error when it is not ours
 * or cannot be made. */
State *state_open (const char *path, GError **error);
void state_free (State *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (State, state_free)

/* The path of a file for messages. */
char *state_path (const State *state, const char *name);

/* The whole file of at most @most octets, with a NUL behind them that is not counted; NULL when
 * there is none or it was refused. The caller wipes what is secret. */
guint8 *state_read (State *state, const char *name, gsize most, gsize *length);
/* Replaces the file, mode 0600. On failure the old one stays, and there is a warning. */
gboolean state_write (State *state, const char *name, gconstpointer data, gsize length);
/* Adds whole lines to the end of the file, or makes it; all of them or none, and the disk is not
 * waited for. A line at the end that was cut earlier is made one that holds a control character.
 * @size: of the file after it. Nobody is warned. */
gboolean state_append (State *state, const char *name, gconstpointer data, gsize length,
                       gsize *size, GError **error);
/* TRUE when there is no such file any more, even after a power cut. */
gboolean state_delete (State *state, const char *name);

/* One line: frequency and its standard deviation in ppm, and when, in s since 1970 UTC. */
gboolean state_load_drift (State *state, double *frequency_ppm, double *sd_ppm, gint64 *unix_s);
gboolean state_save_drift (State *state, double frequency_ppm, double sd_ppm, gint64 unix_s);
