/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-private.h"

#include "kept-keys.h"

#include <math.h>
#include <string.h>

#define SETTINGS_SIZE_MAX      (64 * 1024)
#define FREQUENCY_KEPT_MAX_PPM 500.0 /* ours: oscillators are within it, and so is adjtimex (2) */
#define FREQUENCY_SD_PPM       100.0 /* ours: what is usual for a clock of which nothing is known */

void
engine_load_settings (Engine *engine)
{
  g_autofree char *name = NULL;
  g_autofree guint8 *data = NULL;
  gsize length;

  if (engine->state == NULL)
    return;
  name = state_path (engine->state, STATE_SETTINGS);
  data = state_read (engine->state, STATE_SETTINGS, SETTINGS_SIZE_MAX, &length);
  if (data != NULL)
    config_apply_users (engine->config, (const char *) data, length, name);
}

void
engine_save_settings (Engine *engine)
{
  g_autofree char *data = config_get_users_data (engine->config);

  if (engine->state != NULL)
    state_write (engine->state, STATE_SETTINGS, data, strlen (data));
}

void
engine_load_ledger (Engine *engine)
{
  g_autofree guint8 *data = NULL;
  gsize length;

  if (engine->state == NULL)
    return;
  data = state_read (engine->state, STATE_LEDGER, LEDGER_SIZE_MAX, &length);
  if (data != NULL && !ledger_decode (engine->ledger, (const char *) data, length))
    g_warning ("The ledger of certificates makes no sense; a new one is begun");
}

void
engine_save_ledger (Engine *engine)
{
  g_autofree char *data = ledger_encode (engine->ledger);

  engine->ledger_unsaved = FALSE;
  if (engine->state != NULL)
    state_write (engine->state, STATE_LEDGER, data, strlen (data));
}

void
engine_load_drift (Engine *engine, double *frequency_ppm, double *sd_ppm)
{
  gint64 unix_s;

  if (engine->state != NULL && state_load_drift (engine->state, frequency_ppm, sd_ppm, &unix_s))
    return;
  *frequency_ppm = clock_get_frequency_ppm (engine->clock);
  if (fabs (*frequency_ppm) > FREQUENCY_KEPT_MAX_PPM)
    *frequency_ppm = 0.0; /* an unfinished slew */
  *sd_ppm = FREQUENCY_SD_PPM;
}

gint64
engine_get_last_right (Engine *engine)
{
  double frequency_ppm, sd_ppm;
  gint64 unix_s;

  if (engine->state == NULL || !state_load_drift (engine->state, &frequency_ppm, &sd_ppm, &unix_s))
    return 0;
  return unix_s;
}

/* The drift file as ntpd has it, so that a change of the program begins with a good guess. */
static void
save_drift_for_others (Engine *engine, double frequency_ppm)
{
  char line[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (line, sizeof line, "%.6f", frequency_ppm);
  g_strlcat (line, "\n", sizeof line);
  state_write (engine->state, STATE_NTP_DRIFT, line, strlen (line));
}

void
engine_save_drift (Engine *engine)
{
  NtpSnapshot snapshot;

  engine->drift_saved_us = g_get_monotonic_time ();
  engine_get_snapshot (engine, &snapshot);
  if (engine->state != NULL && snapshot.ever_synchronised && isfinite (snapshot.frequency_sd_ppm))
    {
      state_save_drift (engine->state, snapshot.frequency_ppm, snapshot.frequency_sd_ppm,
                        clock_unix_ns (engine->clock) / (1000 * G_USEC_PER_SEC));
      save_drift_for_others (engine, snapshot.frequency_ppm);
    }
}

GPtrArray *
engine_load_keys (Engine *engine)
{
  GPtrArray *kept;
  guint8 *data;
  gsize length;

  if (engine->state == NULL)
    return NULL;
  data = state_read (engine->state, STATE_KEYS, KEPT_KEYS_SIZE_MAX, &length);
  kept = data != NULL ? kept_keys_decode (data, length) : NULL;
  if (data != NULL && kept == NULL)
    g_warning ("The kept keys make no sense or are of another version; ignored");
  if (!state_delete (engine->state, STATE_KEYS) && kept != NULL)
    {
      g_warning ("The kept keys cannot be deleted, so they are not used");
      g_clear_pointer (&kept, g_ptr_array_unref);
    }
  if (data != NULL)
    nts_wipe (data, length);
  g_free (data);
  return kept;
}

static KeptKeys *
take_keys (Engine *engine, const EngineServer *server, gboolean only_copy)
{
  KeptKeys *kept = g_new0 (KeptKeys, 1);
  gboolean taken = FALSE;

  kept->host = g_strdup (server->config->host);
  kept->port = server->config->port;
  kept->ca_file = g_strdup (server->config->ca_file != NULL ? server->config->ca_file : "");
  kept->ke_address = server->ke_address;
  if (server->config->nts && only_copy)
    taken = ntp_system_copy_keys (engine->system, server->slot, &kept->keys, &kept->jar,
                                  &kept->ntp_address);
  else if (server->config->nts)
    taken = ntp_system_take_keys (engine->system, server->slot, &kept->keys, &kept->jar,
                                  &kept->ntp_address);
  if (taken)
    return kept;
  kept_keys_free (kept);
  return NULL;
}

void
engine_save_keys (Engine *engine, gboolean only_copy)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) kept_keys_free);
  guint8 *data;
  gsize length;

  if (engine->state == NULL)
    return;
  for (guint i = 0; i < engine->servers->len; i++)
    {
      KeptKeys *kept = take_keys (engine, g_ptr_array_index (engine->servers, i), only_copy);
      if (kept != NULL)
        g_ptr_array_add (all, kept);
    }
  if (all->len == 0)
    return;
  data = kept_keys_encode (all, &length);
  state_write (engine->state, STATE_KEYS, data, length);
  nts_wipe (data, length);
  g_free (data);
}

/* Where it cannot be deleted it may still be possible to make it worthless. */
gboolean
engine_forget_saved_keys (Engine *engine)
{
  return engine->state == NULL || state_delete (engine->state, STATE_KEYS)
         || state_write (engine->state, STATE_KEYS, "", 0);
}

/* Of a server that was never believed any certificate will do, and is the one to compare with. */
KeTrust
engine_get_trust (const Engine *engine, const ServerConfig *server)
{
  KeTrust trust = { .ca_file = server->ca_file,
                    .now_s = clock_unix_ns (engine->clock) / (1000 * G_USEC_PER_SEC) };
  const char *authority, *key;

  ledger_get_last (engine->ledger, server->host, &authority, &key);
  if (server->accept == CONFIG_ACCEPT_ISSUER)
    trust.authority = authority;
  else if (server->accept == CONFIG_ACCEPT_KEY)
    trust.key = key;
  return trust;
}
