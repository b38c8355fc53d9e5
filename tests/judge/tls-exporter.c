/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tls-exporter.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

/* RFC 8446 §7.1, HKDF-Expand-Label. */
static gboolean
expand_label (const EVP_MD *md, const guint8 *secret, gsize secret_length, const char *label,
              const guint8 *context, gsize context_length, guint8 *output, gsize output_length)
{
  g_autoptr (GByteArray) info = g_byte_array_new ();
  g_autofree char *full_label = g_strconcat ("tls13 ", label, NULL);
  const guint8 lengths[] = { (guint8) (output_length >> 8), (guint8) output_length,
                             (guint8) strlen (full_label) };
  const guint8 context_size = (guint8) context_length;
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;

  g_byte_array_append (info, lengths, sizeof lengths);
  g_byte_array_append (info, (const guint8 *) full_label, (guint) strlen (full_label));
  g_byte_array_append (info, &context_size, 1);
  g_byte_array_append (info, context, (guint) context_length);

  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_int (OSSL_KDF_PARAM_MODE, &mode),
    OSSL_PARAM_construct_utf8_string (OSSL_KDF_PARAM_DIGEST, (char *) EVP_MD_get0_name (md), 0),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_KEY, (void *) secret, secret_length),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_INFO, info->data, info->len),
    OSSL_PARAM_construct_end ()
  };
  EVP_KDF *kdf = EVP_KDF_fetch (NULL, "HKDF", NULL);
  EVP_KDF_CTX *kdf_context = kdf != NULL ? EVP_KDF_CTX_new (kdf) : NULL;
  gboolean done =
      kdf_context != NULL && EVP_KDF_derive (kdf_context, output, output_length, parameters) == 1;
  EVP_KDF_CTX_free (kdf_context);
  EVP_KDF_free (kdf);
  return done;
}

static gboolean
hash (const EVP_MD *md, const guint8 *data, gsize length, guint8 *output)
{
  return EVP_Digest (data, length, output, NULL, md, NULL) == 1;
}

gboolean
tls_exporter (const char *digest, GBytes *secret, const char *label, const guint8 *context,
              gsize context_length, guint8 *key, gsize key_length)
{
  guint8 nothing[EVP_MAX_MD_SIZE], derived[EVP_MAX_MD_SIZE], hashed[EVP_MAX_MD_SIZE];
  EVP_MD *md = EVP_MD_fetch (NULL, digest, NULL);
  gsize size = md != NULL ? (gsize) EVP_MD_get_size (md) : 0;

  gboolean done = md != NULL && g_bytes_get_size (secret) == size
                  && hash (md, (const guint8 *) "", 0, nothing)
                  && expand_label (md, g_bytes_get_data (secret, NULL), size, label, nothing, size,
                                   derived, size)
                  && hash (md, context, context_length, hashed)
                  && expand_label (md, derived, size, "exporter", hashed, size, key, key_length);
  EVP_MD_free (md);
  return done;
}
