/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "diagnosis.h"

#include "address.h"
#include "diagnosis-steps.h"
#include "ke-session.h"
#include "ntp-probe.h"

#include <math.h>

struct Diagnosis
{
  ServerConfig *server;
  Clock *clock;
  const DiagnosisListener *listener;
  gpointer data;
  DiagnosisSteps steps;
  NameLookup *lookup;
  KeSession *session;
  NtpProbe *probe;
  NtpAddress ntp_address;
  gint64 begun_us; /* the step under way, monotonic */
};

/* ---- Steps ---- */

static void
end_step (Diagnosis *self, DiagnosisStep step, NtpReason reason, gint64 ended_us, char *evidence,
          GVariantDict *facts)
{
  const DiagnosisVerdict verdict = { .step = step,
                                     .reason = reason,
                                     .duration_us = MAX (0, ended_us - self->begun_us),
                                     .evidence = evidence,
                                     .facts = facts };

  self->begun_us = ended_us;
  self->listener->step (diagnosis_steps_end (&self->steps, &verdict), self->data);
}

/* Frees it, or so it may. */
static void
finish (Diagnosis *self)
{
  g_autoptr (GVariant) steps = g_variant_ref_sink (diagnosis_steps_get (&self->steps));

  self->listener->done (steps, self->data);
}

static void
insert_text (GVariantDict *facts, const char *key, const char *text)
{
  if (text != NULL && *text != '\0')
    g_variant_dict_insert (facts, key, "s", text);
}

static char *
insert_address (GVariantDict *facts, const char *address_key, const char *port_key,
                const NtpAddress *address)
{
  char text[ADDRESS_TEXT_MAX];

  address_print (address, text);
  insert_text (facts, address_key, text);
  g_variant_dict_insert (facts, port_key, "q", address->port);
  return g_strdup_printf ("%s port %u", text, address->port);
}

static char *
name_addresses (const NtpAddress *addresses, guint n_addresses)
{
  GString *names = g_string_new (NULL);
  char text[ADDRESS_TEXT_MAX];

  for (guint i = 0; i < n_addresses; i++)
    {
      address_print (&addresses[i], text);
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", text);
    }
  return g_string_free (names, FALSE);
}

static void
end_resolve (Diagnosis *self, const NtpAddress *addresses, guint n_addresses, gint64 ended_us)
{
  GVariantDict facts;

  g_variant_dict_init (&facts, NULL);
  g_free (insert_address (&facts, "address", "port", &addresses[0]));
  end_step (self, DIAGNOSIS_RESOLVE, NTP_REASON_NONE, ended_us,
            name_addresses (addresses, n_addresses), &facts);
}

static void
end_connect (Diagnosis *self, const KeResult *result)
{
  GVariantDict facts;
  char *evidence;

  g_variant_dict_init (&facts, NULL);
  evidence = insert_address (&facts, "address", "port", &result->ke_address);
  end_step (self, DIAGNOSIS_CONNECT, NTP_REASON_NONE, result->trace.connected_us, evidence, &facts);
}

/* @reason: why the certificate was refused; then TLS was not over yet. */
static void
end_tls (Diagnosis *self, const KeResult *result, NtpReason reason)
{
  const TlsFacts *tls = result->facts;
  GVariantDict facts;
  gint64 ended_us = result->trace.shown_us != 0 ? result->trace.shown_us : result->trace.ended_us;

  g_variant_dict_init (&facts, NULL);
  insert_text (&facts, "tls-version", tls->tls_version);
  insert_text (&facts, "cipher", tls->cipher);
  end_step (self, DIAGNOSIS_TLS, reason, ended_us,
            reason == NTP_REASON_NONE && tls->tls_version != NULL
                ? g_strdup_printf ("%s, %s, " NTS_KE_ALPN, tls->tls_version, tls->cipher)
                : NULL,
            &facts);
}

static char *
describe_certificate (const TlsFacts *tls, NtpReason reason)
{
  g_autoptr (GDateTime) from = g_date_time_new_from_unix_utc (tls->not_before_s);
  g_autoptr (GDateTime) until = g_date_time_new_from_unix_utc (tls->not_after_s);
  g_autofree char *from_text = from != NULL ? g_date_time_format_iso8601 (from) : g_strdup ("?");
  g_autofree char *until_text = until != NULL ? g_date_time_format_iso8601 (until) : g_strdup ("?");

  return g_strdup_printf ("%s%sfor %s, issued by %s, valid from %s until %s",
                          ntp_reason_text (reason), reason != NTP_REASON_NONE ? ": " : "",
                          tls->subject, tls->issuer, from_text, until_text);
}

static void
end_certificate (Diagnosis *self, const KeResult *result, NtpReason reason, gint64 ended_us)
{
  const TlsFacts *tls = result->facts;
  gboolean seen = tls != NULL && tls->sha256 != NULL;
  GVariantDict facts;

  g_variant_dict_init (&facts, NULL);
  if (seen)
    {
      insert_text (&facts, "certificate-subject", tls->subject);
      insert_text (&facts, "certificate-issuer", tls->issuer);
      insert_text (&facts, "certificate-sha256", tls->sha256);
      g_variant_dict_insert (&facts, "certificate-not-before", "x",
                             tls->not_before_s * G_USEC_PER_SEC);
      g_variant_dict_insert (&facts, "certificate-not-after", "x",
                             tls->not_after_s * G_USEC_PER_SEC);
    }
  end_step (self, DIAGNOSIS_CERTIFICATE, reason, ended_us,
            seen ? describe_certificate (tls, reason) : NULL, &facts);
}

static void
end_keys (Diagnosis *self, const KeResult *result)
{
  const NtsKeOffer *offer = result->offer;
  g_autofree char *where = NULL;
  GVariantDict facts;

  g_variant_dict_init (&facts, NULL);
  where = insert_address (&facts, "ntp-address", "ntp-port", &result->ntp_address);
  insert_text (&facts, "aead", nts_aead_name (offer->aead));
  g_variant_dict_insert (&facts, "cookies", "u", (guint32) offer->n_cookies);
  g_variant_dict_insert (&facts, "cookie-length", "u", (guint32) offer->cookie_lengths[0]);
  end_step (self, DIAGNOSIS_KEYS, NTP_REASON_NONE, result->trace.ended_us,
            g_strdup_printf ("%s, %u cookies of %u octets, NTP at %s", nts_aead_name (offer->aead),
                             offer->n_cookies, offer->cookie_lengths[0], where),
            &facts);
}

/* ---- The time ---- */

static void
on_answered (NtpReason reason, const NtpServerSnapshot *server, gpointer data)
{
  Diagnosis *self = data;
  char *evidence = NULL;
  GVariantDict facts;

  g_variant_dict_init (&facts, NULL);
  if (reason == NTP_REASON_NONE)
    {
      g_variant_dict_insert (&facts, "stratum", "y", server->stratum);
      g_variant_dict_insert (&facts, "offset", "d", server->offset_s);
      g_variant_dict_insert (&facts, "delay", "d", server->delay_s);
      evidence = g_strdup_printf ("%s, stratum %u, offset %+.6f s, delay %.6f s",
                                  server->authenticated ? "authentic" : "not authenticated",
                                  server->stratum, server->offset_s, server->delay_s);
    }
  end_step (self, DIAGNOSIS_ANSWER, reason, g_get_monotonic_time (), evidence, &facts);
  finish (self);
}

/* FALSE when the request did not leave; then it is over. */
static gboolean
ask (Diagnosis *self, const NtpAddress *address, const NtsKeys *keys, const NtsKeOffer *offer)
{
  g_autofree char *where = NULL;
  GVariantDict facts;
  gsize sent;

  self->begun_us = g_get_monotonic_time ();
  self->probe = ntp_probe_new (self->clock, address, keys, offer, on_answered, self);
  sent = ntp_probe_get_sent (self->probe);
  g_variant_dict_init (&facts, NULL);
  where = insert_address (&facts, "ntp-address", "ntp-port", address);
  end_step (self, DIAGNOSIS_REQUEST, sent > 0 ? NTP_REASON_NONE : NTP_REASON_NETWORK_UNREACHABLE,
            g_get_monotonic_time (),
            sent > 0 ? g_strdup_printf ("%" G_GSIZE_FORMAT " octets to %s", sent, where) : NULL,
            &facts);
  return sent > 0;
}

/* ---- The keys ---- */

static gboolean
is_about_certificate (NtpReason reason)
{
  return reason >= NTP_REASON_CERTIFICATE_INVALID && reason <= NTP_REASON_CA_FILE_UNREADABLE;
}

/* What has been passed so far and was not told yet. */
static void
on_progress (const KeResult *result, gpointer data)
{
  Diagnosis *self = data;
  const KeTrace *trace = &result->trace;

  if (trace->resolved_us != 0 && !diagnosis_steps_has (&self->steps, DIAGNOSIS_RESOLVE))
    end_resolve (self, trace->addresses, trace->n_addresses, trace->resolved_us);
  if (trace->connected_us != 0 && !diagnosis_steps_has (&self->steps, DIAGNOSIS_CONNECT))
    end_connect (self, result);
  if (trace->shaken_us != 0 && !diagnosis_steps_has (&self->steps, DIAGNOSIS_TLS))
    {
      end_tls (self, result, NTP_REASON_NONE);
      end_certificate (self, result, NTP_REASON_NONE, trace->shaken_us);
    }
}

/* A certificate is shown, and refused, in the midst of the handshake; a file of authorities that
 * cannot be read is found out even before there is one. */
static void
end_failed (Diagnosis *self, const KeResult *result)
{
  const KeTrace *trace = &result->trace;

  if (trace->resolved_us == 0)
    end_step (self, DIAGNOSIS_RESOLVE, result->reason, trace->ended_us, NULL, NULL);
  else if (trace->shaken_us != 0)
    end_step (self, DIAGNOSIS_KEYS, result->reason, trace->ended_us, NULL, NULL);
  else if (is_about_certificate (result->reason))
    {
      if (trace->shown_us != 0)
        end_tls (self, result, NTP_REASON_NONE);
      end_certificate (self, result, result->reason, trace->ended_us);
    }
  else if (trace->connected_us == 0)
    end_step (self, DIAGNOSIS_CONNECT, result->reason, trace->ended_us, NULL, NULL);
  else
    end_tls (self, result, result->reason);
}

static void
on_keys (const KeResult *result, gpointer data)
{
  Diagnosis *self = data;
  gboolean goes_on = result->reason == NTP_REASON_NONE;

  on_progress (result, self);
  if (goes_on)
    {
      end_keys (self, result);
      goes_on = ask (self, &result->ntp_address, &result->keys, result->offer);
    }
  else
    end_failed (self, result);
  g_clear_pointer (&self->session, ke_session_free);
  if (!goes_on)
    finish (self);
}

/* Without NTS there is nothing between the name and the question. */
static void
on_found (const NtpAddress *addresses, guint n_addresses, NtpReason reason, gpointer data)
{
  Diagnosis *self = data;
  gint64 now_us = g_get_monotonic_time ();
  gboolean goes_on = reason == NTP_REASON_NONE;

  if (goes_on)
    {
      end_resolve (self, addresses, n_addresses, now_us);
      goes_on = ask (self, &addresses[0], NULL, NULL);
    }
  else
    end_step (self, DIAGNOSIS_RESOLVE, reason, now_us, NULL, NULL);
  g_clear_pointer (&self->lookup, name_lookup_free);
  if (!goes_on)
    finish (self);
}

Diagnosis *
diagnosis_new (const ServerConfig *server, const KeTrust *trust, Clock *clock,
               const DiagnosisListener *listener, gpointer data)
{
  Diagnosis *self = g_new0 (Diagnosis, 1);

  self->server = server_config_copy (server);
  self->clock = clock;
  self->listener = listener;
  self->data = data;
  self->begun_us = g_get_monotonic_time ();
  if (!server->nts)
    self->lookup = name_lookup_new (server->host, server->ntp_port, on_found, self);
  else
    {
      self->session = ke_session_new (server->host, server->port, trust, on_keys, self);
      ke_session_set_progress (self->session, on_progress);
    }
  return self;
}

void
diagnosis_free (Diagnosis *self)
{
  g_clear_pointer (&self->lookup, name_lookup_free);
  g_clear_pointer (&self->session, ke_session_free);
  g_clear_pointer (&self->probe, ntp_probe_free);
  diagnosis_steps_clear (&self->steps);
  server_config_free (self->server);
  g_free (self);
}
