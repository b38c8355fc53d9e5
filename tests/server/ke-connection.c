/* SPDX-License-Identifier: GPL-3.0-or-later */

/* TLS runs over memory, so that what goes out on the wire can be held back, cut and dripped:
 *
 *   reset        the connection is reset before anything is said
 *   silent       nothing is ever said
 *   http         a web server answers, without TLS
 *   cut=N        the connection ends after N octets
 *   drip         one octet in a quarter of a second
 *   late=MS      the message comes so much later
 *   split        every octet of the message in a TLS record of its own
 *   key-update   TLS keys are changed before the message
 *   end-fin      after the message TCP ends, without close_notify
 *   end-reset    after the message the connection is reset
 *   end-open     after the message nothing ends */

#include "ke-connection.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#define DRIP_MS     250
#define LINGER_MS   5000
#define REQUEST_MAX 4096

struct KeConnection
{
  NtsServer *server;
  const char *words; /* of the sabotage, or NULL */
  int fd;
  guint readable, writable, timer; /* sources */
  SSL *ssl;
  BIO *in, *out; /* owned by ssl */
  GByteArray *outgoing;
  gint64 allowed; /* octets that may still go out */
  GByteArray *request;
  gboolean answering;
  gboolean ending; /* close when all is out */
};

void
ke_connection_free (KeConnection *connection)
{
  connection->server->connections = g_list_remove (connection->server->connections, connection);
  g_clear_handle_id (&connection->readable, g_source_remove);
  g_clear_handle_id (&connection->writable, g_source_remove);
  g_clear_handle_id (&connection->timer, g_source_remove);
  close (connection->fd);
  SSL_free (connection->ssl);
  g_byte_array_unref (connection->outgoing);
  g_byte_array_unref (connection->request);
  g_free (connection);
}

static void
log_result (KeConnection *connection, const char *result)
{
  const char *sni = SSL_get_servername (connection->ssl, TLSEXT_NAMETYPE_host_name);
  g_autoptr (GString) hex = g_string_new (NULL);
  for (guint i = 0; i < connection->request->len; i++)
    g_string_append_printf (hex, "%02x", connection->request->data[i]);
  g_print ("{\"event\":\"ke\",\"server\":\"%s\",\"result\":\"%s\",\"sni\":\"%s\","
           "\"request\":\"%s\"}\n",
           connection->server->name, result, sni != NULL ? sni : "", hex->str);
}

static void
reset_and_free (KeConnection *connection)
{
  struct linger none = { .l_onoff = 1 };
  setsockopt (connection->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  ke_connection_free (connection);
}

static gboolean
on_lingered (gpointer data)
{
  KeConnection *connection = data;
  connection->timer = 0;
  ke_connection_free (connection);
  return G_SOURCE_REMOVE;
}

/* All has gone out. The client shall read it before the socket goes. */
static void
end (KeConnection *connection)
{
  if (nts_server_has_word (connection->words, "end-open", NULL))
    return;
  if (nts_server_has_word (connection->words, "end-reset", NULL))
    {
      reset_and_free (connection);
      return;
    }
  shutdown (connection->fd, SHUT_WR);
  g_clear_handle_id (&connection->timer, g_source_remove);
  connection->timer = g_timeout_add (LINGER_MS, on_lingered, connection);
}

static gboolean on_writable (gint fd, GIOCondition condition, gpointer data);
static gboolean on_drip (gpointer data);

/* Sends what may go out now. May free @connection. */
static void
send_outgoing (KeConnection *connection, gsize most)
{
  GByteArray *outgoing = connection->outgoing;
  gsize length = MIN (MIN (outgoing->len, most), (gsize) connection->allowed);
  gssize sent = length > 0 ? send (connection->fd, outgoing->data, length, MSG_NOSIGNAL) : 0;
  if (sent < 0 && errno != EAGAIN)
    {
      ke_connection_free (connection);
      return;
    }
  if (sent > 0)
    {
      g_byte_array_remove_range (outgoing, 0, (guint) sent);
      connection->allowed -= sent;
    }
  if (connection->allowed == 0 || (outgoing->len == 0 && connection->ending))
    end (connection);
  else if (nts_server_has_word (connection->words, "drip", NULL))
    connection->timer =
        connection->timer != 0 ? connection->timer : g_timeout_add (DRIP_MS, on_drip, connection);
  else if (outgoing->len > 0 && connection->writable == 0)
    connection->writable = g_unix_fd_add (connection->fd, G_IO_OUT, on_writable, connection);
}

static gboolean
on_writable (gint fd, GIOCondition condition, gpointer data)
{
  KeConnection *connection = data;
  connection->writable = 0;
  send_outgoing (connection, G_MAXSIZE);
  return G_SOURCE_REMOVE;
}

static gboolean
on_drip (gpointer data)
{
  KeConnection *connection = data;
  connection->timer = 0;
  send_outgoing (connection, 1);
  return G_SOURCE_REMOVE;
}

/* Moves what TLS wants to say to the wire. May free @connection. */
static void
flush (KeConnection *connection)
{
  uint8_t buffer[16384];
  int length;
  while ((length = BIO_read (connection->out, buffer, sizeof buffer)) > 0)
    g_byte_array_append (connection->outgoing, buffer, (guint) length);
  gboolean drips = nts_server_has_word (connection->words, "drip", NULL);
  if (connection->outgoing->len > 0 || connection->ending)
    send_outgoing (connection, drips ? 0 : G_MAXSIZE);
}

static void
fail (KeConnection *connection, const char *result)
{
  log_result (connection, result);
  connection->ending = TRUE;
  flush (connection);
}

static void
export_keys (KeConnection *connection, NtsKeys *keys)
{
  static const char label[] = NTS_KE_EXPORTER_LABEL;
  keys->aead = NTS_AEAD_AES_SIV_CMAC_256;
  size_t length = nts_aead_key_length (keys->aead);
  for (int c2s = 0; c2s <= 1; c2s++)
    {
      uint8_t context[NTS_KE_EXPORTER_CONTEXT_LENGTH];
      nts_ke_exporter_context (keys->aead, c2s, context);
      int exported =
          SSL_export_keying_material (connection->ssl, c2s ? keys->c2s : keys->s2c, length, label,
                                      sizeof label - 1, context, sizeof context, 1);
      g_assert_cmpint (exported, ==, 1);
    }
}

static gboolean
answer (gpointer data)
{
  KeConnection *connection = data;
  const Sabotage *sabotage = connection->server->sabotage;
  const char *script =
      sabotage != NULL && sabotage->message != NULL ? sabotage->message : SABOTAGE_GOOD_MESSAGE;
  connection->timer = 0;
  NtsKeys keys = { 0 };
  export_keys (connection, &keys);
  g_autoptr (GByteArray) message = ke_message_build (connection->server, script, &keys);

  ERR_clear_error ();
  if (nts_server_has_word (connection->words, "key-update", NULL))
    SSL_key_update (connection->ssl, SSL_KEY_UPDATE_REQUESTED);
  gsize step = nts_server_has_word (connection->words, "split", NULL) ? 1 : message->len;
  for (gsize done = 0; done < message->len; done += step)
    SSL_write (connection->ssl, message->data + done, (int) step);
  if (!nts_server_has_word (connection->words, "end-fin", NULL)
      && !nts_server_has_word (connection->words, "end-open", NULL))
    SSL_shutdown (connection->ssl);
  log_result (connection, "answered");
  connection->ending = TRUE;
  flush (connection);
  return G_SOURCE_REMOVE;
}

static gboolean
request_is_complete (const GByteArray *request)
{
  BytesReader reader = bytes_reader (request->data, request->len);
  while (!reader.failed)
    {
      uint16_t type = bytes_read_u16 (&reader);
      uint16_t length = bytes_read_u16 (&reader);
      bytes_read_span (&reader, length);
      if (!reader.failed && type == (NTS_KE_CRITICAL | NTS_KE_END_OF_MESSAGE))
        return TRUE;
    }
  return FALSE;
}

static void
read_request (KeConnection *connection)
{
  uint8_t buffer[REQUEST_MAX];
  int length;
  while ((length = SSL_read (connection->ssl, buffer, sizeof buffer)) > 0)
    g_byte_array_append (connection->request, buffer, (guint) length);
  if (connection->request->len > REQUEST_MAX)
    {
      fail (connection, "request-too-long");
      return;
    }
  if (!request_is_complete (connection->request))
    {
      flush (connection);
      return;
    }
  connection->answering = TRUE;
  g_autofree char *late = NULL;
  guint wait_ms = (guint) (connection->server->delay_s * 1000);
  if (nts_server_has_word (connection->words, "late", &late))
    wait_ms = (guint) g_ascii_strtoull (late, NULL, 10);
  if (wait_ms > 0)
    {
      g_clear_handle_id (&connection->timer, g_source_remove);
      connection->timer = g_timeout_add (wait_ms, answer, connection);
      flush (connection);
    }
  else
    answer (connection);
}

/* May free @connection. */
static void
advance (KeConnection *connection)
{
  if (connection->answering || connection->ending)
    return;
  ERR_clear_error ();
  if (!SSL_is_init_finished (connection->ssl))
    {
      int result = SSL_accept (connection->ssl);
      if (result != 1 && SSL_get_error (connection->ssl, result) != SSL_ERROR_WANT_READ)
        {
          fail (connection, "handshake-failed");
          return;
        }
    }
  if (SSL_is_init_finished (connection->ssl))
    read_request (connection);
  else
    flush (connection);
}

static gboolean
on_readable (gint fd, GIOCondition condition, gpointer data)
{
  KeConnection *connection = data;
  uint8_t buffer[16384];
  gssize length = recv (fd, buffer, sizeof buffer, 0);
  if (length < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (length <= 0)
    {
      if (!connection->ending)
        log_result (connection, "client-left");
      ke_connection_free (connection);
      return G_SOURCE_REMOVE;
    }
  BIO_write (connection->in, buffer, (int) length);
  if (!nts_server_has_word (connection->words, "silent", NULL))
    advance (connection);
  return G_SOURCE_CONTINUE;
}

static gint64
octets_allowed (const char *words)
{
  g_autofree char *cut = NULL;
  return nts_server_has_word (words, "cut", &cut) ? (gint64) g_ascii_strtoull (cut, NULL, 10)
                                                  : G_MAXINT64;
}

void
ke_connection_new (NtsServer *server, int fd)
{
  static const char web_page[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
  int yes = 1;
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);

  KeConnection *connection = g_new0 (KeConnection, 1);
  connection->server = server;
  connection->words = server->sabotage != NULL ? server->sabotage->tls : NULL;
  connection->fd = fd;
  connection->ssl = SSL_new (server->tls);
  connection->in = BIO_new (BIO_s_mem ());
  connection->out = BIO_new (BIO_s_mem ());
  SSL_set_bio (connection->ssl, connection->in, connection->out);
  connection->outgoing = g_byte_array_new ();
  connection->request = g_byte_array_new ();
  connection->allowed = octets_allowed (connection->words);
  server->connections = g_list_prepend (server->connections, connection);

  if (nts_server_has_word (connection->words, "reset", NULL))
    {
      reset_and_free (connection);
      return;
    }
  connection->readable = g_unix_fd_add (fd, G_IO_IN, on_readable, connection);
  if (nts_server_has_word (connection->words, "http", NULL))
    {
      g_byte_array_append (connection->outgoing, (const guint8 *) web_page, sizeof web_page - 1);
      connection->ending = TRUE;
      send_outgoing (connection, G_MAXSIZE);
    }
}
