/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The steps of a test of one server in words: what was done, what it has shown, why it failed and
 * what can be done about that. Pure. A step is an a{sv} as Diagnose gives it. */

#pragma once

#include <glib.h>

/* How many steps a test has. */
#define DIAGNOSE_N_STEPS 7

/* The one thing to do about a step that failed. */
typedef enum
{
  DIAGNOSE_ACTION_COPY_NOTE,    /* for an administrator: something on the way is in the way */
  DIAGNOSE_ACTION_OTHER_SERVER, /* the server is to blame */
  DIAGNOSE_ACTION_EDIT_NAME,
  DIAGNOSE_ACTION_SIGN_IN, /* the network wants somebody to sign in */
  DIAGNOSE_ACTION_RUN_AGAIN
} DiagnoseAction;

typedef enum
{
  DIAGNOSE_NOT_REACHED,
  DIAGNOSE_PASSED,
  DIAGNOSE_FAILED
} DiagnoseVerdict;

/* "Find the Address", for the step of that place, 0 to DIAGNOSE_N_STEPS − 1. Static. */
const char *diagnose_step_title (guint place);
/* The place of a step, DIAGNOSE_N_STEPS if its name is not known. */
guint diagnose_step_place (GVariant *step);
DiagnoseVerdict diagnose_step_verdict (GVariant *step);
/* What a step has shown: "8 cookies of 100 bytes, AES-SIV-CMAC-256"; "Not reached" for that.
 * @now: µs since 1970 UTC. New. */
char *diagnose_step_evidence (GVariant *step, gint64 now);
/* How long it took, s. */
double diagnose_step_duration (GVariant *step);

/* Why a step failed and what that means, in whole sentences. @reason: as the step names it;
 * @connectivity: the property of that name, because a page to sign in looks like many other
 * failures. New. */
char *diagnose_explain (guint place, const char *reason, const char *connectivity,
                        DiagnoseAction *action);
/* What the button says. Static. */
const char *diagnose_action_label (DiagnoseAction action);

/* Of all steps, aa{sv}. */
gboolean diagnose_all_passed (GVariant *steps);
/* "Keys came, answers did not. 5 steps went well, 1 did not." New. */
char *diagnose_summary (GVariant *steps);
/* Everything, for a mail or a report of a fault. @zone: for the time of the test. New. */
char *diagnose_report (const char *host, GVariant *steps, gint64 now, GTimeZone *zone);
/* What an administrator of the network must know to let secure time through. New. */
char *diagnose_note (const char *host, GVariant *steps);
