/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What other programs' files are read as. The samples are in import-samples, each a root of its
 * own; the environment names the folder: SAMPLES. What is expected is what the manuals of those
 * programs say that the lines mean. */

#include "expected-entries.h"

static char *
sample (const char *name)
{
  return g_build_filename (g_getenv ("SAMPLES"), name, NULL);
}

static void
check_sample (const char *name, const char *path, ImportFormat format, const Expected *expected,
              guint n)
{
  g_autofree char *root = sample (name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = import_read (root, path, format, &error);
  g_autoptr (GPtrArray) found = import_find (root);

  g_assert_no_error (error);
  check_all (entries, expected, n);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpint (((const ImportFile *) g_ptr_array_index (found, 0))->format, ==, format);
  g_assert_cmpstr (((const ImportFile *) g_ptr_array_index (found, 0))->path, ==, path);
}

static void
debian_has_one_pool_without_proof (void)
{
  static const Expected EXPECTED[] = {
    { 5, IMPORT_CHANGED, N (UNAUTHENTICATED) | N (POOL), "2.debian.pool.ntp.org" },
    { 10, IMPORT_LEFT, N (KEYS) },
    { 11, IMPORT_LEFT, N (OTHER) },
    { 12, IMPORT_LEFT, N (OTHER) },
    { 14, IMPORT_LEFT, N (OTHER) },
    { 15, IMPORT_LEFT, N (SETTING) },
    { 16, IMPORT_LEFT, N (DEVICE) },
    { 17, IMPORT_LEFT, N (SETTING) },
    { 18, IMPORT_LEFT, N (OTHER) },
  };
  check_sample ("debian", "/etc/chrony/chrony.conf", IMPORT_CHRONY, EXPECTED,
                G_N_ELEMENTS (EXPECTED));
}

static void
ubuntu_has_sources_and_a_set_of_certificates (void)
{
  static const Expected EXPECTED[] = {
    { 2, IMPORT_CHANGED, N (POOL) | N (PREFERENCE), "1.ntp.example.com", TRUE },
    { 3, IMPORT_CHANGED, N (POOL) | N (PREFERENCE), "2.ntp.example.com", TRUE },
    { 4, IMPORT_CHANGED, N (POOL), "bootstrap.ntp.example.com", TRUE, 0,
      "/etc/chrony/bootstrap.crt" },
    { 5, IMPORT_LEFT, N (SETTING) }, /* no directive of such a file */
    { 4, IMPORT_LEFT, N (OTHER) },
    { 5, IMPORT_LEFT, N (SETTING) },
  };
  check_sample ("ubuntu", "/etc/chrony/chrony.conf", IMPORT_CHRONY, EXPECTED,
                G_N_ELEMENTS (EXPECTED));
}

static void
chrony_can_say_much_about_a_server (void)
{
  static const Expected EXPECTED[] = {
    { 2, IMPORT_CHANGED, N (MORE_AUTHORITIES), "ptbtime1.ptb.de", TRUE },
    { 3, IMPORT_CHANGED, N (MORE_AUTHORITIES) | N (TUNING), "nts.example.net", TRUE, 4461 },
    { 4, IMPORT_CHANGED, N (UNAUTHENTICATED) | N (KEY), "2001:db8::1", FALSE, 1123 },
    { 5, IMPORT_LEFT, N (WATCHED), "watched.example", TRUE },
    { 6, IMPORT_CHANGED, N (UNAUTHENTICATED), "plain-watched.example" },
    { 7, IMPORT_TAKEN, 0, "own.example", TRUE, 0, "/etc/pki/own.pem" },
    { 8, IMPORT_LEFT, N (AUTHORITY), "two.example", TRUE },
    { 9, IMPORT_LEFT, N (AUTHORITY), "folder.example", TRUE },
    { 10, IMPORT_LEFT, N (AUTHORITY), "empty.example", TRUE },
    { 11, IMPORT_CHANGED, N (MORE_AUTHORITIES) | N (UNKNOWN_OPTION), "odd.example", TRUE },
    { 12, IMPORT_LEFT, N (DUPLICATE), "nts.example.net", TRUE },
    { 13, IMPORT_LEFT, N (BAD_HOST), "bad..name", TRUE },
    { 14, IMPORT_LEFT, N (BAD_PORT), "late.example", TRUE },
    { 15, IMPORT_LEFT, N (BAD_PORT), "far.example", TRUE },
    { 16, IMPORT_LEFT, N (NOT_SYNTAX) },
    { 17, IMPORT_LEFT, N (PEER) },
    { 18, IMPORT_LEFT, N (DEVICE) },
    { 19, IMPORT_LEFT, N (SERVING) },
    { 20, IMPORT_LEFT, N (SERVING) },
    { 21, IMPORT_LEFT, N (UNKNOWN) },
    { 27, IMPORT_LEFT, N (NOT_SYNTAX) },
    { 1, IMPORT_CHANGED, N (MORE_AUTHORITIES), "first.example", TRUE },
    { 1, IMPORT_CHANGED, N (UNAUTHENTICATED), "relative.example" },
    { 3, IMPORT_LEFT, N (NO_FILE) },
    { 1, IMPORT_CHANGED, N (MORE_AUTHORITIES), "included.example", TRUE },
  };
  check_sample ("fedora", "/etc/chrony.conf", IMPORT_CHRONY, EXPECTED, G_N_ELEMENTS (EXPECTED));
}

static void
an_institutes_advice_is_read (void)
{
  static const Expected EXPECTED[] = {
    { 1, IMPORT_TAKEN, 0, "ptbtime1.ptb.de", TRUE, 0, "/var/lib/ntp/ssl/root.pem" },
    { 2, IMPORT_TAKEN, 0, "ptbtime2.ptb.de", TRUE, 0, "/var/lib/ntp/ssl/root.pem" },
    { 3, IMPORT_CHANGED, N (UNAUTHENTICATED), "ptbtime3.ptb.de" },
    { 4, IMPORT_LEFT, N (OTHER) },
    { 5, IMPORT_LEFT, N (OTHER) },
    { 6, IMPORT_LEFT, N (OTHER) },
    { 8, IMPORT_LEFT, N (OTHER) },
    { 10, IMPORT_LEFT, N (OTHER) },
    { 11, IMPORT_LEFT, N (OTHER) },
  };
  check_sample ("institute", "/etc/ntp.conf", IMPORT_NTPD, EXPECTED, G_N_ELEMENTS (EXPECTED));
}

static void
ntpsec_has_ports_and_one_authority_for_all (void)
{
  static const Expected EXPECTED[] = {
    { 1, IMPORT_LEFT, N (OTHER) },
    { 2, IMPORT_LEFT, N (SETTING) },
    { 3, IMPORT_LEFT, N (SETTING) },
    { 4, IMPORT_LEFT, N (SERVING) },
    { 5, IMPORT_LEFT, N (SERVING) },
    { 6, IMPORT_TAKEN, 0, "nts.example.org", TRUE, 4461, "/etc/ssl/global.pem" },
    { 7, IMPORT_CHANGED, N (UNAUTHENTICATED), "2001:db8::2", FALSE, 1123 },
    { 8, IMPORT_TAKEN, 0, "own.example", TRUE, 0, "/etc/ssl/own authority.pem" },
    { 9, IMPORT_CHANGED, N (CHECKED), "careless.example", TRUE, 0, "/etc/ssl/global.pem" },
    { 10, IMPORT_LEFT, N (BAD_PORT), "wrong.example" },
    { 11, IMPORT_LEFT, N (NOT_SYNTAX) },
    { 12, IMPORT_LEFT, N (DEVICE) },
    { 13, IMPORT_LEFT, N (DEVICE) },
    { 14, IMPORT_CHANGED, N (UNAUTHENTICATED) | N (POOL), "0.debian.pool.ntp.org" },
    { 15, IMPORT_LEFT, N (PEER) },
    { 16, IMPORT_LEFT, N (BROADCAST) },
    { 17, IMPORT_LEFT, N (KEYS) },
    { 18, IMPORT_LEFT, N (SERVING) },
    { 1, IMPORT_CHANGED, N (PREFERENCE), "dropped-in.example", TRUE, 0, "/etc/ssl/global.pem" },
  };
  check_sample ("ntpsec", "/etc/ntpsec/ntp.conf", IMPORT_NTPD, EXPECTED, G_N_ELEMENTS (EXPECTED));
}

static void
ntpd_rs_has_tables (void)
{
  static const Expected EXPECTED[] = {
    { 2, IMPORT_LEFT, N (OTHER) },
    { 6, IMPORT_TAKEN, 0, "nts.example.net", TRUE },
    { 10, IMPORT_CHANGED, N (ONE_AUTHORITY), "other.example", TRUE, 4461, "/etc/ssl/own.pem" },
    { 16, IMPORT_CHANGED, N (UNAUTHENTICATED) | N (POOL) | N (TUNING), "ntpd-rs.pool.ntp.org" },
    { 23, IMPORT_CHANGED, N (UNAUTHENTICATED) | N (UNKNOWN_OPTION), "2001:db8::3", FALSE, 1123 },
    { 28, IMPORT_LEFT, N (DEVICE) },
    { 33, IMPORT_LEFT, N (NTS_POOL) },
    { 37, IMPORT_LEFT, N (NOT_SYNTAX) },
    { 44, IMPORT_LEFT, N (NOT_SYNTAX) }, /* stands within the last source */
    { 40, IMPORT_LEFT, N (BAD_PORT), "wrong.example", TRUE },
    { 45, IMPORT_LEFT, N (SETTING) },
    { 50, IMPORT_LEFT, N (SERVING) },
    { 53, IMPORT_LEFT, N (UNKNOWN) },
  };
  check_sample ("ntpd-rs", "/etc/ntpd-rs/ntp.toml", IMPORT_NTPD_RS, EXPECTED,
                G_N_ELEMENTS (EXPECTED));
}

static void
timesyncd_has_drop_ins (void)
{
  static const Expected EXPECTED[] = {
    { 3, IMPORT_LEFT, N (OVERRIDDEN), "overridden.example" },
    { 6, IMPORT_LEFT, N (SETTING) },
    { 3, IMPORT_CHANGED, N (UNAUTHENTICATED), "a.example" },
    { 3, IMPORT_CHANGED, N (UNAUTHENTICATED), "b.example" },
    { 5, IMPORT_LEFT, N (FALLBACK), "fallback.example" },
    { 6, IMPORT_LEFT, N (UNKNOWN) },
    { 7, IMPORT_LEFT, N (UNKNOWN) },
    { 2, IMPORT_CHANGED, N (UNAUTHENTICATED), "c.example" },
    { 2, IMPORT_LEFT, N (DUPLICATE), "a.example" },
    { 3, IMPORT_LEFT, N (NOT_SYNTAX) },
  };
  check_sample ("timesyncd", "/etc/systemd/timesyncd.conf", IMPORT_TIMESYNCD, EXPECTED,
                G_N_ELEMENTS (EXPECTED));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-samples/debian", debian_has_one_pool_without_proof);
  g_test_add_func ("/import-samples/ubuntu", ubuntu_has_sources_and_a_set_of_certificates);
  g_test_add_func ("/import-samples/chrony", chrony_can_say_much_about_a_server);
  g_test_add_func ("/import-samples/institute", an_institutes_advice_is_read);
  g_test_add_func ("/import-samples/ntpsec", ntpsec_has_ports_and_one_authority_for_all);
  g_test_add_func ("/import-samples/ntpd-rs", ntpd_rs_has_tables);
  g_test_add_func ("/import-samples/timesyncd", timesyncd_has_drop_ins);
  return g_test_run ();
}
