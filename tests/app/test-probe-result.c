/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "probe-result.h"

#include <math.h>

#define DAY  (24 * G_TIME_SPAN_HOUR)
#define NOW  G_GINT64_CONSTANT (1700000000000000)
#define NBSP "\302\240"

static ProbeResult
read (const char *text)
{
  g_autoptr (GVariant) steps =
      g_variant_ref_sink (g_variant_parse (G_VARIANT_TYPE ("aa{sv}"), text, NULL, NULL, NULL));

  g_assert_nonnull (steps);
  return probe_result_read (steps);
}

static void
check (const ProbeResult *result, const char *headline, const char *certificate)
{
  g_autofree char *own_headline = probe_result_headline (result);
  g_autofree char *own_certificate = probe_result_certificate (result, NOW);

  g_assert_cmpstr (own_headline, ==, headline);
  g_assert_cmpstr (own_certificate, ==, certificate);
}

static void
a_server_that_works_has_a_round_trip (void)
{
  g_autofree char *text = g_strdup_printf (
      "[{'step': <'certificate'>, 'verdict': <'passed'>, 'certificate-not-after': <int64 "
      "%" G_GINT64_FORMAT ">}, {'step': <'answer'>, 'verdict': <'passed'>, 'delay': <0.014>}]",
      NOW + 50 * DAY + DAY / 2);
  ProbeResult result = read (text);

  g_assert_true (result.works);
  check (&result, "14" NBSP "ms", "certificate: 50 days");
  result.certificate_not_after = NOW + DAY;
  check (&result, "14" NBSP "ms", "certificate: 1 day");
}

static void
a_server_that_fails_says_why (void)
{
  ProbeResult result =
      read ("[{'step': <'connect'>, 'verdict': <'failed'>, 'reason': <'no-reply'>},"
            " {'step': <'tls'>, 'verdict': <'not-reached'>, 'reason': <'other'>}]");

  g_assert_false (result.works);
  g_assert_cmpstr (result.reason, ==, "no-reply");
  check (&result, "No answer", "");
  result = read ("[{'verdict': <'failed'>, 'reason': <'never heard of'>}]");
  check (&result, "No time from this server", "");
  result.certificate_not_after = NOW - 1;
  check (&result, "No time from this server", "certificate: expired");
}

static void
nonsense_is_no_success (void)
{
  g_autoptr (GVariant) number = g_variant_ref_sink (g_variant_new_int32 (1));
  ProbeResult result = probe_result_read (number);

  g_assert_false (result.works);
  result = read ("[]");
  g_assert_false (result.works);
  result = read ("[{'delay': <'a text'>}]");
  g_assert_false (result.works);
  g_assert_true (isnan (result.delay_s));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe-result/works", a_server_that_works_has_a_round_trip);
  g_test_add_func ("/probe-result/fails", a_server_that_fails_says_why);
  g_test_add_func ("/probe-result/nonsense", nonsense_is_no_success);
  return g_test_run ();
}
