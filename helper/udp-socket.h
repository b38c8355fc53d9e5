/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A UDP socket for one association: connected, so that the kernel drops what comes from elsewhere,
 * at a port that the kernel draws (RFC 9109), with the kernel's own time stamps where it gives
 * them.
 *
 * ICMP errors are forgeable, so they are silence, never failures. */

#pragma once

#include <gio/gio.h>
#include <time.h>

#include "core/ntp-address.h"

typedef struct UdpSocket UdpSocket;

/* Called from the main loop. */
typedef struct
{
  /* A packet came. @stamp: when, by the kernel (CLOCK_REALTIME), NULL when it does not say. One
   * that is longer than NTS_REPLY_MAX is cut to one octet more. The socket may be freed inside. */
  void (*received) (const guint8 *packet, gsize length, const struct timespec *stamp,
                    gpointer data);
  /* The packet that was sent last left at @stamp, by the kernel. May come late or never, but not
   * after the next one was sent. Also called from within udp_socket_send (). */
  void (*sent) (const struct timespec *stamp, gpointer data);
} UdpListener;

/* @listener is borrowed and must outlive the socket. NULL with a GIOError when there is no socket
 * to be had or no route to @peer. */
UdpSocket *udp_socket_new (const NtpAddress *peer, const UdpListener *listener, gpointer data,
                           GError **error);
void udp_socket_free (UdpSocket *socket);

/* See ntp_system_own_id (): our IPv4 address, or the beginning of the MD5 of our IPv6 address. 0
 * when the kernel does not say. */
guint32 udp_socket_get_own_id (const UdpSocket *socket);

/* FALSE when the packet did not leave. */
gboolean udp_socket_send (UdpSocket *socket, const guint8 *packet, gsize length);
