/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One NTS server of the test program, which runs several. Nothing here knows the client; of the
 * project only the core's codecs are used. */

#pragma once

#include <gio/gio.h>
#include <openssl/ssl.h>

#include "cookie.h"
#include "nts-ke.h"
#include "sabotage.h"

typedef struct
{
  char *name;            /* host name; NAME.pem and NAME.key are its certificate */
  const char *directory; /* of certificates, borrowed */
  GInetAddress *address;
  guint16 ke_port;
  guint16 ntp_port;

  /* What it serves */
  double offset_s; /* added to the system clock */
  gboolean
      steady; /* not the system's as it is, but as it would be had nobody touched it any more */
  guint stratum;
  double delay_s;  /* there and back together */
  double jitter_s; /* mean of what each way takes longer */
  double loss;     /* share of requests that get no answer, 0…1 */
  guint cookies;   /* in a key exchange */
  guint cookie_length;
  gboolean silent_naks;     /* drops what it cannot open, as NTPsec does */
  const Sabotage *sabotage; /* NULL = none */

  CookieKey cookie_key;
  GHashTable *cookies_seen; /* by hash */

  /* Key exchange */
  SSL_CTX *tls;
  int ke_fd; /* -1 = refuses connections */
  guint ke_source;
  GList *connections;

  /* NTP */
  int ntp_fd; /* -1 = port unreachable */
  guint ntp_source;
  int other_fd; /* never the one that requests go to */
  GByteArray *last_reply;
  guint n_requests;
} NtsServer;

/* Opens both ports; port 0 = any, and then the one that it became. */
gboolean nts_server_start (NtsServer *server, GError **error);
void nts_server_stop (NtsServer *server);

/* NULL = behave well again. */
gboolean nts_server_set_sabotage (NtsServer *server, const Sabotage *sabotage, GError **error);

/* TRUE when @word is among the words of @text; *@value, if wanted, is what follows "word=". */
gboolean nts_server_has_word (const char *text, const char *word, char **value);

/* Where steady clocks begin; before the first server is started. */
void ntp_listener_begin_steady (void);
/* The parts; each opens or closes its port. */
gboolean ke_listener_open (NtsServer *server, GError **error);
void ke_listener_close (NtsServer *server);
gboolean ntp_listener_open (NtsServer *server, GError **error);
void ntp_listener_close (NtsServer *server);

/* A socket that is bound to the server's address, non-blocking. *@port 0 = any, and then the one
 * that it became. −1 with @error set on failure. */
int nts_server_bind (NtsServer *server, int type, guint16 *port, GError **error);

/* The key exchange message after @script, to be freed. */
GByteArray *ke_message_build (NtsServer *server, const char *script, const NtsKeys *keys);
