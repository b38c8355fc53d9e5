/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which certificates each server has shown in successful key exchanges, and when. */

#pragma once

#include <gio/gio.h>

#define LEDGER_SIZE_MAX         (4 * 1024 * 1024)
#define LEDGER_CERTIFICATES_MAX 16 /* ours: per server; the one that was seen longest ago goes */

/* Of one TLS handshake. Times in s since 1970 UTC. All strings may be NULL when there was none. */
typedef struct
{
  char *tls_version; /* "TLSv1.3" */
  char *cipher;      /* as IANA names it */
  char *subject;
  char *issuer;
  char *sha256;    /* of the certificate, 64 hexadecimal digits */
  char *key;       /* likewise of its public key (SubjectPublicKeyInfo) … */
  char *authority; /* … and of that at the end of its chain, which is believed; NULL = none is */
  gint64 not_before_s;
  gint64 not_after_s;
} TlsFacts;

void tls_facts_clear (TlsFacts *facts);
void tls_facts_copy (TlsFacts *copy, const TlsFacts *facts);

typedef struct Ledger Ledger;

Ledger *ledger_new (void);
void ledger_free (Ledger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ledger, ledger_free)

/* What ledger_encode () gave; FALSE when it makes no sense, then nothing is changed. */
gboolean ledger_decode (Ledger *ledger, const char *data, gsize length);
char *ledger_encode (const Ledger *ledger);

typedef enum
{
  LEDGER_KNOWN = 0,       /* the host has shown this certificate before */
  LEDGER_FIRST,           /* it is the first one of the host */
  LEDGER_NEW_CERTIFICATE, /* of the issuer of the last one */
  LEDGER_NEW_ISSUER
} LedgerNews;

/* @host showed this certificate at @address now. */
LedgerNews ledger_note (Ledger *ledger, const char *host, const TlsFacts *facts,
                        const char *address, gint64 unix_us);
/* What the last certificate of @host was believed for, borrowed until the next call: authority and
 * key of its facts, NULL where nothing is known. */
void ledger_get_last (const Ledger *ledger, const char *host, const char **authority,
                      const char **key);
/* As GetLedger of the D-Bus contract, newest first, at most @most (0 = all); new and floating. */
GVariant *ledger_get (const Ledger *ledger, const char *host, guint most);
