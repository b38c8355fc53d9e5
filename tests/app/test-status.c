/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "make-server.h"
#include "status.h"

#include <math.h>

static const ClockFacts RIGHT = {
  .version = "",
  .automatic = TRUE,
  .state = "synchronised",
  .reason = "",
  .clock_mode = "system",
  .offset = -0.000312,
  .uncertainty = 0.000981,
  .last_sync = NOW - 12 * G_USEC_PER_SEC,
  .leap = "none",
  .other_service = "",
  .vouching = 3,
  .asked = 3,
  .operators = 2,
  .minimum_sources = 3,
};

/* "_" = no-break space */
static void
assert_line (const char *text, const char *expected)
{
  g_auto (GStrv) parts = g_strsplit (expected, "_", -1);
  g_autofree char *with_spaces = g_strjoinv ("\302\240", parts);

  g_assert_cmpstr (text, ==, with_spaces);
}

static void
assert_status (ClockFacts clock, Seal seal, const char *sentence, const char *line,
               const char *small)
{
  g_autoptr (GListStore) servers = g_list_store_new (GNOMON_TYPE_SERVER);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("+01:00");
  g_auto (ClockStatus) status = { 0 };

  for (guint i = 0; i < clock.asked; i++)
    {
      GVariant *values = make_values ("a", "polling", "candidate", "");
      g_autoptr (GnomonServer) server =
          gnomon_server_new (clock.last_sync == 0 && i > 0
                                 ? with_value (values, "last-sample", g_variant_new_int64 (0))
                                 : values);
      g_list_store_append (servers, server);
    }
  clock_status_init (&status, &clock, G_LIST_MODEL (servers), NOW, zone);
  g_assert_cmpint (status.seal, ==, seal);
  assert_line (status.sentence, sentence);
  assert_line (status.line, line);
  assert_line (status.small, small);
}

static void
synchronised_names_bound_and_witnesses (void)
{
  ClockFacts clock = RIGHT;

  assert_status (clock, SEAL_RIGHT, "Your clock is right to within 1.3_ms",
                 "3 of 3 servers, run by 2 operators, vouch for it.",
                 "Checked 12 seconds ago · next check in 52 seconds");
  clock.operators = 1;
  clock.last_sync = NOW;
  assert_status (clock, SEAL_RIGHT, "Your clock is right to within 1.3_ms",
                 "3 of 3 servers, run by 1 operator, vouch for it.",
                 "Checked just now · next check in 52 seconds");
  clock.vouching = 1;
  assert_status (clock, SEAL_RIGHT, "Your clock is right to within 1.3_ms",
                 "1 of 3 servers, run by 1 operator, vouches for it.",
                 "Checked just now · next check in 52 seconds");
}

static void
thin_evidence_is_called_thin (void)
{
  ClockFacts clock = RIGHT;

  clock.reason = "few-servers";
  clock.vouching = clock.asked = 2;
  assert_status (clock, SEAL_RIGHT, "Your clock is right to within 1.3_ms",
                 "2 of 2 servers vouch for it. More would be safer.",
                 "Checked 12 seconds ago · next check in 52 seconds");
  clock.vouching = clock.asked = 1;
  assert_status (clock, SEAL_RIGHT, "Your clock is right to within 1.3_ms",
                 "The only server vouches for it. Nobody would outvote it.",
                 "Checked 12 seconds ago · next check in 52 seconds");
}

static void
starting_counts_who_has_answered (void)
{
  ClockFacts clock = RIGHT;

  clock.state = "starting";
  clock.last_sync = 0;
  clock.uncertainty = INFINITY;
  assert_status (clock, SEAL_SYNCHRONISING, "Asking for the time…", "1 of 3 servers has answered.",
                 "Nothing has been changed yet");
}

static void
holdover_says_for_how_long (void)
{
  ClockFacts clock = RIGHT;

  clock.state = "holdover";
  clock.reason = "no-reply";
  clock.uncertainty = 0.0085;
  clock.last_sync = NOW - 2 * G_TIME_SPAN_HOUR;
  assert_status (clock, SEAL_WARNING, "Your clock should be right to within 8.9_ms",
                 "No server has answered for 2 hours.", "The clock runs on at its last good rate");
}

static void
disagreement_changes_nothing (void)
{
  ClockFacts clock = RIGHT;

  clock.state = "unsynchronised";
  clock.reason = "no-quorum";
  clock.vouching = 1;
  clock.uncertainty = 0.0036;
  assert_status (clock, SEAL_NOT_TRUSTED, "The servers disagree about the time",
                 "Nothing was changed. 3 servers must agree, and only 1 can be believed.",
                 "The clock runs on at its last good rate and should be right to within 4.0_ms");
  clock.vouching = 2;
  assert_status (clock, SEAL_NOT_TRUSTED, "The servers disagree about the time",
                 "Nothing was changed. 3 servers must agree, and only 2 can be believed.",
                 "The clock runs on at its last good rate and should be right to within 4.0_ms");
  clock.vouching = 0;
  clock.uncertainty = INFINITY;
  assert_status (clock, SEAL_NOT_TRUSTED, "The servers disagree about the time",
                 "Nothing was changed. 3 servers must agree, and none can be believed.",
                 "The clock runs on unchanged");
  clock.minimum_sources = 4;
  assert_status (clock, SEAL_NOT_TRUSTED, "The servers disagree about the time",
                 "Nothing was changed. 0 of 3 servers can be believed.",
                 "The clock runs on unchanged");
}

static void
nobody_vouches_without_an_answer (void)
{
  ClockFacts clock = RIGHT;

  clock.state = "unsynchronised";
  clock.reason = "no-reply";
  assert_status (clock, SEAL_NOT_TRUSTED, "Nobody vouches for your clock",
                 "No server has given a proven answer yet.", "Nothing has been changed");
  /* What a newer helper may say is not taken for good news. */
  clock.state = "something-new";
  assert_status (clock, SEAL_NOT_TRUSTED, "Nobody vouches for your clock",
                 "No server has given a proven answer yet.", "Nothing has been changed");
}

static void
off_tells_the_last_check (void)
{
  ClockFacts clock = RIGHT;

  clock.state = "off";
  clock.last_sync = NOW - 20 * G_TIME_SPAN_HOUR;
  assert_status (clock, SEAL_OFF, "Automatic correction is off",
                 "Your clock was last checked yesterday at 17:47.", "");
  clock.last_sync = 0;
  assert_status (clock, SEAL_OFF, "Automatic correction is off",
                 "Your clock has not been checked yet.", "");
}

static void
decision_names_the_jump (void)
{
  ClockFacts clock = RIGHT;

  clock.state = "needs-decision";
  clock.reason = "change-too-large";
  clock.offset = 7387.2;
  assert_status (clock, SEAL_DECISION, "Your clock would jump by 2_h_03_min",
                 "Nothing was changed. 3 of 3 servers, run by 2 operators, agree on another time.",
                 "So large a change needs a person’s decision");
  clock.state = "unsynchronised";
  clock.reason = "change-rejected";
  assert_status (clock, SEAL_NOT_TRUSTED, "Your clock is kept as it is",
                 "Somebody has decided not to change it by 2_h_03_min.", "Gnomon keeps measuring");
}

static void
watching_another_program_is_told (void)
{
  ClockFacts clock = RIGHT;

  clock.reason = "other-service";
  clock.other_service = "systemd-timesyncd.service";
  assert_status (clock, SEAL_RIGHT, "Your clock is right to within 1.3_ms",
                 "3 of 3 servers, run by 2 operators, vouch for it.",
                 "Only watching: systemd-timesyncd keeps the clock");
}

int
main (int argc, char *argv[])
{
  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/synchronised-names-bound-and-witnesses",
                   synchronised_names_bound_and_witnesses);
  g_test_add_func ("/status/thin-evidence-is-called-thin", thin_evidence_is_called_thin);
  g_test_add_func ("/status/starting-counts-who-has-answered", starting_counts_who_has_answered);
  g_test_add_func ("/status/holdover-says-for-how-long", holdover_says_for_how_long);
  g_test_add_func ("/status/disagreement-changes-nothing", disagreement_changes_nothing);
  g_test_add_func ("/status/nobody-vouches-without-an-answer", nobody_vouches_without_an_answer);
  g_test_add_func ("/status/off-tells-the-last-check", off_tells_the_last_check);
  g_test_add_func ("/status/decision-names-the-jump", decision_names_the_jump);
  g_test_add_func ("/status/watching-another-program-is-told", watching_another_program_is_told);
  return g_test_run ();
}
