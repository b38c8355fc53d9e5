/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names in certificates, and the certificates that a server has shown, as people read them. Pure.
 */

#pragma once

#include <glib.h>

#include "certificate-history.h"

/* @name: as RFC 4514 writes it, "CN=R12,O=Let's Encrypt,C=US", or any other text, which is returned
 * as it is. New. */
/* "Let's Encrypt R12": who, and which of his certificates. */
char *words_for_issuer (const char *name);
/* The common name alone. */
char *words_for_subject (const char *name);

/* "New certificate, same issuer". Static. */
const char *words_for_sighting (SightingKind kind);
/* "Let's Encrypt R12, valid until 12 January 2027". @zone: for dates. New. */
char *words_for_sighting_detail (const Sighting *sighting, GTimeZone *zone);
