/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Packets that answer a request, after a script; see ntp-reply.c. */

#pragma once

#include "ntp-request.h"

typedef struct
{
  GByteArray *octets;
  guint copies;        /* how often it is sent */
  guint late_ms;       /* sent so much later than it should be */
  gboolean other_port; /* sent from a port that was not asked */
} NtpReplyPacket;

/* Returns NtpReplyPackets, which free themselves. @receive, @transmit: what the server's clock said
 * then. */
GPtrArray *ntp_reply_build (NtsServer *server, const char *script, const NtpRequest *request,
                            NtpTimestamp receive, NtpTimestamp transmit);
