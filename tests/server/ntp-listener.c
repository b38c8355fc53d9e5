/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Receives requests and sends what answers them, as late as a network would. */

#include "ntp-reply.h"

#include <errno.h>
#include <glib-unix.h>
#include <math.h>
#include <openssl/evp.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  NtsServer *server;
  struct sockaddr_storage address;
  socklen_t address_length;
} Client;

typedef struct
{
  Client client;
  GPtrArray *packets; /* of NtpReplyPacket */
  guint index;
} LatePacket;

static const char *const verdict_names[] = { [NTP_REQUEST_GOOD] = "good",
                                             [NTP_REQUEST_PLAIN] = "plain",
                                             [NTP_REQUEST_UNOPENED] = "unopened",
                                             [NTP_REQUEST_MALFORMED] = "malformed",
                                             [NTP_REQUEST_UNUSUAL] = "unusual" };

static char *
hash (const uint8_t *octets, gsize length)
{
  uint8_t digest[EVP_MAX_MD_SIZE];
  EVP_Digest (octets, length, digest, NULL, EVP_sha256 (), NULL);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < 12; i++)
    g_string_append_printf (text, "%02x", digest[i]);
  return g_string_free (text, FALSE);
}

static void
log_request (const Client *client, const NtpRequest *request, NtpRequestVerdict verdict,
             gboolean lost)
{
  NtsServer *server = client->server;
  gboolean reused = FALSE;
  g_autofree char *cookie = g_strdup ("");
  if (request->cookie.data != NULL)
    {
      g_free (cookie);
      cookie = hash (request->cookie.data, request->cookie.length);
      reused = !g_hash_table_add (server->cookies_seen, g_strdup (cookie));
    }
  g_autofree char *unique_id = hash (request->unique_id.data, request->unique_id.length);
  g_autoptr (GSocketAddress) address =
      g_socket_address_new_from_native ((gpointer) &client->address, client->address_length);
  g_print ("{\"event\":\"ntp\",\"server\":\"%s\",\"verdict\":\"%s\",\"lost\":%s,\"length\":%zu,"
           "\"cookie\":\"%s\",\"cookie-length\":%zu,\"reused\":%s,\"placeholders\":%u,"
           "\"unique-id\":\"%s\",\"port\":%u}\n",
           server->name, verdict_names[verdict], lost ? "true" : "false", request->length, cookie,
           request->cookie.length, reused ? "true" : "false", request->placeholders, unique_id,
           g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

static gint64
clock_ns (clockid_t id)
{
  struct timespec now;
  clock_gettime (id, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static gint64
system_clock_ns (void)
{
  return clock_ns (CLOCK_REALTIME);
}

/* Of the one clock that nobody can set. */
static gint64 steady_gap_ns;

void
ntp_listener_begin_steady (void)
{
  steady_gap_ns = system_clock_ns () - clock_ns (CLOCK_MONOTONIC_RAW);
}

/* The NTP time at which this server's clock stands when the system's stands at @system_ns. */
static NtpTimestamp
server_time (const NtsServer *server, gint64 system_ns)
{
  if (server->steady)
    system_ns += clock_ns (CLOCK_MONOTONIC_RAW) + steady_gap_ns - system_clock_ns ();
  return ntp_timestamp_add_ns (ntp_timestamp_from_unix_ns (system_ns),
                               (gint64) (server->offset_s * 1e9));
}

static void
send_packet (const Client *client, const NtpReplyPacket *packet)
{
  int fd = packet->other_port ? client->server->other_fd : client->server->ntp_fd;
  for (guint i = 0; fd >= 0 && i < packet->copies; i++)
    sendto (fd, packet->octets->data, packet->octets->len, 0,
            (const struct sockaddr *) &client->address, client->address_length);
}

static gboolean
on_late (gpointer data)
{
  LatePacket *late = data;
  send_packet (&late->client, late->packets->pdata[late->index]);
  return G_SOURCE_REMOVE;
}

static void
free_late (gpointer data)
{
  LatePacket *late = data;
  g_ptr_array_unref (late->packets);
  g_free (late);
}

/* What one way takes in seconds: the half of the delay, and a waiting queue now and then. */
static double
one_way_s (const NtsServer *server)
{
  return server->delay_s / 2 - server->jitter_s * log (1 - g_random_double ());
}

static void
deliver (const Client *client, GPtrArray *packets, double delay_s)
{
  for (guint i = 0; i < packets->len; i++)
    {
      const NtpReplyPacket *packet = packets->pdata[i];
      double late_s = delay_s + packet->late_ms / 1000.0;
      if (late_s <= 0)
        {
          send_packet (client, packet);
          continue;
        }
      LatePacket *late = g_new (LatePacket, 1);
      *late = (LatePacket){ *client, g_ptr_array_ref (packets), i };
      GSource *source = g_timeout_source_new (0);
      g_source_set_ready_time (source, g_get_monotonic_time () + (gint64) (late_s * 1e6));
      g_source_set_callback (source, on_late, late, free_late);
      g_source_attach (source, NULL);
      g_source_unref (source);
    }
}

/* Of @script what can be done without NTS: headers, and how they are sent. */
static char *
without_fields (const char *script)
{
  g_auto (GStrv) words = g_strsplit (script, " ", -1);
  GString *rest = g_string_new (NULL);
  for (char **word = words; *word != NULL; word++)
    if (**word != '\0' && strchr ("H*>@;", **word) != NULL)
      g_string_append_printf (rest, "%s ", *word);
  return g_string_free (rest, FALSE);
}

static char *
script_for (const NtsServer *server, NtpRequestVerdict verdict)
{
  const char *script = server->sabotage != NULL && server->sabotage->reply != NULL
                           ? server->sabotage->reply
                           : SABOTAGE_GOOD_REPLY;
  switch (verdict)
    {
    case NTP_REQUEST_PLAIN:
      return without_fields (script);
    case NTP_REQUEST_UNOPENED:
      return g_strdup (server->silent_naks ? "" : "H(first=e4,stratum=00,refid=4e54534e) U");
    case NTP_REQUEST_GOOD:
    case NTP_REQUEST_UNUSUAL:
      return g_strdup (script);
    case NTP_REQUEST_MALFORMED:
    default:
      return g_strdup ("");
    }
}

/* What should have been the answer, for a later replay. */
static void
keep_reply (NtsServer *server, const NtpRequest *request, NtpTimestamp receive,
            NtpTimestamp transmit)
{
  g_autoptr (GPtrArray) packets =
      ntp_reply_build (server, SABOTAGE_GOOD_REPLY, request, receive, transmit);
  const NtpReplyPacket *packet = packets->pdata[0];
  g_byte_array_set_size (server->last_reply, 0);
  g_byte_array_append (server->last_reply, packet->octets->data, packet->octets->len);
}

static void
answer (const Client *client, const uint8_t *octets, gsize length, gint64 arrived_ns)
{
  NtsServer *server = client->server;
  NtpRequest request;
  NtpRequestVerdict verdict = ntp_request_read (server, octets, length, &request);
  gboolean lost = g_random_double () < server->loss;
  server->n_requests++;
  log_request (client, &request, verdict, lost);
  if (lost)
    return;

  double there_s = one_way_s (server), back_s = one_way_s (server);
  gint64 receive_ns = arrived_ns + (gint64) (there_s * 1e9);
  NtpTimestamp receive = server_time (server, receive_ns);
  NtpTimestamp transmit = server_time (server, MAX (receive_ns, system_clock_ns ()));
  g_autofree char *script = script_for (server, verdict);
  g_autoptr (GPtrArray) packets = ntp_reply_build (server, script, &request, receive, transmit);
  deliver (client, packets, there_s + back_s);
  if (verdict == NTP_REQUEST_GOOD)
    keep_reply (server, &request, receive, transmit);
}

/* When the kernel got the packet; now when it does not say. */
static gint64
arrival_ns (struct msghdr *message)
{
  for (struct cmsghdr *c = CMSG_FIRSTHDR (message); c != NULL; c = CMSG_NXTHDR (message, c))
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
      {
        struct timespec stamp;
        memcpy (&stamp, CMSG_DATA (c), sizeof stamp);
        return (gint64) stamp.tv_sec * 1000000000 + stamp.tv_nsec;
      }
  return system_clock_ns ();
}

static gboolean
on_request (gint fd, GIOCondition condition, gpointer data)
{
  Client client = { .server = data };
  uint8_t octets[2048];
  uint8_t control[256];
  struct iovec vector = { octets, sizeof octets };
  struct msghdr message = { .msg_name = &client.address,
                            .msg_namelen = sizeof client.address,
                            .msg_iov = &vector,
                            .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = sizeof control };
  gssize length = recvmsg (fd, &message, 0);
  client.address_length = message.msg_namelen;
  if (length >= 0)
    answer (&client, octets, (gsize) length, arrival_ns (&message));
  return G_SOURCE_CONTINUE;
}

gboolean
ntp_listener_open (NtsServer *server, GError **error)
{
  guint16 any_port = 0;
  int yes = 1;
  server->ntp_fd = nts_server_bind (server, SOCK_DGRAM, &server->ntp_port, error);
  if (server->ntp_fd < 0)
    return FALSE;
  server->other_fd = nts_server_bind (server, SOCK_DGRAM, &any_port, error);
  if (server->other_fd < 0)
    return FALSE;
  setsockopt (server->ntp_fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes);
  server->ntp_source = g_unix_fd_add (server->ntp_fd, G_IO_IN, on_request, server);
  return TRUE;
}

void
ntp_listener_close (NtsServer *server)
{
  g_clear_handle_id (&server->ntp_source, g_source_remove);
  if (server->ntp_fd >= 0)
    close (server->ntp_fd);
  if (server->other_fd >= 0)
    close (server->other_fd);
  server->ntp_fd = server->other_fd = -1;
}
