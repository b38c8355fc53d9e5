/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The TLS contexts of key exchanges: what is offered, and whose certificates are believed. Private
 * to ke-*.c. */

#pragma once

#include <gio/gio.h>
#include <openssl/ssl.h>

#include "core/ntp-reason.h"

/* A context that believes the certificates of @ca_file only, or those of the system when it is
 * NULL. NULL with a @reason. Free it with SSL_CTX_free (). */
SSL_CTX *ke_trust_new_context (const char *ca_file, NtpReason *reason);
