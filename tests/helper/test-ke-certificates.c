/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which certificates are believed, and what is told of them. */

#include "tls-conversation.h"

#include <openssl/pem.h>
#include <string.h>

static void
test_facts_are_those_of_the_certificate (Conversation *conversation, gconstpointer data)
{
  const TlsFacts *facts;

  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  talk (conversation);
  facts = ke_tls_get_facts (conversation->client);
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
test_an_address_is_checked_as_one (Conversation *conversation, gconstpointer data)
{
  begin (conversation, "127.0.0.1", HOST, TLS1_3_VERSION);
  talk (conversation);
  g_assert_null (SSL_get_servername (conversation->server, TLSEXT_NAMETYPE_host_name));
  respond_well (conversation);
  server_to_client (conversation);
  g_assert_cmpint (conversation->verdict, ==, NTS_KE_COMPLETE);
}

static void
test_another_address_is_refused (Conversation *conversation, gconstpointer data)
{
  begin (conversation, "127.0.0.1", "bad-wrong-address", TLS1_3_VERSION);
  talk (conversation);
  assert_refused (conversation, NTP_REASON_CERTIFICATE_WRONG_NAME);
}

typedef struct
{
  const char *certificate;
  NtpReason reason;
} BadCertificate;

static const BadCertificate BAD[] = {
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

static void
test_refuses_certificate (Conversation *conversation, gconstpointer data)
{
  const BadCertificate *bad = data;

  begin (conversation, HOST, bad->certificate, TLS1_3_VERSION);
  talk (conversation);
  assert_refused (conversation, bad->reason);
  /* What it said is shown all the same, and nothing was asked. */
  g_assert_nonnull (ke_tls_get_facts (conversation->client)->sha256);
  g_assert_cmpint (conversation->request_length, <=, 0);
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

static const Wanted WANTED[] = {
  { NULL, HOST, HOST, NTP_REASON_NONE },
  { NULL, HOST, "bad-no-usage", NTP_REASON_CERTIFICATE_OTHER_KEY },
  { "ca", NULL, HOST, NTP_REASON_NONE },
  { "ca", NULL, "bad-no-usage", NTP_REASON_NONE },
  { "ca", NULL, "bad-intermediate", NTP_REASON_NONE },
  { HOST, NULL, HOST, NTP_REASON_CERTIFICATE_OTHER_ISSUER },
  /* What is wanted is no reason to believe what is not good. */
  { "ca", "bad-expired", "bad-expired", NTP_REASON_CERTIFICATE_EXPIRED },
};

static void
test_wants_what_was_believed_before (Conversation *conversation, gconstpointer data)
{
  const Wanted *wanted = data;
  g_autofree char *authority = wanted->authority ? digest_key_of (wanted->authority) : NULL;
  g_autofree char *key = wanted->key ? digest_key_of (wanted->key) : NULL;
  g_autofree char *shown = digest_key_of (wanted->shown);
  g_autofree char *ours = digest_key_of ("ca");
  const TlsFacts *facts;

  conversation->trust = (KeTrust){ .authority = authority, .key = key };
  begin (conversation, HOST, wanted->shown, TLS1_3_VERSION);
  talk (conversation);
  facts = ke_tls_get_facts (conversation->client);
  g_assert_cmpstr (facts->key, ==, shown);
  if (wanted->reason == NTP_REASON_CERTIFICATE_EXPIRED)
    g_assert_null (facts->authority);
  else
    g_assert_cmpstr (facts->authority, ==, ours);
  if (wanted->reason != NTP_REASON_NONE)
    {
      assert_refused (conversation, wanted->reason);
      g_assert_cmpint (conversation->request_length, <=, 0);
      return;
    }
  respond_well (conversation);
  server_to_client (conversation);
  g_assert_cmpint (conversation->verdict, ==, NTS_KE_COMPLETE);
}

/* What is shown to a clock that is so many days off, where dates may wait or may not, and a day of
 * which it is known that it has passed; all from now on. */
typedef struct
{
  const char *certificate;
  gint64 clock_day;
  gboolean may_wait;
  gint64 passed_day;
  NtpReason reason;
  gboolean waits;
} WrongClock;

#define YEARS 365

static const WrongClock WRONG_CLOCKS[] = {
  /* A right one waits for nothing. */
  { HOST, 0, TRUE, -90, NTP_REASON_NONE, FALSE },
  { HOST, -7 * YEARS, FALSE, -90, NTP_REASON_CERTIFICATE_NOT_YET_VALID, FALSE },
  { HOST, 12 * YEARS, FALSE, -90, NTP_REASON_CERTIFICATE_EXPIRED, FALSE },
  { HOST, -7 * YEARS, TRUE, -90, NTP_REASON_NONE, TRUE },
  { HOST, 12 * YEARS, TRUE, -90, NTP_REASON_NONE, TRUE },
  { "bad-intermediate", -7 * YEARS, TRUE, -90, NTP_REASON_NONE, TRUE },
  { "bad-expired", -7 * YEARS, TRUE, -2, NTP_REASON_NONE, TRUE },
  { "bad-expired", 0, TRUE, -2, NTP_REASON_CERTIFICATE_EXPIRED, FALSE },
  { "bad-expired", 0, TRUE, 0, NTP_REASON_CERTIFICATE_EXPIRED, FALSE },
  { "bad-expired", -7 * YEARS, TRUE, 0, NTP_REASON_CERTIFICATE_EXPIRED, FALSE },
  { "bad-not-yet-valid", -7 * YEARS, TRUE, -90, NTP_REASON_NONE, TRUE },
  { "bad-not-yet-valid", 0, TRUE, -90, NTP_REASON_CERTIFICATE_NOT_YET_VALID, FALSE },
  { HOST, 69 * YEARS, TRUE, -90, NTP_REASON_CERTIFICATE_EXPIRED, FALSE },
  /* Nothing else waits. */
  { "bad-wrong-name", -7 * YEARS, TRUE, -90, NTP_REASON_CERTIFICATE_WRONG_NAME, FALSE },
  { "bad-client-only", -7 * YEARS, TRUE, -90, NTP_REASON_CERTIFICATE_WRONG_PURPOSE, FALSE },
  { "bad-unknown-authority", -7 * YEARS, TRUE, -90, NTP_REASON_CERTIFICATE_UNTRUSTED, FALSE },
  { "bad-self-signed", -7 * YEARS, TRUE, -90, NTP_REASON_CERTIFICATE_UNTRUSTED, FALSE },
  { "bad-weak-key", -7 * YEARS, TRUE, -90, NTP_REASON_CERTIFICATE_INVALID, FALSE },
  { "bad-sha1", -7 * YEARS, TRUE, -90, NTP_REASON_CERTIFICATE_INVALID, FALSE },
};

static void
test_dates_wait_for_a_clock (Conversation *conversation, gconstpointer data)
{
  const WrongClock *wrong = data;
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  const NtsDates *dates;
  const TlsFacts *facts;

  conversation->trust = (KeTrust){ .now_s = now_s + wrong->clock_day * 86400,
                                   .dates_may_wait = wrong->may_wait,
                                   .passed_s = now_s + wrong->passed_day * 86400 };
  begin (conversation, HOST, wrong->certificate, TLS1_3_VERSION);
  talk (conversation);
  if (wrong->reason != NTP_REASON_NONE)
    {
      assert_refused (conversation, wrong->reason);
      g_assert_cmpint (conversation->request_length, <=, 0);
      return;
    }
  respond_well (conversation);
  server_to_client (conversation);
  g_assert_cmpint (conversation->verdict, ==, NTS_KE_COMPLETE);
  dates = ke_tls_get_dates (conversation->client);
  g_assert_true ((dates != NULL) == wrong->waits);
  facts = ke_tls_get_facts (conversation->client);
  if (dates == NULL)
    return;
  /* Those of the authority count as well, which was made a moment before. */
  g_assert_cmpint (dates->not_after_s, <=, facts->not_after_s);
  g_assert_cmpint (dates->not_after_s, >, facts->not_after_s - 60);
  g_assert_cmpint (dates->not_before_s, >=,
                   MAX (facts->not_before_s, now_s + wrong->passed_day * 86400));
}

/* Another key, or another authority, is so at any time. */
static void
test_wants_the_same_at_any_time (Conversation *conversation, gconstpointer data)
{
  g_autofree char *key = digest_key_of (HOST);

  conversation->trust = (KeTrust){ .key = key, .now_s = 1, .dates_may_wait = TRUE };
  begin (conversation, HOST, "bad-no-usage", TLS1_3_VERSION);
  talk (conversation);
  assert_refused (conversation, NTP_REASON_CERTIFICATE_OTHER_KEY);
}

static void
test_needs_its_ca_file (Conversation *conversation, gconstpointer data)
{
  NtpReason reason = NTP_REASON_NONE;

  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "/nowhere/ca.pem cannot be read*");
  g_assert_null (ke_tls_new (HOST, &(KeTrust){ .ca_file = "/nowhere/ca.pem" }, &reason));
  g_test_assert_expected_messages ();
  g_assert_cmpint (reason, ==, NTP_REASON_CA_FILE_UNREADABLE);
}

/* The authority of the test is not one of the system's. */
static void
test_believes_no_other_than_the_systems (Conversation *conversation, gconstpointer data)
{
  NtpReason reason = NTP_REASON_NONE;

  begin (conversation, HOST, HOST, TLS1_3_VERSION);
  ke_tls_free (conversation->client);
  conversation->client = ke_tls_new (HOST, &(KeTrust){ 0 }, &reason);
  talk (conversation);
  assert_refused (conversation, NTP_REASON_CERTIFICATE_UNTRUSTED);
}

int
main (int argc, char **argv)
{
  conversation_init (&argc, &argv);
  conversation_add ("/ke-certificates/facts-are-those-of-the-certificate",
                    test_facts_are_those_of_the_certificate, NULL);
  conversation_add ("/ke-certificates/an-address-is-checked-as-one",
                    test_an_address_is_checked_as_one, NULL);
  conversation_add ("/ke-certificates/another-address-is-refused", test_another_address_is_refused,
                    NULL);
  conversation_add ("/ke-certificates/needs-its-ca-file", test_needs_its_ca_file, NULL);
  conversation_add ("/ke-certificates/believes-no-other-than-the-systems",
                    test_believes_no_other_than_the_systems, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (BAD); i++)
    {
      g_autofree char *path = g_strconcat ("/ke-certificates/refuses-", BAD[i].certificate, NULL);
      conversation_add (path, test_refuses_certificate, &BAD[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (WANTED); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/ke-certificates/wants-what-was-believed-before-%zu", i);
      conversation_add (path, test_wants_what_was_believed_before, &WANTED[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (WRONG_CLOCKS); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ke-certificates/dates-wait-for-a-clock-%zu", i);
      conversation_add (path, test_dates_wait_for_a_clock, &WRONG_CLOCKS[i]);
    }
  conversation_add ("/ke-certificates/wants-the-same-at-any-time", test_wants_the_same_at_any_time,
                    NULL);
  return conversation_run ();
}
