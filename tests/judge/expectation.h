/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What crafted_replies.json expects of a client, in its words, against what an association did. */

#pragma once

#include <glib.h>

#include "ntp-association.h"

typedef struct
{
  NtpHeard heard;
  NtpSample sample;                  /* for NTP_HEARD_SAMPLE */
  const NtpAssociation *association; /* after the reply; its jar was empty before */
  guint cookies;                     /* in the jar */
  gboolean clear_cookie;             /* one of them lay readable in the packet */
} Outcome;

typedef enum
{
  EXPECTATION_MET,
  EXPECTATION_MISSED,
  EXPECTATION_UNKNOWN /* nothing in the text is understood */
} ExpectationVerdict;

/* @text: alternatives with "or" between them; each a verdict and, behind commas and semicolons,
 * what else must hold. Remarks in parentheses and behind the verdict that are not understood are
 * passed over. */
ExpectationVerdict expectation_judge (const char *text, const Outcome *outcome);

/* What was done, for people. New. */
char *outcome_describe (const Outcome *outcome);
