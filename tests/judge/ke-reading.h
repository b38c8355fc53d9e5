/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A second, independent reading of a key exchange response: the whole of it at once, for comparison
 * with what the core made of it octet by octet. */

#pragma once

#include <glib.h>

typedef struct
{
  gboolean complete; /* ends with End of Message and nothing behind it */
  gboolean error;    /* an Error, a Warning or an unknown critical record */
  guint protocols;   /* records, and how many of them are as they must be */
  guint good_protocols;
  guint aeads;
  guint good_aeads;
  char *server; /* of the last such record; "" = none */
  guint port;
  GPtrArray *cookies; /* GBytes: the first eight that a request can carry, each once */
} KeReading;

/* Reads a response to a client that offered protocol 0 and AEAD 15. */
void ke_reading_init (KeReading *self, GBytes *response);
void ke_reading_clear (KeReading *self);

/* Names, addresses and ports apart, RFC 8915 §4.1 lets the client go on. */
gboolean ke_reading_acceptable (const KeReading *self);
