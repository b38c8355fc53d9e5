/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "error.h"

#define ERROR_PREFIX "org.gnomon.Helper1.Error."

static const GDBusErrorEntry entries[] = {
  { GNOMON_ERROR_NOT_AUTHORISED, ERROR_PREFIX "NotAuthorised" },
  { GNOMON_ERROR_NO_SERVERS, ERROR_PREFIX "NoServers" },
  { GNOMON_ERROR_NO_REPLY, ERROR_PREFIX "NoReply" },
  { GNOMON_ERROR_NO_QUORUM, ERROR_PREFIX "NoQuorum" },
  { GNOMON_ERROR_KEY_EXCHANGE_FAILED, ERROR_PREFIX "KeyExchangeFailed" },
  { GNOMON_ERROR_TOO_SOON, ERROR_PREFIX "TooSoon" },
  { GNOMON_ERROR_OUT_OF_BOUNDS, ERROR_PREFIX "OutOfBounds" },
  { GNOMON_ERROR_CLOCK_FAILED, ERROR_PREFIX "ClockFailed" },
  { GNOMON_ERROR_INVALID_ARGUMENT, ERROR_PREFIX "InvalidArgument" },
  { GNOMON_ERROR_BUSY, ERROR_PREFIX "Busy" },
  { GNOMON_ERROR_CANCELLED, ERROR_PREFIX "Cancelled" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (entries) == GNOMON_N_ERRORS);

GQuark
gnomon_error_quark (void)
{
  static gsize quark = 0;

  g_dbus_error_register_error_domain ("gnomon-error-quark", &quark, entries,
                                      G_N_ELEMENTS (entries));
  return (GQuark) quark;
}

const char *
gnomon_error_name (GnomonError code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    if (entries[i].error_code == (gint) code)
      return entries[i].dbus_error_name + strlen (ERROR_PREFIX);
  return "";
}

GnomonError
gnomon_error_from_reason (NtpReason reason)
{
  switch ((int) reason)
    {
    case NTP_REASON_NO_SERVERS:
      return GNOMON_ERROR_NO_SERVERS;
    case NTP_REASON_NO_QUORUM:
      return GNOMON_ERROR_NO_QUORUM;
    case NTP_REASON_KE_TIMEOUT:
      return GNOMON_ERROR_KEY_EXCHANGE_FAILED;
    case NTP_REASON_CHANGE_TOO_LARGE:
      return GNOMON_ERROR_OUT_OF_BOUNDS;
    case NTP_REASON_CLOCK_FAILED:
      return GNOMON_ERROR_CLOCK_FAILED;
    case NTP_REASON_CANCELLED:
      return GNOMON_ERROR_CANCELLED;
    default:
      return GNOMON_ERROR_NO_REPLY;
    }
}
