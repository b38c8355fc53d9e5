/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A world for testing the system: our clock, servers that answer as they are told, and time that
 * runs only when a test says so. Servers open each request and seal each answer with the core's own
 * AEAD, whose vectors are tested elsewhere; expected values in the tests come from the RFCs. */

#pragma once

#include <glib.h>

#include "fake-clock.h"
#include "ntp-system.h"

#define FAKE_COOKIE_LENGTH 100
#define MS                 0.001

typedef struct
{
  /* What the test chooses. */
  double delay_s;        /* one way */
  double return_delay_s; /* more on the way back */
  double offset_s;       /* server − truth: a lie */
  double ke_s;           /* duration of a key exchange */
  NtpReason ke_fails;    /* NONE = succeeds */
  guint ke_cookies;      /* 8 */
  NtsDates dates;        /* of its certificate, 0 = always valid */
  guint lose_next;       /* so many requests are lost */
  gboolean silent;
  guint lose_one_of; /* every n-th request is lost; 0 = none */
  uint32_t kiss;     /* instead of the time */
  gboolean kiss_sealed;
  gboolean kiss_before; /* an unsealed kiss races ahead of the genuine answer */
  guint8 stratum;
  guint8 leap;
  uint32_t reference_id;
  double root_dispersion_s;
  gboolean forget_keys; /* answers with NTSN until the next key exchange */
  gboolean always_nak;  /* also after it */

  /* What happened. */
  guint requests;
  guint key_exchanges;
  guint largest_request;
  guint placeholders; /* of the last request */
  gint64 last_request_ns;
  gint64 shortest_gap_ns; /* between two requests */

  NtsKeys keys;
  GHashTable *cookies; /* given out and not seen again → itself */
  guint64 next_cookie;
} FakeServer;

typedef struct
{
  NtpSystem *system;
  guint n_servers;
  FakeServer servers[256];

  gint64 true_ns; /* the present */
  FakeClock clock;
  gboolean same_address; /* of all servers */
  gint64 passed_s;       /* of certificates that must wait for the time, s since 1970 */
  gboolean strict;       /* none waits any more, as soon as one was good */
  gboolean refuses;      /* the kernel */
  gint64 wake_ns;        /* monotonic */
  GQueue pending;        /* of Arrival, by time */
  guint64 dice;

  guint adjusts;
  guint steps;
  double stepped_s;
  NtpAdjust last_adjust;
  guint n_progress;
  NtpProgress last_progress[NTP_PHASE_DONE + 1]; /* by phase */
  gboolean done;
  NtpSyncResult result;
  GArray *events; /* of NtpEvent */
  guint timers;
  guint key_exchanges; /* begun, with all servers */
  guint running_key_exchanges;
  guint most_key_exchanges; /* at a time */
  guint most_actions;
} FakeWorld;

/* @n servers of one operator each, 20 ms away, that are right. Our clock begins @offset_s slow and
 * loses @ppm. No server is added yet. */
FakeWorld *fake_world_new (guint n, const NtpOptions *options, double offset_s, double ppm);
void fake_world_free (FakeWorld *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeWorld, fake_world_free)

/* Adds server @index as the core's next slot. */
int fake_world_add (FakeWorld *world, guint index, uint32_t operator_id);
/* Adds all, operators 1, 2, …. */
void fake_world_add_all (FakeWorld *world);

NtpNow fake_world_now (const FakeWorld *world);
/* truth − our clock. */
double fake_world_offset_s (const FakeWorld *world);
/* Seconds of true time since the beginning. */
double fake_world_time_s (const FakeWorld *world);
void fake_world_run (FakeWorld *world, double seconds);

/* Passes the event, and performs what comes of it. */
void fake_world_sync_now (FakeWorld *world);
void fake_world_cancel (FakeWorld *world);
NtpAccept fake_world_accept (FakeWorld *world, double shown_s);
gboolean fake_world_reject (FakeWorld *world);
void fake_world_set_options (FakeWorld *world, const NtpOptions *options);
void fake_world_remove (FakeWorld *world, int slot);
void fake_world_step_clock (FakeWorld *world, double seconds, gboolean notify);
/* Another program changes the rate, and tells nobody. */
void fake_world_turn_clock (FakeWorld *world, double steered_ppm);
/* It is seen that the rate is another one, or that the clock is slewed. */
void fake_world_see_rate (FakeWorld *world, gboolean slewing);
void fake_world_hold (FakeWorld *world, gboolean hold);
void fake_world_resume (FakeWorld *world);
/* @seconds passed for our clock while the machine slept, less what its hardware clock lost. */
void fake_world_lose_time (FakeWorld *world, double seconds, double lost_s);
void fake_world_change_network (FakeWorld *world);
void fake_world_set_economy (FakeWorld *world, gboolean economy);
void fake_world_send_to_us (FakeWorld *world, int slot, const guint8 *packet, gsize length);
/* Syncs and runs until it is over. */
const NtpSyncResult *fake_world_sync (FakeWorld *world);

/* For fake-events.c: does what the core has asked for, and all that is due by now. */
void fake_world_perform (FakeWorld *world, const NtpActions *actions);
void fake_world_wake (FakeWorld *world);

NtpSnapshot fake_world_snapshot (const FakeWorld *world);
NtpServerSnapshot fake_world_server (const FakeWorld *world, int slot);
/* How many requests all servers have had. */
guint fake_world_count_requests (const FakeWorld *world);
/* How many events of @kind came. */
guint fake_world_count_events (const FakeWorld *world, NtpEventKind kind);
