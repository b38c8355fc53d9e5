/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ke-trust.h"

#include "ca-file.h"

#include "core/nts-ke.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Where systems without a hashed directory keep all certificates in one file. */
static const char *const bundles[] = {
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
};

/* "1234abcd.0" and the like, as made by openssl rehash. */
static gboolean
is_hashed (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (strspn (name, "0123456789abcdef") == 8 && name[8] == '.' && g_ascii_isdigit (name[9]))
      return TRUE;
  return FALSE;
}

static void
believe_bundle (X509_STORE *store)
{
  const char *file = g_getenv (X509_get_default_cert_file_env ());

  if (file == NULL)
    file = X509_get_default_cert_file ();
  for (gsize i = 0; i < G_N_ELEMENTS (bundles) && !g_file_test (file, G_FILE_TEST_EXISTS); i++)
    file = bundles[i];
  if (X509_STORE_load_file (store, file) != 1)
    g_warning ("%s: no certificates of the system could be loaded", file);
}

/* The directory is looked into only for the issuers that are asked for; loading the whole bundle
 * takes longer than all the rest of a key exchange. */
static void
believe_system (X509_STORE *store)
{
  const char *directory = g_getenv (X509_get_default_cert_dir_env ());
  X509_LOOKUP *lookup;

  if (directory == NULL)
    directory = X509_get_default_cert_dir ();
  lookup = X509_STORE_add_lookup (store, X509_LOOKUP_hash_dir ());
  if (lookup != NULL && is_hashed (directory)
      && X509_LOOKUP_add_dir (lookup, directory, X509_FILETYPE_PEM) == 1
      && g_getenv (X509_get_default_cert_file_env ()) == NULL)
    return;
  believe_bundle (store);
}

static gboolean
believe_file (X509_STORE *store, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pem = ca_file_read (path, &error);
  guint added = 0;
  X509 *certificate;
  BIO *bio;

  if (pem == NULL)
    {
      g_warning ("%s", error->message);
      return FALSE;
    }
  bio = BIO_new_mem_buf (g_bytes_get_data (pem, NULL), (int) g_bytes_get_size (pem));
  while (bio != NULL && (certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL)) != NULL)
    {
      added += X509_STORE_add_cert (store, certificate) == 1;
      X509_free (certificate);
    }
  BIO_free (bio);
  if (added == 0)
    g_warning ("%s holds no certificate that can be used", path);
  /* Whatever is in the administrator's file is an anchor, also a certificate that is no root. */
  X509_STORE_set_flags (store, X509_V_FLAG_PARTIAL_CHAIN);
  return added > 0;
}

static SSL_CTX *
new_context (void)
{
  static const guint8 alpn[] = "\x07" NTS_KE_ALPN;
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());

  if (context == NULL)
    return NULL;
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER, NULL);
  /* Resumption would link our exchanges and skip the certificate check. */
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode (context, SSL_MODE_RELEASE_BUFFERS);
  /* RFC 8915 §3: TLS 1.3 at least. The second one returns 0 when all is well. */
  if (SSL_CTX_set_min_proto_version (context, TLS1_3_VERSION) == 1
      && SSL_CTX_set_alpn_protos (context, alpn, sizeof alpn - 1) == 0)
    return context;
  SSL_CTX_free (context);
  return NULL;
}

SSL_CTX *
ke_trust_new_context (const char *ca_file, NtpReason *reason)
{
  SSL_CTX *context;

  *reason = NTP_REASON_TLS_FAILED;
  context = new_context ();
  if (context == NULL)
    return NULL;
  if (ca_file == NULL)
    believe_system (SSL_CTX_get_cert_store (context));
  else if (!believe_file (SSL_CTX_get_cert_store (context), ca_file))
    {
      *reason = NTP_REASON_CA_FILE_UNREADABLE;
      SSL_CTX_free (context);
      return NULL;
    }
  return context;
}

char *
ke_trust_digest_key (const X509 *certificate)
{
  guint8 *der = NULL;
  int length = i2d_X509_PUBKEY (X509_get_X509_PUBKEY (certificate), &der);
  char *digest;

  if (length <= 0)
    return NULL;
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, (gsize) length);
  OPENSSL_free (der);
  return digest;
}

static gboolean
to_unix_s (const ASN1_TIME *time, gint64 *unix_s)
{
  struct tm tm;

  if (ASN1_TIME_to_tm (time, &tm) != 1)
    return FALSE;
  *unix_s = (gint64) timegm (&tm);
  return TRUE;
}

gboolean
ke_trust_get_dates (const STACK_OF (X509) * chain, NtsDates *dates)
{
  *dates = (NtsDates){ G_MININT64, G_MAXINT64 };
  for (int i = 0; i < sk_X509_num (chain); i++)
    {
      const X509 *certificate = sk_X509_value (chain, i);
      gint64 from_s, until_s;

      if (!to_unix_s (X509_get0_notBefore (certificate), &from_s)
          || !to_unix_s (X509_get0_notAfter (certificate), &until_s))
        return FALSE;
      dates->not_before_s = MAX (dates->not_before_s, from_s);
      dates->not_after_s = MIN (dates->not_after_s, until_s);
    }
  return sk_X509_num (chain) > 0;
}

NtpReason
ke_trust_judge (const KeTrust *trust, const TlsFacts *facts)
{
  if (trust->authority != NULL && g_strcmp0 (trust->authority, facts->authority) != 0)
    return NTP_REASON_CERTIFICATE_OTHER_ISSUER;
  if (trust->key != NULL && g_strcmp0 (trust->key, facts->key) != 0)
    return NTP_REASON_CERTIFICATE_OTHER_KEY;
  return NTP_REASON_NONE;
}
