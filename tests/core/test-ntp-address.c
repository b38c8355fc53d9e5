/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-address.h"

#include <glib.h>

#define ANYWHERE "192.0.2.1"
#define HOME     "192.168.1.9"
#define HERE     "127.0.0.1"
#define LINK     "fe80::1"

static NtpAddress
address (const char *text)
{
  NtpAddress result = { .family = 0 };

  g_assert_true (ntp_address_from_literal (text, &result));
  result.port = 123;
  return result;
}

static gboolean
permitted (const char *text, const char *ke_server)
{
  NtpAddress target = address (text);
  NtpAddress origin = address (ke_server);

  return ntp_address_permitted (&target, &origin);
}

static void
reads_literals (void)
{
  static const guint8 four[16] = { 192, 0, 2, 7 };
  static const guint8 six[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 0x7b };
  NtpAddress read = { .port = 99 };

  g_assert_true (ntp_address_from_literal ("192.0.2.7", &read));
  g_assert_cmpuint (read.family, ==, 4);
  g_assert_cmpuint (read.port, ==, 0);
  g_assert_cmpmem (read.octets, 16, four, 16);
  g_assert_true (ntp_address_from_literal ("2001:DB8::7b", &read));
  g_assert_cmpuint (read.family, ==, 6);
  g_assert_cmpmem (read.octets, 16, six, 16);
}

static void
refuses_what_is_no_literal (void)
{
  static const char *const texts[] = {
    "",           "3221225991", "0300.0.02.7",   "192.0.2",     "192.0.2.256", "192.0.2.7.",
    " 192.0.2.7", "192.0.2.7 ", "192.0.2.7:123", "0x7f.0.0.1",  "fe80::1%lo",  "[::1]",
    "::1::",      "12345::",    "localhost",     "192.0.2.7/24"
  };
  NtpAddress read = { .port = 99 };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_false (ntp_address_from_literal (texts[i], &read));
  g_assert_cmpuint (read.port, ==, 99);
}

static void
permits_global_addresses_always (void)
{
  static const char *const texts[] = { "192.0.2.7",        "1.1.1.1",      "126.255.255.255",
                                       "128.0.0.1",        "11.0.0.0",     "172.15.255.255",
                                       "172.32.0.0",       "169.253.0.1",  "192.167.0.1",
                                       "100.63.255.255",   "100.128.0.0",  "223.255.255.255",
                                       "2001:db8::1",      "2606:4700::1", "::1:0:0:0",
                                       "64:ff9b::c000:207" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (permitted (texts[i], ANYWHERE));
      g_assert_true (permitted (texts[i], HERE));
    }
}

static void
refuses_some_addresses_always (void)
{
  static const char *const texts[] = {
    "0.0.0.0",          "0.1.2.3",     "224.0.1.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255",  "::",          "ff02::101", "ff0e::1",         "::ffff:192.0.2.7",
    "::ffff:127.0.0.1", "::192.0.2.7", "::2"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_false (permitted (texts[i], ANYWHERE));
      g_assert_false (permitted (texts[i], HERE));
      g_assert_false (permitted (texts[i], LINK));
    }
}

static void
keeps_loopback_and_link_to_themselves (void)
{
  g_assert_false (permitted ("127.0.0.1", ANYWHERE));
  g_assert_false (permitted ("127.255.0.9", HOME));
  g_assert_false (permitted ("::1", "2001:db8::1"));
  g_assert_false (permitted ("::1", LINK));
  g_assert_true (permitted ("127.0.0.2", HERE));
  g_assert_true (permitted ("::1", HERE));
  g_assert_true (permitted ("127.0.0.1", "::1"));

  g_assert_false (permitted ("169.254.169.254", ANYWHERE));
  g_assert_false (permitted ("169.254.169.254", HOME));
  g_assert_false (permitted ("fe80::1", HERE));
  g_assert_false (permitted ("febf::1", ANYWHERE));
  g_assert_true (permitted ("fe80::2", LINK));
  g_assert_true (permitted ("169.254.0.2", LINK));
}

static void
keeps_private_addresses_from_the_world (void)
{
  static const char *const texts[] = { "10.1.2.3",    "172.16.0.1", "172.31.255.255",
                                       "192.168.0.1", "100.64.0.1", "100.127.0.1",
                                       "fc00::1",     "fdff::1",    "fec0::1" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_false (permitted (texts[i], ANYWHERE));
      g_assert_false (permitted (texts[i], "2001:db8::1"));
      g_assert_true (permitted (texts[i], HOME));
      g_assert_true (permitted (texts[i], "fd00::1"));
      g_assert_true (permitted (texts[i], HERE));
    }
}

static void
refuses_no_port_and_no_address (void)
{
  NtpAddress here = address (ANYWHERE);
  NtpAddress target = address ("192.0.2.7");

  target.port = 0;
  g_assert_false (ntp_address_permitted (&target, &here));
  g_assert_false (ntp_address_permitted (&(NtpAddress){ .port = 123 }, &here));
  target = address ("192.168.0.1");
  g_assert_false (ntp_address_permitted (&target, &(NtpAddress){ .port = 4460 }));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ntp-address/reads-literals", reads_literals);
  g_test_add_func ("/ntp-address/refuses-what-is-no-literal", refuses_what_is_no_literal);
  g_test_add_func ("/ntp-address/permits-global-addresses-always", permits_global_addresses_always);
  g_test_add_func ("/ntp-address/refuses-some-addresses-always", refuses_some_addresses_always);
  g_test_add_func ("/ntp-address/keeps-loopback-and-link-to-themselves",
                   keeps_loopback_and_link_to_themselves);
  g_test_add_func ("/ntp-address/keeps-private-addresses-from-the-world",
                   keeps_private_addresses_from_the_world);
  g_test_add_func ("/ntp-address/refuses-no-port-and-no-address", refuses_no_port_and_no_address);
  return g_test_run ();
}
