/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The TLS contexts of key exchanges: what is offered, and whose certificates are believed. */

#pragma once

#include <gio/gio.h>
#include <openssl/ssl.h>

#include "ledger.h"

#include "core/nts-dates.h"

/* Which certificates of a server are believed, of those that are good. Digests as in TlsFacts. */
typedef struct
{
  const char *ca_file;   /* authorities that replace the system's, or NULL */
  const char *authority; /* only where the chain ends at this one; NULL = at any */
  const char *key;       /* only with this public key; NULL = any */
  gint64 now_s; /* of the clock that dates are checked by, s since 1970; 0 = the system's */
  gboolean dates_may_wait; /* if nothing else is wrong, as nts_dates_may_wait () has it … */
  gint64 passed_s;         /* … with this */
} KeTrust;

/* A context that believes the certificates of @ca_file only, or those of the system when it is
 * NULL. NULL with a @reason. Free it with SSL_CTX_free (). */
SSL_CTX *ke_trust_new_context (const char *ca_file, NtpReason *reason);

/* The SHA-256 of the public key of @certificate, as SubjectPublicKeyInfo in DER. New; NULL when it
 * has none. */
char *ke_trust_digest_key (const X509 *certificate);
/* The time in which all certificates of a chain are valid. FALSE when one of them makes no sense.
 */
gboolean ke_trust_get_dates (const STACK_OF (X509) * chain, NtsDates *dates);
/* Whether a certificate with these facts, which is good, is one of those that are wanted:
 * NTP_REASON_NONE, _CERTIFICATE_OTHER_ISSUER or _CERTIFICATE_OTHER_KEY. */
NtpReason ke_trust_judge (const KeTrust *trust, const TlsFacts *facts);
