/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-private.h"

#include "timer.h"

#include <math.h>

#define UNFINISHED_SLEW_PPM 500.0                                 /* ours: no clock needs so much */
#define PAUSE_LEAST_NS      (10 * G_GINT64_CONSTANT (1000000000)) /* ours: no load makes us so late */
#define SLEEP_WAIT_US       (30 * G_USEC_PER_SEC) /* ours: logind lets nobody delay it for longer */

/* ---- The clock ---- */

static void
tell_jump (Engine *engine)
{
  double jump_s = clock_take_jump (engine->clock);
  NtpActions actions = { .count = 0 };
  NtpNow now = clock_now (engine->clock);

  if (jump_s == 0.0)
    return;
  ntp_system_clock_jumped (engine->system, jump_s, &now, &actions);
  engine_perform (engine, &actions);
}

static void
tell_rate (Engine *engine)
{
  NtpActions actions = { .count = 0 };
  gboolean slewing = FALSE;
  double rate_ppm = 0;
  NtpNow now;

  if (!clock_take_rate (engine->clock, &rate_ppm, &slewing))
    return;
  now = clock_now (engine->clock);
  ntp_system_rate_changed (engine->system, rate_ppm, slewing, &now, &actions);
  engine_perform (engine, &actions);
}

/* A virtual machine that was paused, or a process that was stopped, finds that its timer should
 * have fired long ago. */
static gboolean
take_pause (Engine *engine, const NtpNow *now)
{
  gint64 late_ns;

  if (engine->due_ns == G_MAXINT64)
    return FALSE;
  late_ns = now->monotonic_ns - engine->due_ns;
  if (late_ns < PAUSE_LEAST_NS)
    return FALSE;
  engine->due_ns = G_MAXINT64;
  g_info ("Nothing ran for %.1f s", (double) late_ns * 1e-9);
  return TRUE;
}

static void
tell_resumed (Engine *engine)
{
  NtpActions actions = { .count = 0 };
  NtpNow now = clock_now (engine->clock);

  ntp_system_resumed (engine->system, &now, &actions);
  engine_perform (engine, &actions);
}

/* What was saved before the sleep must be gone before the first cookie leaves; where that cannot
 * be, those in memory go instead. */
static void
end_sleep (Engine *engine)
{
  engine->asleep = FALSE;
  if (engine_forget_saved_keys (engine))
    return;
  g_warning ("The keys that were saved before the sleep cannot be deleted; new ones are fetched");
  for (guint i = 0; i < engine->servers->len; i++)
    {
      const EngineServer *server = g_ptr_array_index (engine->servers, i);
      NtpAddress address;
      NtsCookies jar;
      NtsKeys keys;
      if (ntp_system_take_keys (engine->system, server->slot, &keys, &jar, &address))
        {
          nts_wipe (&keys, sizeof keys);
          nts_cookies_clear (&jar);
        }
    }
}

void
engine_tell_disturbances (Engine *engine)
{
  double slept_s = clock_take_sleep (engine->clock);
  NtpNow now = clock_now (engine->clock);

  tell_rate (engine);
  tell_jump (engine);
  if (slept_s > 0.0)
    g_info ("The machine slept for %.1f s", slept_s);
  if (slept_s > 0.0 && engine->asleep)
    end_sleep (engine);
  if (take_pause (engine, &now) || slept_s > 0.0)
    tell_resumed (engine);
}

/* ---- Sleep ---- */

void
engine_prepare_sleep (Engine *engine)
{
  if (!engine->started || engine->stopped || engine->asleep)
    return;
  engine_tell_disturbances (engine);
  engine->asleep = TRUE;
  engine->due_ns = G_MAXINT64;
  timer_set (engine->timer, SLEEP_WAIT_US);
  engine_save_drift (engine);
  engine_save_ledger (engine);
  engine_save_keys (engine, TRUE);
}

void
engine_wake (Engine *engine)
{
  NtpActions actions;

  if (engine->stopped)
    return;
  engine_begin_event (engine, &actions);
  if (engine->asleep)
    {
      end_sleep (engine);
      tell_resumed (engine);
    }
  engine_end_event (engine, &actions);
}

/* ---- Other time services ---- */

/* A helper that was killed during a fast slew has left the clock running at a rate that no clock
 * needs. */
static void
end_old_slew (Engine *engine)
{
  const NtpAdjust adjust = { .maximum_error_s = INFINITY };
  double frequency_ppm = clock_get_frequency_ppm (engine->clock);
  NtpActions actions = { .count = 0 };
  NtpNow now;

  if (clock_get_mode (engine->clock) != CLOCK_MODE_SYSTEM
      || fabs (frequency_ppm) <= UNFINISHED_SLEW_PPM)
    return;
  g_info ("The clock runs at %+.0f ppm, which an unfinished slew has left", frequency_ppm);
  if (!clock_adjust (engine->clock, &adjust, NULL))
    return;
  now = clock_now (engine->clock);
  ntp_system_rate_changed (engine->system, 0.0, FALSE, &now, &actions);
  engine_perform (engine, &actions);
}

/* From the moment that there is another service, what it does to the clock is its right, and nobody
 * looks for it before the core knows; and when it has ended, what it left is taken as it is. */
void
engine_set_rival (Engine *engine, gboolean known, const char *unit)
{
  gboolean watches = !known || unit != NULL;
  NtpActions actions = { .count = 0 };
  NtpOptions options;
  NtpNow now;

  if (engine->stopped || (known == engine->rival_known && g_strcmp0 (unit, engine->rival) == 0))
    return;
  if (!watches)
    {
      engine_tell_disturbances (engine);
      end_old_slew (engine);
    }
  if (unit != NULL)
    g_message ("%s keeps the clock; Gnomon only watches", unit);
  else if (engine->rival != NULL)
    g_message ("%s has ended; Gnomon keeps the clock", engine->rival);
  engine->rival_known = known;
  g_free (engine->rival);
  engine->rival = g_strdup (unit);

  options = engine_core_options (engine);
  now = clock_now (engine->clock);
  ntp_system_set_options (engine->system, &options, &now, &actions);
  engine_end_event (engine, &actions);
}

const char *
engine_get_rival (Engine *engine)
{
  return engine->rival != NULL ? engine->rival : "";
}

/* ---- The network ---- */

void
engine_set_connectivity (Engine *engine, EngineConnectivity connectivity)
{
  EngineConnectivity before = engine->connectivity;
  NtpActions actions;
  NtpNow now;

  if (engine->stopped || connectivity == before)
    return;
  engine->connectivity = connectivity;
  g_info ("Connectivity: %s", engine_get_connectivity (engine));
  now = engine_begin_event (engine, &actions);
  ntp_system_set_hold (engine->system, connectivity == ENGINE_CONNECTIVITY_PORTAL, &now, &actions);
  engine_end_event (engine, &actions);
  if (connectivity == ENGINE_CONNECTIVITY_FULL && before != ENGINE_CONNECTIVITY_UNKNOWN)
    {
      now = engine_begin_event (engine, &actions);
      ntp_system_network_changed (engine->system, TRUE, &now, &actions);
      engine_end_event (engine, &actions);
    }
  if (engine->listener.changed != NULL)
    engine->listener.changed (engine, ENGINE_CHANGE_SETTINGS, engine->listener_data);
}

const char *
engine_get_connectivity (Engine *engine)
{
  static const char *const names[] = {
    [ENGINE_CONNECTIVITY_UNKNOWN] = "unknown", [ENGINE_CONNECTIVITY_NONE] = "none",
    [ENGINE_CONNECTIVITY_PORTAL] = "portal",   [ENGINE_CONNECTIVITY_LIMITED] = "limited",
    [ENGINE_CONNECTIVITY_FULL] = "full",
  };

  return names[engine->connectivity];
}

void
engine_set_economy (Engine *engine, gboolean economy)
{
  NtpActions actions;
  NtpNow now;

  if (engine->stopped)
    return;
  now = engine_begin_event (engine, &actions);
  ntp_system_set_economy (engine->system, economy, &now, &actions);
  engine_end_event (engine, &actions);
}
