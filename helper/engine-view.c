/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-private.h"

#include "address.h"

#include "core/ntp-packet.h"

#include <math.h>

void
engine_get_snapshot (Engine *engine, NtpSnapshot *snapshot)
{
  NtpNow now = clock_now (engine->clock);

  ntp_system_snapshot (engine->system, &now, snapshot);
}

ClockMode
engine_get_clock_mode (Engine *engine)
{
  return clock_get_mode (engine->clock);
}

gint64
engine_get_slew_left_us (Engine *engine)
{
  NtpSnapshot snapshot;
  gint64 now_ns = clock_now (engine->clock).monotonic_ns;

  engine_get_snapshot (engine, &snapshot);
  if (clock_get_mode (engine->clock) == CLOCK_MODE_OBSERVE || snapshot.slew_end_ns == INT64_MAX)
    return 0;
  return MAX (0, (snapshot.slew_end_ns - now_ns) / 1000 + 1);
}

gboolean
engine_get_automatic (Engine *engine)
{
  return config_get_options (engine->config)->automatic;
}

gint64
engine_get_unix_us (Engine *engine)
{
  return clock_unix_ns (engine->clock) / 1000;
}

gint64
engine_usec (Engine *engine, NtpTimestamp timestamp)
{
  if (timestamp == 0)
    return 0;
  return ntp_timestamp_to_unix_ns (timestamp, clock_unix_ns (engine->clock)) / 1000;
}

static const char *
state_name (NtpServerState state)
{
  static const char *const names[] = {
    [NTP_SERVER_RESOLVING] = "resolving", [NTP_SERVER_KEY_EXCHANGE] = "key-exchange",
    [NTP_SERVER_POLLING] = "polling",     [NTP_SERVER_UNREACHABLE] = "unreachable",
    [NTP_SERVER_FAILED] = "failed",
  };

  return names[state];
}

static const char *
selection_name (NtpSelection selection)
{
  static const char *const names[] = {
    [NTP_SELECTION_NOT_USED] = "not-used",
    [NTP_SELECTION_NO_SAMPLES] = "no-samples",
    [NTP_SELECTION_UNSYNCHRONISED] = "unsynchronised",
    [NTP_SELECTION_DISTANT] = "distant",
    [NTP_SELECTION_FALSETICKER] = "falseticker",
    [NTP_SELECTION_OUTLIER] = "outlier",
    [NTP_SELECTION_CANDIDATE] = "candidate",
    [NTP_SELECTION_SYSTEM_PEER] = "system-peer",
  };

  return names[selection];
}

const char *
engine_leap_name (guint8 leap)
{
  static const char *const names[] = {
    [NTP_LEAP_NONE] = "none",
    [NTP_LEAP_INSERT] = "insert",
    [NTP_LEAP_DELETE] = "delete",
    [NTP_LEAP_UNKNOWN] = "unknown",
  };

  return names[leap & 3];
}

/* RFC 5905 §7.3: of a primary server the name of its clock, else an IPv4 address or what looks like
 * one. */
static void
insert_refid (GVariantDict *dict, guint8 stratum, guint32 id)
{
  char text[16] = "";

  if (stratum > 1)
    g_snprintf (text, sizeof text, "%u.%u.%u.%u", id >> 24, id >> 16 & 255, id >> 8 & 255,
                id & 255);
  else
    for (int i = 0; i < 4; i++)
      {
        char letter = (char) (id >> (24 - 8 * i) & 255);
        if (letter == '\0')
          break;
        text[i] = g_ascii_isprint (letter) ? letter : '?';
      }
  g_variant_dict_insert (dict, "refid", "s", text);
}

static void
insert_text (GVariantDict *dict, const char *key, const char *text)
{
  if (text != NULL && *text != '\0')
    g_variant_dict_insert (dict, key, "s", text);
}

static void
insert_address (GVariantDict *dict, const char *key, const NtpAddress *address)
{
  char text[ADDRESS_TEXT_MAX];

  address_print (address, text);
  insert_text (dict, key, text);
}

/* What is configured, or follows from it. */
static void
insert_config (GVariantDict *dict, const Engine *engine, const ServerConfig *config)
{
  g_autofree char *fallback = host_operator (config->host);
  NtpAddress literal;

  g_variant_dict_insert (dict, "host", "s", config->host);
  g_variant_dict_insert (dict, "nts", "b", (gboolean) config->nts);
  g_variant_dict_insert (dict, "port", "q", config->nts ? config->port : config->ntp_port);
  g_variant_dict_insert (dict, "locked", "b", config_is_locked_server (engine->config, config));
  if (config->nts)
    {
      g_variant_dict_insert (dict, "accept", "s", config_accept_name (config->accept));
      insert_text (dict, "ca", config->ca_file);
    }
  insert_text (dict, "country", config->country);
  if (config->operator_name != NULL)
    insert_text (dict, "operator", config->operator_name);
  else if (!address_parse (config->host, 0, &literal))
    insert_text (dict, "operator", fallback);
}

static void
insert_security (GVariantDict *dict, const EngineServer *server, const NtpServerSnapshot *snapshot)
{
  const TlsFacts *facts = &server->facts;

  if (!server->config->nts)
    return;
  g_variant_dict_insert (dict, "cookies", "y", (guint8) snapshot->cookies);
  if (snapshot->cookie_length > 0)
    g_variant_dict_insert (dict, "cookie-length", "u", snapshot->cookie_length);
  insert_text (dict, "aead", nts_aead_name (snapshot->aead));
  g_variant_dict_insert (dict, "naks", "u", snapshot->naks);
  g_variant_dict_insert (dict, "key-exchanges", "u", snapshot->key_exchanges);
  insert_text (dict, "tls-version", facts->tls_version);
  insert_text (dict, "certificate-subject", facts->subject);
  insert_text (dict, "certificate-issuer", facts->issuer);
  insert_text (dict, "certificate-sha256", facts->sha256);
  if (facts->sha256 != NULL)
    g_variant_dict_insert (dict, "certificate-not-after", "x", facts->not_after_s * G_USEC_PER_SEC);
}

static void
insert_measurement (GVariantDict *dict, Engine *engine, const NtpServerSnapshot *snapshot)
{
  if (!snapshot->has_sample)
    return;
  g_variant_dict_insert (dict, "stratum", "y", snapshot->stratum);
  insert_refid (dict, snapshot->stratum, snapshot->reference_id);
  g_variant_dict_insert (dict, "leap", "s", engine_leap_name (snapshot->leap));
  g_variant_dict_insert (dict, "last-sample", "x", engine_usec (engine, snapshot->last_sample));
  g_variant_dict_insert (dict, "offset", "d", snapshot->offset_s);
  g_variant_dict_insert (dict, "delay", "d", snapshot->delay_s);
  g_variant_dict_insert (dict, "jitter", "d", snapshot->jitter_s);
  g_variant_dict_insert (dict, "root-distance", "d", snapshot->root_distance_s);
}

static GVariant *
server_to_variant (const EngineServer *server, const NtpNow *now)
{
  Engine *engine = server->engine;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  NtpServerSnapshot snapshot;

  insert_config (&dict, engine, server->config);
  insert_address (&dict, "address", &server->ke_address);
  if (!ntp_system_server_snapshot (engine->system, server->slot, now, &snapshot))
    return g_variant_dict_end (&dict);

  insert_address (&dict, "ntp-address", &snapshot.address);
  if (snapshot.address.family != 0)
    g_variant_dict_insert (&dict, "ntp-port", "q", snapshot.address.port);
  g_variant_dict_insert (&dict, "authenticated", "b", (gboolean) snapshot.authenticated);
  g_variant_dict_insert (&dict, "state", "s", state_name (snapshot.state));
  g_variant_dict_insert (&dict, "selection", "s", selection_name (snapshot.selection));
  g_variant_dict_insert (&dict, "reason", "s", ntp_reason_name (snapshot.reason));
  g_variant_dict_insert (&dict, "reach", "y", snapshot.reach);
  g_variant_dict_insert (&dict, "poll", "n", (gint16) snapshot.poll_log2);
  if (snapshot.next_poll_ns != INT64_MAX)
    g_variant_dict_insert (
        &dict, "next-poll", "x",
        (clock_unix_ns (engine->clock) + snapshot.next_poll_ns - now->monotonic_ns) / 1000);
  insert_measurement (&dict, engine, &snapshot);
  insert_security (&dict, server, &snapshot);
  return g_variant_dict_end (&dict);
}

GVariant *
engine_get_servers (Engine *engine)
{
  NtpNow now = clock_now (engine->clock);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < engine->servers->len; i++)
    g_variant_builder_add_value (&builder,
                                 server_to_variant (g_ptr_array_index (engine->servers, i), &now));
  return g_variant_builder_end (&builder);
}

GVariant *
engine_get_tracking (Engine *engine)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  NtpSnapshot snapshot;
  int tai_offset_s;

  engine_get_snapshot (engine, &snapshot);
  if (snapshot.ever_synchronised)
    {
      g_variant_dict_insert (&dict, "last-offset", "d", snapshot.last_offset_s);
      g_variant_dict_insert (&dict, "rms-offset", "d", snapshot.rms_offset_s);
      g_variant_dict_insert (&dict, "residual-frequency", "d", snapshot.residual_frequency_ppm);
      g_variant_dict_insert (&dict, "root-delay", "d", snapshot.root_delay_s);
      g_variant_dict_insert (&dict, "root-dispersion", "d", snapshot.root_dispersion_s);
      g_variant_dict_insert (&dict, "stratum", "y", snapshot.stratum);
      insert_refid (&dict, snapshot.stratum, snapshot.reference_id);
      g_variant_dict_insert (&dict, "update-interval", "d", snapshot.update_interval_s);
    }
  if (clock_get_tai_offset (engine->clock, &tai_offset_s))
    g_variant_dict_insert (&dict, "tai-offset", "i", tai_offset_s);
  return g_variant_dict_end (&dict);
}

GVariant *
engine_get_options (Engine *engine)
{
  return config_get_options_variant (engine->config);
}

GVariant *
engine_get_ledger (Engine *engine, const char *host, guint most)
{
  g_autofree char *canonical = host_canonical (host, NULL);

  return ledger_get (engine->ledger, canonical != NULL ? canonical : "", most);
}
