/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ledger.h"

#include <string.h>

static gboolean
note (Ledger *ledger, const char *host, const char *sha256, gint64 unix_us)
{
  char subject[] = "CN=a.example", issuer[] = "CN=Authority; \"odd\" = name\\n";
  g_autofree char *digest = g_strdup (sha256);
  const TlsFacts facts = { .subject = subject,
                           .issuer = issuer,
                           .sha256 = digest,
                           .not_before_s = 1700000000,
                           .not_after_s = 1800000000 };

  return ledger_note (ledger, host, &facts, "192.0.2.1", unix_us);
}

static GVariant *
get (const Ledger *ledger, const char *host, guint most)
{
  return g_variant_ref_sink (ledger_get (ledger, host, most));
}

static void
test_newest_first (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (GVariant) all = NULL, one = NULL, none = NULL;
  g_autofree char *text = NULL;

  g_assert_true (note (ledger, "a.example", "aa", 1));
  g_assert_true (note (ledger, "a.example", "bb", 2));
  g_assert_false (note (ledger, "a.example", "aa", 3));
  g_assert_true (note (ledger, "b.example", "aa", 4));

  all = get (ledger, "a.example", 0);
  text = g_variant_print (all, FALSE);
  g_assert_cmpuint (g_variant_n_children (all), ==, 2);
  g_assert_nonnull (strstr (text, "'aa'"));
  g_assert_true (strstr (text, "'aa'") < strstr (text, "'bb'"));
  g_assert_nonnull (strstr (text, "'first': <int64 1>"));
  g_assert_nonnull (strstr (text, "'last': <int64 3>"));
  g_assert_nonnull (strstr (text, "'not-before': <int64 1700000000000000>"));
  one = get (ledger, "a.example", 1);
  g_assert_cmpuint (g_variant_n_children (one), ==, 1);
  none = get (ledger, "c.example", 0);
  g_assert_cmpuint (g_variant_n_children (none), ==, 0);
}

static void
note_keys (Ledger *ledger, const char *sha256, const char *authority, const char *key)
{
  g_autofree char *digest = g_strdup (sha256);
  g_autofree char *own = g_strdup (key);
  g_autofree char *above = g_strdup (authority);
  const TlsFacts facts = { .sha256 = digest, .key = own, .authority = above };

  ledger_note (ledger, "a.example", &facts, "192.0.2.1", 1);
}

static void
assert_last (const Ledger *ledger, const char *authority, const char *key)
{
  const char *found_authority, *found_key;

  ledger_get_last (ledger, "a.example", &found_authority, &found_key);
  g_assert_cmpstr (found_authority, ==, authority);
  g_assert_cmpstr (found_key, ==, key);
}

static void
test_last (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (Ledger) again = ledger_new ();
  g_autofree char *text = NULL;

  assert_last (ledger, NULL, NULL);
  note_keys (ledger, "aa", "root", "key");
  note_keys (ledger, "bb", "other root", "other key");
  assert_last (ledger, "other root", "other key");
  note_keys (ledger, "aa", "new root", "key");
  assert_last (ledger, "new root", "key");
  text = ledger_encode (ledger);
  g_assert_true (ledger_decode (again, text, strlen (text)));
  assert_last (again, "new root", "key");
  note_keys (ledger, "cc", NULL, NULL);
  assert_last (ledger, NULL, NULL);
}

static LedgerNews
note_issuer (Ledger *ledger, const char *name, const char *sha256)
{
  g_autofree char *issuer = g_strdup (name);
  g_autofree char *digest = g_strdup (sha256);
  const TlsFacts facts = { .issuer = issuer, .sha256 = digest };

  return ledger_note (ledger, "a.example", &facts, "192.0.2.1", 1);
}

static void
test_tells_what_is_new (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();

  g_assert_cmpint (note_issuer (ledger, "CN=X", "aa"), ==, LEDGER_FIRST);
  g_assert_cmpint (note_issuer (ledger, "CN=X", "aa"), ==, LEDGER_KNOWN);
  g_assert_cmpint (note_issuer (ledger, "CN=X", "bb"), ==, LEDGER_NEW_CERTIFICATE);
  g_assert_cmpint (note_issuer (ledger, "CN=Y", "cc"), ==, LEDGER_NEW_ISSUER);
  g_assert_cmpint (note_issuer (ledger, "CN=X", "aa"), ==, LEDGER_KNOWN);
}

static void
test_comes_back (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (Ledger) next = ledger_new ();
  g_autoptr (GVariant) before = NULL, after = NULL;
  g_autofree char *data = NULL;

  note (ledger, "a.example", "aa", 1);
  note (ledger, "2001:db8::1", "bb", 2);
  note (ledger, "2001:db8::1", "cc", 3);
  data = ledger_encode (ledger);
  g_assert_true (ledger_decode (next, data, strlen (data)));
  before = get (ledger, "2001:db8::1", 0);
  after = get (next, "2001:db8::1", 0);
  g_assert_cmpvariant (before, after);
}

static void
test_is_bounded (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (GVariant) all = NULL;
  g_autofree char *text = NULL;

  for (int i = 0; i < 100; i++)
    {
      g_autofree char *sha256 = g_strdup_printf ("%03d", i);
      note (ledger, "a.example", sha256, i);
    }
  all = get (ledger, "a.example", 0);
  text = g_variant_print (all, FALSE);
  g_assert_cmpuint (g_variant_n_children (all), ==, 16);
  g_assert_nonnull (strstr (text, "'099'"));
  g_assert_null (strstr (text, "'083'"));
}

static void
test_refuses_what_is_no_ledger (void)
{
  static const char *const bad[] = { "", "x", "[Ledger]\nVersion=2\n", "[a.example 0]\nFirst=1\n",
                                     "\xff\xfe" };
  g_autoptr (Ledger) ledger = ledger_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (ledger_decode (ledger, bad[i], strlen (bad[i])));
}

static void
test_bears_odd_values (void)
{
  static const char data[] = "[Ledger]\nVersion=1\n"
                             "[nohost]\nFirst=1\n"
                             "[a.example 0]\nNotAfter=9223372036854775807\nFirst=x\n";
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (GVariant) all = NULL;

  g_assert_true (ledger_decode (ledger, data, strlen (data)));
  all = get (ledger, "a.example", 0);
  g_assert_cmpuint (g_variant_n_children (all), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ledger/newest-first", test_newest_first);
  g_test_add_func ("/ledger/tells-what-is-new", test_tells_what_is_new);
  g_test_add_func ("/ledger/comes-back", test_comes_back);
  g_test_add_func ("/ledger/is-bounded", test_is_bounded);
  g_test_add_func ("/ledger/refuses-what-is-no-ledger", test_refuses_what_is_no_ledger);
  g_test_add_func ("/ledger/bears-odd-values", test_bears_odd_values);
  g_test_add_func ("/ledger/what-the-last-was-believed-for", test_last);
  return g_test_run ();
}
