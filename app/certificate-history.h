/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The certificates that a server has shown, read from GetLedger. Pure. */

#pragma once

#include <glib.h>

typedef enum
{
  SIGHTING_SAME,            /* the newest one, shown again */
  SIGHTING_NEW_CERTIFICATE, /* of the same issuer */
  SIGHTING_NEW_ISSUER,
  SIGHTING_FIRST
} SightingKind;

/* Times in µs since 1970 UTC, 0 = not known. Strings point into the answer, "" = not known. */
typedef struct
{
  SightingKind kind;
  gint64 time; /* when it was noticed */
  const char *subject;
  const char *issuer;
  const char *sha256;
  const char *address;
  gint64 not_before;
  gint64 not_after;
} Sighting;

/* @certificates: aa{sv} as GetLedger gives it, newest first, which must live as long as the result.
 * Newest first too: the last time that the present one was seen, and each change. Sightings; new.
 */
GArray *certificate_history_read (GVariant *certificates);
