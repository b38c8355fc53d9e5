/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opens a TCP connection to the first of several addresses that answers: they are tried in order,
 * the next as soon as one fails, or beside it after 250 ms (RFC 8305 §5). No time limit of its own.
 */

#pragma once

#include <gio/gio.h>

#include "core/ntp-address.h"
#include "core/ntp-reason.h"

typedef struct KeConnect KeConnect;

/* Called once, from the main loop; the KeConnect may be freed inside. @fd: connected, non-blocking,
 * without Nagle's delay, and the callee's from now on; −1 with a @reason when no address answers.
 */
typedef void (*KeConnectDone) (int fd, const NtpAddress *address, NtpReason reason, gpointer data);

/* @addresses: copied, at least one. */
KeConnect *ke_connect_new (const NtpAddress *addresses, guint n_addresses, KeConnectDone done,
                           gpointer data);
/* Gives up what is under way. */
void ke_connect_free (KeConnect *connect);
