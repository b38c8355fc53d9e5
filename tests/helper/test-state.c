/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "directory.h"
#include "state.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 1000

static State *
open_state (Directory *directory)
{
  g_autoptr (GError) error = NULL;
  State *state = state_open (directory->path, &error);

  g_assert_no_error (error);
  return state;
}

static guint
mode_of (const char *path)
{
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);
  return status.st_mode & 0777;
}

static void
test_keeps_what_is_written (Directory *directory, gconstpointer data)
{
  g_autoptr (State) state = open_state (directory);
  g_autofree char *path = directory_file (directory, "keys");
  g_autofree guint8 *first = NULL, *second = NULL;
  gsize length;

  g_assert_true (state_write (state, "keys", "one\0two", 7));
  first = state_read (state, "keys", MOST, &length);
  g_assert_cmpmem (first, length, "one\0two", 7);
  g_assert_cmpuint (mode_of (path), ==, 0600);

  g_assert_true (state_write (state, "keys", "three", 5));
  second = state_read (state, "keys", MOST, &length);
  g_assert_cmpmem (second, length, "three", 5);
  g_assert_true (state_delete (state, "keys"));
  g_assert_null (state_read (state, "keys", MOST, &length));
  g_assert_true (state_delete (state, "keys"));
}

static void
test_makes_the_directory_private (Directory *directory, gconstpointer data)
{
  g_autofree char *path = directory_file (directory, "state");
  g_autoptr (State) state = NULL;

  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  state = state_open (path, NULL);
  g_assert_nonnull (state);
  g_assert_cmpuint (mode_of (path), ==, 0700);
}

static void
test_refuses_what_is_no_directory (Directory *directory, gconstpointer data)
{
  g_autofree char *path = directory_file (directory, "file");
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_null (state_open (path, &error));
  g_assert_nonnull (error);
}

static void
expect (const char *why)
{
  g_autofree char *pattern = g_strdup_printf ("*/keys: %s; ignored", why);

  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, pattern);
}

static void
assert_ignored (State *state)
{
  gsize length;

  g_assert_null (state_read (state, "keys", MOST, &length));
  g_assert_cmpuint (length, ==, 0);
  g_test_assert_expected_messages ();
}

static void
test_ignores_files_that_others_can_read (Directory *directory, gconstpointer data)
{
  g_autoptr (State) state = open_state (directory);
  g_autofree char *path = directory_file (directory, "keys");

  g_assert_true (state_write (state, "keys", "x", 1));
  g_assert_cmpint (chmod (path, 0640), ==, 0);
  expect ("may be read by others");
  assert_ignored (state);
}

static void
test_ignores_links_without_following (Directory *directory, gconstpointer data)
{
  g_autoptr (State) state = open_state (directory);
  g_autofree char *target = directory_file (directory, "target");
  g_autofree char *path = directory_file (directory, "keys");
  g_autofree char *content = NULL;

  g_assert_true (state_write (state, "target", "secret", 6));
  g_assert_cmpint (symlink (target, path), ==, 0);
  expect ("is a symbolic link");
  assert_ignored (state);

  /* Writing replaces the link, not what it points at. */
  g_assert_true (state_write (state, "keys", "new", 3));
  g_assert_true (g_file_get_contents (target, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "secret");
}

static void
test_ignores_a_fifo_without_waiting (Directory *directory, gconstpointer data)
{
  g_autoptr (State) state = open_state (directory);
  g_autofree char *path = directory_file (directory, "keys");

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  expect ("is not a regular file");
  assert_ignored (state);
  g_assert_true (state_delete (state, "keys"));
}

static void
test_ignores_files_that_are_too_large (Directory *directory, gconstpointer data)
{
  g_autoptr (State) state = open_state (directory);
  g_autofree char *large = g_strnfill (MOST + 1, 'x');

  g_assert_true (state_write (state, "keys", large, MOST + 1));
  expect ("is too large");
  assert_ignored (state);
}

static void
test_a_failed_write_leaves_the_old_file (Directory *directory, gconstpointer data)
{
  g_autoptr (State) state = open_state (directory);
  g_autofree char *obstacle = directory_file (directory, "keys.new");
  g_autofree guint8 *content = NULL;
  gsize length;

  g_assert_true (state_write (state, "keys", "old", 3));
  /* A directory is in the way of the new file: it can neither be removed nor written. */
  g_assert_cmpint (g_mkdir (obstacle, 0700), ==, 0);
  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "*/keys: cannot be written: *");
  g_assert_false (state_write (state, "keys", "new", 3));
  g_test_assert_expected_messages ();
  content = state_read (state, "keys", MOST, &length);
  g_assert_cmpmem (content, length, "old", 3);
}

static void
test_drift_comes_back (Directory *directory, gconstpointer data)
{
  g_autoptr (State) state = open_state (directory);
  double frequency_ppm, sd_ppm;
  gint64 unix_s;

  g_assert_false (state_load_drift (state, &frequency_ppm, &sd_ppm, &unix_s));
  g_assert_true (state_save_drift (state, -12.345678, 0.25, 1763888888));
  g_assert_true (state_load_drift (state, &frequency_ppm, &sd_ppm, &unix_s));
  g_assert_cmpfloat_with_epsilon (frequency_ppm, -12.345678, 1e-6);
  g_assert_cmpfloat_with_epsilon (sd_ppm, 0.25, 1e-6);
  g_assert_cmpint (unix_s, ==, 1763888888);
}

static void
test_ignores_drift_that_makes_no_sense (Directory *directory, gconstpointer data)
{
  static const char *const bad[] = { "",
                                     "\n",
                                     "1.5\n",
                                     "1.5 0.1 17638888", /* cut */
                                     "1.5 0.1 x\n",
                                     "nan 0.1 1763888888\n",
                                     "1.5 nan 1763888888\n",
                                     "1.5 0 1763888888\n",
                                     "1.5 -1 1763888888\n",
                                     "1e9 0.1 1763888888\n",
                                     "1.5 0.1 1763888888 2\n" };
  g_autoptr (State) state = open_state (directory);
  double frequency_ppm, sd_ppm;
  gint64 unix_s;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_true (state_write (state, STATE_DRIFT, bad[i], strlen (bad[i])));
      g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "*/drift: makes no sense*");
      g_assert_false (state_load_drift (state, &frequency_ppm, &sd_ppm, &unix_s));
      g_test_assert_expected_messages ();
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  directory_add_test ("/state/keeps-what-is-written", test_keeps_what_is_written);
  directory_add_test ("/state/makes-the-directory-private", test_makes_the_directory_private);
  directory_add_test ("/state/refuses-what-is-no-directory", test_refuses_what_is_no_directory);
  directory_add_test ("/state/ignores-files-that-others-can-read",
                      test_ignores_files_that_others_can_read);
  directory_add_test ("/state/ignores-links-without-following",
                      test_ignores_links_without_following);
  directory_add_test ("/state/ignores-a-fifo-without-waiting", test_ignores_a_fifo_without_waiting);
  directory_add_test ("/state/ignores-files-that-are-too-large",
                      test_ignores_files_that_are_too_large);
  directory_add_test ("/state/a-failed-write-leaves-the-old-file",
                      test_a_failed_write_leaves_the_old_file);
  directory_add_test ("/state/drift-comes-back", test_drift_comes_back);
  directory_add_test ("/state/ignores-drift-that-makes-no-sense",
                      test_ignores_drift_that_makes_no_sense);
  return g_test_run ();
}
