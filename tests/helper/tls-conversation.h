/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The conversation of a KeTls with a TLS server of OpenSSL's, both in memory. The environment names
 * the program that makes certificates: MAKE_CERTIFICATES. */

#pragma once

#include "ke-tls.h"

#include <glib.h>
#include <openssl/ssl.h>

#define HOST "quartz.localhost"

typedef struct
{
  char *ca;
  KeTrust trust;
  KeTls *client;
  NtsKeVerdict verdict;
  SSL_CTX *context;
  SSL *server;
  BIO *to_server;
  BIO *from_server;
  const char *alpn; /* what the server selects; NULL = none */
  gsize portion;    /* the client is fed so many octets at a time */
  guint8 request[64];
  int request_length;
  guint n_flights; /* of the client */
} Conversation;

/* The folder with the certificates and keys: NAME.pem, NAME.key. */
extern char *certificates;

typedef void (*ConversationTest) (Conversation *conversation, gconstpointer data);

/* In place of g_test_init () and g_test_run (); between them every test is added with
 * conversation_add (). */
void conversation_init (int *argc, char ***argv);
int conversation_run (void);
void conversation_add (const char *path, ConversationTest test, gconstpointer data);

/* Makes client and server. @host: whom the client asks; @name: of the server's certificate;
 * @version: of TLS, the server's latest. */
void begin (Conversation *conversation, const char *host, const char *name, int version);
/* Everything that the client has to say goes over as one flight. FALSE if it is nothing. */
gboolean client_to_server (Conversation *conversation);
gboolean server_to_client (Conversation *conversation);
/* The server goes on, and reads the request. */
void serve (Conversation *conversation);
/* Until nobody has anything to say. */
void talk (Conversation *conversation);
void respond (Conversation *conversation, const void *data, gsize length);
/* With the protocol NTPv4, AEAD 15 and one cookie of 100 octets (RFC 8915 §4). */
void respond_well (Conversation *conversation);
/* The first of the four records of that. */
void respond_in_part (Conversation *conversation);
void assert_refused (const Conversation *conversation, NtpReason reason);
