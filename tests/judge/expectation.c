/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "expectation.h"

#include "ntp-select.h"

/* ---- What the words mean ---- */

static gboolean
was_dropped (const Outcome *outcome)
{
  return outcome->heard == NTP_HEARD_NOTHING;
}

static gboolean
was_authentic (const Outcome *outcome)
{
  return outcome->heard == NTP_HEARD_ANSWER || outcome->heard == NTP_HEARD_SAMPLE;
}

static gboolean
gave_no_sample (const Outcome *outcome)
{
  return outcome->heard == NTP_HEARD_ANSWER;
}

static double
distance_s (const Outcome *outcome)
{
  return outcome->sample.delay_s / 2 + outcome->sample.error_s;
}

/* A sample that selection may look at: NaN and infinities fail the comparison. */
static gboolean
gave_sample (const Outcome *outcome)
{
  return outcome->heard == NTP_HEARD_SAMPLE && outcome->sample.delay_s > 0
         && outcome->sample.error_s > 0 && distance_s (outcome) <= NTP_SELECT_DISTANCE_MAX;
}

static gboolean
is_not_selectable (const Outcome *outcome)
{
  return gave_no_sample (outcome)
         || (outcome->heard == NTP_HEARD_SAMPLE && distance_s (outcome) > NTP_SELECT_DISTANCE_MAX);
}

static gboolean
was_taken_for_nak (const Outcome *outcome)
{
  return outcome->heard == NTP_HEARD_HINT && outcome->association->request.nak
         && outcome->association->request.outstanding && outcome->association->naks == 1;
}

/* The poll field of the packet must not have been obeyed (RFC 8633 §5.4: at most 2^13 s). */
static gboolean
slowed_down (const Outcome *outcome)
{
  NtpOptions options = { .minimum_poll_log2 = 6, .maximum_poll_log2 = 10 };
  NtpAssociation association = *outcome->association;
  double poll_s = ntp_association_poll_s (&association, 64, &options);

  return (outcome->heard == NTP_HEARD_HINT || outcome->heard == NTP_HEARD_ANSWER)
         && !outcome->association->denied && poll_s > 64 && poll_s <= 8192;
}

static gboolean
goes_on_asking (const Outcome *outcome)
{
  return outcome->heard == NTP_HEARD_HINT && !outcome->association->denied
         && outcome->association->request.outstanding;
}

static gboolean
stopped (const Outcome *outcome)
{
  return outcome->heard == NTP_HEARD_ANSWER && outcome->association->denied;
}

static gboolean
was_ignored (const Outcome *outcome)
{
  const NtpAssociation *association = outcome->association;

  return (was_dropped (outcome) || (gave_no_sample (outcome) && association->header.stratum == 0))
         && !association->denied && association->rate_steps == 0 && !association->request.nak;
}

static gboolean
kept_clear_cookie_out (const Outcome *outcome)
{
  return !outcome->clear_cookie;
}

static gboolean
has_no_cookie (const Outcome *outcome)
{
  return outcome->cookies == 0;
}

static gboolean
has_one_cookie (const Outcome *outcome)
{
  return outcome->cookies == 1;
}

static gboolean
has_some_cookies (const Outcome *outcome)
{
  return outcome->cookies > 0 && outcome->cookies <= 8;
}

/* The first that a clause begins with counts. */
static const struct
{
  const char *words;
  gboolean (*holds) (const Outcome *outcome);
} meanings[] = {
  { "accept", gave_sample },
  { "time may be used", gave_sample },
  { "clamp", gave_sample },
  { "authentic", was_authentic },
  { "not authentic", was_dropped },
  { "discard", was_dropped },
  { "drop", was_dropped },
  { "reject", was_dropped },
  { "refuse", was_dropped },
  { "ignore", was_ignored },
  { "no effect", was_ignored },
  { "nak", was_taken_for_nak },
  { "treat as nak", was_taken_for_nak },
  { "slow down", slowed_down },
  { "poll capped", slowed_down },
  { "do not ", goes_on_asking },
  { "remember", goes_on_asking },
  { "stop", stopped },
  { "demobilise", stopped },
  { "no sample", gave_no_sample },
  { "no time", gave_no_sample },
  { "not selectable if", was_authentic }, /* depends on what else is known */
  { "not selectable", is_not_selectable },
  { "never store", kept_clear_cookie_out },
  { "no cookie", has_no_cookie },
  { "store no cookie", has_no_cookie },
  { "store once", has_one_cookie },
  { "store ", has_some_cookies },
  { "keep ", has_some_cookies },
  { "cookies kept", has_some_cookies },
};

/* ---- Reading the text ---- */

static ExpectationVerdict
judge_clause (const char *clause, const Outcome *outcome)
{
  while (*clause != '\0' && !g_ascii_isalnum (*clause))
    clause++;
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_str_has_prefix (clause, meanings[i].words))
      return meanings[i].holds (outcome) ? EXPECTATION_MET : EXPECTATION_MISSED;
  return EXPECTATION_UNKNOWN;
}

/* The verdict comes first and must be understood; the rest of what is understood must hold, too. */
static ExpectationVerdict
judge_alternative (const char *alternative, const Outcome *outcome)
{
  g_auto (GStrv) clauses = g_strsplit_set (alternative, ",;", -1);
  ExpectationVerdict verdict = EXPECTATION_UNKNOWN;

  for (gsize i = 0; clauses[i] != NULL; i++)
    {
      ExpectationVerdict clause = judge_clause (clauses[i], outcome);
      if (i == 0)
        verdict = clause;
      else if (verdict == EXPECTATION_MET && clause == EXPECTATION_MISSED)
        verdict = EXPECTATION_MISSED;
    }
  return verdict;
}

static char *
without_parentheses (const char *text)
{
  GString *result = g_string_new (NULL);
  guint depth = 0;

  for (; *text != '\0'; text++)
    {
      if (*text == '(')
        depth++;
      else if (*text == ')' && depth > 0)
        depth--;
      else if (depth == 0)
        g_string_append_c (result, g_ascii_tolower (*text));
    }
  return g_string_free (result, FALSE);
}

ExpectationVerdict
expectation_judge (const char *text, const Outcome *outcome)
{
  g_autofree char *bare = without_parentheses (text);
  g_auto (GStrv) alternatives = g_strsplit (bare, " or", -1);
  ExpectationVerdict verdict = EXPECTATION_UNKNOWN;

  for (gsize i = 0; alternatives[i] != NULL; i++)
    {
      ExpectationVerdict alternative = judge_alternative (alternatives[i], outcome);
      if (alternative == EXPECTATION_MET)
        return EXPECTATION_MET;
      if (alternative == EXPECTATION_MISSED)
        verdict = EXPECTATION_MISSED;
    }
  return verdict;
}

char *
outcome_describe (const Outcome *outcome)
{
  static const char *const heard[] = { [NTP_HEARD_NOTHING] = "discarded",
                                       [NTP_HEARD_HINT] = "noted as a hint",
                                       [NTP_HEARD_ANSWER] = "authentic, no sample",
                                       [NTP_HEARD_SAMPLE] = "authentic, with a sample" };

  return g_strdup_printf ("%s [%s], %u cookies%s%s", heard[outcome->heard],
                          ntp_reason_name (outcome->association->reason), outcome->cookies,
                          outcome->association->denied ? ", stopped" : "",
                          outcome->association->rate_steps > 0 ? ", slowed down" : "");
}
