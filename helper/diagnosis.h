/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Why does this server not work? Goes the whole way to the time once, as the helper does: finds the
 * address, connects, handshakes, checks the certificate, gets keys and asks, each step with its own
 * verdict. All with sockets, keys, cookies and a core of its own, wiped afterwards: it changes
 * nothing. Ends after half a minute at the latest; the parts have time limits of their own. */

#pragma once

#include "clock.h"
#include "config.h"
#include "ke-trust.h"

typedef struct Diagnosis Diagnosis;

/* Called from the main loop. @step and @steps as DiagnoseProgress and Diagnose of the D-Bus
 * contract have them, borrowed. The diagnosis may be freed inside the second, which comes once. */
typedef struct
{
  void (*step) (GVariant *step, gpointer data);
  void (*done) (GVariant *steps, gpointer data);
} DiagnosisListener;

/* @server and @trust: copied. Without NTS only resolving, request and answer are reached. @clock:
 * borrowed;
 * @listener: borrowed, outlives the diagnosis. */
Diagnosis *diagnosis_new (const ServerConfig *server, const KeTrust *trust, Clock *clock,
                          const DiagnosisListener *listener, gpointer data);
/* Gives it up; wipes. */
void diagnosis_free (Diagnosis *diagnosis);
