/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <gio/gio.h>

#include "certificate-words.h"

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_names (void)
{
  assert_text (words_for_issuer ("CN=R12,O=Let's Encrypt,C=US"), "Let's Encrypt R12");
  assert_text (words_for_issuer ("CN=DigiCert Global G2,O=DigiCert,C=US"), "DigiCert Global G2");
  assert_text (words_for_issuer ("C=DE,O=Some\\, One GmbH,CN=Root 1"), "Some, One GmbH Root 1");
  assert_text (words_for_issuer ("OU=Hidden,CN=Own CA"), "Own CA");
  assert_text (words_for_issuer ("O=Own,C=DE"), "Own");
  assert_text (words_for_issuer ("Let’s Encrypt R12"), "Let’s Encrypt R12");
  assert_text (words_for_issuer ("CN=ends in\\"), "ends in\\");
  assert_text (words_for_issuer (""), "");
  assert_text (words_for_subject ("CN=ptbtime1.ptb.de,O=PTB"), "ptbtime1.ptb.de");
  assert_text (words_for_subject ("ptbtime1.ptb.de"), "ptbtime1.ptb.de");
}

static const char LEDGER[] =
    "[{'first': <int64 500>, 'last': <int64 900>, 'issuer': <'CN=B'>, 'address': <'192.0.2.1'>},"
    " {'first': <int64 300>, 'last': <int64 500>, 'issuer': <'CN=B'>, 'not-after': <int64 "
    "86400000000>},"
    " {'first': <int64 100>, 'last': <int64 300>, 'issuer': <'CN=A'>}]";

static void
test_history (void)
{
  static const struct
  {
    SightingKind kind;
    gint64 time;
  } EXPECTED[] = {
    { SIGHTING_SAME, 900 },
    { SIGHTING_NEW_CERTIFICATE, 500 },
    { SIGHTING_NEW_ISSUER, 300 },
    { SIGHTING_FIRST, 100 },
  };
  g_autoptr (GVariant) ledger =
      g_variant_parse (G_VARIANT_TYPE ("aa{sv}"), LEDGER, NULL, NULL, NULL);
  g_autoptr (GArray) sightings = certificate_history_read (ledger);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  g_assert_cmpuint (sightings->len, ==, G_N_ELEMENTS (EXPECTED));
  for (guint i = 0; i < sightings->len; i++)
    {
      const Sighting *sighting = &g_array_index (sightings, Sighting, i);
      g_assert_cmpint (sighting->kind, ==, EXPECTED[i].kind);
      g_assert_cmpint (sighting->time, ==, EXPECTED[i].time);
    }
  assert_text (words_for_sighting_detail (&g_array_index (sightings, Sighting, 0), utc),
               "Key exchange with 192.0.2.1");
  assert_text (words_for_sighting_detail (&g_array_index (sightings, Sighting, 2), utc),
               "B, valid until 2 January 1970");
}

static void
test_history_of_nothing (void)
{
  g_autoptr (GVariant) none = g_variant_ref_sink (g_variant_new ("aa{sv}", NULL));
  g_autoptr (GArray) sightings = certificate_history_read (none);
  g_autoptr (GVariant) odd = g_variant_parse (
      G_VARIANT_TYPE ("aa{sv}"), "[{'first': <'yesterday'>, 'issuer': <5>}]", NULL, NULL, NULL);
  g_autoptr (GArray) one = certificate_history_read (odd);

  g_assert_cmpuint (sightings->len, ==, 0);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpint (g_array_index (one, Sighting, 0).kind, ==, SIGHTING_FIRST);
  g_assert_cmpstr (g_array_index (one, Sighting, 0).issuer, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/certificate-words/names", test_names);
  g_test_add_func ("/certificate-history/order", test_history);
  g_test_add_func ("/certificate-history/nothing", test_history_of_nothing);
  return g_test_run ();
}
