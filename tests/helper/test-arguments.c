/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "arguments.h"
#include "error.h"

#include <string.h>

static void
accepts (const char *method, GVariant *floating)
{
  g_autoptr (GVariant) parameters = g_variant_ref_sink (floating);
  g_autoptr (GError) error = NULL;

  g_assert_true (arguments_check (method, parameters, &error));
  g_assert_no_error (error);
}

static void
refuses (const char *method, GVariant *floating, const char *field)
{
  g_autoptr (GVariant) parameters = g_variant_ref_sink (floating);
  g_autoptr (GError) error = NULL;
  g_autofree char *prefix = g_strconcat (field, ":", NULL);

  g_assert_false (arguments_check (method, parameters, &error));
  g_assert_error (error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT);
  if (!g_str_has_prefix (error->message, prefix))
    g_error ("\"%s\" does not begin with \"%s\"", error->message, prefix);
}

static GVariant *
host_only (const char *host)
{
  return g_variant_new ("(s)", host);
}

/* A call of AddServer with one option. */
static GVariant *
add (const char *host, const char *key, GVariant *value)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  if (key != NULL)
    g_variant_builder_add (&options, "{sv}", key, value);
  return g_variant_new ("(s@a{sv})", host, g_variant_builder_end (&options));
}

static void
test_host_length (void)
{
  g_autofree char *longest = g_strnfill (253, 'a');
  g_autofree char *too_long = g_strnfill (254, 'a');
  g_autofree char *huge = g_strnfill (10000000, 'a');

  accepts ("RemoveServer", host_only (longest));
  accepts ("AddServer", add (longest, NULL, NULL));
  accepts ("RemoveServer", host_only ("2001:db8::1"));
  refuses ("RemoveServer", host_only (too_long), "host");
  refuses ("AddServer", add (too_long, NULL, NULL), "host");
  refuses ("ChangeServer", add (huge, NULL, NULL), "host");
  refuses ("GetLedger", g_variant_new ("(su)", too_long, 1), "host");
  refuses ("Diagnose", add (too_long, NULL, NULL), "host");
  refuses ("RemoveServer", host_only (""), "host");
}

static void
test_host_characters (void)
{
  static const char *const hosts[] = {
    "a\nb",      /* a second line in the log */
    "a\x1b[2Jb", /* a terminal's command */
    "a\x7f",     /* DEL */
    "a\xc2\x85"  /* NEL, a C1 control */
    "b",
    "\xe2\x80\xaeved.bt", /* right-to-left override */
    "a\xe2\x80\xa8"       /* line separator */
    "b",
    "a\xe2\x80\x8b" /* zero width space */
    "b",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (hosts); i++)
    refuses ("AddServer", add (hosts[i], NULL, NULL), "host");
}

static void
test_option_text (void)
{
  g_autofree char *longest = g_strnfill (4095, '/');
  g_autofree char *too_long = g_strnfill (4096, '/');

  accepts ("AddServer", add ("a", "ca", g_variant_new_string (longest)));
  refuses ("AddServer", add ("a", "ca", g_variant_new_string (too_long)), "ca");
  refuses ("AddServer", add ("a", "operator", g_variant_new_string ("PTB\r\n")), "operator");
  accepts ("AddServer", add ("a", "operator", g_variant_new_string ("Jiří Činčura")));
  refuses ("ChangeServer", add ("a", "country", g_variant_new_string ("\t")), "country");
}

static void
test_option_names (void)
{
  g_autofree char *too_long = g_strnfill (33, 'k');

  refuses ("AddServer", add ("a", "", g_variant_new_boolean (TRUE)), "options");
  refuses ("AddServer", add ("a", too_long, g_variant_new_boolean (TRUE)), "options");
  refuses ("AddServer", add ("a", "x\ny", g_variant_new_boolean (TRUE)), "options");
}

static void
test_keys_twice (void)
{
  refuses ("SetOptions",
           g_variant_new_parsed ("({'minimum-poll': <int16 6>, 'maximum-poll': <int16 10>,"
                                 " 'minimum-poll': <int16 7>},)"),
           "minimum-poll");
}

static void
test_many_keys (void)
{
  GVariantBuilder options;

  for (int n = 16; n <= 17; n++)
    {
      g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
      for (int i = 0; i < n; i++)
        {
          g_autofree char *key = g_strdup_printf ("key-%d", i);
          g_variant_builder_add (&options, "{sv}", key, g_variant_new_boolean (TRUE));
        }
      if (n == 16)
        accepts ("SetOptions", g_variant_new ("(a{sv})", &options));
      else
        refuses ("SetOptions", g_variant_new ("(a{sv})", &options), "options");
    }
}

static void
test_no_keys_known (void)
{
  accepts ("SyncNow", g_variant_new_parsed ("(@a{sv} {},)"));
  refuses ("SyncNow", g_variant_new_parsed ("({'force': <true>},)"), "force");
  refuses ("Diagnose", g_variant_new_parsed ("('a', {'deep': <true>})"), "deep");
  refuses ("Diagnose", g_variant_new_parsed ("('a', {'operator': <'Ours'>})"), "operator");
  accepts ("Diagnose", g_variant_new_parsed ("('a', {'nts': <true>, 'port': <uint16 4461>,"
                                             " 'ca': <'/ca.pem'>})"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arguments/host-of-254-octets-or-none-is-refused", test_host_length);
  g_test_add_func ("/arguments/host-with-invisible-characters-is-refused", test_host_characters);
  g_test_add_func ("/arguments/option-text-is-limited", test_option_text);
  g_test_add_func ("/arguments/option-names-are-limited", test_option_names);
  g_test_add_func ("/arguments/key-given-twice-is-refused", test_keys_twice);
  g_test_add_func ("/arguments/too-many-keys-are-refused", test_many_keys);
  g_test_add_func ("/arguments/unknown-option-of-sync-is-refused", test_no_keys_known);
  return g_test_run ();
}
