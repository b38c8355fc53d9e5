/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "network-watch.h"

#include "address.h"
#include "timer.h"

#include <glib-unix.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REST_US      500000 /* ours: one change of network is a dozen messages */
#define MESSAGE_SIZE 8192

/* Addresses for documentation (RFC 5737, RFC 3849), to which only a default route leads. Connecting
 * a datagram socket sends nothing. */
static const NtpAddress far_away[] = {
  { .family = 4, .octets = { 192, 0, 2, 1 }, .port = 123 },
  { .family = 6, .octets = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, .port = 123 }
};

/* The addresses that packets leave from, by family; zeros where there is no way. */
typedef struct
{
  struct sockaddr_in ipv4;
  struct sockaddr_in6 ipv6;
} Way;

struct NetworkWatch
{
  void (*changed) (gboolean available, gpointer data);
  gpointer data;
  int fd;
  guint source;
  GSource *timer;
  Way way;
};

static void
find_local (const NtpAddress *there, gpointer local, socklen_t length)
{
  int fd = address_connect (there, SOCK_DGRAM);

  if (fd < 0)
    return;
  if (getsockname (fd, local, &length) != 0)
    memset (local, 0, length);
  close (fd);
}

static Way
find_way (void)
{
  Way way;

  memset (&way, 0, sizeof way);
  find_local (&far_away[0], &way.ipv4, sizeof way.ipv4);
  find_local (&far_away[1], &way.ipv6, sizeof way.ipv6);
  /* The kernel draws a port for each of them. */
  way.ipv4.sin_port = 0;
  way.ipv6.sin6_port = 0;
  return way;
}

static void
on_rest (gpointer data)
{
  NetworkWatch *watch = data;
  Way way = find_way ();

  if (memcmp (&way, &watch->way, sizeof way) == 0)
    return;
  watch->way = way;
  watch->changed (way.ipv4.sin_family != 0 || way.ipv6.sin6_family != 0, watch->data);
}

/* What the messages say does not matter, nor whether some were lost. */
static gboolean
on_message (gint fd, GIOCondition condition, gpointer data)
{
  NetworkWatch *watch = data;
  char message[MESSAGE_SIZE];

  while (recv (fd, message, sizeof message, MSG_DONTWAIT) > 0)
    ;
  timer_set (watch->timer, REST_US);
  return G_SOURCE_CONTINUE;
}

static int
listen_to_kernel (void)
{
  const struct sockaddr_nl address = { .nl_family = AF_NETLINK,
                                       .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR
                                                    | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_IFADDR
                                                    | RTMGRP_IPV6_ROUTE };
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

  if (fd < 0 || bind (fd, (const struct sockaddr *) &address, sizeof address) == 0)
    return fd;
  close (fd);
  return -1;
}

NetworkWatch *
network_watch_new (void (*changed) (gboolean available, gpointer data), gpointer data)
{
  int fd = listen_to_kernel ();
  NetworkWatch *watch;

  if (fd < 0)
    return NULL;
  watch = g_new0 (NetworkWatch, 1);
  watch->changed = changed;
  watch->data = data;
  watch->fd = fd;
  watch->way = find_way ();
  watch->timer = timer_new (on_rest, watch);
  watch->source = g_unix_fd_add (fd, G_IO_IN, on_message, watch);
  return watch;
}

void
network_watch_free (NetworkWatch *watch)
{
  g_source_remove (watch->source);
  timer_free (watch->timer);
  close (watch->fd);
  g_free (watch);
}
