/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tests servers before they are chosen, one after the other: the helper runs one test at a time for
 * each caller. Nothing is changed by it. */

#pragma once

#include "helper-client.h"
#include "probe-result.h"

/* Signals:
 *   "begun" (const char *host): its test runs now;
 *   "probed" (const char *host, const ProbeResult *result): it has ended; valid during the call;
 *   "ended" (const GError *error): nothing is left to be tested; NULL = all have been. Those that
 * waited are forgotten if there is an error. */
#define GNOMON_TYPE_SERVER_PROBER (gnomon_server_prober_get_type ())
G_DECLARE_FINAL_TYPE (GnomonServerProber, gnomon_server_prober, GNOMON, SERVER_PROBER, GObject)

GnomonServerProber *gnomon_server_prober_new (GnomonHelperClient *client);

/* @options: a{sv} as Diagnose takes it; a floating reference is sunk. A host that waits already is
 * not added again. */
void gnomon_server_prober_add (GnomonServerProber *self, const char *host, GVariant *options);
gboolean gnomon_server_prober_is_running (GnomonServerProber *self);
/* "ended" follows with G_IO_ERROR_CANCELLED if a test was running. */
void gnomon_server_prober_cancel (GnomonServerProber *self);
