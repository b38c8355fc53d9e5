/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The TLS 1.3 exporter (RFC 8446 §7.5) worked out from a captured exporter secret. */

#pragma once

#include <glib.h>

/* @digest: "sha256" or "sha384". FALSE when libcrypto refuses. */
gboolean tls_exporter (const char *digest, GBytes *secret, const char *label, const guint8 *context,
                       gsize context_length, guint8 *key, gsize key_length);
