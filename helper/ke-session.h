/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One NTS key exchange (RFC 8915 §4), from the name of the server to keys, cookies and the address
 * of the NTP server. Nothing blocks; finding an address has five seconds, everything from
 * connecting on ten, whatever the server does. Where the server closes the connection before TLS
 * stands, its other addresses are tried. */

#pragma once

#include "ke-tls.h"
#include "name-lookup.h"

typedef struct KeSession KeSession;

/* When each part of it was over, µs on the monotonic clock; 0 = it has not been. */
typedef struct
{
  gint64 begun_us;
  gint64 resolved_us;
  gint64 connected_us;
  gint64 shown_us;  /* the server has shown its certificate */
  gint64 shaken_us; /* the certificate is believed, and TLS is as it must be */
  gint64 ended_us;
  NtpAddress addresses[NAME_LOOKUP_MAX]; /* that were found */
  guint n_addresses;
} KeTrace;

/* Borrowed, and wiped with the session. */
typedef struct
{
  KeTrace trace;
  NtpReason reason;       /* NTP_REASON_NONE: keys, offer and ntp_address are good */
  NtpAddress ke_address;  /* that answered, family 0 = none */
  NtpAddress ntp_address; /* the same host unless the server named another */
  NtsKeys keys;
  const NtsKeOffer *offer;
  const TlsFacts *facts; /* NULL when it never came to TLS */
  const NtsDates *dates; /* when the certificates are valid, if the check of that waits */
} KeResult;

/* Called once, from the main loop; the session may be freed inside. */
typedef void (*KeSessionDone) (const KeResult *result, gpointer data);

/* Called when a time of the trace has come; must not free the session. */
typedef void (*KeSessionProgress) (const KeResult *so_far, gpointer data);

/* @host: canonical. It and @trust are copied. */
KeSession *ke_session_new (const char *host, guint16 port, const KeTrust *trust, KeSessionDone done,
                           gpointer data);
/* With the data of the session. */
void ke_session_set_progress (KeSession *session, KeSessionProgress progress);
/* Gives it up; wipes. */
void ke_session_free (KeSession *session);
