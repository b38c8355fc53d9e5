/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The errors of the helper, registered for D-Bus as org.gnomon.Helper1.Error.*. */

#pragma once

#include <gio/gio.h>

#include "core/ntp-reason.h"

typedef enum
{
  GNOMON_ERROR_NOT_AUTHORISED,
  GNOMON_ERROR_NO_SERVERS,
  GNOMON_ERROR_NO_REPLY,
  GNOMON_ERROR_NO_QUORUM,
  GNOMON_ERROR_KEY_EXCHANGE_FAILED,
  GNOMON_ERROR_TOO_SOON,
  GNOMON_ERROR_OUT_OF_BOUNDS,
  GNOMON_ERROR_CLOCK_FAILED,
  GNOMON_ERROR_INVALID_ARGUMENT, /* the message begins with the name of the field and a colon */
  GNOMON_ERROR_BUSY,
  GNOMON_ERROR_CANCELLED, /* by CancelSync, or the password dialog was closed (polkit.dismissed) */
  GNOMON_N_ERRORS
} GnomonError;

#define GNOMON_ERROR gnomon_error_quark ()
GQuark gnomon_error_quark (void);

/* "NoQuorum" and the like: the last part of the D-Bus name. Static. */
const char *gnomon_error_name (GnomonError code);
/* The error that ends a "sync now" with @reason (see NtpSyncResult.error). */
GnomonError gnomon_error_from_reason (NtpReason reason);
