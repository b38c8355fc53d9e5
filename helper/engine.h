/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The engine owns the core's system, the sockets, the timer and the key exchanges, and performs the
 * core's actions. It has no opinion on time. The D-Bus service, --once and the daemon without a bus
 * are its users. Single-threaded, on the default main context. */

#pragma once

#include "clock.h"
#include "config.h"
#include "error.h"

typedef struct Engine Engine;

typedef enum
{
  ENGINE_CHANGE_SETTINGS, /* by users, or in the surroundings */
  ENGINE_CHANGE_ASKED,    /* a server was asked, whose answer will change the same things again */
  ENGINE_CHANGE_MEASURED  /* whatever else time and packets bring */
} EngineChange;

/* Called from the main loop; any may be NULL. */
typedef struct
{
  void (*changed) (Engine *engine, EngineChange change, gpointer data);
  /* @host: "" = all servers. */
  void (*progress) (Engine *engine, NtpPhase phase, const char *host, guint answers, guint wanted,
                    gpointer data);
} EngineListener;

/* @config and @clock: taken over. @state_dir: where keys, drift and users' settings are kept, NULL
 * = nowhere. Nothing is sent before engine_start (). */
Engine *engine_new (Config *config, Clock *clock, const char *state_dir);
void engine_free (Engine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Engine, engine_free)

/* Statistics are written there from now on, see statistics.h. */
void engine_set_log_dir (Engine *engine, const char *log_dir);
void engine_set_listener (Engine *engine, const EngineListener *listener, gpointer data);
void engine_start (Engine *engine);
/* Saves what is kept, ends all exchanges. Call before engine_free () for a clean end. */
void engine_stop (Engine *engine);

/* @who: the user who asks, for the record; NULL = nobody in particular. One GTask per call; the
 * first one to be running answers a second with GNOMON_ERROR_BUSY, and one that comes within two
 * seconds of the last with GNOMON_ERROR_TOO_SOON. Cancelling @cancellable cancels the sync. On
 * failure the result is void; *@result holds what is known even then where it is not NULL. */
void engine_sync_now_async (Engine *engine, const char *who, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);
gboolean engine_sync_now_finish (Engine *engine, GAsyncResult *result, NtpSyncResult *sync,
                                 GError **error);
void engine_cancel_sync (Engine *engine);

/* The answers to needs-decision, by the user @who. @shown_s: the time that was shown to the person
 * less that of the engine's clock at the same moment, see engine_get_unix_us (); where that is a
 * virtual one, the time may also have been shown by the system's. FALSE with
 * GNOMON_ERROR_OUT_OF_BOUNDS or _CLOCK_FAILED and nothing changed. */
gboolean engine_accept_time (Engine *engine, const char *who, double shown_s, GError **error);
/* Changes nothing when nothing was asked. */
void engine_reject_time (Engine *engine, const char *who);

/* Changes by users: checked whole, kept in the state directory, then done. @options: a{sv} as in
 * the D-Bus contract. FALSE with GNOMON_ERROR_INVALID_ARGUMENT and nothing changed. */
gboolean engine_add_server (Engine *engine, const char *host, GVariant *options, GError **error);
gboolean engine_change_server (Engine *engine, const char *host, GVariant *options, GError **error);
gboolean engine_remove_server (Engine *engine, const char *host, GError **error);
gboolean engine_set_options (Engine *engine, GVariant *options, GError **error);
gboolean engine_set_automatic (Engine *engine, gboolean automatic, GError **error);
/* Forgets history, events and statistics. */
void engine_delete_records (Engine *engine);

/* Called for each step that ends, with it as DiagnoseProgress has it, borrowed. */
typedef void (*EngineStep) (GVariant *step, gpointer data);

/* Goes the whole way to the time of a server once and changes nothing; see diagnosis.h. @options:
 * as Diagnose of the D-Bus contract. Cancelling @cancellable ends it, and so does the end of the
 * engine. @data: for @step and @callback. The result is aa{sv}. */
void engine_diagnose_async (Engine *engine, const char *host, GVariant *options,
                            GCancellable *cancellable, EngineStep step,
                            GAsyncReadyCallback callback, gpointer data);
GVariant *engine_diagnose_finish (Engine *engine, GAsyncResult *result, GError **error);

/* ---- What happens around it: engine-surroundings.c ---- */

/* Another time service keeps the clock; @unit: its systemd unit, NULL = there is none. While there
 * is one, or as long as that is not @known, which is how it begins, the engine only watches; it
 * takes over as soon as there is none any more. */
void engine_set_rival (Engine *engine, gboolean known, const char *unit);
/* "" = none, or not known. */
const char *engine_get_rival (Engine *engine);

/* The machine is about to sleep: what is kept for the next run is on the disk when this returns,
 * and nothing is sent before it wakes up, so that no cookie of that is used twice. */
void engine_prepare_sleep (Engine *engine);
/* It woke up, or does not sleep after all. Only what the engine does not see by itself need be
 * told.
 */
void engine_wake (Engine *engine);

typedef enum
{
  ENGINE_CONNECTIVITY_UNKNOWN,
  ENGINE_CONNECTIVITY_NONE,
  ENGINE_CONNECTIVITY_PORTAL, /* lets nothing through before somebody has signed in */
  ENGINE_CONNECTIVITY_LIMITED,
  ENGINE_CONNECTIVITY_FULL
} EngineConnectivity;

/* How far the network reaches, by those who know. */
void engine_set_connectivity (Engine *engine, EngineConnectivity connectivity);
/* As the property of the D-Bus contract. Static. */
const char *engine_get_connectivity (Engine *engine);
/* The network costs money by the packet, or the machine runs on its battery. */
void engine_set_economy (Engine *engine, gboolean economy);

/* ---- What it knows; each GVariant is new and floating ---- */

void engine_get_snapshot (Engine *engine, NtpSnapshot *snapshot);
ClockMode engine_get_clock_mode (Engine *engine);
/* How long a slew that is under way still takes, µs; 0 = none is. */
gint64 engine_get_slew_left_us (Engine *engine);
gboolean engine_get_automatic (Engine *engine);
/* Microseconds since 1970 UTC of the engine's clock. */
gint64 engine_get_unix_us (Engine *engine);
/* Microseconds since 1970 UTC of @timestamp in the engine's clock; 0 for 0. */
gint64 engine_usec (Engine *engine, NtpTimestamp timestamp);
/* "none", "insert", "delete" or "unknown" for a leap indicator. Static. */
const char *engine_leap_name (guint8 leap);
/* aa{sv}, a{sv}, a{sv}, aa{sv}, aa{sv} as the properties and methods of the D-Bus contract. */
GVariant *engine_get_servers (Engine *engine);
GVariant *engine_get_tracking (Engine *engine);
GVariant *engine_get_options (Engine *engine);
GVariant *engine_get_ledger (Engine *engine, const char *host, guint most);
GVariant *engine_get_history (Engine *engine, gint64 since_us, guint most);
GVariant *engine_get_events (Engine *engine, gint64 since_us, guint most);
