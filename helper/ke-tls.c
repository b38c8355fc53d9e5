/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ke-tls.h"

#include "address.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define READ_SIZE 4096

/* Reasons of alerts begin here; RFC 7301 §3.2. */
#define ALERT_NO_APPLICATION_PROTOCOL (SSL_AD_REASON_OFFSET + SSL_AD_NO_APPLICATION_PROTOCOL)

struct KeTls
{
  SSL_CTX *context;
  SSL *ssl;
  BIO *received; /* owned by ssl, as is the other */
  BIO *to_send;
  gboolean shaken;
  NtpReason reason;
  NtsKeResponse response;
  TlsFacts facts;
  KeTlsTimes times;
  char *wanted_authority; /* see KeTrust */
  char *wanted_key;
  gint64 now_s;
  gint64 passed_s;
  gboolean dates_may_wait;
  NtpReason unwanted;    /* why a good certificate is refused */
  NtpReason dates_wrong; /* what is wrong with its dates; they wait */
  NtsDates dates;        /* in that case */
};

NtpReason
ke_tls_reason_of_verify (long code)
{
  switch (code)
    {
    case X509_V_OK:
      return NTP_REASON_NONE;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return NTP_REASON_CERTIFICATE_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return NTP_REASON_CERTIFICATE_NOT_YET_VALID;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return NTP_REASON_CERTIFICATE_WRONG_NAME;
    case X509_V_ERR_INVALID_PURPOSE:
      return NTP_REASON_CERTIFICATE_WRONG_PURPOSE;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED:
      return NTP_REASON_CERTIFICATE_UNTRUSTED;
    default:
      return NTP_REASON_CERTIFICATE_INVALID;
    }
}

/* The certificate is refused by ourselves with a code that OpenSSL uses for nothing else. */
static NtpReason
reason_of_certificate (const KeTls *tls)
{
  long code = SSL_get_verify_result (tls->ssl);

  return code == X509_V_ERR_APPLICATION_VERIFICATION ? tls->unwanted
                                                     : ke_tls_reason_of_verify (code);
}

/* OpenSSL has no reason of its own for a server that selects what was not offered. */
static gboolean
is_about_alpn (void)
{
  const char *function = NULL;

  ERR_peek_error_func (&function);
  return g_strcmp0 (function, "tls_parse_stoc_alpn") == 0;
}

static NtpReason
reason_of_error (const KeTls *tls, unsigned long error)
{
  /* Whatever it was that OpenSSL tripped over while it looked at the certificate. */
  if (SSL_get_verify_result (tls->ssl) != X509_V_OK)
    return reason_of_certificate (tls);
  switch (ERR_GET_REASON (error))
    {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return NTP_REASON_TLS_VERSION;
    case ALERT_NO_APPLICATION_PROTOCOL:
      return NTP_REASON_TLS_NO_NTSKE;
    default:
      return is_about_alpn () ? NTP_REASON_TLS_NO_NTSKE : NTP_REASON_TLS_FAILED;
    }
}

static NtsKeVerdict
refuse (KeTls *tls, NtpReason reason)
{
  tls->reason = reason;
  nts_ke_response_begin (&tls->response);
  return NTS_KE_REFUSED;
}

static NtsKeVerdict
fail (KeTls *tls)
{
  unsigned long error = ERR_peek_error ();

  g_debug ("TLS: %s", error != 0 ? ERR_reason_error_string (error) : "failed");
  return refuse (tls, reason_of_error (tls, error));
}

static char *
name_to_text (const X509_NAME *name)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  char *text = NULL;
  long length;

  if (bio == NULL)
    return g_strdup ("");
  X509_NAME_print_ex (bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  length = BIO_get_mem_data (bio, &text);
  text = g_utf8_make_valid (text != NULL ? text : "", text != NULL ? length : 0);
  BIO_free (bio);
  return text;
}

static gint64
time_to_unix (const ASN1_TIME *time)
{
  struct tm tm;

  return ASN1_TIME_to_tm (time, &tm) == 1 ? (gint64) timegm (&tm) : 0;
}

static void
take_facts (TlsFacts *facts, const X509 *certificate)
{
  GString *hex = g_string_new (NULL);
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;

  X509_digest (certificate, EVP_sha256 (), digest, &length);
  for (unsigned i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", digest[i]);
  tls_facts_clear (facts);
  facts->subject = name_to_text (X509_get_subject_name (certificate));
  facts->issuer = name_to_text (X509_get_issuer_name (certificate));
  facts->sha256 = g_string_free (hex, FALSE);
  facts->key = ke_trust_digest_key (certificate);
  facts->not_before_s = time_to_unix (X509_get0_notBefore (certificate));
  facts->not_after_s = time_to_unix (X509_get0_notAfter (certificate));
}

static void
note_parameters (KeTls *tls)
{
  g_free (tls->facts.tls_version);
  g_free (tls->facts.cipher);
  tls->facts.tls_version = g_strdup (SSL_get_version (tls->ssl));
  tls->facts.cipher = g_strdup (SSL_get_cipher_name (tls->ssl));
}

static void
note_authority (TlsFacts *facts, X509_STORE_CTX *store)
{
  const STACK_OF (X509) *chain = X509_STORE_CTX_get0_chain (store);
  int length = sk_X509_num (chain);

  if (length > 0)
    facts->authority = ke_trust_digest_key (sk_X509_value (chain, length - 1));
}

/* Lets nothing pass but a date, and that only where it may wait. */
static int
on_checked (int good, X509_STORE_CTX *store)
{
  const SSL *ssl = X509_STORE_CTX_get_ex_data (store, SSL_get_ex_data_X509_STORE_CTX_idx ());
  int code = X509_STORE_CTX_get_error (store);
  KeTls *tls = SSL_get_app_data (ssl);

  if (good || !tls->dates_may_wait
      || (code != X509_V_ERR_CERT_NOT_YET_VALID && code != X509_V_ERR_CERT_HAS_EXPIRED))
    return good;
  tls->dates_wrong = ke_tls_reason_of_verify (code);
  X509_STORE_CTX_set_error (store, X509_V_OK);
  return 1;
}

/* Of a chain that is good but for its dates: NTP_REASON_NONE if they may wait. */
static NtpReason
judge_dates (KeTls *tls, X509_STORE_CTX *store)
{
  if (tls->dates_wrong == NTP_REASON_NONE)
    return NTP_REASON_NONE;
  if (!ke_trust_get_dates (X509_STORE_CTX_get0_chain (store), &tls->dates))
    return NTP_REASON_CERTIFICATE_INVALID;
  return nts_dates_may_wait (&tls->dates, tls->now_s, tls->passed_s);
}

/* Checks as OpenSSL does by itself, but keeps what the certificate says, also when it is refused,
 * and refuses those that are good and not wanted. */
static int
verify (X509_STORE_CTX *store, void *data)
{
  const SSL *ssl = X509_STORE_CTX_get_ex_data (store, SSL_get_ex_data_X509_STORE_CTX_idx ());
  const X509 *certificate = X509_STORE_CTX_get0_cert (store);
  KeTls *tls = SSL_get_app_data (ssl);

  tls->times.shown_us = g_get_monotonic_time ();
  if (certificate != NULL)
    take_facts (&tls->facts, certificate);
  note_parameters (tls);
  X509_VERIFY_PARAM_set_time (X509_STORE_CTX_get0_param (store), (time_t) tls->now_s);
  X509_STORE_CTX_set_verify_cb (store, on_checked);
  if (X509_verify_cert (store) != 1)
    return 0;
  note_authority (&tls->facts, store);
  tls->unwanted = ke_trust_judge (
      &(KeTrust){ .authority = tls->wanted_authority, .key = tls->wanted_key }, &tls->facts);
  if (tls->unwanted == NTP_REASON_NONE)
    tls->unwanted = judge_dates (tls, store);
  if (tls->unwanted == NTP_REASON_NONE)
    return 1;
  X509_STORE_CTX_set_error (store, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

static gboolean
ask_for_name (SSL *ssl, const char *host)
{
  NtpAddress address;

  /* Without the second flag a name in the subject would do; RFC 9525 knows none. */
  SSL_set_hostflags (ssl,
                     X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (address_parse (host, 0, &address))
    return X509_VERIFY_PARAM_set1_ip_asc (SSL_get0_param (ssl), host) == 1;
  return SSL_set1_host (ssl, host) == 1 && SSL_set_tlsext_host_name (ssl, host) == 1;
}

static gboolean
begin (KeTls *tls, const char *host)
{
  tls->ssl = SSL_new (tls->context);
  tls->received = BIO_new (BIO_s_mem ());
  tls->to_send = BIO_new (BIO_s_mem ());
  if (tls->ssl == NULL || tls->received == NULL || tls->to_send == NULL)
    {
      BIO_free (tls->received);
      BIO_free (tls->to_send);
      return FALSE;
    }
  SSL_set_bio (tls->ssl, tls->received, tls->to_send);
  SSL_set_app_data (tls->ssl, tls);
  SSL_CTX_set_cert_verify_callback (tls->context, verify, NULL);
  SSL_set_connect_state (tls->ssl);
  if (!ask_for_name (tls->ssl, host))
    return FALSE;
  ERR_clear_error ();
  SSL_do_handshake (tls->ssl);
  return BIO_pending (tls->to_send) > 0;
}

KeTls *
ke_tls_new (const char *host, const KeTrust *trust, NtpReason *reason)
{
  SSL_CTX *context = ke_trust_new_context (trust->ca_file, reason);
  KeTls *tls;

  if (context == NULL)
    return NULL;
  tls = g_new0 (KeTls, 1);
  tls->context = context;
  tls->wanted_authority = g_strdup (trust->authority);
  tls->wanted_key = g_strdup (trust->key);
  tls->now_s = trust->now_s != 0 ? trust->now_s : g_get_real_time () / G_USEC_PER_SEC;
  tls->passed_s = trust->passed_s;
  tls->dates_may_wait = trust->dates_may_wait;
  nts_ke_response_begin (&tls->response);
  if (begin (tls, host))
    return tls;
  ke_tls_free (tls);
  *reason = NTP_REASON_TLS_FAILED;
  return NULL;
}

void
ke_tls_free (KeTls *tls)
{
  SSL_free (tls->ssl);
  SSL_CTX_free (tls->context);
  tls_facts_clear (&tls->facts);
  g_free (tls->wanted_authority);
  g_free (tls->wanted_key);
  nts_wipe (tls, sizeof *tls);
  g_free (tls);
}

/* TRUE for "ntske/1" and nothing else (RFC 8915 §4). */
static gboolean
is_ntske (const SSL *ssl)
{
  const guint8 *selected = NULL;
  unsigned length = 0;

  SSL_get0_alpn_selected (ssl, &selected, &length);
  return length == strlen (NTS_KE_ALPN) && memcmp (selected, NTS_KE_ALPN, length) == 0;
}

/* The request goes into the same flight as our Finished, and in one piece, since some servers read
 * only once. */
static NtsKeVerdict
send_request (KeTls *tls)
{
  guint8 request[64];
  BytesWriter writer = bytes_writer (request, sizeof request);

  tls->shaken = TRUE;
  note_parameters (tls);
  if (SSL_version (tls->ssl) < TLS1_3_VERSION)
    return refuse (tls, NTP_REASON_TLS_VERSION);
  if (!is_ntske (tls->ssl))
    return refuse (tls, NTP_REASON_TLS_NO_NTSKE);
  nts_ke_request_write (&writer);
  ERR_clear_error ();
  if (SSL_write (tls->ssl, request, (int) writer.length) != (int) writer.length)
    return fail (tls);
  tls->times.shaken_us = g_get_monotonic_time ();
  return NTS_KE_MORE;
}

static NtsKeVerdict
shake (KeTls *tls)
{
  int result;

  ERR_clear_error ();
  result = SSL_do_handshake (tls->ssl);
  if (result == 1)
    return send_request (tls);
  if (SSL_get_error (tls->ssl, result) == SSL_ERROR_WANT_READ)
    return NTS_KE_MORE;
  return fail (tls);
}

static NtsKeVerdict
judge (KeTls *tls, NtsKeVerdict verdict)
{
  if (verdict == NTS_KE_REFUSED)
    tls->reason = tls->response.reason;
  return verdict;
}

/* Reads all that is there, also after the end of the message: octets that follow it spoil it. */
static NtsKeVerdict
read_response (KeTls *tls)
{
  guint8 data[READ_SIZE];
  NtsKeVerdict verdict = NTS_KE_MORE;
  int length, error;

  do
    {
      ERR_clear_error ();
      length = SSL_read (tls->ssl, data, sizeof data);
      if (length > 0)
        verdict = judge (tls, nts_ke_response_feed (&tls->response, data, (gsize) length));
    }
  while (length > 0 && verdict != NTS_KE_REFUSED);
  nts_wipe (data, sizeof data);
  if (verdict != NTS_KE_MORE)
    return verdict;

  error = SSL_get_error (tls->ssl, length);
  if (error == SSL_ERROR_WANT_READ)
    return NTS_KE_MORE;
  return error == SSL_ERROR_ZERO_RETURN ? ke_tls_end (tls) : fail (tls);
}

NtsKeVerdict
ke_tls_feed (KeTls *tls, const guint8 *data, gsize length)
{
  NtsKeVerdict verdict = NTS_KE_MORE;

  if (BIO_write (tls->received, data, (int) length) != (int) length)
    return refuse (tls, NTP_REASON_TLS_FAILED);
  if (!tls->shaken)
    verdict = shake (tls);
  if (verdict == NTS_KE_MORE && tls->shaken)
    verdict = read_response (tls);
  if (verdict != NTS_KE_MORE && tls->shaken)
    {
      ERR_clear_error ();
      SSL_shutdown (tls->ssl);
    }
  return verdict;
}

NtsKeVerdict
ke_tls_end (KeTls *tls)
{
  if (!tls->shaken)
    return refuse (tls, NTP_REASON_CONNECTION_CLOSED);
  return judge (tls, nts_ke_response_end (&tls->response));
}

gsize
ke_tls_take_output (KeTls *tls, guint8 *output, gsize room)
{
  int length = BIO_read (tls->to_send, output, (int) room);

  return length > 0 ? (gsize) length : 0;
}

NtpReason
ke_tls_get_reason (const KeTls *tls)
{
  return tls->reason;
}

const NtsKeOffer *
ke_tls_get_offer (const KeTls *tls)
{
  return nts_ke_response_offer (&tls->response);
}

static gboolean
export_key (KeTls *tls, guint16 aead, gboolean client_to_server, guint8 *key)
{
  guint8 context[NTS_KE_EXPORTER_CONTEXT_LENGTH];

  nts_ke_exporter_context (aead, client_to_server, context);
  return SSL_export_keying_material (tls->ssl, key, nts_aead_key_length (aead),
                                     NTS_KE_EXPORTER_LABEL, strlen (NTS_KE_EXPORTER_LABEL), context,
                                     sizeof context, 1)
         == 1;
}

gboolean
ke_tls_export_keys (KeTls *tls, NtsKeys *keys)
{
  guint16 aead = nts_ke_response_offer (&tls->response)->aead;

  memset (keys, 0, sizeof *keys);
  keys->aead = aead;
  if (nts_aead_key_length (aead) > 0 && export_key (tls, aead, TRUE, keys->c2s)
      && export_key (tls, aead, FALSE, keys->s2c))
    return TRUE;
  nts_wipe (keys, sizeof *keys);
  return FALSE;
}

const TlsFacts *
ke_tls_get_facts (const KeTls *tls)
{
  return &tls->facts;
}

const NtsDates *
ke_tls_get_dates (const KeTls *tls)
{
  return tls->dates_wrong != NTP_REASON_NONE ? &tls->dates : NULL;
}

const KeTlsTimes *
ke_tls_get_times (const KeTls *tls)
{
  return &tls->times;
}
