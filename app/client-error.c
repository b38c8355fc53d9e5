/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "client-error.h"

#include <glib/gi18n.h>

#define PREFIX "org.gnomon.Helper1.Error."

static const GDBusErrorEntry NAMES[] = {
  { CLIENT_ERROR_NOT_AUTHORISED, PREFIX "NotAuthorised" },
  { CLIENT_ERROR_NO_SERVERS, PREFIX "NoServers" },
  { CLIENT_ERROR_NO_REPLY, PREFIX "NoReply" },
  { CLIENT_ERROR_NO_QUORUM, PREFIX "NoQuorum" },
  { CLIENT_ERROR_KEY_EXCHANGE_FAILED, PREFIX "KeyExchangeFailed" },
  { CLIENT_ERROR_TOO_SOON, PREFIX "TooSoon" },
  { CLIENT_ERROR_OUT_OF_BOUNDS, PREFIX "OutOfBounds" },
  { CLIENT_ERROR_CLOCK_FAILED, PREFIX "ClockFailed" },
  { CLIENT_ERROR_INVALID_ARGUMENT, PREFIX "InvalidArgument" },
  { CLIENT_ERROR_BUSY, PREFIX "Busy" },
  { CLIENT_ERROR_CANCELLED, PREFIX "Cancelled" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (NAMES) == CLIENT_N_ERRORS);

static const char *const SENTENCES[CLIENT_N_ERRORS] = {
  [CLIENT_ERROR_NOT_AUTHORISED] = N_ ("You are not allowed to do this."),
  [CLIENT_ERROR_NO_SERVERS] = N_ ("There is no server to ask."),
  [CLIENT_ERROR_NO_REPLY] = N_ ("No server has given a proven answer."),
  [CLIENT_ERROR_NO_QUORUM] = N_ ("Not enough servers agree about the time."),
  [CLIENT_ERROR_KEY_EXCHANGE_FAILED] =
      N_ ("No server handed out keys, so nothing it says could be proven."),
  [CLIENT_ERROR_TOO_SOON] = N_ ("The servers were asked only a moment ago."),
  [CLIENT_ERROR_OUT_OF_BOUNDS] =
      N_ ("The servers agree on a time so far away that a person must decide."),
  [CLIENT_ERROR_CLOCK_FAILED] = N_ ("The computer refused to have its clock set."),
  [CLIENT_ERROR_INVALID_ARGUMENT] = N_ ("The time service does not accept this."),
  [CLIENT_ERROR_BUSY] = N_ ("The time service is synchronising already."),
  [CLIENT_ERROR_CANCELLED] = N_ ("Cancelled."),
};

GQuark
client_error_quark (void)
{
  static gsize quark;
  g_dbus_error_register_error_domain ("gnomon-client-error-quark", &quark, NAMES,
                                      G_N_ELEMENTS (NAMES));
  return (GQuark) quark;
}

gboolean
client_error_is_cancelled (const GError *error)
{
  return g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_CANCELLED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

gboolean
client_error_is_unreachable (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

const char *
client_error_name (const GError *error)
{
  if (error->domain != CLIENT_ERROR || error->code < 0 || error->code >= CLIENT_N_ERRORS)
    return NULL;
  return NAMES[error->code].dbus_error_name + strlen (PREFIX);
}

const char *
client_error_sentence (const GError *error)
{
  if (error->domain == CLIENT_ERROR && error->code >= 0 && error->code < CLIENT_N_ERRORS)
    return _ (SENTENCES[error->code]);
  if (client_error_is_unreachable (error))
    return _ ("The time service is not running.");
  return error->message;
}
