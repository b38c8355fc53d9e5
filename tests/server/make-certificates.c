/* SPDX-License-Identifier: GPL-3.0-or-later */

/* make-certificates DIR NAME...: a certificate authority of our own and certificates for servers on
 * loopback, good and bad, made on the spot so that none has to be kept.
 *
 * Writes to DIR (which must exist): ca.pem, to be trusted by clients; for every NAME the pair
 * NAME.pem and NAME.key (a NAME may be an address); and for every fault below bad-FAULT.pem and
 * bad-FAULT.key, which but for the fault are good for every NAME. All are good for 127.0.0.1 and
 * ::1, too. They began a day ago, so that a clock that is a little slow does not matter. */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#define DAY_S        (24L * 60 * 60)
#define X509_VERSION 2 /* means 3 */

typedef struct
{
  const char *fault;  /* NULL = none */
  const char *common; /* NULL = the name of the server */
  const char *names;  /* subjectAltName; NULL = those of the servers, "" = no such extension */
  const char *usage;  /* extended key usage; "" = no such extension */
  bool authority;
  long begins_day, ends_day; /* from now */
  int rsa_bits;              /* 0 = P-256 */
  bool sha1;
  enum
  {
    ISSUER_OURS,
    ISSUER_INTERMEDIATE, /* of ours; its certificate is in the file, too */
    ISSUER_UNKNOWN,
    ISSUER_ITSELF
  } issuer;
} Kind;

#define GOOD .usage = "serverAuth", .begins_day = -1, .ends_day = 90

static const Kind kinds[] = {
  { .fault = "expired", .usage = "serverAuth", .begins_day = -90, .ends_day = -1 },
  { .fault = "not-yet-valid", .usage = "serverAuth", .begins_day = 2, .ends_day = 90 },
  { .fault = "wrong-name", GOOD, .common = "other.localhost", .names = "DNS:other.localhost" },
  { .fault = "wrong-address", GOOD, .common = "other", .names = "IP:127.0.0.9" },
  { .fault = "partial-wildcard", GOOD, .names = "DNS:q*.time.localhost" },
  { .fault = "name-only-in-subject", GOOD, .names = "" },
  { .fault = "client-only", .usage = "clientAuth", .begins_day = -1, .ends_day = 90 },
  { .fault = "unknown-authority", GOOD, .issuer = ISSUER_UNKNOWN },
  { .fault = "self-signed", GOOD, .issuer = ISSUER_ITSELF },
  { .fault = "weak-key", GOOD, .rsa_bits = 1024 },
  { .fault = "sha1", GOOD, .sha1 = true },
  /* These are allowed. */
  { .fault = "odd-subject", GOOD, .common = "\n\x1b[31m\"\\<b>&\xff\xe2\x80\xae" },
  { .fault = "wildcard", GOOD, .names = "DNS:*.time.localhost" },
  { .fault = "intermediate", GOOD, .issuer = ISSUER_INTERMEDIATE },
  { .fault = "no-usage", .usage = "", .begins_day = -1, .ends_day = 90 },
};

static const Kind good_kind = { GOOD };
static const Kind authority_kind = {
  .names = "", .usage = "", .authority = true, .begins_day = -1, .ends_day = 90
};

typedef struct
{
  EVP_PKEY *key;
  X509 *certificate;
} Pair;

static void
check (bool ok, const char *what)
{
  if (ok)
    return;
  fprintf (stderr, "make-certificates: %s failed\n", what);
  exit (1);
}

static void
set_extension_of (X509 *certificate, X509 *issuer, int nid, const char *value)
{
  X509V3_CTX context;
  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  check (extension != NULL && X509_add_ext (certificate, extension, -1) == 1, value);
  X509_EXTENSION_free (extension);
}

static void
set_extension (X509 *certificate, int nid, const char *value)
{
  set_extension_of (certificate, certificate, nid, value);
}

static void
set_names (X509 *certificate, const Kind *kind, const char *common, const char *names)
{
  X509_NAME *subject = X509_get_subject_name (certificate);
  check (X509_NAME_add_entry_by_txt (subject, "O", MBSTRING_UTF8, (const uint8_t *) "Gnomon test",
                                     -1, -1, 0)
             == 1,
         "subject");
  const char *text = kind->common != NULL ? kind->common : common; /* Latin 1, and more */
  check (X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_ASC, (const uint8_t *) text, -1, -1, 0)
             == 1,
         "subject");
  const char *alternatives = kind->names != NULL ? kind->names : names;
  if (alternatives[0] != '\0')
    set_extension (certificate, NID_subject_alt_name, alternatives);
}

/* @issuer: NULL = signs itself. */
static Pair
make_pair (const Kind *kind, const char *common, const char *names, const Pair *issuer)
{
  Pair pair = { .key = kind->rsa_bits > 0 ? EVP_RSA_gen ((unsigned) kind->rsa_bits)
                                          : EVP_EC_gen ("P-256"),
                .certificate = X509_new () };
  check (pair.key != NULL && pair.certificate != NULL, "key generation");

  uint64_t serial;
  check (RAND_bytes ((uint8_t *) &serial, sizeof serial) == 1, "random number");
  ASN1_INTEGER_set_uint64 (X509_get_serialNumber (pair.certificate), serial >> 1);
  X509_set_version (pair.certificate, X509_VERSION);
  X509_gmtime_adj (X509_getm_notBefore (pair.certificate), kind->begins_day * DAY_S);
  X509_gmtime_adj (X509_getm_notAfter (pair.certificate), kind->ends_day * DAY_S);
  X509_set_pubkey (pair.certificate, pair.key);
  set_names (pair.certificate, kind, common, names);
  set_extension (pair.certificate, NID_basic_constraints,
                 kind->authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  set_extension (pair.certificate, NID_key_usage,
                 kind->authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
  if (kind->usage[0] != '\0')
    set_extension (pair.certificate, NID_ext_key_usage, kind->usage);

  /* Two authorities may have the same name. */
  set_extension (pair.certificate, NID_subject_key_identifier, "hash");
  if (issuer != NULL)
    set_extension_of (pair.certificate, issuer->certificate, NID_authority_key_identifier, "keyid");

  const Pair *signer = issuer != NULL ? issuer : &pair;
  X509_set_issuer_name (pair.certificate, X509_get_subject_name (signer->certificate));
  check (X509_sign (pair.certificate, signer->key, kind->sha1 ? EVP_sha1 () : EVP_sha256 ()) > 0,
         "signing");
  return pair;
}

static FILE *
open_file (const char *directory, const char *prefix, const char *name, const char *suffix)
{
  char path[4096];
  check (snprintf (path, sizeof path, "%s/%s%s%s", directory, prefix, name, suffix)
             < (int) sizeof path,
         "path");
  FILE *file = fopen (path, "w");
  check (file != NULL, path);
  return file;
}

static void
write_pair (const Pair *pair, const Pair *intermediate, const char *directory, const char *prefix,
            const char *name)
{
  FILE *file = open_file (directory, prefix, name, ".pem");
  check (PEM_write_X509 (file, pair->certificate) == 1, "writing");
  check (intermediate == NULL || PEM_write_X509 (file, intermediate->certificate) == 1, "writing");
  check (fclose (file) == 0, "writing");
  umask (0077);
  file = open_file (directory, prefix, name, ".key");
  check (PEM_write_PrivateKey (file, pair->key, NULL, NULL, 0, NULL, NULL) == 1
             && fclose (file) == 0,
         "writing");
  umask (0022);
}

static void
free_pair (Pair *pair)
{
  X509_free (pair->certificate);
  EVP_PKEY_free (pair->key);
}

static void
append (char *text, size_t size, const char *prefix, const char *value)
{
  size_t length = strlen (text);
  check (snprintf (text + length, size - length, "%s%s", prefix, value) < (int) (size - length),
         "names");
}

/* As a name in a certificate: "IP:…" or "DNS:…". */
static const char *
prefix_of (const char *name)
{
  ASN1_OCTET_STRING *address = a2i_IPADDRESS (name);
  const char *prefix = address != NULL ? "IP:" : "DNS:";
  ASN1_OCTET_STRING_free (address);
  return prefix;
}

int
main (int argc, char *argv[])
{
  if (argc < 3)
    {
      fprintf (stderr, "usage: make-certificates DIR NAME...\n");
      return 2;
    }
  const char *directory = argv[1];
  static const char loopback[] = "IP:127.0.0.1,IP:::1";
  char all_names[8192] = "";
  append (all_names, sizeof all_names, "", loopback);
  for (int i = 2; i < argc; i++)
    {
      append (all_names, sizeof all_names, ",", prefix_of (argv[i]));
      append (all_names, sizeof all_names, "", argv[i]);
    }

  Pair ours = make_pair (&authority_kind, "Gnomon test authority", "", NULL);
  Pair intermediate = make_pair (&authority_kind, "Gnomon test intermediate", "", &ours);
  Pair unknown = make_pair (&authority_kind, "An authority nobody trusts", "", NULL);
  FILE *file = open_file (directory, "", "ca", ".pem");
  check (PEM_write_X509 (file, ours.certificate) == 1 && fclose (file) == 0, "writing");

  for (int i = 2; i < argc; i++)
    {
      char names[1024] = "";
      append (names, sizeof names, "", loopback);
      append (names, sizeof names, ",", prefix_of (argv[i]));
      append (names, sizeof names, "", argv[i]);
      Pair pair = make_pair (&good_kind, argv[i], names, &ours);
      write_pair (&pair, NULL, directory, "", argv[i]);
      free_pair (&pair);
    }
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    {
      const Pair *issuers[] = { &ours, &intermediate, &unknown, NULL };
      bool is_chain = kinds[i].issuer == ISSUER_INTERMEDIATE;
      Pair pair = make_pair (&kinds[i], argv[2], all_names, issuers[kinds[i].issuer]);
      write_pair (&pair, is_chain ? &intermediate : NULL, directory, "bad-", kinds[i].fault);
      free_pair (&pair);
    }
  free_pair (&ours);
  free_pair (&intermediate);
  free_pair (&unknown);
  return 0;
}
