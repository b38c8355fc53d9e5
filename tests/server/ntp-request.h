/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading requests, more strictly than any server in the field does. */

#pragma once

#include "nts-server.h"

typedef enum
{
  NTP_REQUEST_GOOD,
  NTP_REQUEST_PLAIN,     /* without NTS: 48 octets */
  NTP_REQUEST_UNOPENED,  /* the cookie or the authenticator is not ours: NTSN */
  NTP_REQUEST_MALFORMED, /* no server need answer it */
  NTP_REQUEST_UNUSUAL    /* allowed, but some servers in the field would drop it */
} NtpRequestVerdict;

typedef struct
{
  const uint8_t *octets; /* borrowed */
  size_t length;
  NtpHeader header;
  NtsSpan unique_id; /* the spans point into octets */
  NtsSpan cookie;
  guint placeholders;
  NtsKeys keys;
} NtpRequest;

NtpRequestVerdict ntp_request_read (const NtsServer *server, const uint8_t *octets, size_t length,
                                    NtpRequest *request);
