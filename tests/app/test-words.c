/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "make-server.h"
#include "ntp-reason.h"
#include "words.h"

/* The application repeats the helper's names; this is where the two are held together. */
static void
every_reason_of_the_core_has_words (void)
{
  for (NtpReason reason = NTP_REASON_NONE + 1; reason < NTP_N_REASONS; reason++)
    {
      const char *name = ntp_reason_name (reason);
      const char *words = words_for_reason (name);

      if (!words)
        g_error ("no words for the reason %s", name);
      g_assert_cmpstr (words, !=, "");
      g_assert_false (g_ascii_isupper (*words));
      g_assert_false (g_str_has_suffix (words, "."));
    }
  g_assert_cmpstr (words_for_reason (""), ==, "");
  g_assert_null (words_for_reason ("no-such-reason"));
}

static void
assert_words (GVariant *values, const char *expected, Seal seal)
{
  g_autoptr (GnomonServer) server = gnomon_server_new (values);
  const ServerFacts *facts = gnomon_server_get_facts (server);
  g_autofree char *words = words_for_server (facts, 0.00031, NOW);

  g_assert_cmpstr (words, ==, expected);
  g_assert_cmpint (seal_for_server (facts), ==, seal);
}

static void
server_words_follow_the_state (void)
{
  assert_words (make_values ("a", "polling", "system-peer", ""), "vouches for the time",
                SEAL_RIGHT);
  assert_words (make_values ("a", "polling", "candidate", ""), "vouches for the time", SEAL_RIGHT);
  assert_words (make_values ("a", "resolving", "no-samples", ""), "looking up the address…",
                SEAL_SYNCHRONISING);
  assert_words (make_values ("a", "key-exchange", "no-samples", ""), "getting keys…",
                SEAL_SYNCHRONISING);
  assert_words (make_values ("a", "polling", "no-samples", ""), "waiting for the first answer",
                SEAL_SYNCHRONISING);
  assert_words (make_values ("a", "polling", "outlier", ""), "not needed now", SEAL_OFF);
  assert_words (make_values ("a", "polling", "distant", ""), "too far away to help", SEAL_OFF);
  assert_words (make_values ("a", "polling", "no-samples", "not-authenticated"),
                "answers without proof: someone may be in between", SEAL_WARNING);
  assert_words (make_values ("a", "polling", "candidate", "kiss-rate"), "vouches for the time",
                SEAL_RIGHT);
  assert_words (make_values ("a", "failed", "no-samples", "tls-no-ntske"),
                "no keys: it does not offer secure time", SEAL_WARNING);
  /* A newer helper may know more reasons. */
  assert_words (make_values ("a", "failed", "no-samples", "new-reason"), "new-reason",
                SEAL_WARNING);
}

static void
trouble_has_its_measure (void)
{
  assert_words (with_value (make_values ("a", "polling", "falseticker", "falseticker"), "offset",
                            g_variant_new_double (-0.0432)),
                "not believed: 44\302\240ms away from the others", SEAL_NOT_TRUSTED);
  assert_words (with_value (make_values ("a", "unreachable", "no-samples", "no-reply"),
                            "last-sample", g_variant_new_int64 (NOW - 8 * 60 * G_USEC_PER_SEC)),
                "no answer for 8 minutes", SEAL_WARNING);
  assert_words (with_value (make_values ("a", "unreachable", "no-samples", "no-reply"),
                            "last-sample", g_variant_new_int64 (0)),
                "no answer", SEAL_WARNING);
  assert_words (with_value (make_values ("a", "failed", "no-samples", "certificate-expired"),
                            "certificate-not-after",
                            g_variant_new_int64 (NOW - 3 * G_TIME_SPAN_DAY)),
                "no keys: the certificate ran out 3 days ago", SEAL_WARNING);
}

static void
nothing_unproven_vouches_silently (void)
{
  assert_words (with_value (make_values ("a", "polling", "not-used", "not-trusted"), "nts",
                            g_variant_new_boolean (FALSE)),
                "not authenticated: compared, never believed", SEAL_OFF);
  assert_words (with_value (make_values ("a", "polling", "candidate", ""), "nts",
                            g_variant_new_boolean (FALSE)),
                "believed without proof, by your administrator’s will", SEAL_RIGHT);
}

static void
operators_and_cookies_are_named (void)
{
  g_autoptr (GnomonServer) server = gnomon_server_new (make_values ("a", "polling", "", ""));
  g_autofree char *who = words_for_operator (gnomon_server_get_facts (server));
  g_autofree char *cookies = words_for_cookies (7);

  g_assert_cmpstr (who, ==, "PTB, Germany");
  g_assert_cmpstr (cookies, ==, "7 of 8 cookies");
  g_assert_null (words_for_cookies (-1));
  g_assert_cmpint (words_tally ("system-peer"), ==, '*');
  g_assert_cmpint (words_tally ("falseticker"), ==, 'x');
  g_assert_cmpint (words_tally ("no-samples"), ==, ' ');
}

static void
values_of_the_wrong_type_are_unknown (void)
{
  g_autoptr (GnomonServer) server = gnomon_server_new (with_value (
      make_values ("a", "polling", "candidate", ""), "cookies", g_variant_new_int32 (7)));

  g_assert_cmpint (gnomon_server_get_facts (server)->cookies, ==, -1);
  g_assert_cmpint (gnomon_server_get_facts (server)->stratum, ==, -1);
  g_assert_cmpstr (gnomon_server_get_facts (server)->refid, ==, "");
}

static void
count (GnomonServer *server, guint *changes)
{
  (*changes)++;
}

static void
item_tells_of_news_alone (void)
{
  g_autoptr (GnomonServer) server =
      gnomon_server_new (make_values ("a", "polling", "candidate", ""));
  guint changes = 0;

  g_signal_connect (server, "changed", G_CALLBACK (count), &changes);
  gnomon_server_set_values (server,
                            g_variant_ref_sink (make_values ("a", "polling", "candidate", "")));
  g_assert_cmpuint (changes, ==, 0);
  gnomon_server_set_values (server, make_values ("a", "failed", "no-samples", "no-reply"));
  g_assert_cmpuint (changes, ==, 1);
  g_assert_cmpstr (gnomon_server_get_facts (server)->state, ==, "failed");
}

static void
assert_evidence (GVariant *values, guint others, const char *expected)
{
  g_autoptr (GnomonServer) server = gnomon_server_new (values);
  g_autofree char *words = words_for_evidence (gnomon_server_get_facts (server), others);

  g_assert_cmpstr (words, ==, expected);
}

static void
evidence_is_told_where_there_is_some (void)
{
  assert_evidence (make_values ("a", "polling", "system-peer", ""), 2,
                   "Its answers are authenticated and agree with the 2 other servers.");
  assert_evidence (make_values ("a", "polling", "candidate", ""), 1,
                   "Its answers are authenticated and agree with the 1 other server.");
  assert_evidence (make_values ("a", "polling", "candidate", ""), 0,
                   "Its answers are authenticated. No other server agrees with them yet.");
  assert_evidence (make_values ("a", "polling", "falseticker", ""), 2,
                   "Its answers are authenticated, but the time in them is another one.");
  assert_evidence (make_values ("a", "resolving", "no-samples", ""), 2, NULL);
}

static void
answers_are_counted (void)
{
  g_autofree char *some = words_for_answers (0357);
  g_autofree char *none = words_for_answers (0);

  g_assert_cmpstr (some, ==, "7 of 8 answers");
  g_assert_cmpstr (none, ==, "0 of 8 answers");
}

int
main (int argc, char *argv[])
{
  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/every-reason-of-the-core-has-words", every_reason_of_the_core_has_words);
  g_test_add_func ("/words/server-words-follow-the-state", server_words_follow_the_state);
  g_test_add_func ("/words/trouble-has-its-measure", trouble_has_its_measure);
  g_test_add_func ("/words/nothing-unproven-vouches-silently", nothing_unproven_vouches_silently);
  g_test_add_func ("/words/operators-and-cookies-are-named", operators_and_cookies_are_named);
  g_test_add_func ("/server/values-of-the-wrong-type-are-unknown",
                   values_of_the_wrong_type_are_unknown);
  g_test_add_func ("/server/item-tells-of-news-alone", item_tells_of_news_alone);
  g_test_add_func ("/words/evidence", evidence_is_told_where_there_is_some);
  g_test_add_func ("/words/answers", answers_are_counted);
  return g_test_run ();
}
