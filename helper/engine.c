/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-private.h"

#include "address.h"
#include "kept-keys.h"
#include "timer.h"

#include <glib-unix.h>
#include <math.h>
#include <string.h>
#include <sys/random.h>

#define SYNC_PAUSE_US      (2 * G_USEC_PER_SEC) /* no server wants to be asked sooner again */
#define NO_ENTROPY_WAIT_NS G_GINT64_CONSTANT (1000000000) /* ours */
#define DRIFT_INTERVAL_US  G_TIME_SPAN_HOUR               /* ours: what a crash may cost */

gboolean
engine_draw_entropy (NtpEntropy *entropy)
{
  memset (entropy, 0, sizeof *entropy);
  if (getrandom (entropy->octets, sizeof entropy->octets, 0) == (gssize) sizeof entropy->octets)
    return TRUE;
  g_warning ("The kernel gives no random octets; nothing is sent");
  return FALSE;
}

NtpNow
engine_begin_event (Engine *engine, NtpActions *actions)
{
  engine_tell_disturbances (engine);
  actions->count = 0;
  return clock_now (engine->clock);
}

static void
rearm (Engine *engine)
{
  gint64 wait_ns = clock_wait_ns (engine->clock, engine->wake_at_ns);

  if (engine->asleep)
    return;
  engine->due_ns = MAX (engine->wake_at_ns, clock_now (engine->clock).monotonic_ns);
  timer_set (engine->timer, wait_ns == G_MAXINT64 ? TIMER_NEVER : (wait_ns + 999) / 1000);
}

void
engine_end_event (Engine *engine, const NtpActions *actions)
{
  engine_perform (engine, actions);
  if (!engine->stopped)
    rearm (engine);
}

/* FALSE when nothing is due. */
static gboolean
run_due (Engine *engine)
{
  NtpEntropy entropy;
  NtpActions actions;
  NtpNow now = engine_begin_event (engine, &actions);

  if (engine->wake_at_ns > now.monotonic_ns)
    return FALSE;
  if (!engine_draw_entropy (&entropy))
    {
      engine->wake_at_ns = now.monotonic_ns + NO_ENTROPY_WAIT_NS;
      return FALSE;
    }
  engine->wake_at_ns = G_MAXINT64;
  ntp_system_timer (engine->system, &entropy, &now, &actions);
  engine_perform (engine, &actions);
  return TRUE;
}

/* Everything that is due is done in one wake-up, but others have their turn when it is a lot. */
static void
on_timer (gpointer data)
{
  Engine *engine = data;

  if (engine->asleep)
    engine_wake (engine); /* the sleep did not come */
  for (guint i = 0; i <= engine->capacity && run_due (engine); i++)
    ;
  rearm (engine);
  if (g_get_monotonic_time () - engine->drift_saved_us >= DRIFT_INTERVAL_US)
    engine_save_drift (engine);
  engine_tend_records (engine);
}

static gboolean
on_jump (gint fd, GIOCondition condition, gpointer data)
{
  Engine *engine = data;
  NtpActions actions;

  clock_clear_jump_fd (engine->clock);
  engine_begin_event (engine, &actions);
  engine_end_event (engine, &actions);
  return G_SOURCE_CONTINUE;
}

/* Another way out is another address: requests that are under way are lost, and the next ones leave
 * from new ports. */
static void
on_network_changed (gboolean available, gpointer data)
{
  Engine *engine = data;
  NtpActions actions;
  NtpNow now = engine_begin_event (engine, &actions);

  engine_record (engine, &(EventRecord){ .kind = EVENT_NETWORK_CHANGED });
  g_info ("The network changed, and there is %s way out", available ? "a" : "no");
  for (guint i = 0; i < engine->servers->len; i++)
    {
      EngineServer *server = g_ptr_array_index (engine->servers, i);
      g_clear_pointer (&server->socket, udp_socket_free);
    }
  ntp_system_network_changed (engine->system, available, &now, &actions);
  engine_end_event (engine, &actions);
}

/* ---- Servers ---- */

static guint32
operator_number (Engine *engine, const ServerConfig *config)
{
  g_autofree char *name = config->operator_name != NULL
                              ? g_utf8_casefold (config->operator_name, -1)
                              : host_operator (config->host);
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (engine->operators, name));

  if (number == 0)
    {
      number = g_hash_table_size (engine->operators) + 1;
      g_hash_table_insert (engine->operators, g_steal_pointer (&name), GUINT_TO_POINTER (number));
    }
  return number;
}

static KeptKeys *
find_kept (GPtrArray *kept, const ServerConfig *config)
{
  for (guint i = 0; kept != NULL && i < kept->len; i++)
    {
      KeptKeys *keys = g_ptr_array_index (kept, i);
      if (config->nts && strcmp (keys->host, config->host) == 0 && keys->port == config->port
          && strcmp (keys->ca_file, config->ca_file != NULL ? config->ca_file : "") == 0)
        return keys;
    }
  return NULL;
}

void
engine_put_server (Engine *engine, guint position, const ServerConfig *config, GPtrArray *kept)
{
  const NtpServerConfig core_config = { .nts = config->nts,
                                        .trusted = config->trusted,
                                        .operator_id = operator_number (engine, config) };
  const KeptKeys *keys = find_kept (kept, config);
  EngineServer *server = g_new0 (EngineServer, 1);
  NtpActions actions;
  NtpNow now = engine_begin_event (engine, &actions);

  server->engine = engine;
  server->config = config;
  if (keys != NULL)
    {
      server->ke_address = keys->ke_address;
      server->ntp_address = keys->ntp_address;
    }
  server->slot = ntp_system_add_server (
      engine->system, &core_config, keys != NULL ? &keys->keys : NULL,
      keys != NULL ? &keys->jar : NULL, keys != NULL ? &keys->ntp_address : NULL, &now, &actions);
  if (server->slot < 0)
    {
      g_warning ("No room for the server %s", config->host);
      g_free (server);
      return;
    }
  engine->slots[server->slot] = server;
  g_ptr_array_insert (engine->servers, (gint) position, server);
  engine_end_event (engine, &actions);
}

static void
server_free (EngineServer *server)
{
  g_clear_pointer (&server->socket, udp_socket_free);
  g_clear_pointer (&server->session, ke_session_free);
  g_clear_pointer (&server->lookup, name_lookup_free);
  tls_facts_clear (&server->facts);
  g_free (server);
}

void
engine_drop_server (Engine *engine, EngineServer *server)
{
  NtpActions actions;
  NtpNow now = engine_begin_event (engine, &actions);
  int slot = server->slot;

  g_queue_remove (&engine->waiting, server);
  engine->n_sessions -= server->session != NULL;
  engine->slots[slot] = NULL;
  g_ptr_array_remove (engine->servers, server);
  ntp_system_remove_server (engine->system, slot, &now, &actions);
  engine_end_event (engine, &actions);
  engine_begin_key_exchanges (engine);
}

/* ---- Life ---- */

NtpOptions
engine_core_options (const Engine *engine)
{
  NtpOptions options = *config_get_options (engine->config);

  options.may_adjust = clock_get_mode (engine->clock) != CLOCK_MODE_OBSERVE && engine->rival_known
                       && engine->rival == NULL;
  options.observe_reason = engine->rival != NULL ? NTP_REASON_OTHER_SERVICE : NTP_REASON_NONE;
  return options;
}

static void
make_system (Engine *engine)
{
  NtpOptions options = engine_core_options (engine);
  double frequency_ppm, sd_ppm;
  NtpNow now;

  engine->capacity = MAX (CONFIG_SERVERS_OVER_BUS, config_get_n_servers (engine->config));
  engine->slots = g_new0 (EngineServer *, engine->capacity);
  engine->memory_size = ntp_system_size (engine->capacity);
  engine->memory = g_malloc0 (engine->memory_size);
  engine_load_drift (engine, &frequency_ppm, &sd_ppm);
  now = clock_now (engine->clock);
  engine->system = ntp_system_init (
      engine->memory, engine->capacity, &options, clock_precision_log2 (engine->clock),
      clock_get_frequency_ppm (engine->clock), frequency_ppm, sd_ppm, &now);
}

Engine *
engine_new (Config *config, Clock *clock, const char *state_dir)
{
  Engine *engine = g_new0 (Engine, 1);
  g_autoptr (GError) error = NULL;

  engine->config = config;
  engine->clock = clock;
  engine->ledger = ledger_new ();
  engine->servers = g_ptr_array_new_with_free_func ((GDestroyNotify) server_free);
  engine->inquiries = g_ptr_array_new ();
  engine->operators = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  engine->timer = timer_new (on_timer, engine);
  engine->wake_at_ns = G_MAXINT64;
  engine->due_ns = G_MAXINT64;
  engine->state_told = -1;
  g_queue_init (&engine->waiting);
  if (state_dir != NULL)
    engine->state = state_open (state_dir, &error);
  if (error != NULL)
    g_warning ("%s; nothing is kept for the next run", error->message);
  engine->events = events_new (engine->state);
  engine->history = history_new (engine->state);
  engine_load_settings (engine);
  engine_load_ledger (engine);
  engine_begin_dates (engine);
  make_system (engine);
  return engine;
}

void
engine_free (Engine *engine)
{
  engine_stop (engine);
  timer_free (engine->timer);
  g_ptr_array_unref (engine->servers);
  g_ptr_array_unref (engine->inquiries);
  g_hash_table_unref (engine->operators);
  g_free (engine->slots);
  g_free (engine->rival);
  nts_wipe (engine->memory, engine->memory_size);
  g_free (engine->memory);
  events_free (engine->events);
  history_free (engine->history);
  g_clear_pointer (&engine->statistics, statistics_free);
  g_clear_pointer (&engine->state, state_free);
  g_free (engine->asked_who);
  ledger_free (engine->ledger);
  clock_free (engine->clock);
  config_free (engine->config);
  g_free (engine);
}

void
engine_set_log_dir (Engine *engine, const char *log_dir)
{
  g_clear_pointer (&engine->statistics, statistics_free);
  engine->statistics = statistics_new (log_dir);
}

void
engine_set_listener (Engine *engine, const EngineListener *listener, gpointer data)
{
  engine->listener = *listener;
  engine->listener_data = data;
}

void
engine_start (Engine *engine)
{
  g_autoptr (GPtrArray) kept = NULL;
  int fd = clock_jump_fd (engine->clock);

  if (engine->started)
    return;
  engine->started = TRUE;
  engine->drift_saved_us = engine->records_saved_us = g_get_monotonic_time ();
  g_info ("Started, with the %s clock and %u servers",
          clock_mode_name (clock_get_mode (engine->clock)), config_get_n_servers (engine->config));
  engine_record (engine, &(EventRecord){ .kind = EVENT_STARTED });
  if (fd >= 0)
    engine->jump_source = g_unix_fd_add (fd, G_IO_IN, on_jump, engine);
  engine->network = network_watch_new (on_network_changed, engine);
  kept = engine_load_keys (engine);
  for (guint i = 0; i < config_get_n_servers (engine->config); i++)
    engine_put_server (engine, i, config_get_server (engine->config, i), kept);
}

/* A clock that was being slewed would go on drifting at that rate for ever. */
static void
end_slew (Engine *engine)
{
  NtpSnapshot snapshot;
  NtpAdjust adjust = { .step_s = 0 };

  engine_get_snapshot (engine, &snapshot);
  /* Also one that is over by now and has not been ended, since the end of all came first. */
  if (clock_get_mode (engine->clock) == CLOCK_MODE_OBSERVE || snapshot.slew_end_ns == INT64_MAX)
    return;
  adjust.frequency_ppm = snapshot.frequency_ppm;
  adjust.synchronised = snapshot.state == NTP_STATE_SYNCHRONISED;
  adjust.leap = snapshot.leap;
  adjust.estimated_error_s = fabs (snapshot.offset_s);
  adjust.maximum_error_s = fabs (snapshot.offset_s) + snapshot.uncertainty_s;
  clock_adjust (engine->clock, &adjust, NULL);
}

void
engine_stop (Engine *engine)
{
  if (engine->stopped)
    return;
  engine_cancel_sync (engine);
  engine_end_diagnoses (engine);
  engine->stopped = TRUE;
  timer_set (engine->timer, TIMER_NEVER);
  g_clear_handle_id (&engine->jump_source, g_source_remove);
  g_clear_handle_id (&engine->trim_source, g_source_remove);
  g_clear_pointer (&engine->network, network_watch_free);
  if (!engine->started)
    return;
  end_slew (engine);
  g_info ("Stopped");
  engine_record (engine, &(EventRecord){ .kind = EVENT_STOPPED });
  history_save (engine->history);
  engine_save_drift (engine);
  engine_save_ledger (engine);
  engine_save_keys (engine, FALSE);
  g_queue_clear (&engine->waiting);
  g_ptr_array_set_size (engine->servers, 0);
  memset (engine->slots, 0, engine->capacity * sizeof engine->slots[0]);
}

/* ---- Sync now ---- */

static gboolean
on_sync_cancelled (GCancellable *cancellable, gpointer data)
{
  engine_cancel_sync (data);
  return G_SOURCE_REMOVE;
}

static gboolean
refuse_sync (Engine *engine, GTask *task)
{
  gint64 since_us = g_get_monotonic_time () - engine->sync_ended_us;

  if (engine->sync != NULL || !engine->started || engine->stopped)
    g_task_return_new_error (task, GNOMON_ERROR, GNOMON_ERROR_BUSY,
                             "The clock is being synchronised already");
  else if (engine->sync_ended_us != 0 && since_us < SYNC_PAUSE_US)
    g_task_return_new_error (task, GNOMON_ERROR, GNOMON_ERROR_TOO_SOON,
                             "The servers were asked only just now");
  else
    return FALSE;
  return TRUE;
}

void
engine_sync_now_async (Engine *engine, const char *who, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  NtpActions actions;
  NtpNow now;

  g_task_set_source_tag (task, engine_sync_now_async);
  g_task_set_check_cancellable (task, FALSE);
  if (refuse_sync (engine, task))
    return;
  g_free (engine->asked_who);
  engine->asked_who = g_strdup (who);
  now = engine_begin_event (engine, &actions);
  if (!ntp_system_sync_now (engine->system, &now, &actions))
    {
      g_task_return_new_error (task, GNOMON_ERROR, GNOMON_ERROR_BUSY,
                               "The clock is being synchronised already");
      return;
    }
  if (cancellable != NULL)
    {
      engine->sync_cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (engine->sync_cancelled, G_SOURCE_FUNC (on_sync_cancelled), engine,
                             NULL);
      g_source_attach (engine->sync_cancelled, NULL);
    }
  engine->sync = g_steal_pointer (&task);
  engine_end_event (engine, &actions);
}

gboolean
engine_sync_now_finish (Engine *engine, GAsyncResult *result, NtpSyncResult *sync, GError **error)
{
  const NtpSyncResult *known = g_task_get_task_data (G_TASK (result));

  if (sync != NULL)
    *sync = known != NULL ? *known : (NtpSyncResult){ .error = NTP_REASON_NONE };
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
engine_cancel_sync (Engine *engine)
{
  NtpActions actions;
  NtpNow now;

  if (engine->sync == NULL)
    return;
  now = engine_begin_event (engine, &actions);
  ntp_system_cancel_sync (engine->system, &now, &actions);
  engine_end_event (engine, &actions);
}
