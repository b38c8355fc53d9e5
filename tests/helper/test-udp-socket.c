/* SPDX-License-Identifier: GPL-3.0-or-later */

/* On loopback, against a plain socket that does as the test says. */

#include "udp-socket.h"

#include "core/nts-fields.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  int server;
  NtpAddress address;
  UdpSocket *socket;
  GByteArray *packet; /* the last one, NULL = none */
  guint n_packets;
  gboolean stamped;
  struct timespec received;
  guint n_sent;
  struct timespec sent;
  struct sockaddr_in peer;
} Fixture;

static void
on_received (const guint8 *packet, gsize length, const struct timespec *stamp, gpointer data)
{
  Fixture *fixture = data;

  g_byte_array_set_size (fixture->packet, 0);
  g_byte_array_append (fixture->packet, packet, (guint) length);
  fixture->n_packets++;
  fixture->stamped = stamp != NULL;
  if (stamp != NULL)
    fixture->received = *stamp;
}

static void
on_sent (const struct timespec *stamp, gpointer data)
{
  Fixture *fixture = data;

  fixture->n_sent++;
  fixture->sent = *stamp;
}

static const UdpListener listener = { on_received, on_sent };

static void
set_up (Fixture *fixture, gconstpointer data)
{
  struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct timeval patience = { .tv_sec = 10 };
  socklen_t length = sizeof in;
  g_autoptr (GError) error = NULL;

  fixture->server = socket (AF_INET, SOCK_DGRAM, 0);
  g_assert_cmpint (bind (fixture->server, (struct sockaddr *) &in, sizeof in), ==, 0);
  g_assert_cmpint (getsockname (fixture->server, (struct sockaddr *) &in, &length), ==, 0);
  setsockopt (fixture->server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  fixture->address =
      (NtpAddress){ .family = 4, .octets = { 127, 0, 0, 1 }, .port = ntohs (in.sin_port) };
  fixture->packet = g_byte_array_new ();
  fixture->socket = udp_socket_new (&fixture->address, &listener, fixture, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->socket, udp_socket_free);
  if (fixture->server >= 0)
    close (fixture->server);
  g_byte_array_unref (fixture->packet);
}

/* Sends a packet and has the server receive it, which learns where it came from. */
static void
exchange (Fixture *fixture, const char *text)
{
  char data[100];
  socklen_t length = sizeof fixture->peer;

  g_assert_true (udp_socket_send (fixture->socket, (const guint8 *) text, strlen (text)));
  g_assert_cmpint (
      recvfrom (fixture->server, data, sizeof data, 0, (struct sockaddr *) &fixture->peer, &length),
      ==, strlen (text));
}

static void
answer (int fd, const Fixture *fixture, const void *data, gsize length)
{
  g_assert_cmpint (
      sendto (fd, data, length, 0, (const struct sockaddr *) &fixture->peer, sizeof fixture->peer),
      ==, length);
}

/* What comes to a socket of this machine is there at once: the main loop need only run dry. */
static void
run_dry (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gint64
to_ns (const struct timespec *time)
{
  return (gint64) time->tv_sec * 1000000000 + time->tv_nsec;
}

static void
test_packets_go_and_come (Fixture *fixture, gconstpointer data)
{
  exchange (fixture, "request");
  answer (fixture->server, fixture, "reply", 5);
  run_dry ();
  g_assert_cmpuint (fixture->n_packets, ==, 1);
  g_assert_cmpmem (fixture->packet->data, fixture->packet->len, "reply", 5);
}

static void
test_port_is_not_that_of_ntp (Fixture *fixture, gconstpointer data)
{
  exchange (fixture, "request");
  g_assert_cmpuint (ntohs (fixture->peer.sin_port), >, 1023);
}

static void
test_kernel_stamps_are_in_order (Fixture *fixture, gconstpointer data)
{
  struct timespec before, after;

  /* The kernel switches its stamps on in its own time, so that the first may be missing. */
  for (int tries = 0; tries < 100 && !(fixture->stamped && fixture->n_sent > 0); tries++)
    {
      fixture->n_sent = 0;
      clock_gettime (CLOCK_REALTIME, &before);
      exchange (fixture, "request");
      answer (fixture->server, fixture, "reply", 5);
      run_dry ();
      clock_gettime (CLOCK_REALTIME, &after);
    }
  if (!fixture->stamped || fixture->n_sent == 0)
    {
      g_test_skip ("this kernel gives no time stamps");
      return;
    }
  g_assert_cmpuint (fixture->n_sent, ==, 1);
  g_assert_cmpint (to_ns (&before), <=, to_ns (&fixture->sent));
  g_assert_cmpint (to_ns (&fixture->sent), <=, to_ns (&fixture->received));
  g_assert_cmpint (to_ns (&fixture->received), <=, to_ns (&after));
}

static void
test_others_are_not_heard (Fixture *fixture, gconstpointer data)
{
  int stranger = socket (AF_INET, SOCK_DGRAM, 0);

  exchange (fixture, "request");
  answer (stranger, fixture, "forged", 6);
  run_dry ();
  g_assert_cmpuint (fixture->n_packets, ==, 0);
  close (stranger);
}

/* So that the core can say why it refuses them. */
static void
test_too_long_packets_are_seen_to_be (Fixture *fixture, gconstpointer data)
{
  guint8 packet[NTS_REPLY_MAX + 100] = { 0 };

  exchange (fixture, "request");
  answer (fixture->server, fixture, packet, sizeof packet);
  run_dry ();
  g_assert_cmpuint (fixture->n_packets, ==, 1);
  g_assert_cmpuint (fixture->packet->len, ==, NTS_REPLY_MAX + 1);
}

static void
test_empty_packets_are_packets (Fixture *fixture, gconstpointer data)
{
  exchange (fixture, "request");
  answer (fixture->server, fixture, "", 0);
  run_dry ();
  g_assert_cmpuint (fixture->n_packets, ==, 1);
  g_assert_cmpuint (fixture->packet->len, ==, 0);
}

/* ICMP "port unreachable" comes for each packet; it must neither stop the socket nor keep the main
 * loop busy. */
static void
test_icmp_errors_are_silence (Fixture *fixture, gconstpointer data)
{
  struct sockaddr_in in = { .sin_family = AF_INET,
                            .sin_port = htons (fixture->address.port),
                            .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };

  close (fixture->server);
  for (int i = 0; i < 5; i++)
    {
      g_assert_true (udp_socket_send (fixture->socket, (const guint8 *) "lost", 4));
      run_dry ();
    }
  g_assert_cmpuint (fixture->n_packets, ==, 0);
  g_assert_false (g_main_context_pending (NULL));

  fixture->server = socket (AF_INET, SOCK_DGRAM, 0);
  g_assert_cmpint (bind (fixture->server, (struct sockaddr *) &in, sizeof in), ==, 0);
  exchange (fixture, "request");
  answer (fixture->server, fixture, "reply", 5);
  run_dry ();
  g_assert_cmpuint (fixture->n_packets, ==, 1);
}

static void
on_received_free (const guint8 *packet, gsize length, const struct timespec *stamp, gpointer data)
{
  Fixture *fixture = data;

  fixture->n_packets++;
  g_clear_pointer (&fixture->socket, udp_socket_free);
}

static void
test_may_be_freed_while_it_tells (Fixture *fixture, gconstpointer data)
{
  static const UdpListener freeing = { on_received_free, on_sent };

  udp_socket_free (fixture->socket);
  fixture->socket = udp_socket_new (&fixture->address, &freeing, fixture, NULL);
  exchange (fixture, "request");
  answer (fixture->server, fixture, "one", 3);
  answer (fixture->server, fixture, "two", 3);
  run_dry ();
  g_assert_cmpuint (fixture->n_packets, ==, 1);
  g_assert_null (fixture->socket);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/udp-socket/packets-go-and-come", test_packets_go_and_come);
  add ("/udp-socket/port-is-not-that-of-ntp", test_port_is_not_that_of_ntp);
  add ("/udp-socket/kernel-stamps-are-in-order", test_kernel_stamps_are_in_order);
  add ("/udp-socket/others-are-not-heard", test_others_are_not_heard);
  add ("/udp-socket/too-long-packets-are-seen-to-be", test_too_long_packets_are_seen_to_be);
  add ("/udp-socket/empty-packets-are-packets", test_empty_packets_are_packets);
  add ("/udp-socket/icmp-errors-are-silence", test_icmp_errors_are_silence);
  add ("/udp-socket/may-be-freed-while-it-tells", test_may_be_freed_while_it_tells);
  return g_test_run ();
}
