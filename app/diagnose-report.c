/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The whole of a test: its result in a sentence, and texts to be copied. */

#include "diagnose-words.h"

#include "format-date.h"
#include "format.h"

#include <glib/gi18n.h>

/* How many steps have that verdict. */
static guint
count (GVariant *steps, DiagnoseVerdict verdict)
{
  guint n = 0;

  for (gsize i = 0; i < g_variant_n_children (steps); i++)
    {
      g_autoptr (GVariant) step = g_variant_get_child_value (steps, i);
      n += diagnose_step_verdict (step) == verdict;
    }
  return n;
}

gboolean
diagnose_all_passed (GVariant *steps)
{
  return count (steps, DIAGNOSE_PASSED) == DIAGNOSE_N_STEPS;
}

/* Whether the question led to nothing is known when the answer has been waited for, in vain. */
static guint
place_of_failure (GVariant *step)
{
  const char *reason = "";

  g_variant_lookup (step, "reason", "&s", &reason);
  return g_str_equal (reason, "no-reply") ? 5 : diagnose_step_place (step);
}

/* The place of the first step that failed, DIAGNOSE_N_STEPS if none did. */
static guint
find_failure (GVariant *steps)
{
  for (gsize i = 0; i < g_variant_n_children (steps); i++)
    {
      g_autoptr (GVariant) step = g_variant_get_child_value (steps, i);
      if (diagnose_step_verdict (step) == DIAGNOSE_FAILED)
        return place_of_failure (step);
    }
  return DIAGNOSE_N_STEPS;
}

static const char *
how_far (guint failure)
{
  switch (failure)
    {
    case 0:
      return _ ("Its address was not found.");
    case 1:
      return _ ("No connection came about.");
    case 2:
      return _ ("No secure connection came about.");
    case 3:
      return _ ("It could not prove who it is.");
    case 4:
      return _ ("It gave out no keys.");
    case 5:
      return _ ("Keys came, answers did not.");
    default:
      return _ ("An answer came, but cannot be used.");
    }
}

char *
diagnose_summary (GVariant *steps)
{
  guint failure = find_failure (steps);
  guint passed = count (steps, DIAGNOSE_PASSED);
  g_autofree char *numbers = NULL;

  if (failure == DIAGNOSE_N_STEPS)
    return g_strdup_printf (ngettext ("%u step went well.", "All %u steps went well.", passed),
                            passed);
  numbers = g_strdup_printf (
      ngettext ("%u step went well, 1 did not.", "%u steps went well, 1 did not.", passed), passed);
  /* Translators: "Keys came, answers did not. 5 steps went well, 1 did not." */
  return g_strdup_printf (C_ ("sentences", "%s %s"), how_far (failure), numbers);
}

static void
append_step (GString *text, GVariant *step, gint64 now)
{
  static const char *const VERDICTS[] = { N_ ("not reached"), N_ ("passed"), N_ ("failed") };
  DiagnoseVerdict verdict = diagnose_step_verdict (step);
  guint place = diagnose_step_place (step);
  g_autofree char *evidence = diagnose_step_evidence (step, now);
  g_autofree char *took = format_amount (diagnose_step_duration (step));
  const char *expert = "";

  if (place == DIAGNOSE_N_STEPS)
    return;
  g_variant_lookup (step, "evidence", "&s", &expert);
  g_string_append_printf (text, "%u. %s: %s", place + 1, diagnose_step_title (place),
                          _ (VERDICTS[verdict]));
  if (verdict == DIAGNOSE_NOT_REACHED)
    {
      g_string_append_c (text, '\n');
      return;
    }
  g_string_append_printf (text, ", %s\n   %s\n", took, evidence);
  if (*expert && !g_str_equal (expert, evidence))
    g_string_append_printf (text, "   %s\n", expert);
}

char *
diagnose_report (const char *host, GVariant *steps, gint64 now, GTimeZone *zone)
{
  GString *text = g_string_new (NULL);
  g_autofree char *time = format_iso8601 (now, zone);
  g_autofree char *summary = diagnose_summary (steps);

  /* Translators: a server, and the version of Gnomon. */
  g_string_append_printf (text, _ ("Test of %s by Gnomon %s"), host, GNOMON_VERSION);
  g_string_append_printf (text, "\n%s\n\n", time);
  for (gsize i = 0; i < g_variant_n_children (steps); i++)
    {
      g_autoptr (GVariant) step = g_variant_get_child_value (steps, i);
      append_step (text, step, now);
    }
  g_string_append_printf (text, "\n%s\n", summary);
  return g_string_free (text, FALSE);
}

char *
diagnose_note (const char *host, GVariant *steps)
{
  guint failure = find_failure (steps);
  g_autofree char *summary = diagnose_summary (steps);
  const char *needs =
      failure >= 5 && failure < DIAGNOSE_N_STEPS
          ? _ ("The firewall must let packets of up to 1232 bytes go to UDP port 123 of the server "
               "and back, also those that are longer than the 48 bytes of plain NTP.")
          : _ (
              "The firewall must let connections go to TCP port 4460 of the server, and packets of "
              "up to 1232 bytes to UDP port 123 and back. Neither may be opened or changed on the "
              "way.");

  return g_strdup_printf (
      _ ("This computer gets its time securely (Network Time Security, RFC 8915) from %s, and that "
         "does not work on this network: %s\n\n%s"),
      host, summary, needs);
}
