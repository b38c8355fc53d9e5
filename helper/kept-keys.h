/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keys and unused cookies from run to run (RFC 8915 §5.7), as octets with a version and a checksum.
 * The file is deleted as it is read, so that no cookie is sent twice whatever happens then. */

#pragma once

#include <gio/gio.h>

#include "core/ntp-system.h"
#include "core/nts-cookies.h"

#define KEPT_KEYS_SIZE_MAX (8 * 1024 * 1024)

/* What was agreed with one server. It is good only for a server that is configured in the same way:
 * another port or CA file may be another server. */
typedef struct
{
  char *host;
  guint16 port;
  char *ca_file;          /* "" = the system's certificates */
  NtpAddress ke_address;  /* where the keys came from */
  NtpAddress ntp_address; /* where the cookies go */
  NtsKeys keys;
  NtsCookies jar;
} KeptKeys;

/* Wipes. */
void kept_keys_free (KeptKeys *kept);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KeptKeys, kept_keys_free)

/* Takes the cookies out of the jars. @kept: of KeptKeys. The caller wipes and frees the result. */
guint8 *kept_keys_encode (GPtrArray *kept, gsize *length);
/* NULL when the octets are cut, changed or of another version. */
GPtrArray *kept_keys_decode (const guint8 *data, gsize length);
