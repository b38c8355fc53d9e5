/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "options.h"

#include <string.h>

static gboolean
parse (Options *options, const char *line, GError **error)
{
  g_autofree char *command = g_strconcat ("gnomon-helper ", line, NULL);
  g_auto (GStrv) argv = g_strsplit (command, " ", -1);
  g_autofree char **left = g_memdup2 (argv, (g_strv_length (argv) + 1) * sizeof argv[0]);
  char **rest = left;
  int argc = (int) g_strv_length (argv);

  if (*line == '\0')
    argc = 1;
  return options_parse (options, &argc, &rest, error);
}

static void
test_defaults (void)
{
  Options options;

  g_assert_true (parse (&options, "", NULL));
  g_assert_cmpint (options.bus, ==, OPTIONS_BUS_SYSTEM);
  g_assert_cmpint (options.clock, ==, CLOCK_MODE_SYSTEM);
  g_assert_false (options.config_required);
  g_assert_true (g_str_has_suffix (options.config, "/gnomon/gnomon.conf"));
  g_assert_true (g_str_has_suffix (options.state_dir, "/lib/gnomon"));
  options_clear (&options);
}

static void
test_takes_all (void)
{
  Options options;

  g_assert_true (parse (&options,
                        "--bus=none --clock=virtual --virtual-offset=-2.5 --virtual-frequency=40 "
                        "--config=/c --state-dir=/s --log-dir=/l --once --timeout=3 --json",
                        NULL));
  g_assert_cmpint (options.bus, ==, OPTIONS_BUS_NONE);
  g_assert_cmpint (options.clock, ==, CLOCK_MODE_VIRTUAL);
  g_assert_cmpfloat (options.virtual_offset_s, ==, -2.5);
  g_assert_cmpfloat (options.virtual_frequency_ppm, ==, 40);
  g_assert_cmpstr (options.config, ==, "/c");
  g_assert_true (options.config_required);
  g_assert_cmpstr (options.state_dir, ==, "/s");
  g_assert_cmpstr (options.log_dir, ==, "/l");
  g_assert_true (options.once);
  g_assert_true (options.json);
  g_assert_cmpuint (options.timeout_s, ==, 3);
  options_clear (&options);
}

/* A clock that is not the system's, or not ours to keep, leaves nothing behind unless it is told
 * where. */
static void
test_keeps_state_for_the_real_clock_only (void)
{
  static const char *const lines[] = { "--bus=session --clock=virtual", "--clock=virtual",
                                       "--clock=observe" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      Options options;
      g_assert_true (parse (&options, lines[i], NULL));
      g_assert_null (options.state_dir);
      options_clear (&options);
    }
}

static void
test_refuses (gconstpointer data)
{
  const char *line = data;
  g_autoptr (GError) error = NULL;
  Options options;

  g_assert_false (parse (&options, line, &error));
  g_assert_true (error->domain == G_OPTION_ERROR);
  options_clear (&options);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name, *line;
  } refused[] = {
    { "the-system-clock-on-a-session-bus", "--bus=session --clock=system" },
    { "the-default-clock-on-a-session-bus", "--bus=session" },
    { "unknown-options", "--nonsense" },
    { "arguments", "--bus=none something" },
    { "an-unknown-bus", "--bus=x" },
    { "an-unknown-clock", "--clock=Virtual" },
    { "virtual-offset-of-another-clock", "--clock=observe --virtual-offset=1" },
    { "virtual-frequency-of-another-clock", "--virtual-frequency=1" },
    { "an-offset-that-is-no-number", "--clock=virtual --virtual-offset=1s" },
    { "an-empty-offset", "--clock=virtual --virtual-offset=" },
    { "an-offset-that-is-not-finite", "--clock=virtual --virtual-offset=nan" },
    { "a-frequency-beyond-all-clocks", "--clock=virtual --virtual-frequency=100001" },
    { "json-without-once", "--bus=none --json" },
    { "a-timeout-without-once", "--bus=none --timeout=1" },
    { "a-timeout-of-nothing", "--once --timeout=0" },
    { "a-timeout-that-is-no-number", "--once --timeout=x" },
    { "once-on-a-session-bus", "--bus=session --clock=virtual --once" },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/defaults", test_defaults);
  g_test_add_func ("/options/takes-all", test_takes_all);
  g_test_add_func ("/options/keeps-state-for-the-real-clock-only",
                   test_keeps_state_for_the_real_clock_only);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strconcat ("/options/refuses-", refused[i].name, NULL);
      g_test_add_data_func (path, refused[i].line, test_refuses);
    }
  return g_test_run ();
}
