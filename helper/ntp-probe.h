/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks an NTP server for the time and judges its answers, with a core of its own: whatever comes of
 * it, the one that keeps the clock hears nothing of it. */

#pragma once

#include "clock.h"

typedef struct NtpProbe NtpProbe;

/* @reason: NTP_REASON_NONE when an answer came whose time could be used, else what was wrong with
 * the last one, or NTP_REASON_NO_REPLY. @server: as the core saw it. Called once, from the main
 * loop, five seconds after the start at the latest; the probe may be freed inside. */
typedef void (*NtpProbeDone) (NtpReason reason, const NtpServerSnapshot *server, gpointer data);

/* Sends the first request before it returns. @clock: borrowed. @keys and @offer: copied, NULL =
 * without NTS. */
NtpProbe *ntp_probe_new (Clock *clock, const NtpAddress *address, const NtsKeys *keys,
                         const NtsKeOffer *offer, NtpProbeDone done, gpointer data);
/* Wipes. */
void ntp_probe_free (NtpProbe *probe);

/* Octets of the first request; 0 = it did not leave. */
gsize ntp_probe_get_sent (const NtpProbe *probe);
