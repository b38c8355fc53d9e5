/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The conversation with a TLS server of OpenSSL's, both in memory. The environment names the
 * program that makes certificates: MAKE_CERTIFICATES. */

#include "directory.h"
#include "ke-tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

#define HOST "quartz.localhost"

/* The response of RFC 8915 §4: protocol 0, AEAD 15, one cookie of 100 octets, End of Message. */
static const guint8 protocol_record[] = { 0x80, 1, 0, 2, 0, 0 };
static const guint8 aead_record[] = { 0x80, 4, 0, 2, 0, 15 };
static const guint8 cookie_header[] = { 0, 5, 0, 100 };
static const guint8 end_record[] = { 0x80, 0, 0, 0 };

static char *certificates; /* directory */

typedef struct
{
  char *ca;
  KeTrust trust;
  KeTls *client;
  NtsKeVerdict verdict;
  SSL_CTX *context;
  SSL *server;
  BIO *to_server;
  BIO *from_server;
  const char *alpn; /* what the server selects; NULL = none */
  gsize portion;    /* the client is fed so many octets at a time */
  guint8 request[64];
  int request_length;
  guint n_flights; /* of the client */
} Fixture;

static int
select_alpn (SSL *ssl, const guint8 **out, guint8 *length, const guint8 *in, unsigned in_length,
             void *data)
{
  const Fixture *fixture = data;

  if (fixture->alpn == NULL)
    return SSL_TLSEXT_ERR_NOACK;
  if (*fixture->alpn == '\0')
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = (const guint8 *) fixture->alpn;
  *length = (guint8) strlen (fixture->alpn);
  return SSL_TLSEXT_ERR_OK;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->ca = g_build_filename (certificates, "ca.pem", NULL);
  fixture->alpn = "ntske/1";
  fixture->portion = 100000;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->client, ke_tls_free);
  SSL_free (fixture->server);
  SSL_CTX_free (fixture->context);
  g_free (fixture->ca);
}

/* @name: of the server's certificate. */
static void
begin (Fixture *fixture, const char *host, const char *name, int version)
{
  g_autofree char *certificate = g_strdup_printf ("%s/%s.pem", certificates, name);
  g_autofree char *key = g_strdup_printf ("%s/%s.key", certificates, name);
  NtpReason reason = NTP_REASON_NONE;

  fixture->context = SSL_CTX_new (TLS_server_method ());
  /* Weak keys and signatures are for the client to refuse. */
  SSL_CTX_set_security_level (fixture->context, 0);
  SSL_CTX_set_max_proto_version (fixture->context, version);
  SSL_CTX_set_alpn_select_cb (fixture->context, select_alpn, fixture);
  g_assert_cmpint (SSL_CTX_use_certificate_chain_file (fixture->context, certificate), ==, 1);
  g_assert_cmpint (SSL_CTX_use_PrivateKey_file (fixture->context, key, SSL_FILETYPE_PEM), ==, 1);
  fixture->server = SSL_new (fixture->context);
  fixture->to_server = BIO_new (BIO_s_mem ());
  fixture->from_server = BIO_new (BIO_s_mem ());
  SSL_set_bio (fixture->server, fixture->to_server, fixture->from_server);
  SSL_set_accept_state (fixture->server);
  fixture->trust.ca_file = fixture->ca;
  fixture->client = ke_tls_new (host, &fixture->trust, &reason);
  g_assert_nonnull (fixture->client);
}

/* Everything that the client has to say goes over as one flight. */
static gboolean
client_to_server (Fixture *fixture)
{
  guint8 data[4096];
  gsize length = ke_tls_take_output (fixture->client, data, sizeof data);

  if (length == 0)
    return FALSE;
  fixture->n_flights++;
  BIO_write (fixture->to_server, data, (int) length);
  return TRUE;
}

static gboolean
server_to_client (Fixture *fixture)
{
  guint8 data[16384];
  int length = BIO_read (fixture->from_server, data, sizeof data);

  for (gsize at = 0; length > 0 && at < (gsize) length && fixture->verdict == NTS_KE_MORE;
       at += fixture->portion)
    fixture->verdict =
        ke_tls_feed (fixture->client, data + at, MIN (fixture->portion, (gsize) length - at));
  return length > 0;
}

static void
serve (Fixture *fixture)
{
  ERR_clear_error ();
  if (SSL_do_handshake (fixture->server) == 1 && fixture->request_length <= 0)
    fixture->request_length = SSL_read (fixture->server, fixture->request, sizeof fixture->request);
}

/* Until nobody has anything to say. */
static void
talk (Fixture *fixture)
{
  while (client_to_server (fixture))
    {
      serve (fixture);
      server_to_client (fixture);
    }
}

static void
respond (Fixture *fixture, const void *data, gsize length)
{
  g_assert_cmpint (SSL_write (fixture->server, data, (int) length), ==, length);
}

static void
respond_well (Fixture *fixture)
{
  guint8 cookie[100] = { 1, 2, 3 };

  respond (fixture, protocol_record, sizeof protocol_record);
  respond (fixture, aead_record, sizeof aead_record);
  respond (fixture, cookie_header, sizeof cookie_header);
  respond (fixture, cookie, sizeof cookie);
  respond (fixture, end_record, sizeof end_record);
}

static void
assert_refused (const Fixture *fixture, NtpReason reason)
{
  g_assert_cmpint (fixture->verdict, ==, NTS_KE_REFUSED);
  g_assert_cmpstr (ntp_reason_name (ke_tls_get_reason (fixture->client)), ==,
                   ntp_reason_name (reason));
}

/* Two flights in all: ClientHello, and Finished together with the request. */
static void
test_request_leaves_with_finished (Fixture *fixture, gconstpointer data)
{
  /* RFC 8915 §4: NTPv4, AEAD_AES_SIV_CMAC_256, End of Message, all critical. */
  static const guint8 request[] = { 0x80, 1, 0, 2, 0, 0, 0x80, 4, 0, 2, 0, 15, 0x80, 0, 0, 0 };

  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  client_to_server (fixture);
  serve (fixture);
  server_to_client (fixture);
  client_to_server (fixture);
  serve (fixture);
  g_assert_cmpuint (fixture->n_flights, ==, 2);
  g_assert_cmpmem (fixture->request, fixture->request_length, request, sizeof request);
}

static void
test_keys_are_those_of_the_server (Fixture *fixture, gconstpointer data)
{
  static const char label[] = "EXPORTER-network-time-security";
  static const guint8 c2s_context[] = { 0, 0, 0, 15, 0 }, s2c_context[] = { 0, 0, 0, 15, 1 };
  guint8 c2s[32], s2c[32];
  NtsKeys keys;

  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  talk (fixture);
  respond_well (fixture);
  server_to_client (fixture);
  g_assert_cmpint (fixture->verdict, ==, NTS_KE_COMPLETE);
  g_assert_cmpuint (ke_tls_get_offer (fixture->client)->n_cookies, ==, 1);
  g_assert_cmpuint (ke_tls_get_offer (fixture->client)->port, ==, 123);
  g_assert_true (ke_tls_export_keys (fixture->client, &keys));
  SSL_export_keying_material (fixture->server, c2s, 32, label, strlen (label), c2s_context, 5, 1);
  SSL_export_keying_material (fixture->server, s2c, 32, label, strlen (label), s2c_context, 5, 1);
  g_assert_cmpuint (keys.aead, ==, 15);
  g_assert_cmpmem (keys.c2s, 32, c2s, 32);
  g_assert_cmpmem (keys.s2c, 32, s2c, 32);
}

static void
test_facts_are_those_of_the_certificate (Fixture *fixture, gconstpointer data)
{
  const TlsFacts *facts;

  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  talk (fixture);
  facts = ke_tls_get_facts (fixture->client);
  g_assert_cmpstr (facts->tls_version, ==, "TLSv1.3");
  g_assert_cmpstr (facts->subject, ==, "CN=" HOST ",O=Gnomon test");
  g_assert_cmpstr (facts->issuer, ==, "CN=Gnomon test authority,O=Gnomon test");
  g_assert_cmpuint (strlen (facts->sha256), ==, 64);
  /* It began a day ago and is good for ninety. */
  g_assert_cmpint (facts->not_after_s - facts->not_before_s, ==, 91 * 86400);
  g_assert_cmpint (ABS (facts->not_before_s + 86400 - g_get_real_time () / G_USEC_PER_SEC), <,
                   3600);
}

static void
test_octet_by_octet (Fixture *fixture, gconstpointer data)
{
  fixture->portion = 1;
  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  talk (fixture);
  respond_well (fixture);
  server_to_client (fixture);
  g_assert_cmpint (fixture->verdict, ==, NTS_KE_COMPLETE);
}

static void
test_names_go_out_and_addresses_do_not (Fixture *fixture, gconstpointer data)
{
  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  talk (fixture);
  g_assert_cmpstr (SSL_get_servername (fixture->server, TLSEXT_NAMETYPE_host_name), ==, HOST);
}

static void
test_an_address_is_checked_as_one (Fixture *fixture, gconstpointer data)
{
  begin (fixture, "127.0.0.1", HOST, TLS1_3_VERSION);
  talk (fixture);
  g_assert_null (SSL_get_servername (fixture->server, TLSEXT_NAMETYPE_host_name));
  respond_well (fixture);
  server_to_client (fixture);
  g_assert_cmpint (fixture->verdict, ==, NTS_KE_COMPLETE);
}

static void
test_another_address_is_refused (Fixture *fixture, gconstpointer data)
{
  begin (fixture, "127.0.0.1", "bad-wrong-address", TLS1_3_VERSION);
  talk (fixture);
  assert_refused (fixture, NTP_REASON_CERTIFICATE_WRONG_NAME);
}

typedef struct
{
  const char *certificate;
  NtpReason reason;
} BadCertificate;

static void
test_refuses_certificate (Fixture *fixture, gconstpointer data)
{
  const BadCertificate *bad = data;

  begin (fixture, HOST, bad->certificate, TLS1_3_VERSION);
  talk (fixture);
  assert_refused (fixture, bad->reason);
  /* What it said is shown all the same, and nothing was asked. */
  g_assert_nonnull (ke_tls_get_facts (fixture->client)->sha256);
  g_assert_cmpint (fixture->request_length, <=, 0);
}

/* As "openssl x509 -pubkey" and sha256sum would have it. */
static char *
digest_key_of (const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.pem", certificates, name);
  FILE *file = fopen (path, "r");
  X509 *certificate = PEM_read_X509 (file, NULL, NULL, NULL);
  guint8 *der = NULL;
  int length = i2d_PUBKEY (X509_get0_pubkey (certificate), &der);
  char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, (gsize) length);

  OPENSSL_free (der);
  X509_free (certificate);
  fclose (file);
  return digest;
}

/* What is wanted: the keys of these certificates, NULL = any. */
typedef struct
{
  const char *authority;
  const char *key;
  const char *shown;
  NtpReason reason;
} Wanted;

static void
test_wants_what_was_believed_before (Fixture *fixture, gconstpointer data)
{
  const Wanted *wanted = data;
  g_autofree char *authority = wanted->authority ? digest_key_of (wanted->authority) : NULL;
  g_autofree char *key = wanted->key ? digest_key_of (wanted->key) : NULL;
  g_autofree char *shown = digest_key_of (wanted->shown);
  g_autofree char *ours = digest_key_of ("ca");
  const TlsFacts *facts;

  fixture->trust = (KeTrust){ .authority = authority, .key = key };
  begin (fixture, HOST, wanted->shown, TLS1_3_VERSION);
  talk (fixture);
  facts = ke_tls_get_facts (fixture->client);
  g_assert_cmpstr (facts->key, ==, shown);
  if (wanted->reason == NTP_REASON_CERTIFICATE_EXPIRED)
    g_assert_null (facts->authority);
  else
    g_assert_cmpstr (facts->authority, ==, ours);
  if (wanted->reason != NTP_REASON_NONE)
    {
      assert_refused (fixture, wanted->reason);
      g_assert_cmpint (fixture->request_length, <=, 0);
      return;
    }
  respond_well (fixture);
  server_to_client (fixture);
  g_assert_cmpint (fixture->verdict, ==, NTS_KE_COMPLETE);
}

static void
test_refuses_other_protocols (Fixture *fixture, gconstpointer data)
{
  fixture->alpn = data;
  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  talk (fixture);
  assert_refused (fixture, NTP_REASON_TLS_NO_NTSKE);
  g_assert_cmpint (fixture->request_length, <=, 0);
}

static void
test_refuses_tls_1_2 (Fixture *fixture, gconstpointer data)
{
  begin (fixture, HOST, HOST, TLS1_2_VERSION);
  talk (fixture);
  assert_refused (fixture, NTP_REASON_TLS_VERSION);
}

static void
test_refuses_a_web_server (Fixture *fixture, gconstpointer data)
{
  static const char http[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  fixture->verdict = ke_tls_feed (fixture->client, (const guint8 *) http, sizeof http - 1);
  assert_refused (fixture, NTP_REASON_TLS_FAILED);
}

static void
test_an_end_in_the_handshake (Fixture *fixture, gconstpointer data)
{
  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  fixture->verdict = ke_tls_end (fixture->client);
  assert_refused (fixture, NTP_REASON_CONNECTION_CLOSED);
}

static void
test_an_end_in_the_message (Fixture *fixture, gconstpointer data)
{
  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  talk (fixture);
  respond (fixture, protocol_record, sizeof protocol_record);
  if (data != NULL)
    SSL_shutdown (fixture->server);
  server_to_client (fixture);
  if (data == NULL)
    {
      g_assert_cmpint (fixture->verdict, ==, NTS_KE_MORE);
      fixture->verdict = ke_tls_end (fixture->client);
    }
  assert_refused (fixture, NTP_REASON_KE_TRUNCATED);
}

static void
test_octets_after_the_message_spoil_it (Fixture *fixture, gconstpointer data)
{
  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  talk (fixture);
  respond_well (fixture);
  respond (fixture, "x", 1);
  server_to_client (fixture);
  assert_refused (fixture, NTP_REASON_KE_TRAILING_DATA);
}

static void
test_needs_its_ca_file (Fixture *fixture, gconstpointer data)
{
  NtpReason reason = NTP_REASON_NONE;

  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "/nowhere/ca.pem cannot be read*");
  g_assert_null (ke_tls_new (HOST, &(KeTrust){ .ca_file = "/nowhere/ca.pem" }, &reason));
  g_test_assert_expected_messages ();
  g_assert_cmpint (reason, ==, NTP_REASON_CA_FILE_UNREADABLE);
}

/* The authority of the test is not one of the system's. */
static void
test_believes_no_other_than_the_systems (Fixture *fixture, gconstpointer data)
{
  NtpReason reason = NTP_REASON_NONE;

  begin (fixture, HOST, HOST, TLS1_3_VERSION);
  ke_tls_free (fixture->client);
  fixture->client = ke_tls_new (HOST, &(KeTrust){ 0 }, &reason);
  talk (fixture);
  assert_refused (fixture, NTP_REASON_CERTIFICATE_UNTRUSTED);
}

static void
test_random_octets_do_no_harm (Fixture *fixture, gconstpointer data)
{
  for (int round = 0; round < 200; round++)
    {
      NtpReason reason;
      guint8 octets[600];
      KeTls *client = ke_tls_new (HOST, &(KeTrust){ .ca_file = fixture->ca }, &reason);

      for (gsize i = 0; i < sizeof octets; i++)
        octets[i] = (guint8) g_test_rand_int ();
      /* The beginning of a handshake record, so that it is looked at. */
      memcpy (octets, "\x16\x03\x03\x02\x00\x02\x00\x01\xfc\x03\x03", 11);
      ke_tls_feed (client, octets, sizeof octets);
      ke_tls_end (client);
      ke_tls_free (client);
    }
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer), gconstpointer data)
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

static void
make_certificates (const char *directory)
{
  const char *const argv[] = { g_getenv ("MAKE_CERTIFICATES"), directory, HOST, NULL };
  g_autoptr (GError) error = NULL;
  int status = 1;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

int
main (int argc, char **argv)
{
  static const BadCertificate bad[] = {
    { "bad-expired", NTP_REASON_CERTIFICATE_EXPIRED },
    { "bad-not-yet-valid", NTP_REASON_CERTIFICATE_NOT_YET_VALID },
    { "bad-wrong-name", NTP_REASON_CERTIFICATE_WRONG_NAME },
    { "bad-partial-wildcard", NTP_REASON_CERTIFICATE_WRONG_NAME },
    { "bad-name-only-in-subject", NTP_REASON_CERTIFICATE_WRONG_NAME },
    { "bad-client-only", NTP_REASON_CERTIFICATE_WRONG_PURPOSE },
    { "bad-unknown-authority", NTP_REASON_CERTIFICATE_UNTRUSTED },
    { "bad-self-signed", NTP_REASON_CERTIFICATE_UNTRUSTED },
    { "bad-weak-key", NTP_REASON_CERTIFICATE_INVALID },
    { "bad-sha1", NTP_REASON_CERTIFICATE_INVALID },
  };
  static const Wanted wanted[] = {
    { NULL, HOST, HOST, NTP_REASON_NONE },
    { NULL, HOST, "bad-no-usage", NTP_REASON_CERTIFICATE_OTHER_KEY },
    { "ca", NULL, HOST, NTP_REASON_NONE },
    { "ca", NULL, "bad-no-usage", NTP_REASON_NONE },
    { "ca", NULL, "bad-intermediate", NTP_REASON_NONE },
    { HOST, NULL, HOST, NTP_REASON_CERTIFICATE_OTHER_ISSUER },
    /* What is wanted is no reason to believe what is not good. */
    { "ca", "bad-expired", "bad-expired", NTP_REASON_CERTIFICATE_EXPIRED },
  };
  Directory directory;
  int status;

  g_test_init (&argc, &argv, NULL);
  directory_set_up (&directory, NULL);
  certificates = directory.path;
  make_certificates (directory.path);

  add ("/ke-tls/request-leaves-with-finished", test_request_leaves_with_finished, NULL);
  add ("/ke-tls/keys-are-those-of-the-server", test_keys_are_those_of_the_server, NULL);
  add ("/ke-tls/facts-are-those-of-the-certificate", test_facts_are_those_of_the_certificate, NULL);
  add ("/ke-tls/octet-by-octet", test_octet_by_octet, NULL);
  add ("/ke-tls/names-go-out-and-addresses-do-not", test_names_go_out_and_addresses_do_not, NULL);
  add ("/ke-tls/an-address-is-checked-as-one", test_an_address_is_checked_as_one, NULL);
  add ("/ke-tls/another-address-is-refused", test_another_address_is_refused, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strconcat ("/ke-tls/refuses-", bad[i].certificate, NULL);
      add (path, test_refuses_certificate, &bad[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ke-tls/wants-what-was-believed-before-%zu", i);
      add (path, test_wants_what_was_believed_before, &wanted[i]);
    }
  add ("/ke-tls/refuses-no-protocol", test_refuses_other_protocols, NULL);
  add ("/ke-tls/refuses-another-protocol", test_refuses_other_protocols, "http/1.1");
  add ("/ke-tls/refuses-an-alert-about-the-protocol", test_refuses_other_protocols, "");
  add ("/ke-tls/refuses-tls-1.2", test_refuses_tls_1_2, NULL);
  add ("/ke-tls/refuses-a-web-server", test_refuses_a_web_server, NULL);
  add ("/ke-tls/an-end-in-the-handshake", test_an_end_in_the_handshake, NULL);
  add ("/ke-tls/an-end-in-the-message", test_an_end_in_the_message, NULL);
  add ("/ke-tls/a-close-notify-in-the-message", test_an_end_in_the_message, "");
  add ("/ke-tls/octets-after-the-message-spoil-it", test_octets_after_the_message_spoil_it, NULL);
  add ("/ke-tls/needs-its-ca-file", test_needs_its_ca_file, NULL);
  add ("/ke-tls/believes-no-other-than-the-systems", test_believes_no_other_than_the_systems, NULL);
  add ("/ke-tls/random-octets-do-no-harm", test_random_octets_do_no_harm, NULL);
  status = g_test_run ();
  directory_tear_down (&directory, NULL);
  return status;
}
