/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "address.h"
#include "error.h"

static void
assert_canonical (const char *host, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *canonical = host_canonical (host, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (canonical, ==, expected);
}

static void
test_one_spelling (void)
{
  assert_canonical ("PTBtime1.ptb.DE", "ptbtime1.ptb.de");
  assert_canonical ("ptbtime1.ptb.de.", "ptbtime1.ptb.de");
  assert_canonical ("localhost", "localhost");
  assert_canonical ("3.pool.example", "3.pool.example");
  assert_canonical ("192.0.2.7", "192.0.2.7");
  assert_canonical ("2001:DB8:0:0::1", "2001:db8::1");
  /* RFC 5891 and the example of RFC 3492. */
  assert_canonical ("bücher.example", "xn--bcher-kva.example");
}

static void
test_refuses_what_is_no_host (void)
{
  g_autofree char *long_label = g_strnfill (64, 'a');
  g_autofree char *long_name = g_strnfill (254, 'a');
  g_autofree char *huge = g_strnfill (1000000, 'a');
  const char *const bad[] = { "",
                              ".",
                              "a..b",
                              "-a.example",
                              "a b.example",
                              "a\n.example",
                              "[::1]",
                              "host:4460",
                              "fe80::1%lo",
                              "192.0.2.300",
                              "3221225991",
                              "0300.1",
                              "a.0x7f",
                              "ex_ample/",
                              "\xc2\xa0.example",
                              long_label,
                              long_name,
                              huge };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (host_canonical (bad[i], &error));
      g_assert_error (error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_str_has_prefix (error->message, "host: "));
    }
}

static void
assert_operator (const char *host, const char *expected)
{
  g_autofree char *name = host_operator (host);

  g_assert_cmpstr (name, ==, expected);
}

static void
test_operator_by_domain_or_prefix (void)
{
  assert_operator ("ptbtime1.ptb.de", "ptb.de");
  assert_operator ("ptb.de", "ptb.de");
  assert_operator ("a.st1.ntp.br", "ntp.br");
  assert_operator ("localhost", "localhost");
  assert_operator ("192.0.2.7", "192.0.2.0/24");
  assert_operator ("2001:db8:1:2::3", "2001:db8:1::/48");
}

static void
test_prints_what_it_parses (void)
{
  const char *const literals[] = { "127.0.0.1", "::1", "2001:db8::7" };
  char text[ADDRESS_TEXT_MAX];
  NtpAddress address;

  for (gsize i = 0; i < G_N_ELEMENTS (literals); i++)
    {
      g_assert_true (address_parse (literals[i], 123, &address));
      g_assert_cmpuint (address.port, ==, 123);
      address_print (&address, text);
      g_assert_cmpstr (text, ==, literals[i]);
    }
  g_assert_false (address_parse ("quartz.localhost", 123, &address));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/one-spelling", test_one_spelling);
  g_test_add_func ("/address/refuses-what-is-no-host", test_refuses_what_is_no_host);
  g_test_add_func ("/address/operator-by-domain-or-prefix", test_operator_by_domain_or_prefix);
  g_test_add_func ("/address/prints-what-it-parses", test_prints_what_it_parses);
  return g_test_run ();
}
