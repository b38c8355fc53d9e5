/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds the addresses of a host, within five seconds. Address literals are answered without asking
 * anybody. */

#pragma once

#include <gio/gio.h>

#include "core/ntp-address.h"
#include "core/ntp-reason.h"

#define NAME_LOOKUP_MAX 16 /* ours: addresses of a host */

typedef struct NameLookup NameLookup;

/* Called once, from the main loop; the lookup, and @addresses with it, may be freed inside. They
 * are in the order in which they should be tried, families alternating; none when @reason is not
 * NTP_REASON_NONE. */
typedef void (*NameLookupDone) (const NtpAddress *addresses, guint n_addresses, NtpReason reason,
                                gpointer data);

/* @port: of the addresses that are found. A name is looked up as fully qualified when it ends in a
 * dot. */
NameLookup *name_lookup_new (const char *host, guint16 port, NameLookupDone done, gpointer data);
/* Gives it up. */
void name_lookup_free (NameLookup *lookup);
