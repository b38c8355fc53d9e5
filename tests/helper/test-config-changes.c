/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What users change, and how it is kept beside the administrator's file. */

#include "config.h"
#include "directory.h"
#include "error.h"

#include <math.h>
#include <string.h>

static const char file_text[] = "[Clock]\nMaximumChange=500\n"
                                "[Server a.example]\nPort=1\nOperator=A\n"
                                "[Server b.example]\n"
                                "[Server plain.example]\nNTS=false\nTrust=true\n";

static Config *
load (Directory *directory)
{
  g_autofree char *path = directory_file (directory, "gnomon.conf");

  g_assert_true (g_file_set_contents (path, file_text, -1, NULL));
  return config_load (path, TRUE, NULL);
}

static GVariant *
parse (const char *options)
{
  return g_variant_ref_sink (g_variant_new_parsed (options));
}

/* The same configuration as the next run has it. */
static Config *
reload (Directory *directory, const Config *config)
{
  g_autofree char *data = config_get_users_data (config);
  Config *next = load (directory);

  config_apply_users (next, data, strlen (data), "settings.conf");
  return next;
}

static void
assert_refused (GError **error, const char *field)
{
  g_assert_error (*error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT);
  if (!g_str_has_prefix ((*error)->message, field))
    g_error ("\"%s\" does not name %s", (*error)->message, field);
  g_clear_error (error);
}

static void
test_changes_last (Directory *directory, gconstpointer data)
{
  g_autoptr (Config) config = load (directory);
  g_autoptr (Config) next = NULL;
  g_autoptr (GVariant) added = parse ("{'port': <uint16 4461>, 'country': <'Germany'>}");
  g_autoptr (GVariant) changed = parse ("{'port': <uint16 2>}");
  g_autoptr (GVariant) options = parse ("{'minimum-sources': <uint32 2>}");
  const ServerConfig *server;

  g_assert_true (config_add_server (config, "C.example.", added, NULL));
  g_assert_true (config_change_server (config, "a.example", changed, NULL));
  g_assert_true (config_remove_server (config, "b.example", NULL));
  g_assert_true (config_set_options (config, options, NULL));
  config_set_automatic (config, FALSE);

  next = reload (directory, config);
  g_assert_cmpuint (config_get_n_servers (next), ==, 3);
  server = config_find_server (next, "c.example");
  g_assert_cmpuint (server->port, ==, 4461);
  g_assert_cmpstr (server->country, ==, "Germany");
  server = config_find_server (next, "a.example");
  g_assert_cmpuint (server->port, ==, 2);
  g_assert_cmpstr (server->operator_name, ==, "A");
  g_assert_null (config_find_server (next, "b.example"));
  g_assert_cmpuint (config_get_options (next)->minimum_sources, ==, 2);
  g_assert_cmpfloat (config_get_options (next)->maximum_change_s, ==, 500);
  g_assert_false (config_get_options (next)->automatic);
}

static void
test_a_removed_server_can_come_back (Directory *directory, gconstpointer data)
{
  g_autoptr (Config) config = load (directory);
  g_autoptr (Config) next = NULL;
  g_autoptr (GVariant) none = parse ("@a{sv} {}");

  g_assert_true (config_remove_server (config, "b.example", NULL));
  g_assert_true (config_add_server (config, "b.example", none, NULL));
  next = reload (directory, config);
  g_assert_nonnull (config_find_server (next, "b.example"));
}

static void
test_refuses_servers_that_make_no_sense (Directory *directory, gconstpointer data)
{
  static const struct
  {
    const char *host, *options, *field;
  } cases[] = {
    { "", "@a{sv} {}", "host: " },
    { "a\tb", "@a{sv} {}", "host: " },
    { "A.EXAMPLE.", "@a{sv} {}", "host: " },
    { "c.example", "{'port': <uint16 0>}", "port: " },
    { "c.example", "{'port': <4460>}", "port: " },
    { "c.example", "{'port': <'4460'>}", "port: " },
    { "c.example", "{'ntp-port': <uint16 1123>}", "ntp-port: " },
    { "c.example", "{'nts': <'true'>}", "nts: " },
    { "c.example", "{'trust': <true>}", "trust: " },
    { "c.example", "{'colour': <'blue'>}", "colour: " },
    { "c.example", "{'ca': <'ca.pem'>}", "ca: " },
    { "c.example", "{'ca': <'/nowhere/ca.pem'>}", "ca: " },
    { "c.example", "{'ca': <'/dev/zero'>}", "ca: " },
    { "c.example", "{'operator': <'a\\nb'>}", "operator: " },
    { "c.example", "{'port': <uint16 4461>, 'colour': <'blue'>}", "colour: " },
  };
  g_autoptr (Config) config = load (directory);
  g_autofree char *before = config_get_users_data (config);
  g_autofree char *after = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) options = parse (cases[i].options);
      g_autoptr (GError) error = NULL;

      g_assert_false (config_add_server (config, cases[i].host, options, &error));
      assert_refused (&error, cases[i].field);
    }
  after = config_get_users_data (config);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpuint (config_get_n_servers (config), ==, 3);
}

static void
test_refuses_the_seventeenth (Directory *directory, gconstpointer data)
{
  g_autoptr (Config) config = config_new ();
  g_autoptr (GVariant) none = parse ("@a{sv} {}");
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 16; i++)
    {
      g_autofree char *host = g_strdup_printf ("s%d.example", i);
      g_assert_true (config_add_server (config, host, none, NULL));
    }
  g_assert_false (config_add_server (config, "s16.example", none, &error));
  assert_refused (&error, "host: ");
  g_assert_cmpuint (config_get_n_servers (config), ==, 16);
}

static void
test_refuses_changes_of_what_is_not_there (Directory *directory, gconstpointer data)
{
  g_autoptr (Config) config = load (directory);
  g_autoptr (GVariant) none = parse ("@a{sv} {}");
  g_autoptr (GError) error = NULL;

  g_assert_false (config_change_server (config, "c.example", none, &error));
  assert_refused (&error, "host: ");
  g_assert_false (config_remove_server (config, "c.example", &error));
  assert_refused (&error, "host: ");
}

static void
test_trust_is_the_administrators (Directory *directory, gconstpointer data)
{
  static const char settings[] = "[Server plain.example]\nNTS=false\nNTPPort=1123\nTrust=true\n";
  g_autoptr (Config) config = load (directory);
  g_autoptr (GVariant) elsewhere = parse ("{'ntp-port': <uint16 1123>}");
  g_autoptr (GError) error = NULL;

  g_assert_true (config_find_server (config, "plain.example")->trusted);
  g_assert_false (config_change_server (config, "plain.example", elsewhere, &error));
  assert_refused (&error, "host: ");
  g_assert_true (config_find_server (config, "plain.example")->trusted);

  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING,
                         "settings.conf: [Server plain.example] Trust: *");
  config_apply_users (config, settings, strlen (settings), "settings.conf");
  g_test_assert_expected_messages ();
  g_assert_false (config_find_server (config, "plain.example")->trusted);
}

static void
test_options_are_checked_whole (Directory *directory, gconstpointer data)
{
  static const struct
  {
    const char *options, *field;
  } cases[] = {
    { "{'step-threshold': <1>}", "step-threshold: " },
    { "{'step-threshold': <-1.0>}", "step-threshold: " },
    { "{'step-threshold': <1.0>, 'minimum-poll': <int16 3>}", "minimum-poll: " },
    { "{'minimum-poll': <int16 18>}", "minimum-poll: " },
    { "{'minimum-poll': <int16 11>}", "minimum-poll: " },
    { "{'minimum-sources': <uint32 0>}", "minimum-sources: " },
    { "{'maximum-change': <100.0>}", "maximum-change: " },
    { "{'keep-days': <uint32 0>}", "keep-days: " },
    { "{'keep-days': <uint32 366>}", "keep-days: " },
    { "{'keep-days': <int32 30>}", "keep-days: " },
    { "{'automatic': <false>}", "automatic: " },
    { "{'': <false>}", ": " },
  };
  g_autoptr (Config) config = load (directory);
  const NtpOptions before = *config_get_options (config);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) options = parse (cases[i].options);
      g_autoptr (GError) error = NULL;

      g_assert_false (config_set_options (config, options, &error));
      assert_refused (&error, cases[i].field);
      g_assert_cmpmem (config_get_options (config), sizeof before, &before, sizeof before);
    }
}

static void
test_infinite_numbers_are_refused (Directory *directory, gconstpointer data)
{
  g_autoptr (Config) config = load (directory);
  g_autoptr (GVariant) options =
      g_variant_ref_sink (g_variant_new_parsed ("{'step-threshold': <%d>}", (double) INFINITY));
  g_autoptr (GVariant) nan_options =
      g_variant_ref_sink (g_variant_new_parsed ("{'step-threshold': <%d>}", (double) NAN));
  g_autoptr (GError) error = NULL;

  g_assert_false (config_set_options (config, options, &error));
  assert_refused (&error, "step-threshold: ");
  g_assert_false (config_set_options (config, nan_options, &error));
  assert_refused (&error, "step-threshold: ");
}

static void
test_tells_what_is_locked (Directory *directory, gconstpointer data)
{
  g_autoptr (Config) config = load (directory);
  g_autoptr (GVariant) options = g_variant_ref_sink (config_get_options_variant (config));
  g_autoptr (GVariant) expected = parse (
      "{'step-threshold': <0.5>, 'maximum-change': <500.0>, 'minimum-sources': <uint32 3>,"
      " 'minimum-operators': <uint32 2>, 'minimum-poll': <int16 6>,"
      " 'maximum-poll': <int16 10>, 'keep-days': <uint32 30>, 'locked': <['maximum-change']>}");
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_assert_cmpuint (g_variant_n_children (options), ==, g_variant_n_children (expected));
  g_variant_iter_init (&iter, expected);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    {
      g_autoptr (GVariant) found = g_variant_lookup_value (options, key, NULL);
      g_assert_cmpvariant (found, value);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  directory_add_test ("/config-changes/changes-last", test_changes_last);
  directory_add_test ("/config-changes/a-removed-server-can-come-back",
                      test_a_removed_server_can_come_back);
  directory_add_test ("/config-changes/refuses-servers-that-make-no-sense",
                      test_refuses_servers_that_make_no_sense);
  directory_add_test ("/config-changes/refuses-the-seventeenth", test_refuses_the_seventeenth);
  directory_add_test ("/config-changes/refuses-changes-of-what-is-not-there",
                      test_refuses_changes_of_what_is_not_there);
  directory_add_test ("/config-changes/trust-is-the-administrators",
                      test_trust_is_the_administrators);
  directory_add_test ("/config-changes/options-are-checked-whole", test_options_are_checked_whole);
  directory_add_test ("/config-changes/infinite-numbers-are-refused",
                      test_infinite_numbers_are_refused);
  directory_add_test ("/config-changes/tells-what-is-locked", test_tells_what_is_locked);
  return g_test_run ();
}
