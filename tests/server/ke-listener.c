/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accepts key exchanges, and sets up TLS: 1.3 with "ntske/1", or what the sabotage says:
 *
 *   refuse            the port is closed
 *   tls12             nothing above TLS 1.2
 *   alpn-ignore       completes the handshake without selecting a protocol
 *   alpn-other        selects a protocol that the client did not offer
 *   alpn-alert        ends the handshake with no_application_protocol
 *   cert=NAME         another certificate
 *   chain             certificates of 130 kB in all
 *   retry             wants another group, so that the client must begin anew
 *   ask-certificate   asks the client for one
 *
 * Words about single connections are in ke-connection.c. */

#include "ke-connection.h"

#include <errno.h>
#include <glib-unix.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHAIN_CERTIFICATES 300
#define BACKLOG            64

static int
select_protocol (SSL *ssl, const unsigned char **selected, unsigned char *selected_length,
                 const unsigned char *offered, unsigned int offered_length, void *data)
{
  static const unsigned char ours[] = "\x07" NTS_KE_ALPN;
  static const unsigned char other[] = "h2";
  NtsServer *server = data;
  const char *tls = server->sabotage != NULL ? server->sabotage->tls : NULL;

  if (nts_server_has_word (tls, "alpn-ignore", NULL))
    return SSL_TLSEXT_ERR_NOACK;
  if (nts_server_has_word (tls, "alpn-alert", NULL))
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  if (nts_server_has_word (tls, "alpn-other", NULL))
    {
      *selected = other;
      *selected_length = sizeof other - 1;
      return SSL_TLSEXT_ERR_OK;
    }
  int found = SSL_select_next_proto ((unsigned char **) selected, selected_length, ours,
                                     sizeof ours - 1, offered, offered_length);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static int
accept_any_certificate (int preverified, X509_STORE_CTX *context)
{
  return 1;
}

static gboolean
load_certificate (NtsServer *server, SSL_CTX *context, const char *tls, GError **error)
{
  g_autofree char *name = NULL;
  if (!nts_server_has_word (tls, "cert", &name))
    name = g_strdup (server->name);
  g_autofree char *certificate = g_strdup_printf ("%s/%s.pem", server->directory, name);
  g_autofree char *key = g_strdup_printf ("%s/%s.key", server->directory, name);
  if (SSL_CTX_use_certificate_chain_file (context, certificate) == 1
      && SSL_CTX_use_PrivateKey_file (context, key, SSL_FILETYPE_PEM) == 1)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot use %s with %s: %s", certificate, key,
               ERR_reason_error_string (ERR_peek_last_error ()));
  return FALSE;
}

static SSL_CTX *
make_context (NtsServer *server, GError **error)
{
  const char *tls = server->sabotage != NULL ? server->sabotage->tls : NULL;
  SSL_CTX *context = SSL_CTX_new (TLS_server_method ());
  SSL_CTX_set_security_level (context, 0); /* so that weak certificates can be shown */
  SSL_CTX_set_alpn_select_cb (context, select_protocol, server);
  if (nts_server_has_word (tls, "tls12", NULL))
    SSL_CTX_set_max_proto_version (context, TLS1_2_VERSION);
  else
    SSL_CTX_set_min_proto_version (context, TLS1_3_VERSION);
  if (nts_server_has_word (tls, "retry", NULL))
    SSL_CTX_set1_groups_list (context, "P-384");
  if (nts_server_has_word (tls, "ask-certificate", NULL))
    SSL_CTX_set_verify (context, SSL_VERIFY_PEER, accept_any_certificate);
  if (!load_certificate (server, context, tls, error))
    {
      SSL_CTX_free (context);
      return NULL;
    }
  if (nts_server_has_word (tls, "chain", NULL))
    for (guint i = 0; i < CHAIN_CERTIFICATES; i++)
      SSL_CTX_add1_chain_cert (context, SSL_CTX_get0_certificate (context));
  return context;
}

static gboolean
on_client (gint fd, GIOCondition condition, gpointer data)
{
  NtsServer *server = data;
  int client = accept4 (fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (client >= 0)
    ke_connection_new (server, client);
  return G_SOURCE_CONTINUE;
}

gboolean
ke_listener_open (NtsServer *server, GError **error)
{
  server->tls = make_context (server, error);
  if (server->tls == NULL)
    return FALSE;
  server->ke_fd = nts_server_bind (server, SOCK_STREAM, &server->ke_port, error);
  if (server->ke_fd < 0)
    return FALSE;
  if (listen (server->ke_fd, BACKLOG) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: listen: %s", server->name,
                   g_strerror (errno));
      return FALSE;
    }
  server->ke_source = g_unix_fd_add (server->ke_fd, G_IO_IN, on_client, server);
  return TRUE;
}

void
ke_listener_close (NtsServer *server)
{
  g_clear_handle_id (&server->ke_source, g_source_remove);
  if (server->ke_fd >= 0)
    close (server->ke_fd);
  server->ke_fd = -1;
  while (server->connections != NULL)
    ke_connection_free (server->connections->data);
  g_clear_pointer (&server->tls, SSL_CTX_free);
}
