/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "udp-socket.h"

#include "address.h"

#include "core/nts-fields.h"

#include <errno.h>
#include <glib-unix.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONTROL_SIZE 512 /* time stamp and extended error, with room to spare */
#define ERRORS_AT_ONCE                                                                             \
  8 /* ours: of a flood of ICMP errors the main loop sees only so many a turn */

struct UdpSocket
{
  int fd;
  guint source;
  const UdpListener *listener;
  gpointer data;
  gboolean stamps_sent; /* the kernel tells when packets leave */
  guint32 n_sent;       /* it numbers them from 0 */
};

typedef union
{
  char octets[CONTROL_SIZE];
  struct cmsghdr align;
} Control;

/* Stamps of sent packets come back on the error queue: numbered, and without the packet. */
static void
ask_for_stamps (UdpSocket *socket)
{
  const int both = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE
                   | SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_OPT_ID
                   | SOF_TIMESTAMPING_OPT_TSONLY | SOF_TIMESTAMPING_OPT_CMSG;
  const int on = 1;

  socket->stamps_sent =
      setsockopt (socket->fd, SOL_SOCKET, SO_TIMESTAMPING, &both, sizeof both) == 0;
  if (!socket->stamps_sent)
    setsockopt (socket->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

/* What the control messages say; FALSE fields were not there. */
typedef struct
{
  gboolean stamped;
  struct timespec stamp;
  gboolean numbered;
  guint32 number;
} Facts;

static void
take_stamp (const struct cmsghdr *control, Facts *facts)
{
  /* For both kinds the first of the stamps is the software's. */
  if (control->cmsg_type != SCM_TIMESTAMPING && control->cmsg_type != SCM_TIMESTAMPNS)
    return;
  if (control->cmsg_len < CMSG_LEN (sizeof facts->stamp))
    return;
  memcpy (&facts->stamp, CMSG_DATA (control), sizeof facts->stamp);
  facts->stamped = facts->stamp.tv_sec != 0;
}

static void
take_number (const struct cmsghdr *control, Facts *facts)
{
  struct sock_extended_err error;

  if (control->cmsg_len < CMSG_LEN (sizeof error))
    return;
  memcpy (&error, CMSG_DATA (control), sizeof error);
  if (error.ee_origin != SO_EE_ORIGIN_TIMESTAMPING)
    return;
  facts->number = error.ee_data;
  facts->numbered = TRUE;
}

static Facts
read_control (struct msghdr *message)
{
  Facts facts = { 0 };

  for (struct cmsghdr *control = CMSG_FIRSTHDR (message); control != NULL;
       control = CMSG_NXTHDR (message, control))
    if (control->cmsg_level == SOL_SOCKET)
      take_stamp (control, &facts);
    else if ((control->cmsg_level == SOL_IP && control->cmsg_type == IP_RECVERR)
             || (control->cmsg_level == SOL_IPV6 && control->cmsg_type == IPV6_RECVERR))
      take_number (control, &facts);
  return facts;
}

/* Takes one entry off the error queue; FALSE when there was none. */
static gboolean
read_error_queue (UdpSocket *socket, Facts *facts)
{
  guint8 nothing[1];
  Control control;
  struct iovec vector = { nothing, sizeof nothing };
  struct msghdr message = { .msg_iov = &vector,
                            .msg_iovlen = 1,
                            .msg_control = control.octets,
                            .msg_controllen = sizeof control.octets };

  if (recvmsg (socket->fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
    return FALSE;
  *facts = read_control (&message);
  return TRUE;
}

static gboolean
is_of_last_packet (const UdpSocket *socket, const Facts *facts)
{
  return facts->stamped && facts->numbered && facts->number == socket->n_sent - 1;
}

/* Always emptied, else poll () would report an error for ever. The last stamp is the one that
 * counts. */
static gboolean
drain_error_queue (UdpSocket *socket, struct timespec *stamp)
{
  gboolean found = FALSE;
  Facts facts;

  for (int i = 0; i < ERRORS_AT_ONCE && read_error_queue (socket, &facts); i++)
    if (is_of_last_packet (socket, &facts))
      {
        *stamp = facts.stamp;
        found = TRUE;
      }
  return found;
}

/* A pending ICMP error is reported once by whichever call comes next, and by this one it is
 * cleared. */
static void
clear_error (UdpSocket *socket)
{
  int error;
  socklen_t length = sizeof error;

  getsockopt (socket->fd, SOL_SOCKET, SO_ERROR, &error, &length);
}

static gboolean
receive (UdpSocket *socket)
{
  guint8 packet[NTS_REPLY_MAX + 1]; /* too long a packet is then seen to be */
  Control control;
  struct iovec vector = { packet, sizeof packet };
  struct msghdr message = { .msg_iov = &vector,
                            .msg_iovlen = 1,
                            .msg_control = control.octets,
                            .msg_controllen = sizeof control.octets };
  gssize length = recvmsg (socket->fd, &message, MSG_DONTWAIT);
  Facts facts;

  if (length < 0)
    return G_SOURCE_CONTINUE;
  facts = read_control (&message);
  /* The listener may free the socket: nothing of it may be touched after this. */
  socket->listener->received (packet, (gsize) length, facts.stamped ? &facts.stamp : NULL,
                              socket->data);
  return G_SOURCE_CONTINUE;
}

/* One packet a turn: the main loop comes back for the next, and others get theirs between. */
static gboolean
on_ready (gint fd, GIOCondition condition, gpointer data)
{
  UdpSocket *socket = data;
  struct timespec stamp;

  if ((condition & G_IO_ERR) != 0)
    {
      if (drain_error_queue (socket, &stamp))
        socket->listener->sent (&stamp, socket->data);
      clear_error (socket);
    }
  if ((condition & G_IO_IN) != 0)
    return receive (socket);
  return G_SOURCE_CONTINUE;
}

/* No main loop runs within a main loop here, so GLib need not take the socket out of its poll set
 * for the time of each dispatch, which costs it four system calls. */
static void
watch (UdpSocket *socket)
{
  g_autoptr (GSource) source = g_unix_fd_source_new (socket->fd, G_IO_IN | G_IO_ERR);

  g_source_set_callback (source, G_SOURCE_FUNC (on_ready), socket, NULL);
  g_source_set_can_recurse (source, TRUE);
  socket->source = g_source_attach (source, NULL);
}

UdpSocket *
udp_socket_new (const NtpAddress *peer, const UdpListener *listener, gpointer data, GError **error)
{
  int fd = address_connect (peer, SOCK_DGRAM);
  UdpSocket *socket;

  if (fd < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, (gint) g_io_error_from_errno (errno),
                           g_strerror (errno));
      return NULL;
    }
  socket = g_new0 (UdpSocket, 1);
  socket->fd = fd;
  socket->listener = listener;
  socket->data = data;
  ask_for_stamps (socket);
  watch (socket);
  return socket;
}

void
udp_socket_free (UdpSocket *socket)
{
  g_clear_handle_id (&socket->source, g_source_remove);
  close (socket->fd);
  g_free (socket);
}

guint32
udp_socket_get_own_id (const UdpSocket *socket)
{
  struct sockaddr_storage own = { 0 };
  const struct sockaddr_in *inet = (const struct sockaddr_in *) &own;
  const struct sockaddr_in6 *inet6 = (const struct sockaddr_in6 *) &own;
  socklen_t length = sizeof own;
  guint8 digest[16];
  gsize digest_length = sizeof digest;
  guint32 id;

  if (getsockname (socket->fd, (struct sockaddr *) &own, &length) < 0)
    return 0;
  if (own.ss_family == AF_INET)
    return ntohl (inet->sin_addr.s_addr);

  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  g_checksum_update (md5, inet6->sin6_addr.s6_addr, sizeof inet6->sin6_addr);
  g_checksum_get_digest (md5, digest, &digest_length);
  memcpy (&id, digest, sizeof id);
  return ntohl (id);
}

gboolean
udp_socket_send (UdpSocket *socket, const guint8 *packet, gsize length)
{
  struct iovec vector = { (guint8 *) packet, length };
  const struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };
  gssize sent = sendmsg (socket->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  Facts facts;

  /* The error of an earlier packet is reported here once; this one was not tried then. */
  if (sent < 0 && errno != EAGAIN)
    sent = sendmsg (socket->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0)
    return FALSE;
  socket->n_sent++;

  /* Often the stamp is there at once, which saves a wake-up. */
  if (socket->stamps_sent && read_error_queue (socket, &facts)
      && is_of_last_packet (socket, &facts))
    socket->listener->sent (&facts.stamp, socket->data);
  return TRUE;
}
