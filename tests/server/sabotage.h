/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The numbered faults of the test server. Each is data: what it does to TLS, the key exchange
 * message or the reply, and what a right client does about it.
 *
 * tls: words, see ke-connection.c. message: the key exchange message, see ke-message.c. reply: the
 * packets that answer a request, see ntp-reply.c. */

#pragma once

#include <glib.h>

#define SABOTAGE_GOOD_MESSAGE "P A N C E"
#define SABOTAGE_GOOD_REPLY   "H U [ C ]"

typedef enum
{
  ACCEPT,      /* odd, but the server is as good as any other */
  EITHER,      /* may be believed or not; nothing bad may come of it */
  NO_KEYS,     /* the key exchange fails */
  DROP,        /* no reply is ever taken for authentic */
  NO_SAMPLE,   /* authentic, but there is no time in it */
  NOT_CHOSEN,  /* a sample that must not vote */
  FALSETICKER, /* a wrong time: others outvote it, and alone it may be believed */
  TOO_FAR      /* so wrong a time that alone it must not be believed either */
} SabotageExpectation;

typedef struct
{
  guint number; /* 1xx TLS, 2xx key exchange, 3xx replies, 4xx kiss codes, 5xx time */
  const char *name;
  SabotageExpectation expect;
  const char *reasons; /* names of the reasons that fit, separated by spaces; NULL = none */
  const char *tls;     /* the others: NULL = as a good server does */
  const char *message;
  const char *reply;
} Sabotage;

/* @text: number or name. NULL when there is none. */
const Sabotage *sabotage_find (const char *text);
/* Prints all as a JSON array. */
void sabotage_list (void);

/* The tables; each ends with number 0. */
extern const Sabotage sabotages_of_key_exchange[];
extern const Sabotage sabotages_of_replies[];
extern const Sabotage sabotages_of_time[];
