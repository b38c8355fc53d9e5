/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "directory.h"
#include "journal.h"

#include <string.h>
#include <sys/stat.h>

#define NAME "lines"
#define MOST 1000

typedef struct
{
  Directory directory;
  State *state;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  directory_set_up (&self->directory, NULL);
  self->state = state_open (self->directory.path, NULL);
  g_assert_nonnull (self->state);
  self->path = directory_file (&self->directory, NAME);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  state_free (self->state);
  g_free (self->path);
  directory_tear_down (&self->directory, NULL);
}

/* A line that begins with "bad" makes no sense. */
static gboolean
collect (char *line, gpointer data)
{
  if (g_str_has_prefix (line, "bad"))
    return FALSE;
  g_string_append_printf (data, "%s;", line);
  return TRUE;
}

static void
assert_holds (Journal *journal, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);

  journal_read (journal, collect, found);
  g_assert_cmpstr (found->str, ==, expected);
}

static void
assert_warned (Journal *journal, const char *expected, const char *warning)
{
  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, warning);
  assert_holds (journal, expected);
  g_test_assert_expected_messages ();
}

/* Adds octets to the file behind the journal's back. */
static void
damage (Fixture *self, const char *octets, gsize length)
{
  FILE *file = fopen (self->path, "a");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (octets, 1, length, file), ==, length);
  fclose (file);
}

static void
test_keeps_lines (Fixture *self, gconstpointer data)
{
  g_autoptr (Journal) journal = journal_new (self->state, NAME, MOST);
  g_autoptr (Journal) next = NULL;
  struct stat status;

  assert_holds (journal, "");
  journal_add (journal, "one");
  journal_save (journal);
  g_assert_cmpuint (journal_unsaved (journal), ==, 0);
  journal_add (journal, "two");
  assert_holds (journal, "one;two;");
  journal_save (journal);
  g_assert_cmpint (stat (self->path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);

  next = journal_new (self->state, NAME, MOST);
  assert_holds (next, "one;two;");
  journal_delete (next);
  assert_holds (next, "");
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

static void
test_passes_over_a_cut_line (Fixture *self, gconstpointer data)
{
  g_autoptr (Journal) journal = journal_new (self->state, NAME, MOST);
  g_autoptr (Journal) next = NULL;

  journal_add (journal, "one");
  journal_save (journal);
  damage (self, "tw", 2);
  assert_warned (journal, "one;", "*/lines: 1 lines make no sense; passed over");
  assert_holds (journal, "one;"); /* and says so once */

  journal_add (journal, "three");
  journal_save (journal);
  assert_holds (journal, "one;three;");
  next = journal_new (self->state, NAME, MOST);
  assert_warned (next, "one;three;", "*: 1 lines make no sense*");
}

static void
test_passes_over_what_makes_no_sense (Fixture *self, gconstpointer data)
{
  static const char bad[] = "one\nbad line\nt\0wo\n\xff\xfe\nth\x1bree\n\nfour\n";
  g_autoptr (Journal) journal = journal_new (self->state, NAME, 4 * JOURNAL_LINE_MAX);
  g_autofree char *longest = g_strnfill (JOURNAL_LINE_MAX + 1, 'x');

  journal_add (journal, "zero");
  journal_save (journal);
  damage (self, bad, sizeof bad - 1);
  damage (self, longest, strlen (longest));
  damage (self, "\nfive\n", 6);
  assert_warned (journal, "zero;one;four;five;", "*: 5 lines make no sense*");
}

static gboolean
is_even (char *line, gpointer data)
{
  return (line[strlen (line) - 1] - '0') % 2 == 0;
}

static void
test_filters (Fixture *self, gconstpointer data)
{
  g_autoptr (Journal) journal = journal_new (self->state, NAME, MOST);
  g_autoptr (Journal) next = NULL;

  for (char c = '1'; c <= '5'; c++)
    {
      const char line[] = { 'l', c, '\0' };
      journal_add (journal, line);
      if (c == '3')
        journal_save (journal);
    }
  journal_filter (journal, is_even, NULL);
  assert_holds (journal, "l2;l4;");
  next = journal_new (self->state, NAME, MOST);
  assert_holds (next, "l2;l4;");
}

static gboolean
count (char *line, gpointer data)
{
  guint *last = data;
  guint number = (guint) g_ascii_strtoull (line, NULL, 10);

  g_assert_true (*last == 0 || number == *last + 1);
  *last = number;
  return TRUE;
}

static void
test_is_bounded (Fixture *self, gconstpointer data)
{
  State *state = data != NULL ? NULL : self->state;
  g_autoptr (Journal) journal = journal_new (state, NAME, MOST);
  struct stat status;
  guint last = 0;

  for (guint i = 1; i <= 1000; i++)
    {
      g_autofree char *line = g_strdup_printf ("%u", i);
      journal_add (journal, line);
      journal_save (journal);
      g_assert_cmpuint (journal_unsaved (journal), <=, MOST);
      if (state != NULL && stat (self->path, &status) == 0)
        g_assert_cmpint (status.st_size, <=, MOST);
    }
  journal_read (journal, count, &last);
  g_assert_cmpuint (last, ==, 1000);
}

static void
test_gives_up_a_huge_file (Fixture *self, gconstpointer data)
{
  g_autoptr (Journal) journal = journal_new (self->state, NAME, MOST);
  g_autofree char *much = g_strnfill (10 * MOST, 'x');

  g_assert_true (state_write (self->state, NAME, much, strlen (much)));
  journal_add (journal, "one");
  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "*is too large; ignored");
  journal_save (journal);
  g_test_assert_expected_messages ();
  journal_add (journal, "two");
  journal_save (journal);
  assert_holds (journal, "two;");
}

/* A directory in its place stands for any disk that cannot be written. */
static void
test_waits_for_the_disk (Fixture *self, gconstpointer data)
{
  g_autoptr (Journal) journal = journal_new (self->state, NAME, MOST);

  g_assert_cmpint (g_mkdir (self->path, 0700), ==, 0);
  journal_add (journal, "one");
  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "*/lines: cannot be written: *");
  journal_save (journal);
  journal_save (journal);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (journal_unsaved (journal), ==, 4);

  g_assert_cmpint (g_rmdir (self->path), ==, 0);
  journal_save (journal);
  g_assert_cmpuint (journal_unsaved (journal), ==, 0);
  assert_holds (journal, "one;");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*run) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/journal/keeps-lines", test_keeps_lines },
    { "/journal/passes-over-a-cut-line", test_passes_over_a_cut_line },
    { "/journal/passes-over-what-makes-no-sense", test_passes_over_what_makes_no_sense },
    { "/journal/filters", test_filters },
    { "/journal/is-bounded", test_is_bounded },
    { "/journal/gives-up-a-huge-file", test_gives_up_a_huge_file },
    { "/journal/waits-for-the-disk", test_waits_for_the_disk },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  g_test_add ("/journal/is-bounded-in-memory", Fixture, "memory", set_up, test_is_bounded,
              tear_down);
  return g_test_run ();
}
