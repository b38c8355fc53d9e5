/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The conversation of one key exchange (RFC 8915 §4): TLS 1.3 with "ntske/1", the certificate and
 * its name checked, our request in the same flight as the end of the handshake, the response judged
 * as it comes. Octets in and octets out; no socket and no time limit, which are the session's. */

#pragma once

#include <gio/gio.h>

#include "ke-trust.h"

#include "core/ntp-system.h"
#include "core/nts-ke.h"

typedef struct KeTls KeTls;

/* Begins the conversation with @host, a name without final dot or an address literal. @trust:
 * copied. NULL with NTP_REASON_CA_FILE_UNREADABLE or _TLS_FAILED. */
KeTls *ke_tls_new (const char *host, const KeTrust *trust, NtpReason *reason);
/* Wipes. */
void ke_tls_free (KeTls *tls);

/* Octets that the server sent, in any portions, and the end of the connection, in whichever way.
 * After NTS_KE_COMPLETE and NTS_KE_REFUSED feed no more. */
NtsKeVerdict ke_tls_feed (KeTls *tls, const guint8 *data, gsize length);
NtsKeVerdict ke_tls_end (KeTls *tls);
/* Takes out what is to be sent now, after each of the above; 0 = nothing. */
gsize ke_tls_take_output (KeTls *tls, guint8 *output, gsize room);

/* After NTS_KE_REFUSED. */
NtpReason ke_tls_get_reason (const KeTls *tls);
/* After NTS_KE_COMPLETE: what was offered, owned by the conversation, and the keys for it. FALSE
 * when the exporter fails. */
const NtsKeOffer *ke_tls_get_offer (const KeTls *tls);
gboolean ke_tls_export_keys (KeTls *tls, NtsKeys *keys);
/* After NTS_KE_COMPLETE: when the certificates are valid, if the check of that waits, else NULL.
 * Owned by the conversation. */
const NtsDates *ke_tls_get_dates (const KeTls *tls);
/* When, on the monotonic clock in µs, the server showed its certificate and the handshake was over
 * with all that we want of it; 0 = that has not been. */
typedef struct
{
  gint64 shown_us;
  gint64 shaken_us;
} KeTlsTimes;

const KeTlsTimes *ke_tls_get_times (const KeTls *tls);
/* As far as known, also of a certificate that was refused. Owned by the conversation. */
const TlsFacts *ke_tls_get_facts (const KeTls *tls);

/* What the verdict of X509_verify_cert () means. */
NtpReason ke_tls_reason_of_verify (long code);
