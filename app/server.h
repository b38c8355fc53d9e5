/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server as the helper describes it: one item of the list model. The item stays the same object
 * as long as the helper lists the host; what is known of it is replaced whole and never edited. */

#pragma once

#include <gio/gio.h>

/* What the helper said last. Strings are never NULL, "" = not known; they live as long as nothing
 * new has been set. Numbers that are not known: NaN for doubles, -1 for the others, 0 for times.
 * Units and signs are those of the D-Bus contract. */
typedef struct
{
  const char *host;
  const char *address;
  int port;
  const char *ntp_address;
  int ntp_port;
  const char *operator_name;
  const char *country;
  gboolean nts;
  gboolean authenticated;
  const char *state;
  const char *selection;
  const char *reason;
  int cookies;
  int cookie_length;
  const char *aead;
  int stratum;
  const char *refid;
  int reach;
  gboolean has_poll;
  int poll; /* log2 s; may be negative */
  gint64 next_poll;
  gint64 last_sample;
  double offset;
  double delay;
  double jitter;
  double root_distance;
  const char *leap;
  int naks;
  int key_exchanges;
  const char *tls_version;
  const char *certificate_subject;
  const char *certificate_issuer;
  gint64 certificate_not_after;
  const char *certificate_sha256;
} ServerFacts;

/* Most cookies that a server has in the jar (RFC 8915 §5.7). */
#define SERVER_MAX_COOKIES 8

/* Fills @facts from one dictionary of the property Servers. The strings point into @values. A key
 * of the wrong type counts as not known. */
void server_facts_from_variant (ServerFacts *facts, GVariant *values);

#define GNOMON_TYPE_SERVER (gnomon_server_get_type ())
G_DECLARE_FINAL_TYPE (GnomonServer, gnomon_server, GNOMON, SERVER, GObject)

/* @values: a{sv}, a reference is taken. */
GnomonServer *gnomon_server_new (GVariant *values);
/* Replaces all that is known and emits "changed" if anything is different. */
void gnomon_server_set_values (GnomonServer *self, GVariant *values);
/* Valid until the next gnomon_server_set_values (). */
const ServerFacts *gnomon_server_get_facts (GnomonServer *self);
/* The dictionary itself, (transfer none). */
GVariant *gnomon_server_get_values (GnomonServer *self);
