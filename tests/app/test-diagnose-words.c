/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <gio/gio.h>

#include "ntp-reason.h"
#include "diagnose-words.h"

#define NBSP "\u00a0"

static const char STEPS[] =
    "[{'step': <'resolve'>, 'verdict': <'passed'>, 'duration': <0.012>, 'evidence': <'192.0.2.1'>},"
    " {'step': <'connect'>, 'verdict': <'passed'>, 'duration': <0.018>, 'address': <'2001:db8::1'>,"
    "  'port': <uint16 4460>, 'evidence': <'connected'>},"
    " {'step': <'tls'>, 'verdict': <'passed'>, 'duration': <0.021>, 'evidence': <'TLS 1.3'>},"
    " {'step': <'certificate'>, 'verdict': <'passed'>, 'duration': <0.001>,"
    "  'certificate-issuer': <'CN=R12,O=Let’s Encrypt'>, 'certificate-not-after': <int64 "
    "4320000000000>},"
    " {'step': <'keys'>, 'verdict': <'passed'>, 'duration': <0.017>, 'cookies': <uint32 8>,"
    "  'cookie-length': <uint32 100>, 'aead': <'AES-SIV-CMAC-256'>},"
    " {'step': <'request'>, 'verdict': <'passed'>, 'duration': <0.001>,"
    "  'ntp-address': <'192.0.2.1'>, 'ntp-port': <uint16 123>, 'evidence': <'228 octets'>},"
    " {'step': <'answer'>, 'verdict': <'failed'>, 'duration': <5.0>, 'reason': <'no-reply'>,"
    "  'evidence': <'no answer'>}]";

static GVariant *
parse (const char *text)
{
  return g_variant_parse (G_VARIANT_TYPE ("aa{sv}"), text, NULL, NULL, NULL);
}

static void
test_every_reason_has_its_sentence (void)
{
  for (NtpReason reason = NTP_REASON_NONE + 1; reason < NTP_N_REASONS; reason++)
    for (guint place = 0; place < DIAGNOSE_N_STEPS; place++)
      {
        DiagnoseAction action = (DiagnoseAction) -1;
        g_autofree char *words =
            diagnose_explain (place, ntp_reason_name (reason), "full", &action);

        g_assert_true (g_str_has_suffix (words, "."));
        g_assert_null (strstr (words, "error"));
        g_assert_null (strstr (words, "(null)"));
        g_assert_cmpint (action, !=, DIAGNOSE_ACTION_SIGN_IN);
        g_assert_cmpstr (diagnose_action_label (action), !=, "");
      }
}

static void
assert_action (const char *reason, const char *connectivity, guint place, DiagnoseAction expected)
{
  DiagnoseAction action;
  g_autofree char *words = diagnose_explain (place, reason, connectivity, &action);

  g_assert_cmpint (action, ==, expected);
  g_assert_cmpstr (words, !=, "");
}

static void
test_actions (void)
{
  assert_action ("name-not-found", "full", 0, DIAGNOSE_ACTION_EDIT_NAME);
  assert_action ("no-reply", "full", 5, DIAGNOSE_ACTION_COPY_NOTE);
  assert_action ("ke-timeout", "full", 1, DIAGNOSE_ACTION_COPY_NOTE);
  assert_action ("certificate-expired", "full", 3, DIAGNOSE_ACTION_OTHER_SERVER);
  assert_action ("certificate-something-new", "full", 3, DIAGNOSE_ACTION_OTHER_SERVER);
  assert_action ("certificate-other-key", "full", 3, DIAGNOSE_ACTION_OTHER_SERVER);
  assert_action ("kiss-rate", "full", 6, DIAGNOSE_ACTION_RUN_AGAIN);
  assert_action ("nobody-knows-this", "full", 6, DIAGNOSE_ACTION_OTHER_SERVER);
  /* A page to sign in breaks what comes before the keys, and nothing after. */
  assert_action ("certificate-wrong-name", "portal", 3, DIAGNOSE_ACTION_SIGN_IN);
  assert_action ("no-reply", "portal", 5, DIAGNOSE_ACTION_COPY_NOTE);
}

static void
assert_words (GVariant *steps, gsize index, const char *expected)
{
  g_autoptr (GVariant) step = g_variant_get_child_value (steps, index);
  g_autofree char *evidence = diagnose_step_evidence (step, 0);

  g_assert_cmpstr (evidence, ==, expected);
}

static void
assert_evidence (GVariant *steps, gsize place, const char *expected)
{
  g_autoptr (GVariant) step = g_variant_get_child_value (steps, place);

  g_assert_cmpuint (diagnose_step_place (step), ==, place);
  assert_words (steps, place, expected);
}

static void
test_evidence (void)
{
  g_autoptr (GVariant) steps = parse (STEPS);
  g_autoptr (GVariant) one = parse ("[{'step': <'keys'>, 'verdict': <'passed'>, 'aead': <'X'>,"
                                    "  'cookies': <uint32 8>, 'cookie-length': <uint32 1>},"
                                    " {'step': <'keys'>, 'verdict': <'passed'>, 'aead': <'X'>,"
                                    "  'cookies': <uint32 1>, 'cookie-length': <uint32 100>}]");

  assert_evidence (steps, 0, "192.0.2.1");
  assert_evidence (steps, 1, "2001:db8::1, TCP port 4460, by IPv6");
  assert_evidence (steps, 2, "TLS 1.3");
  assert_evidence (steps, 3, "Let’s Encrypt R12, valid for 50 more days");
  assert_evidence (steps, 4, "8 cookies of 100 bytes, AES-SIV-CMAC-256");
  assert_evidence (steps, 5, "192.0.2.1, UDP port 123");
  assert_evidence (steps, 6, "No answer");
  /* Each number has its own plural. */
  assert_words (one, 0, "8 cookies of 1 byte, X");
  assert_words (one, 1, "1 cookie of 100 bytes, X");
}

static void
test_whole (void)
{
  g_autoptr (GVariant) steps = parse (STEPS);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *summary = diagnose_summary (steps);
  g_autofree char *report = diagnose_report ("ptbtime1.ptb.de", steps, 0, utc);
  g_autofree char *note = diagnose_note ("ptbtime1.ptb.de", steps);

  g_assert_false (diagnose_all_passed (steps));
  g_assert_cmpstr (summary, ==, "Keys came, answers did not. 6 steps went well, 1 did not.");
  g_assert_nonnull (strstr (report, "Test of ptbtime1.ptb.de by Gnomon"));
  g_assert_nonnull (strstr (report, "1970-01-01T00:00:00+00:00"));
  g_assert_nonnull (strstr (report, "2. Connect: passed, 18" NBSP "ms\n"
                                    "   2001:db8::1, TCP port 4460, by IPv6\n   connected\n"));
  g_assert_nonnull (strstr (report, "6. Ask for the Time: passed, 1.0" NBSP "ms\n"
                                    "   192.0.2.1, UDP port 123\n   228 octets\n"
                                    "7. Check the Answer: failed, 5.0" NBSP "s\n   No answer\n"
                                    "   no answer\n"));
  g_assert_nonnull (strstr (note, "UDP port 123"));
  g_assert_null (strstr (note, "4460"));
}

static void
test_not_reached (void)
{
  g_autoptr (GVariant) steps =
      parse ("[{'step': <'resolve'>, 'verdict': <'failed'>, 'duration': <0.1>,"
             "  'reason': <'name-not-found'>, 'evidence': <'no such name'>},"
             " {'step': <'connect'>, 'verdict': <'not-reached'>}]");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *summary = diagnose_summary (steps);
  g_autofree char *report = diagnose_report ("a", steps, 0, utc);

  assert_evidence (steps, 1, "Not reached");
  g_assert_cmpstr (summary, ==, "Its address was not found. 0 steps went well, 1 did not.");
  g_assert_nonnull (strstr (report, "2. Connect: not reached\n"));
}

static void
test_odd_steps (void)
{
  g_autoptr (GVariant) steps = parse ("[{'step': <'new'>, 'verdict': <5>, 'duration': <'long'>}]");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GVariant) step = g_variant_get_child_value (steps, 0);
  g_autofree char *report = diagnose_report ("a", steps, 0, utc);

  g_assert_cmpuint (diagnose_step_place (step), ==, DIAGNOSE_N_STEPS);
  g_assert_cmpint (diagnose_step_verdict (step), ==, DIAGNOSE_NOT_REACHED);
  g_assert_false (diagnose_all_passed (steps));
  g_assert_true (g_utf8_validate (report, -1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnose-words/every-reason-has-its-sentence",
                   test_every_reason_has_its_sentence);
  g_test_add_func ("/diagnose-words/actions", test_actions);
  g_test_add_func ("/diagnose-words/evidence", test_evidence);
  g_test_add_func ("/diagnose-words/whole", test_whole);
  g_test_add_func ("/diagnose-words/not-reached", test_not_reached);
  g_test_add_func ("/diagnose-words/odd-steps", test_odd_steps);
  return g_test_run ();
}
