/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ledger.h"

#include <string.h>

#define VERSION_GROUP "Ledger"
#define VERSION_KEY   "Version"
#define VERSION       1
#define DATE_MAX_S    (G_MAXINT64 / G_USEC_PER_SEC)

typedef struct
{
  TlsFacts facts;
  char *address;
  gint64 first_us;
  gint64 last_us;
} Certificate;

struct Ledger
{
  GHashTable *hosts; /* host → GPtrArray of Certificate, the one seen last at the end */
};

void
tls_facts_clear (TlsFacts *facts)
{
  g_free (facts->tls_version);
  g_free (facts->cipher);
  g_free (facts->subject);
  g_free (facts->issuer);
  g_free (facts->sha256);
  g_free (facts->key);
  g_free (facts->authority);
  memset (facts, 0, sizeof *facts);
}

void
tls_facts_copy (TlsFacts *copy, const TlsFacts *facts)
{
  TlsFacts fresh = { .tls_version = g_strdup (facts->tls_version),
                     .cipher = g_strdup (facts->cipher),
                     .subject = g_strdup (facts->subject),
                     .issuer = g_strdup (facts->issuer),
                     .sha256 = g_strdup (facts->sha256),
                     .key = g_strdup (facts->key),
                     .authority = g_strdup (facts->authority),
                     .not_before_s = facts->not_before_s,
                     .not_after_s = facts->not_after_s };

  tls_facts_clear (copy);
  *copy = fresh;
}

static void
certificate_free (Certificate *certificate)
{
  tls_facts_clear (&certificate->facts);
  g_free (certificate->address);
  g_free (certificate);
}

Ledger *
ledger_new (void)
{
  Ledger *ledger = g_new0 (Ledger, 1);

  ledger->hosts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  return ledger;
}

void
ledger_free (Ledger *ledger)
{
  g_hash_table_unref (ledger->hosts);
  g_free (ledger);
}

static GPtrArray *
certificates_of (Ledger *ledger, const char *host)
{
  GPtrArray *certificates = g_hash_table_lookup (ledger->hosts, host);

  if (certificates == NULL)
    {
      certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) certificate_free);
      g_hash_table_insert (ledger->hosts, g_strdup (host), certificates);
    }
  return certificates;
}

static LedgerNews
compare_with_last (const GPtrArray *certificates, const TlsFacts *facts)
{
  const Certificate *last;

  if (certificates->len == 0)
    return LEDGER_FIRST;
  last = g_ptr_array_index (certificates, certificates->len - 1);
  return g_strcmp0 (last->facts.issuer, facts->issuer) == 0 ? LEDGER_NEW_CERTIFICATE
                                                            : LEDGER_NEW_ISSUER;
}

LedgerNews
ledger_note (Ledger *ledger, const char *host, const TlsFacts *facts, const char *address,
             gint64 unix_us)
{
  GPtrArray *certificates = certificates_of (ledger, host);
  Certificate *found = NULL;
  LedgerNews news;

  for (guint i = 0; i < certificates->len && found == NULL; i++)
    {
      Certificate *certificate = g_ptr_array_index (certificates, i);
      if (g_strcmp0 (certificate->facts.sha256, facts->sha256) == 0)
        found = g_ptr_array_steal_index (certificates, i);
    }
  if (found != NULL)
    {
      found->last_us = unix_us;
      tls_facts_copy (&found->facts, facts); /* may have come to another authority */
      g_free (found->address);
      found->address = g_strdup (address);
      g_ptr_array_add (certificates, found);
      return LEDGER_KNOWN;
    }

  news = compare_with_last (certificates, facts);
  if (certificates->len >= LEDGER_CERTIFICATES_MAX)
    g_ptr_array_remove_index (certificates, 0);
  found = g_new0 (Certificate, 1);
  tls_facts_copy (&found->facts, facts);
  found->address = g_strdup (address);
  found->first_us = found->last_us = unix_us;
  g_ptr_array_add (certificates, found);
  return news;
}

static void
encode_certificate (GKeyFile *keys, const char *host, guint index, const Certificate *certificate)
{
  g_autofree char *group = g_strdup_printf ("%s %u", host, index);
  const struct
  {
    const char *key, *text;
  } texts[] = {
    { "Subject", certificate->facts.subject },     { "Issuer", certificate->facts.issuer },
    { "SHA256", certificate->facts.sha256 },       { "Key", certificate->facts.key },
    { "Authority", certificate->facts.authority }, { "Address", certificate->address }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_key_file_set_string (keys, group, texts[i].key, texts[i].text != NULL ? texts[i].text : "");
  g_key_file_set_int64 (keys, group, "NotBefore", certificate->facts.not_before_s);
  g_key_file_set_int64 (keys, group, "NotAfter", certificate->facts.not_after_s);
  g_key_file_set_int64 (keys, group, "First", certificate->first_us);
  g_key_file_set_int64 (keys, group, "Last", certificate->last_us);
}

char *
ledger_encode (const Ledger *ledger)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  GHashTableIter iter;
  gpointer host, value;

  g_key_file_set_integer (keys, VERSION_GROUP, VERSION_KEY, VERSION);
  g_hash_table_iter_init (&iter, ledger->hosts);
  while (g_hash_table_iter_next (&iter, &host, &value))
    {
      const GPtrArray *certificates = value;
      for (guint i = 0; i < certificates->len; i++)
        encode_certificate (keys, host, i, g_ptr_array_index (certificates, i));
    }
  return g_key_file_to_data (keys, NULL, NULL);
}

static char *
decode_text (GKeyFile *keys, const char *group, const char *key)
{
  char *text = g_key_file_get_string (keys, group, key, NULL);

  return text != NULL ? text : g_strdup ("");
}

/* Kept within what microseconds can say. */
static gint64
decode_date (GKeyFile *keys, const char *group, const char *key)
{
  return CLAMP (g_key_file_get_int64 (keys, group, key, NULL), -DATE_MAX_S, DATE_MAX_S);
}

static void
decode_certificate (Ledger *ledger, GKeyFile *keys, const char *group)
{
  const char *space = strrchr (group, ' ');
  g_autofree char *host = space != NULL ? g_strndup (group, (gsize) (space - group)) : NULL;
  Certificate *certificate;
  GPtrArray *certificates;

  if (host == NULL)
    return;
  certificates = certificates_of (ledger, host);
  if (certificates->len >= LEDGER_CERTIFICATES_MAX)
    return;
  certificate = g_new0 (Certificate, 1);
  certificate->facts.subject = decode_text (keys, group, "Subject");
  certificate->facts.issuer = decode_text (keys, group, "Issuer");
  certificate->facts.sha256 = decode_text (keys, group, "SHA256");
  certificate->facts.key = decode_text (keys, group, "Key");
  certificate->facts.authority = decode_text (keys, group, "Authority");
  certificate->address = decode_text (keys, group, "Address");
  certificate->facts.not_before_s = decode_date (keys, group, "NotBefore");
  certificate->facts.not_after_s = decode_date (keys, group, "NotAfter");
  certificate->first_us = g_key_file_get_int64 (keys, group, "First", NULL);
  certificate->last_us = g_key_file_get_int64 (keys, group, "Last", NULL);
  g_ptr_array_add (certificates, certificate);
}

gboolean
ledger_decode (Ledger *ledger, const char *data, gsize length)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  if (!g_key_file_load_from_data (keys, data, length, G_KEY_FILE_NONE, NULL)
      || g_key_file_get_integer (keys, VERSION_GROUP, VERSION_KEY, NULL) != VERSION)
    return FALSE;
  groups = g_key_file_get_groups (keys, NULL);
  for (char **group = groups; *group != NULL; group++)
    if (strcmp (*group, VERSION_GROUP) != 0)
      decode_certificate (ledger, keys, *group);
  return TRUE;
}

static const char *
known_or_null (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

void
ledger_get_last (const Ledger *ledger, const char *host, const char **authority, const char **key)
{
  const GPtrArray *certificates = g_hash_table_lookup (ledger->hosts, host);
  const Certificate *last = NULL;

  if (certificates != NULL && certificates->len > 0)
    last = g_ptr_array_index (certificates, certificates->len - 1);
  *authority = last != NULL ? known_or_null (last->facts.authority) : NULL;
  *key = last != NULL ? known_or_null (last->facts.key) : NULL;
}

GVariant *
ledger_get (const Ledger *ledger, const char *host, guint most)
{
  GPtrArray *certificates = g_hash_table_lookup (ledger->hosts, host);
  guint count = certificates != NULL ? certificates->len : 0;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < count && (most == 0 || i < most); i++)
    {
      const Certificate *certificate = g_ptr_array_index (certificates, count - 1 - i);
      const TlsFacts *facts = &certificate->facts;
      g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

      g_variant_dict_insert (&dict, "first", "x", certificate->first_us);
      g_variant_dict_insert (&dict, "last", "x", certificate->last_us);
      g_variant_dict_insert (&dict, "subject", "s", facts->subject);
      g_variant_dict_insert (&dict, "issuer", "s", facts->issuer);
      g_variant_dict_insert (&dict, "sha256", "s", facts->sha256);
      g_variant_dict_insert (&dict, "not-before", "x", facts->not_before_s * G_USEC_PER_SEC);
      g_variant_dict_insert (&dict, "not-after", "x", facts->not_after_s * G_USEC_PER_SEC);
      g_variant_dict_insert (&dict, "address", "s", certificate->address);
      g_variant_builder_add_value (&builder, g_variant_dict_end (&dict));
    }
  return g_variant_builder_end (&builder);
}
