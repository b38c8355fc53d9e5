/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shared by engine.c (life and events), engine-actions.c (what the core wants done), engine-kept.c
 * (from run to run), engine-records.c (what is remembered), engine-peers.c (what is told of
 * servers), engine-changes.c (what users change), engine-diagnose.c (diagnoses),
 * engine-surroundings.c (what happens around it) and engine-view.c (what it knows). */

#pragma once

#include "engine.h"
#include "events.h"
#include "history.h"
#include "ke-session.h"
#include "ledger.h"
#include "name-lookup.h"
#include "network-watch.h"
#include "state.h"
#include "statistics.h"
#include "udp-socket.h"

/* What the shell knows of a server; all that concerns time is in the core, at the slot. */
typedef struct
{
  Engine *engine;
  const ServerConfig *config; /* owned by the configuration */
  int slot;
  NtpAddress ke_address;
  NtpAddress ntp_address; /* family 0 = not known */
  UdpSocket *socket;      /* to the NTP address; NULL = not opened yet */
  gint64 socket_since_us; /* monotonic */
  gboolean queued;        /* for a key exchange */
  KeSession *session;
  NameLookup *lookup;
  guint n_lookups;
  guint samples;      /* on record */
  gboolean reachable; /* this and the next three as the log has told */
  gboolean falseticker;
  NtpSelection selection;
  NtpReason failure;
  PeerEvent event; /* the last one, and how many alike */
  guint events;
  TlsFacts facts; /* of the last handshake, also of a refused one */
} EngineServer;

struct Engine
{
  Config *config;
  Clock *clock;
  State *state; /* NULL = nothing is kept */
  Ledger *ledger;
  gboolean ledger_unsaved;
  Events *events;
  History *history;
  Statistics *statistics;  /* NULL = none are written */
  int state_told;          /* NtpState, to the log; −1 = none yet */
  guint updates;           /* of the estimate, on record */
  gint64 records_saved_us; /* monotonic */
  gint64 records_thinned_us;
  gboolean started;
  gboolean stopped;

  void *memory; /* of the core */
  gsize memory_size;
  NtpSystem *system;
  guint capacity;
  EngineServer **slots;  /* by slot, borrowed */
  GPtrArray *servers;    /* EngineServer, in the order of the configuration */
  GHashTable *operators; /* name → number */

  GSource *timer;
  gint64 wake_at_ns;
  gint64 due_ns; /* when the timer is to fire, in the time of the clock */
  guint jump_source;
  guint trim_source;     /* 0 = nothing has been freed that is worth it */
  NetworkWatch *network; /* NULL where the kernel does not tell */
  GQueue waiting;        /* EngineServer that wait for a key exchange */
  guint n_sessions;

  gboolean rival_known;
  gboolean dates_strict; /* no certificate's dates wait any more */
  gint64 passed_s;       /* a time that has surely passed, s since 1970 UTC */

  char *rival; /* the unit of another time service that keeps the clock, or NULL */
  gboolean asleep;
  EngineConnectivity connectivity;

  gboolean clock_warned;
  gboolean clock_refused; /* the last adjustment */
  gint64 drift_saved_us;  /* monotonic */

  EngineListener listener;
  gpointer listener_data;
  GTask *sync;
  char *asked_who; /* the user who asked for the last sync or decided last, NULL = the helper */
  GSource *sync_cancelled;
  gint64 sync_ended_us; /* monotonic; 0 = never */
  GPtrArray *inquiries; /* diagnoses under way */
};

/* Clocks that were moved and machines that slept are told before anything is done with the time. */
void engine_tell_disturbances (Engine *engine);
/* The present for an event, and an empty list of actions. What happened to the clock meanwhile is
 * passed to the core before. */
NtpNow engine_begin_event (Engine *engine, NtpActions *actions);
/* Performs the actions of an event, then sees to the next. */
void engine_end_event (Engine *engine, const NtpActions *actions);
/* As configured, less what the clock does not allow. */
NtpOptions engine_core_options (const Engine *engine);
/* FALSE when there are no random octets to be had; then nothing may be sent. */
gboolean engine_draw_entropy (NtpEntropy *entropy);

/* engine-actions.c */
void engine_perform (Engine *engine, const NtpActions *actions);
void engine_begin_key_exchanges (Engine *engine);
void engine_end_sync (Engine *engine, const NtpSyncResult *result);

/* Puts a server of the configuration into the core; @kept: GPtrArray of KeptKeys to look into, or
 * NULL. */
void engine_put_server (Engine *engine, guint position, const ServerConfig *config,
                        GPtrArray *kept);
void engine_drop_server (Engine *engine, EngineServer *server);

/* engine-dates.c */
/* At the start: finds out which time has surely passed. */
void engine_begin_dates (Engine *engine);
/* Whether the dates of certificates may wait until somebody knows the time: as long as no server
 * has proven itself with a certificate that is valid now, or with keys from earlier. */
gboolean engine_dates_may_wait (const Engine *engine);

/* engine-kept.c */
/* Which certificates of @server are believed now: as it is configured, and by what the ledger
 * holds. Borrowed from the two. */
KeTrust engine_get_trust (const Engine *engine, const ServerConfig *server);
void engine_load_settings (Engine *engine);
void engine_save_settings (Engine *engine);
void engine_load_ledger (Engine *engine);
void engine_save_ledger (Engine *engine);
/* By how much the clock should be sped up: what was kept, or what it runs at, which is little to go
 * by. */
void engine_load_drift (Engine *engine, double *frequency_ppm, double *sd_ppm);
/* When the clock was last known to be right, s since 1970 UTC; 0 = never. */
gint64 engine_get_last_right (Engine *engine);
void engine_save_drift (Engine *engine);
/* NULL when there are none. */
GPtrArray *engine_load_keys (Engine *engine);
/* The core is at its end after this, or, with @only_copy, must not send before
 * engine_forget_saved_keys (). */
void engine_save_keys (Engine *engine, gboolean only_copy);
/* FALSE when the keys are still on the disk. */
gboolean engine_forget_saved_keys (Engine *engine);

/* engine-diagnose.c */
void engine_end_diagnoses (Engine *engine);

/* engine-records.c */
/* Remembers what was done, at the present when it has no time of its own. */
void engine_record (Engine *engine, const EventRecord *event);
void engine_record_event (Engine *engine, const NtpEvent *event);
void engine_record_certificate (Engine *engine, const char *host, LedgerNews news);
/* After a packet came from @slot: its sample, if it was one. */
void engine_record_sample (Engine *engine, int slot);
/* After an event: the estimate, if it is new. */
void engine_record_update (Engine *engine);
/* Now and then: saves, thins and forgets. */
void engine_tend_records (Engine *engine);

/* engine-peers.c */
/* After an event: tells the log what has become of the servers, and of the state. */
void engine_watch_peers (Engine *engine);
void engine_add_peer_statistics (const EngineServer *server, const NtpServerSnapshot *snapshot);
void engine_add_loop_statistics (Engine *engine, const NtpSnapshot *snapshot);
