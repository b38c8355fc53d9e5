/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tls-conversation.h"

#include "directory.h"

#include <openssl/err.h>
#include <string.h>

/* The response of RFC 8915 §4: protocol 0, AEAD 15, one cookie of 100 octets, End of Message. */
static const guint8 protocol_record[] = { 0x80, 1, 0, 2, 0, 0 };
static const guint8 aead_record[] = { 0x80, 4, 0, 2, 0, 15 };
static const guint8 cookie_header[] = { 0, 5, 0, 100 };
static const guint8 end_record[] = { 0x80, 0, 0, 0 };

char *certificates;
static Directory workspace;

static int
select_alpn (SSL *ssl, const guint8 **out, guint8 *length, const guint8 *in, unsigned in_length,
             void *data)
{
  const Conversation *conversation = data;

  if (conversation->alpn == NULL)
    return SSL_TLSEXT_ERR_NOACK;
  if (*conversation->alpn == '\0')
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = (const guint8 *) conversation->alpn;
  *length = (guint8) strlen (conversation->alpn);
  return SSL_TLSEXT_ERR_OK;
}

static void
set_up (Conversation *conversation, gconstpointer data)
{
  conversation->ca = g_build_filename (certificates, "ca.pem", NULL);
  conversation->alpn = "ntske/1";
  conversation->portion = 100000;
}

static void
tear_down (Conversation *conversation, gconstpointer data)
{
  g_clear_pointer (&conversation->client, ke_tls_free);
  SSL_free (conversation->server);
  SSL_CTX_free (conversation->context);
  g_free (conversation->ca);
}

void
begin (Conversation *conversation, const char *host, const char *name, int version)
{
  g_autofree char *certificate = g_strdup_printf ("%s/%s.pem", certificates, name);
  g_autofree char *key = g_strdup_printf ("%s/%s.key", certificates, name);
  NtpReason reason = NTP_REASON_NONE;

  conversation->context = SSL_CTX_new (TLS_server_method ());
  /* Weak keys and signatures are for the client to refuse. */
  SSL_CTX_set_security_level (conversation->context, 0);
  SSL_CTX_set_max_proto_version (conversation->context, version);
  SSL_CTX_set_alpn_select_cb (conversation->context, select_alpn, conversation);
  g_assert_cmpint (SSL_CTX_use_certificate_chain_file (conversation->context, certificate), ==, 1);
  g_assert_cmpint (SSL_CTX_use_PrivateKey_file (conversation->context, key, SSL_FILETYPE_PEM), ==,
                   1);
  conversation->server = SSL_new (conversation->context);
  conversation->to_server = BIO_new (BIO_s_mem ());
  conversation->from_server = BIO_new (BIO_s_mem ());
  SSL_set_bio (conversation->server, conversation->to_server, conversation->from_server);
  SSL_set_accept_state (conversation->server);
  conversation->trust.ca_file = conversation->ca;
  conversation->client = ke_tls_new (host, &conversation->trust, &reason);
  g_assert_nonnull (conversation->client);
}

gboolean
client_to_server (Conversation *conversation)
{
  guint8 data[4096];
  gsize length = ke_tls_take_output (conversation->client, data, sizeof data);

  if (length == 0)
    return FALSE;
  conversation->n_flights++;
  BIO_write (conversation->to_server, data, (int) length);
  return TRUE;
}

gboolean
server_to_client (Conversation *conversation)
{
  guint8 data[16384];
  int length = BIO_read (conversation->from_server, data, sizeof data);

  for (gsize at = 0; length > 0 && at < (gsize) length && conversation->verdict == NTS_KE_MORE;
       at += conversation->portion)
    conversation->verdict = ke_tls_feed (conversation->client, data + at,
                                         MIN (conversation->portion, (gsize) length - at));
  return length > 0;
}

void
serve (Conversation *conversation)
{
  ERR_clear_error ();
  if (SSL_do_handshake (conversation->server) == 1 && conversation->request_length <= 0)
    conversation->request_length =
        SSL_read (conversation->server, conversation->request, sizeof conversation->request);
}

void
talk (Conversation *conversation)
{
  while (client_to_server (conversation))
    {
      serve (conversation);
      server_to_client (conversation);
    }
}

void
respond (Conversation *conversation, const void *data, gsize length)
{
  g_assert_cmpint (SSL_write (conversation->server, data, (int) length), ==, length);
}

void
respond_well (Conversation *conversation)
{
  guint8 cookie[100] = { 1, 2, 3 };

  respond (conversation, protocol_record, sizeof protocol_record);
  respond (conversation, aead_record, sizeof aead_record);
  respond (conversation, cookie_header, sizeof cookie_header);
  respond (conversation, cookie, sizeof cookie);
  respond (conversation, end_record, sizeof end_record);
}

void
respond_in_part (Conversation *conversation)
{
  respond (conversation, protocol_record, sizeof protocol_record);
}

void
assert_refused (const Conversation *conversation, NtpReason reason)
{
  g_assert_cmpint (conversation->verdict, ==, NTS_KE_REFUSED);
  g_assert_cmpstr (ntp_reason_name (ke_tls_get_reason (conversation->client)), ==,
                   ntp_reason_name (reason));
}

void
conversation_add (const char *path, ConversationTest test, gconstpointer data)
{
  g_test_add (path, Conversation, data, set_up, test, tear_down);
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

void
conversation_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  directory_set_up (&workspace, NULL);
  certificates = workspace.path;
  make_certificates (workspace.path);
}

int
conversation_run (void)
{
  int status = g_test_run ();

  directory_tear_down (&workspace, NULL);
  return status;
}
