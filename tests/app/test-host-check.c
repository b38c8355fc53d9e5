/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "host-check.h"

static void
names_and_addresses_are_taken (void)
{
  static const char *const GOOD[] = { "ptbtime1.ptb.de", "localhost",  "a.",
                                      "1.ntp.example",   "192.0.2.1",  "2001:db8::1",
                                      "bücher.example",  "x-1.example" };

  for (guint i = 0; i < G_N_ELEMENTS (GOOD); i++)
    g_assert_cmpstr (host_check (GOOD[i]), ==, NULL);
}

static void
nonsense_is_refused_with_its_reason (void)
{
  g_autofree char *long_label = g_strnfill (64, 'a');
  g_autoptr (GString) name = g_string_new ("a");

  for (guint i = 0; i < 127; i++)
    g_string_append (name, ".a");
  g_assert_cmpint (name->len, ==, 255);

  g_assert_cmpstr (host_check (""), ==, "Type the name or the address of a server");
  g_assert_cmpstr (host_check ("time example"), ==, "A host name has no spaces");
  g_assert_cmpstr (host_check ("time\texample"), ==, "A host name has no spaces");
  g_assert_cmpstr (host_check ("https://ptb.de/"), ==,
                   "Type only the name, without “https://” and without a path");
  g_assert_cmpstr (host_check ("192.0.2"), ==, "This address is not complete");
  g_assert_cmpstr (host_check ("192.0.2.256"), ==, "This address is not complete");
  g_assert_cmpstr (host_check ("2001:db8"), ==, "This address is not complete");
  g_assert_cmpstr (host_check ("a..b"), ==, "Something is missing between two dots");
  g_assert_cmpstr (host_check ("-a.example"), ==,
                   "No part of a host name begins or ends with a hyphen");
  g_assert_cmpstr (host_check ("a_b.example"), ==,
                   "A host name has only letters, digits, hyphens and dots");
  g_assert_cmpstr (host_check ("a\001.example"), ==,
                   "A host name has only letters, digits, hyphens and dots");
  g_assert_cmpstr (host_check ("\377"), ==,
                   "A host name has only letters, digits, hyphens and dots");
  g_assert_cmpstr (host_check (name->str), ==, "A host name has at most 253 letters");
  g_assert_nonnull (host_check (long_label));
}

static void
ports_are_numbers_in_range (void)
{
  guint port = 0;

  g_assert_null (port_check ("4460", &port));
  g_assert_cmpuint (port, ==, 4460);
  g_assert_null (port_check ("65535", &port));
  for (const char *const *bad = (const char *const[]){ "", "0", "65536", "-1", "44x", " 1", NULL };
       *bad; bad++)
    g_assert_cmpstr (port_check (*bad, &port), ==, "A port is a number from 1 to 65535");
}

static void
hosts_are_found_in_what_is_dropped (void)
{
  static const struct
  {
    const char *text;
    const char *host;
    guint port;
  } DROPPED[] = {
    { "ptbtime1.ptb.de", "ptbtime1.ptb.de", 0 },
    { " nts.example:14460\n", "nts.example", 14460 },
    { "https://nts.example:8443/about?x#y\r\nmore", "nts.example", 0 },
    { "https://user@nts.example", "nts.example", 0 },
    { "2001:db8::1", "2001:db8::1", 0 },
    { "[2001:db8::1]:4461", "2001:db8::1", 4461 },
    { "[2001:db8::1]", "2001:db8::1", 0 },
    { "a whole sentence", NULL, 0 },
    { "nts.example:0", NULL, 0 },
    { "", NULL, 0 },
    { "file:///etc/passwd", NULL, 0 },
    { "[", NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (DROPPED); i++)
    {
      guint port = 1;
      g_autofree char *host = host_find (DROPPED[i].text, &port);

      g_assert_cmpstr (host, ==, DROPPED[i].host);
      if (host)
        g_assert_cmpuint (port, ==, DROPPED[i].port);
    }
}

int
main (int argc, char *argv[])
{
  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/host-check/names-and-addresses-are-taken", names_and_addresses_are_taken);
  g_test_add_func ("/host-check/nonsense-is-refused-with-its-reason",
                   nonsense_is_refused_with_its_reason);
  g_test_add_func ("/host-check/ports-are-numbers-in-range", ports_are_numbers_in_range);
  g_test_add_func ("/host-check/hosts-are-found-in-what-is-dropped",
                   hosts_are_found_in_what_is_dropped);
  return g_test_run ();
}
