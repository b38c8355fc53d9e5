/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is made of files that are no configuration, lead astray, or say something in an unusual way.
 */

#define _GNU_SOURCE /* nftw */

#include "catalogue.h"
#include "expected-entries.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *root;

static void
put (const char *path, const char *data, gssize length)
{
  g_autofree char *full = g_build_filename (root, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  /* A file that is there is not cut off by the quick way of writing. */
  g_unlink (full);
  g_file_set_contents_full (full, data, length, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

static GPtrArray *
read_text (const char *text, ImportFormat format)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries;

  put ("file", text, -1);
  entries = import_read (root, "/file", format, &error);
  g_assert_no_error (error);
  return entries;
}

static void
assert_refused (const char *path, ImportError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = import_read (root, path, IMPORT_CHRONY, &error);

  g_assert_error (error, IMPORT_ERROR, (int) code);
  g_assert_null (entries);
}

static void
what_is_no_configuration_is_refused_by_name (void)
{
  g_autofree char *large = g_strnfill (256 * 1024 + 1, '\n');
  g_autofree char *pipe_path = g_build_filename (root, "pipe", NULL);
  g_autofree char *device = g_build_filename (root, "null", NULL);
  g_autoptr (GPtrArray) entries = NULL;

  assert_refused ("/none", IMPORT_ERROR_NO_FILE);
  assert_refused ("/", IMPORT_ERROR_NOT_PLAIN);
  put ("binary", "server a.example\0nts", 20);
  assert_refused ("/binary", IMPORT_ERROR_NOT_TEXT);
  put ("binary", "\177ELF\002\001\001", 7);
  assert_refused ("/binary", IMPORT_ERROR_NOT_TEXT);
  put ("large", large, -1);
  assert_refused ("/large", IMPORT_ERROR_TOO_LARGE);
  large[256 * 1024] = '\0';
  put ("large", large, -1);
  entries = import_read (root, "/large", IMPORT_CHRONY, NULL);
  g_assert_nonnull (entries);
  /* Must not wait until somebody writes into it. */
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  assert_refused ("/pipe", IMPORT_ERROR_NOT_PLAIN);
  g_assert_cmpint (symlink ("/dev/zero", device), ==, 0);
  assert_refused ("/null", IMPORT_ERROR_OUTSIDE);
}

static void
unreadable_files_say_so (void)
{
  g_autofree char *full = g_build_filename (root, "secret", NULL);

  if (geteuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }
  put ("secret", "server a.example", -1);
  g_chmod (full, 0);
  assert_refused ("/secret", IMPORT_ERROR_DENIED);
}

static void
nothing_leads_out_of_the_root (void)
{
  static const Expected EXPECTED[] = {
    { 1, IMPORT_LEFT, N (OUTSIDE) },
    { 2, IMPORT_LEFT, N (OUTSIDE) },
    { 3, IMPORT_LEFT, N (OUTSIDE) },
    { 1, IMPORT_TAKEN, 0, "inside.example", TRUE },
  };
  g_autofree char *outside = g_strconcat (root, "-outside", NULL);
  g_autofree char *link = g_build_filename (root, "link.conf", NULL);
  g_autofree char *inner = g_build_filename (root, "inner.conf", NULL);
  g_autofree char *folder = g_build_filename (root, "d", NULL);
  g_autofree char *up = g_path_get_basename (outside);
  g_autofree char *text = g_strdup_printf ("include /../%s\ninclude ../%s\ninclude /link.conf\n"
                                           "include /inner.conf\nconfdir /d\n",
                                           up, up);
  g_autoptr (GPtrArray) entries = NULL;

  g_assert_true (g_file_set_contents (outside, "server outside.example nts\n", -1, NULL));
  put ("real.conf", "server inside.example nts\n", -1);
  g_assert_cmpint (symlink (outside, link), ==, 0);
  g_assert_cmpint (symlink ("real.conf", inner), ==, 0);
  g_assert_cmpint (symlink ("/etc", folder), ==, 0);
  entries = read_text (text, IMPORT_CHRONY);
  check_all (entries, EXPECTED, G_N_ELEMENTS (EXPECTED));
  g_unlink (outside);
}

static void
files_that_include_one_another_end (void)
{
  g_autoptr (GPtrArray) entries =
      read_text ("include /file\ninclude /file\nserver a.example nts\n", IMPORT_CHRONY);
  guint too_much = 0;
  guint taken = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const ImportEntry *entry = g_ptr_array_index (entries, i);
      too_much += entry->notes == N (TOO_MUCH);
      taken += entry->verdict != IMPORT_LEFT;
    }
  g_assert_cmpuint (too_much, >, 0);
  g_assert_cmpuint (taken, ==, 1);
}

static void
a_thousand_entries_are_enough (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) entries = NULL;
  const ImportEntry *last;

  for (guint i = 0; i < 1500; i++)
    g_string_append_printf (text, "server s%u.example nts\n", i);
  entries = read_text (text->str, IMPORT_CHRONY);
  g_assert_cmpuint (entries->len, ==, 1000);
  last = g_ptr_array_index (entries, 999);
  g_assert_cmpint (last->verdict, ==, IMPORT_LEFT);
  g_assert_cmphex (last->notes, ==, N (TOO_MUCH));
}

static void
formats_are_known_by_name_or_by_what_they_hold (void)
{
  static const struct
  {
    const char *path;
    const char *text;
    ImportFormat format;
  } FILES[] = {
    { "/my.toml", "", IMPORT_NTPD_RS },
    { "/my.sources", "", IMPORT_CHRONY },
    { "/chrony.conf.old", "", IMPORT_CHRONY },
    { "/timesyncd.conf", "", IMPORT_TIMESYNCD },
    { "/ntp.conf", "", IMPORT_NTPD },
    { "/a", "# x\n[[source]]\nmode = \"nts\"\n", IMPORT_NTPD_RS },
    { "/b", "[Time]\nNTP=a\n", IMPORT_TIMESYNCD },
    { "/c", "server a nts\nrestrict default\n", IMPORT_NTPD },
    { "/d", "server a nts ca /x.pem\n", IMPORT_NTPD },
    { "/e", "server a nts\nmakestep 1 3\n", IMPORT_CHRONY },
  };
  ImportFormat format;

  for (guint i = 0; i < G_N_ELEMENTS (FILES); i++)
    {
      put (FILES[i].path, FILES[i].text, -1);
      g_assert_true (import_guess_format (root, FILES[i].path, &format, NULL));
      g_assert_cmpint (format, ==, FILES[i].format);
    }
  g_assert_false (import_guess_format (root, "/none", &format, NULL));
}

static void
the_catalogue_knows_who_offers_proof (void)
{
  g_autoptr (GPtrArray) catalogue =
      catalogue_parse ("known.example\t4461\tExample\tGermany\tDE\t1\tno\t\t\t\n");
  g_autoptr (GPtrArray) entries =
      read_text ("server Known.example\nserver other.example\nserver x nts\n", IMPORT_CHRONY);
  const ImportEntry *entry = g_ptr_array_index (entries, 0);
  g_autoptr (GVariant) options = NULL;
  g_autoptr (GVariant) expected = g_variant_ref_sink (g_variant_new_parsed (
      "{'nts': <true>, 'port': <uint16 4461>, 'operator': <'Example'>, 'country': <'Germany'>}"));

  import_consult (entries, catalogue);
  g_assert_cmphex (entry->notes, ==, N (WITH_NTS));
  options = g_variant_ref_sink (import_entry_options (entry));
  g_assert_cmpuint (g_variant_n_children (options), ==, g_variant_n_children (expected));
  for (gsize i = 0; i < g_variant_n_children (expected); i++)
    {
      const char *key;
      g_autoptr (GVariant) value = NULL;
      g_autoptr (GVariant) own = NULL;

      g_variant_get_child (expected, i, "{&sv}", &key, &value);
      own = g_variant_lookup_value (options, key, NULL);
      g_assert_nonnull (own);
      g_assert_true (g_variant_equal (own, value));
    }
  entry = g_ptr_array_index (entries, 1);
  g_assert_cmphex (entry->notes, ==, N (UNAUTHENTICATED));
  g_assert_null (entry->operator_name);
}

static void
proof_is_kept_where_a_host_is_named_twice (void)
{
  static const Expected EXPECTED[] = {
    { 1, IMPORT_LEFT, N (DUPLICATE), "a.example" },
    { 2, IMPORT_TAKEN, 0, "A.example", TRUE },
    { 3, IMPORT_LEFT, N (DUPLICATE), "a.example" },
  };
  g_autoptr (GPtrArray) entries =
      read_text ("server a.example\nserver A.example nts\nserver a.example\n", IMPORT_CHRONY);
  check_all (entries, EXPECTED, G_N_ELEMENTS (EXPECTED));
}

static void
strings_of_toml_are_read_as_they_are_meant (void)
{
  static const Expected EXPECTED[] = {
    { 1, IMPORT_TAKEN, 0, "a.example", TRUE },
    { 4, IMPORT_CHANGED, N (ONE_AUTHORITY), "b.example", TRUE, 0, "/a \"b\"\\c\xc3\xa9.pem" },
    { 10, IMPORT_LEFT, N (NOT_SYNTAX) },
    { 11, IMPORT_LEFT, N (NOT_SYNTAX) },
    { 12, IMPORT_LEFT, N (NOT_SYNTAX) },
    { 13, IMPORT_LEFT, N (NOT_SYNTAX) },
    { 14, IMPORT_LEFT, N (NOT_SYNTAX) },
    { 9, IMPORT_LEFT, N (NOT_SYNTAX) },
  };
  g_autoptr (GPtrArray) entries =
      read_text ("[[ \"source\" ]]\n"
                 "mode='nts'\n"
                 "address = \"a.\\u0065xample\"\n"
                 "[[source]]\n"
                 "mode = 'nts' # comment\n"
                 "address = \"\"\"b.\\\n"
                 "   example\"\"\"\n"
                 "certificate-authority = \"/a \\\"b\\\"\\\\c\\u00E9.pem\"\n"
                 "[[source]]\n"
                 "a = \"never ends\n"
                 "b = \"\\q\"\n"
                 "c = [1, {x = 2]\n"
                 "d = \"x\" y\n"
                 "= 1\n",
                 IMPORT_NTPD_RS);

  check_all (entries, EXPECTED, G_N_ELEMENTS (EXPECTED));
}

static int
remove_one (const char *path, const struct stat *status, int kind, struct FTW *place)
{
  return remove (path);
}

int
main (int argc, char *argv[])
{
  int failed;

  g_test_init (&argc, &argv, NULL);
  root = g_dir_make_tmp ("gnomon-import-XXXXXX", NULL);
  g_test_add_func ("/import/no-configuration", what_is_no_configuration_is_refused_by_name);
  g_test_add_func ("/import/unreadable", unreadable_files_say_so);
  g_test_add_func ("/import/root", nothing_leads_out_of_the_root);
  g_test_add_func ("/import/loops", files_that_include_one_another_end);
  g_test_add_func ("/import/many", a_thousand_entries_are_enough);
  g_test_add_func ("/import/formats", formats_are_known_by_name_or_by_what_they_hold);
  g_test_add_func ("/import/catalogue", the_catalogue_knows_who_offers_proof);
  g_test_add_func ("/import/twice", proof_is_kept_where_a_host_is_named_twice);
  g_test_add_func ("/import/toml", strings_of_toml_are_read_as_they_are_meant);
  failed = g_test_run ();
  nftw (root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  g_free (root);
  return failed;
}
