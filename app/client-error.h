/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The helper's errors as the application knows them: by their D-Bus names, never by their text. */

#pragma once

#include <gio/gio.h>

typedef enum
{
  CLIENT_ERROR_NOT_AUTHORISED,
  CLIENT_ERROR_NO_SERVERS,
  CLIENT_ERROR_NO_REPLY,
  CLIENT_ERROR_NO_QUORUM,
  CLIENT_ERROR_KEY_EXCHANGE_FAILED,
  CLIENT_ERROR_TOO_SOON,
  CLIENT_ERROR_OUT_OF_BOUNDS,
  CLIENT_ERROR_CLOCK_FAILED,
  CLIENT_ERROR_INVALID_ARGUMENT,
  CLIENT_ERROR_BUSY,
  CLIENT_ERROR_CANCELLED,
  CLIENT_N_ERRORS
} ClientError;

#define CLIENT_ERROR client_error_quark ()
/* Also teaches GDBus the names, so call it before the first method call. */
GQuark client_error_quark (void);

/* TRUE if a person ended it, so that there is nothing to say. */
gboolean client_error_is_cancelled (const GError *error);
/* TRUE if the helper, or the bus itself, is not there. */
gboolean client_error_is_unreachable (const GError *error);
/* The last part of the D-Bus name, "NoQuorum", or NULL for what is none of the helper's. Static. */
const char *client_error_name (const GError *error);
/* One translated sentence with its full stop, for people. Static or owned by @error. */
const char *client_error_sentence (const GError *error);
