/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What configuration files say. Each warning that is expected names file, group and key; any other
 * ends the test. */

#include "config.h"
#include "directory.h"

#include <string.h>

static void
expect (const char *pattern)
{
  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, pattern);
}

static Config *
load_octets (Directory *directory, const char *octets, gssize length)
{
  g_autofree char *path = directory_file (directory, "gnomon.conf");
  g_autoptr (GError) error = NULL;
  Config *config;

  g_assert_true (g_file_set_contents (path, octets, length, NULL));
  config = config_load (path, TRUE, &error);
  g_assert_no_error (error);
  g_test_assert_expected_messages ();
  return config;
}

static Config *
load (Directory *directory, const char *text)
{
  return load_octets (directory, text, -1);
}

static void
test_defaults (Directory *directory, gconstpointer data)
{
  g_autoptr (Config) config = load (directory, "");
  const NtpOptions *options = config_get_options (config);

  g_assert_true (options->automatic);
  g_assert_cmpfloat (options->step_threshold_s, ==, 0.5);
  g_assert_cmpfloat (options->maximum_change_s, ==, 1000);
  g_assert_cmpuint (options->minimum_sources, ==, 3);
  g_assert_cmpuint (options->minimum_operators, ==, 2);
  g_assert_cmpint (options->minimum_poll_log2, ==, 6);
  g_assert_cmpint (options->maximum_poll_log2, ==, 10);
  g_assert_cmpuint (config_get_keep_days (config), ==, 30);
  g_assert_cmpuint (config_get_n_servers (config), ==, 0);
}

static void
test_takes_all_keys (Directory *directory, gconstpointer data)
{
  g_autoptr (Config) config = load (directory, "# a comment\n"
                                               "[Clock]\n"
                                               "Automatic=false\n"
                                               "StepThreshold=0.25   # and one behind a value\n"
                                               "MaximumChange=1e3\n"
                                               "MinimumSources=2\n"
                                               "MinimumOperators=1\n"
                                               "MinimumPoll=-2\n"
                                               "MaximumPoll=4\n"
                                               "\n"
                                               "[Records]\n"
                                               "KeepDays=7\n"
                                               "[Server PTBtime1.ptb.de]\n"
                                               "Port=4461\n"
                                               "Operator=PTB\n"
                                               "Country=Germany\n"
                                               "[Server 192.0.2.1]\n"
                                               "NTS=false\n"
                                               "NTPPort=1123\n"
                                               "Trust=true\n"
                                               "[Server 2001:db8::1]\n");
  const NtpOptions *options = config_get_options (config);
  const ServerConfig *server;

  g_assert_false (options->automatic);
  g_assert_cmpfloat (options->step_threshold_s, ==, 0.25);
  g_assert_cmpfloat (options->maximum_change_s, ==, 1000);
  g_assert_cmpuint (options->minimum_sources, ==, 2);
  g_assert_cmpuint (options->minimum_operators, ==, 1);
  g_assert_cmpint (options->minimum_poll_log2, ==, -2);
  g_assert_cmpint (options->maximum_poll_log2, ==, 4);
  g_assert_cmpuint (config_get_keep_days (config), ==, 7);
  g_assert_cmpuint (config_get_n_servers (config), ==, 3);

  server = config_get_server (config, 0);
  g_assert_cmpstr (server->host, ==, "ptbtime1.ptb.de");
  g_assert_true (server->nts);
  g_assert_cmpuint (server->port, ==, 4461);
  g_assert_cmpstr (server->operator_name, ==, "PTB");
  g_assert_cmpstr (server->country, ==, "Germany");
  g_assert_null (server->ca_file);
  server = config_find_server (config, "192.0.2.1");
  g_assert_false (server->nts);
  g_assert_true (server->trusted);
  g_assert_cmpuint (server->ntp_port, ==, 1123);
  server = config_get_server (config, 2);
  g_assert_cmpstr (server->host, ==, "2001:db8::1");
  g_assert_cmpuint (server->port, ==, 4460);
}

static void
test_names_what_makes_no_sense (Directory *directory, gconstpointer data)
{
  static const struct
  {
    const char *line, *warning;
  } cases[] = {
    { "StepThreshold=soon", "*gnomon.conf: [Clock] StepThreshold: must be a number*" },
    { "StepThreshold=nan", "*[Clock] StepThreshold: must be a number*" },
    { "StepThreshold=-1", "*[Clock] StepThreshold: must be from 0.001 to 86400*" },
    { "MaximumChange=1e99", "*[Clock] MaximumChange: must be from*" },
    { "MaximumChange=", "*[Clock] MaximumChange: must be a number*" },
    { "MinimumSources=0", "*[Clock] MinimumSources: must be from 1 to 64*" },
    { "MinimumSources=2.5", "*[Clock] MinimumSources: must be a whole number*" },
    { "MinimumSources=99999999999999999999", "*[Clock] MinimumSources: must be from*" },
    { "MinimumOperators=2x", "*[Clock] MinimumOperators: must be a number*" },
    { "MinimumPoll=-5", "*[Clock] MinimumPoll: must be from -4 to 17*" },
    { "MaximumPoll=18", "*[Clock] MaximumPoll: must be from -4 to 17*" },
    { "MinimumPoll=11", "*[Clock] MinimumPoll: is above MaximumPoll*" },
    { "Automatic=perhaps", "*[Clock] Automatic: must be true or false*" },
    { "Colour=blue", "*[Clock] Colour: unknown key*" },
    { "KeepDays=7", "*[Clock] KeepDays: unknown key*" },
    { "[Records]\nAutomatic=false", "*[Records] Automatic: unknown key*" },
    { "[Records]\nKeepDays=0", "*[Records] KeepDays: must be from 1 to 365*" },
    { "just some words", "*[Clock] just some words: is neither group, key nor comment*" },
    { "StepThreshold=\xff\xfe", "*[Clock] StepThreshold: is not UTF-8*" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("[Clock]\n%s\n[Server a.example]\n", cases[i].line);
      g_autoptr (Config) config = NULL;

      expect (cases[i].warning);
      config = load (directory, text);
      /* All else is as if the line were not there. */
      g_assert_cmpmem (config_get_options (config), sizeof (NtpOptions), &ntp_options_default,
                       sizeof (NtpOptions));
      g_assert_cmpuint (config_get_n_servers (config), ==, 1);
    }
}

static void
test_names_what_is_wrong_with_a_server (Directory *directory, gconstpointer data)
{
  static const struct
  {
    const char *line, *warning;
  } cases[] = {
    { "Port=0", "*[Server a.example] Port: must be from 1 to 65535*" },
    { "Port=65536", "*[Server a.example] Port: must be from 1 to 65535*" },
    { "Port=https", "*[Server a.example] Port: must be a number*" },
    { "NTPPort=1123", "*[Server a.example] NTPPort: is only for NTS=false*" },
    { "Trust=true", "*[Server a.example] Trust: is only for NTS=false*" },
    { "CA=ca.pem", "*[Server a.example] CA: must be an absolute path*" },
    { "Accept=all", "*[Server a.example] Accept: must be any, issuer or key*" },
    { "NTS=maybe", "*[Server a.example] NTS: must be true or false*" },
    { "Operator=a\tb", "*[Server a.example] Operator: must not hold control characters*" },
    { "Removed=true", "*[Server a.example] Removed: unknown key*" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("[Server a.example]\n%s\n", cases[i].line);
      g_autoptr (Config) config = NULL;
      const ServerConfig *server;

      expect (cases[i].warning);
      config = load (directory, text);
      server = config_find_server (config, "a.example");
      g_assert_nonnull (server);
      g_assert_true (server->nts);
      g_assert_false (server->trusted);
      g_assert_cmpuint (server->port, ==, 4460);
      g_assert_cmpuint (server->ntp_port, ==, 123);
      g_assert_null (server->ca_file);
      g_assert_null (server->operator_name);
    }
}

/* Such a server stays, fails for this reason until the file is there, and is never asked with other
 * certificates. */
static void
test_keeps_a_server_whose_ca_file_is_missing (Directory *directory, gconstpointer data)
{
  g_autofree char *path = directory_file (directory, "missing.pem");
  g_autofree char *text = g_strdup_printf ("[Server a.example]\nCA=%s\n", path);
  g_autoptr (Config) config = NULL;

  expect ("*gnomon.conf: [Server a.example] CA: */missing.pem cannot be read*");
  config = load (directory, text);
  g_assert_cmpstr (config_find_server (config, "a.example")->ca_file, ==, path);
}

static void
test_refuses_odd_ca_files (Directory *directory, gconstpointer data)
{
  g_autofree char *text = g_strdup_printf ("[Server a.example]\nCA=%s\n"
                                           "[Server b.example]\nCA=/dev/null\n",
                                           directory->path);
  g_autoptr (Config) config = NULL;

  expect ("*[Server a.example] CA: * is not a regular file*");
  expect ("*[Server b.example] CA: /dev/null is not a regular file*");
  config = load (directory, text);
}

static void
test_the_first_of_two_counts (Directory *directory, gconstpointer data)
{
  g_autoptr (Config) config = NULL;

  expect ("*[Clock] StepThreshold: this key was there before*");
  expect ("*[Server a.example] : this group was there before*");
  expect ("*[Clock] : this group was there before*");
  expect ("*[Server A.Example.] a.example: this server was there before*");
  config = load (directory, "[Clock]\nStepThreshold=1\nStepThreshold=2\n"
                            "[Server a.example]\nPort=1\n"
                            "[Server a.example]\nPort=2\n"
                            "[Server A.Example.]\nPort=3\n"
                            "[Clock]\nStepThreshold=3\n");
  g_assert_cmpuint (config_get_n_servers (config), ==, 1);
  g_assert_cmpuint (config_get_server (config, 0)->port, ==, 1);
  g_assert_cmpfloat (config_get_options (config)->step_threshold_s, ==, 1);
}

static void
test_leaves_out_what_is_no_group (Directory *directory, gconstpointer data)
{
  static const char octets[] = "Port=1\n"
                               "[Clok]\nAutomatic=false\n"
                               "[Server ]\n"
                               "[Server not a host]\n"
                               "[Server \xff]\nPort=2\n"
                               "[Server a.example\n"
                               "a\0b=1\n"
                               "[Server b.example]\nPort=3\n";
  g_autoptr (Config) config = NULL;

  expect ("*[] Port: stands before the first group*");
  expect ("*[] * is not UTF-8*");
  expect ("*Server a.example: is not a group*");
  expect ("*a: holds a NUL octet*");
  expect ("*[Clok] : unknown group*");
  expect ("*[Server ] : host: is empty*");
  expect ("*[Server not a host] not a host: host: *");
  config = load_octets (directory, octets, sizeof octets - 1);
  g_assert_cmpuint (config_get_n_servers (config), ==, 1);
  g_assert_cmpuint (config_get_server (config, 0)->port, ==, 3);
  g_assert_true (config_get_options (config)->automatic);
}

/* Warnings by the thousand are what is wanted here. */
static gboolean
go_on (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  return FALSE;
}

static GLogWriterOutput
write_nothing (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  return G_LOG_WRITER_HANDLED;
}

static void
test_random_octets_do_no_harm (Directory *directory, gconstpointer data)
{
  static const char alphabet[] = "[]=#\n\n \\SCP1\xff\xc3";
  char octets[400];

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      return;
    }
  g_test_log_set_fatal_handler (go_on, NULL);
  g_log_set_writer_func (write_nothing, NULL, NULL);
  for (int round = 0; round < 2000; round++)
    {
      g_autoptr (Config) config = NULL;
      for (gsize i = 0; i < sizeof octets; i++)
        octets[i] = alphabet[g_test_rand_int_range (0, sizeof alphabet)];
      config = load_octets (directory, octets, sizeof octets);
    }
}

static void
test_a_missing_file_matters_only_when_named (Directory *directory, gconstpointer data)
{
  g_autofree char *path = directory_file (directory, "missing.conf");
  g_autoptr (GError) error = NULL;
  g_autoptr (Config) config = config_load (path, FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (config_get_n_servers (config), ==, 0);
  g_assert_null (config_load (path, TRUE, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, "missing.conf"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  directory_add_test ("/config/defaults", test_defaults);
  directory_add_test ("/config/takes-all-keys", test_takes_all_keys);
  directory_add_test ("/config/names-what-makes-no-sense", test_names_what_makes_no_sense);
  directory_add_test ("/config/names-what-is-wrong-with-a-server",
                      test_names_what_is_wrong_with_a_server);
  directory_add_test ("/config/keeps-a-server-whose-ca-file-is-missing",
                      test_keeps_a_server_whose_ca_file_is_missing);
  directory_add_test ("/config/refuses-odd-ca-files", test_refuses_odd_ca_files);
  directory_add_test ("/config/the-first-of-two-counts", test_the_first_of_two_counts);
  directory_add_test ("/config/leaves-out-what-is-no-group", test_leaves_out_what_is_no_group);
  directory_add_test ("/config/random-octets-do-no-harm", test_random_octets_do_no_harm);
  directory_add_test ("/config/a-missing-file-matters-only-when-named",
                      test_a_missing_file_matters_only_when_named);
  return g_test_run ();
}
