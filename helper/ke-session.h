/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One NTS key exchange (RFC 8915 §4), from the name of the server to keys, cookies and the address
 * of the NTP server. Nothing blocks; finding an address has five seconds, everything from
 * connecting on ten, whatever the server does. */

#pragma once

#include "ke-tls.h"

typedef struct KeSession KeSession;

/* Borrowed, and wiped with the session. */
typedef struct
{
  NtpReason reason;       /* NTP_REASON_NONE: keys, offer and ntp_address are good */
  NtpAddress ke_address;  /* that answered, family 0 = none */
  NtpAddress ntp_address; /* the same host unless the server named another */
  NtsKeys keys;
  const NtsKeOffer *offer;
  const TlsFacts *facts; /* NULL when it never came to TLS */
} KeResult;

/* Called once, from the main loop; the session may be freed inside. */
typedef void (*KeSessionDone) (const KeResult *result, gpointer data);

/* @host: canonical; @ca_file: instead of the system's certificates, or NULL. Both copied. */
KeSession *ke_session_new (const char *host, guint16 port, const char *ca_file, KeSessionDone done,
                           gpointer data);
/* Gives it up; wipes. */
void ke_session_free (KeSession *session);
