/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "diagnosis-steps.h"

static const char *const names[DIAGNOSIS_N_STEPS] = {
  [DIAGNOSIS_RESOLVE] = "resolve", [DIAGNOSIS_CONNECT] = "connect",
  [DIAGNOSIS_TLS] = "tls",         [DIAGNOSIS_CERTIFICATE] = "certificate",
  [DIAGNOSIS_KEYS] = "keys",       [DIAGNOSIS_REQUEST] = "request",
  [DIAGNOSIS_ANSWER] = "answer",
};

GVariant *
diagnosis_steps_end (DiagnosisSteps *steps, const DiagnosisVerdict *verdict)
{
  g_autofree char *evidence = verdict->evidence;
  g_auto (GVariantDict) nothing = G_VARIANT_DICT_INIT (NULL);
  GVariantDict *dict = verdict->facts != NULL ? verdict->facts : &nothing;
  gboolean passed = verdict->reason == NTP_REASON_NONE;
  GVariant **ended = &steps->ended[verdict->step];

  g_variant_dict_insert (dict, "step", "s", names[verdict->step]);
  g_variant_dict_insert (dict, "verdict", "s", passed ? "passed" : "failed");
  g_variant_dict_insert (dict, "duration", "d", (double) verdict->duration_us / G_USEC_PER_SEC);
  if (!passed)
    g_variant_dict_insert (dict, "reason", "s", ntp_reason_name (verdict->reason));
  g_variant_dict_insert (dict, "evidence", "s",
                         evidence != NULL ? evidence : ntp_reason_text (verdict->reason));
  g_assert (*ended == NULL);
  *ended = g_variant_ref_sink (g_variant_dict_end (dict));
  return *ended;
}

gboolean
diagnosis_steps_has (const DiagnosisSteps *steps, DiagnosisStep step)
{
  return steps->ended[step] != NULL;
}

static GVariant *
not_reached (DiagnosisStep step)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "step", "s", names[step]);
  g_variant_dict_insert (&dict, "verdict", "s", "not-reached");
  return g_variant_dict_end (&dict);
}

GVariant *
diagnosis_steps_get (const DiagnosisSteps *steps)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (DiagnosisStep step = 0; step < DIAGNOSIS_N_STEPS; step++)
    g_variant_builder_add_value (&builder, steps->ended[step] != NULL ? steps->ended[step]
                                                                      : not_reached (step));
  return g_variant_builder_end (&builder);
}

void
diagnosis_steps_clear (DiagnosisSteps *steps)
{
  for (DiagnosisStep step = 0; step < DIAGNOSIS_N_STEPS; step++)
    g_clear_pointer (&steps->ended[step], g_variant_unref);
}
