/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tells when the way to the network is another one: an interface came or went, another network, a
 * VPN. The kernel tells by itself; nothing is sent and nothing ticks. */

#pragma once

#include <glib.h>

typedef struct NetworkWatch NetworkWatch;

/* @changed: called from the main loop, when changes have come to rest and the address that packets
 * to the internet leave from differs from before. @available: there is one. NULL where the kernel
 * does not tell. */
NetworkWatch *network_watch_new (void (*changed) (gboolean available, gpointer data),
                                 gpointer data);
void network_watch_free (NetworkWatch *watch);
