/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a diagnosis has found out, step by step, in the words of Diagnose of the D-Bus contract. */

#pragma once

#include <gio/gio.h>

#include "core/ntp-system.h"

typedef enum
{
  DIAGNOSIS_RESOLVE,
  DIAGNOSIS_CONNECT,
  DIAGNOSIS_TLS,
  DIAGNOSIS_CERTIFICATE,
  DIAGNOSIS_KEYS,
  DIAGNOSIS_REQUEST,
  DIAGNOSIS_ANSWER,
  DIAGNOSIS_N_STEPS
} DiagnosisStep;

/* How a step ended. */
typedef struct
{
  DiagnosisStep step;
  NtpReason reason; /* NTP_REASON_NONE = passed */
  gint64 duration_us;
  char *evidence;      /* for experts; NULL = the sentence of the reason. Taken over. */
  GVariantDict *facts; /* what the step has shown, NULL = nothing. Ended. */
} DiagnosisVerdict;

typedef struct
{
  GVariant *ended[DIAGNOSIS_N_STEPS]; /* a{sv}, NULL = not reached */
} DiagnosisSteps;

/* Returns the step as DiagnosisProgress tells it, owned by @steps. */
GVariant *diagnosis_steps_end (DiagnosisSteps *steps, const DiagnosisVerdict *verdict);
gboolean diagnosis_steps_has (const DiagnosisSteps *steps, DiagnosisStep step);
/* All of them as aa{sv}; new and floating. */
GVariant *diagnosis_steps_get (const DiagnosisSteps *steps);
void diagnosis_steps_clear (DiagnosisSteps *steps);
