/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-private.h"

#include "address.h"

#include <math.h>
#include <string.h>

static EngineServer *
find_server (Engine *engine, const char *host, guint *position)
{
  g_autofree char *canonical = host_canonical (host, NULL);

  for (guint i = 0; canonical != NULL && i < engine->servers->len; i++)
    {
      EngineServer *server = g_ptr_array_index (engine->servers, i);
      if (strcmp (server->config->host, canonical) == 0)
        {
          *position = i;
          return server;
        }
    }
  return NULL;
}

static void
tell_changed (Engine *engine)
{
  engine_save_settings (engine);
  if (engine->listener.changed != NULL)
    engine->listener.changed (engine, ENGINE_CHANGE_SETTINGS, engine->listener_data);
}

gboolean
engine_add_server (Engine *engine, const char *host, GVariant *options, GError **error)
{
  if (!config_add_server (engine->config, host, options, error))
    return FALSE;
  if (engine->started)
    engine_put_server (engine, engine->servers->len, config_find_server (engine->config, host),
                       NULL);
  tell_changed (engine);
  return TRUE;
}

/* With other keys, ports or people behind it, a server is another one and begins anew. */
static gboolean
is_same_server (const ServerConfig *a, const ServerConfig *b)
{
  return a->nts == b->nts && a->port == b->port && a->ntp_port == b->ntp_port
         && g_strcmp0 (a->ca_file, b->ca_file) == 0
         && g_strcmp0 (a->operator_name, b->operator_name) == 0;
}

/* A server whose certificate was refused need not wait when another one will do now. */
static gboolean
may_be_believed_now (const EngineServer *server, const ServerConfig *before,
                     const ServerConfig *after)
{
  Engine *engine = server->engine;
  NtpNow now = clock_now (engine->clock);
  NtpServerSnapshot snapshot;

  return before->accept != after->accept
         && ntp_system_server_snapshot (engine->system, server->slot, &now, &snapshot)
         && snapshot.cookies == 0;
}

gboolean
engine_change_server (Engine *engine, const char *host, GVariant *options, GError **error)
{
  const ServerConfig *before = config_find_server (engine->config, host);
  g_autoptr (ServerConfig) copy = before != NULL ? server_config_copy (before) : NULL;
  guint position = 0;
  EngineServer *server = find_server (engine, host, &position);
  const ServerConfig *after;

  if (!config_change_server (engine->config, host, options, error))
    return FALSE;
  after = config_find_server (engine->config, host);
  if (server != NULL)
    {
      server->config = after;
      if (!is_same_server (copy, after) || may_be_believed_now (server, copy, after))
        {
          engine_drop_server (engine, server);
          engine_put_server (engine, position, after, NULL);
        }
    }
  tell_changed (engine);
  return TRUE;
}

gboolean
engine_remove_server (Engine *engine, const char *host, GError **error)
{
  guint position = 0;
  EngineServer *server = find_server (engine, host, &position);
  const ServerConfig *config = config_find_server (engine->config, host);
  g_autofree char *name = config != NULL ? g_strdup (config->host) : NULL;

  if (config == NULL)
    return config_remove_server (engine->config, host, error);
  if (server != NULL)
    engine_drop_server (engine, server);
  if (!config_remove_server (engine->config, name, error))
    return FALSE;
  tell_changed (engine);
  return TRUE;
}

static void
note_who (Engine *engine, const char *who)
{
  g_free (engine->asked_who);
  engine->asked_who = g_strdup (who);
}

/* Nobody else can read a virtual clock: a window shows the system's and, as the servers' time, that
 * plus the offset. */
static double
shown_by_system_clock (Engine *engine, double shown_s)
{
  double beside_s = (double) (engine_get_unix_us (engine) - g_get_real_time ()) / G_USEC_PER_SEC;
  NtpSnapshot snapshot;

  if (clock_get_mode (engine->clock) != CLOCK_MODE_VIRTUAL)
    return shown_s;
  engine_get_snapshot (engine, &snapshot);
  return fabs (shown_s + beside_s - snapshot.offset_s) < fabs (shown_s - snapshot.offset_s)
             ? shown_s + beside_s
             : shown_s;
}

gboolean
engine_accept_time (Engine *engine, const char *who, double shown_s, GError **error)
{
  static const char *const why_not[] = {
    [NTP_ACCEPT_NOT_ASKED] = "No change of the clock waits for a decision",
    [NTP_ACCEPT_NO_QUORUM] = "No quorum of servers has said the time lately",
    [NTP_ACCEPT_OTHER_TIME] = "That is not what the servers say now",
  };
  NtpActions actions;
  NtpNow now = engine_begin_event (engine, &actions);
  NtpAccept outcome =
      ntp_system_accept (engine->system, shown_by_system_clock (engine, shown_s), &now, &actions);

  if (outcome == NTP_ACCEPT_DONE)
    {
      note_who (engine, who);
      engine->dates_strict = TRUE; /* by the new time */
    }
  engine->clock_refused = FALSE;
  engine_end_event (engine, &actions);
  if (outcome != NTP_ACCEPT_DONE)
    {
      g_set_error_literal (error, GNOMON_ERROR, GNOMON_ERROR_OUT_OF_BOUNDS, why_not[outcome]);
      return FALSE;
    }
  if (!engine->clock_refused)
    return TRUE;
  g_set_error_literal (error, GNOMON_ERROR, GNOMON_ERROR_CLOCK_FAILED,
                       ntp_reason_text (NTP_REASON_CLOCK_FAILED));
  return FALSE;
}

void
engine_reject_time (Engine *engine, const char *who)
{
  NtpActions actions;
  NtpNow now = engine_begin_event (engine, &actions);

  if (ntp_system_reject (engine->system, &now, &actions))
    note_who (engine, who);
  engine_end_event (engine, &actions);
}

static void
pass_options (Engine *engine)
{
  NtpOptions options = engine_core_options (engine);
  NtpActions actions;
  NtpNow now = engine_begin_event (engine, &actions);

  ntp_system_set_options (engine->system, &options, &now, &actions);
  engine_end_event (engine, &actions);
  tell_changed (engine);
}

gboolean
engine_set_options (Engine *engine, GVariant *options, GError **error)
{
  if (!config_set_options (engine->config, options, error))
    return FALSE;
  pass_options (engine);
  return TRUE;
}

gboolean
engine_set_automatic (Engine *engine, gboolean automatic, GError **error)
{
  config_set_automatic (engine->config, automatic);
  pass_options (engine);
  return TRUE;
}
