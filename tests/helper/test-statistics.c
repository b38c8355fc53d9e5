/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "directory.h"
#include "statistics.h"

#include <locale.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

/* MJD 51544 is 2000-01-01, 946684800 s after 1970 began. */
#define Y2K_NS (946684800 * NS_PER_S)
#define DAY_NS (86400 * NS_PER_S)

static void
assert_file (const Directory *directory, const char *name, const char *expected)
{
  g_autofree char *path = directory_file (directory, name);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    text = NULL;
  g_assert_cmpstr (text, ==, expected);
}

static gboolean
exists (const Directory *directory, const char *name)
{
  g_autofree char *path = directory_file (directory, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
add_loop (Statistics *statistics, gint64 unix_ns)
{
  statistics_add_loop (statistics, unix_ns, 0, 0, 6);
}

/* By hand: of three updates, jitter² is 0, then 0.002²/4, then that less a quarter and 0.001²/4
 * more; and wander² alike with 0.4 and 0.1 ppm. */
static void
test_loop_lines (Directory *directory, gconstpointer data)
{
  g_autoptr (Statistics) statistics = statistics_new (directory->path);

  statistics_add_loop (statistics, Y2K_NS + 75440031 * (NS_PER_S / 1000), 0.000006019, 13.77819, 6);
  statistics_add_loop (statistics, Y2K_NS + 75504031 * (NS_PER_S / 1000), -0.001993981, 14.17819,
                       10);
  statistics_add_loop (statistics, Y2K_NS + 75568031 * (NS_PER_S / 1000), -0.002993981, 14.07819,
                       -4);
  assert_file (directory, "loopstats.20000101",
               "51544 75440.031 0.000006019 13.778190 0.000000000 0.000000 6\n"
               "51544 75504.031 -0.001993981 14.178190 0.001000000 0.200000 10\n"
               "51544 75568.031 -0.002993981 14.078190 0.001000000 0.180278 -4\n");
}

static void
test_peer_lines (Directory *directory, gconstpointer data)
{
  g_autoptr (Statistics) statistics = statistics_new (directory->path);
  const gint64 then_ns = 1709210096789 * (NS_PER_S / 1000); /* 2024-02-29 12:34:56.789 */

  statistics_add_peer (statistics, then_ns, "192.0.2.1", 0xf61a, -0.001605376, 0.0142, 0.001424877,
                       0.000958674);
  statistics_add_peer (statistics, then_ns, "2001:db8::1", 0x00a, 1.5, 0, 0, NAN);
  assert_file (
      directory, "peerstats.20240229",
      "60369 45296.789 192.0.2.1 f61a -0.001605376 0.014200000 0.001424877 0.000958674\n"
      "60369 45296.789 2001:db8::1 000a 1.500000000 0.000000000 0.000000000 0.000000000\n");
}

/* MJD 40587 is 1970-01-01. */
static void
test_dates (Directory *directory, gconstpointer data)
{
  static const struct
  {
    gint64 unix_ns;
    const char *name, *start;
  } cases[] = {
    { 0, "loopstats.19700101", "40587 0.000 " },
    { 86399999 * (NS_PER_S / 1000), "loopstats.19700101", "40587 86399.999 " },
    { -1, "loopstats.19691231", "40586 86399.999 " },
    { -DAY_NS, "loopstats.19691231", "40586 0.000 " },
    { 951782400 * NS_PER_S, "loopstats.20000229", "51603 0.000 " },
    { 951868800 * NS_PER_S, "loopstats.20000301", "51604 0.000 " },
    { 4102444800 * NS_PER_S, "loopstats.21000101", "88069 0.000 " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Statistics) statistics = statistics_new (directory->path);
      g_autofree char *path = directory_file (directory, cases[i].name);
      g_autofree char *text = NULL;

      add_loop (statistics, cases[i].unix_ns);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_true (g_str_has_prefix (text, cases[i].start));
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

/* 0x9614: configured, reachable, system peer, one event: reachable. 0xf61a: with authentication as
 * well, and became the system peer, as ntpq shows it of a server with NTS. */
static void
test_status_words (void)
{
  PeerStatus status = { .configured = TRUE,
                        .reachable = TRUE,
                        .select = PEER_SYSTEM_PEER,
                        .events = 1,
                        .event = PEER_EVENT_REACHABLE };

  g_assert_cmphex (peer_status_word (&status), ==, 0x9614);
  status.authentication = status.authentic = TRUE;
  status.event = PEER_EVENT_SYSTEM_PEER;
  g_assert_cmphex (peer_status_word (&status), ==, 0xf61a);
  status = (PeerStatus){
    .configured = TRUE, .authentication = TRUE, .events = 99, .event = PEER_EVENT_UNREACHABLE
  };
  g_assert_cmphex (peer_status_word (&status), ==, 0xc0f3);
  status.select = PEER_FALSETICKER;
  g_assert_cmphex (peer_status_word (&status), ==, 0xc1f3);
}

static void
test_a_file_for_each_day (Directory *directory, gconstpointer data)
{
  g_autoptr (Statistics) statistics = statistics_new (directory->path);
  g_autofree char *plain = directory_file (directory, "loopstats");
  g_autofree char *first = directory_file (directory, "loopstats.20000101");
  g_autofree char *second = directory_file (directory, "loopstats.20000102");
  struct stat one, other;

  add_loop (statistics, Y2K_NS);
  g_assert_cmpint (stat (plain, &one), ==, 0);
  g_assert_cmpint (stat (first, &other), ==, 0);
  g_assert_cmpuint (one.st_ino, ==, other.st_ino);
  add_loop (statistics, Y2K_NS + DAY_NS);
  g_assert_cmpint (stat (plain, &one), ==, 0);
  g_assert_cmpint (stat (second, &other), ==, 0);
  g_assert_cmpuint (one.st_ino, ==, other.st_ino);
  g_assert_true (exists (directory, "loopstats.20000101"));
}

static void
test_leaves_the_files_of_others (Directory *directory, gconstpointer data)
{
  g_autoptr (Statistics) statistics = statistics_new (directory->path);
  g_autofree char *plain = directory_file (directory, "loopstats");
  g_autofree char *similar = directory_file (directory, "loopstats.old");
  g_autofree char *target = directory_file (directory, "target");
  g_autofree char *trap = directory_file (directory, "peerstats.20000101");

  g_assert_true (g_file_set_contents (plain, "mine\n", -1, NULL));
  g_assert_true (g_file_set_contents (similar, "mine\n", -1, NULL));
  g_assert_true (g_file_set_contents (target, "mine\n", -1, NULL));
  g_assert_cmpint (symlink (target, trap), ==, 0);
  add_loop (statistics, Y2K_NS);
  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "*peerstats.20000101: cannot be*");
  statistics_add_peer (statistics, Y2K_NS, "192.0.2.1", 0, 0, 0, 0, 0);
  g_test_assert_expected_messages ();
  statistics_delete (statistics);
  assert_file (directory, "loopstats", "mine\n");
  assert_file (directory, "loopstats.old", "mine\n");
  assert_file (directory, "target", "mine\n");
  g_assert_false (exists (directory, "loopstats.20000101"));
}

static void
test_forgets (Directory *directory, gconstpointer data)
{
  g_autoptr (Statistics) statistics = statistics_new (directory->path);

  for (gint64 day = 0; day < 60; day++)
    add_loop (statistics, Y2K_NS + day * DAY_NS); /* up to 2000-02-29 */
  statistics_prune (statistics, Y2K_NS + 59 * DAY_NS, 30);
  g_assert_false (exists (directory, "loopstats.20000129"));
  g_assert_true (exists (directory, "loopstats.20000130"));
  g_assert_true (exists (directory, "loopstats.20000229"));
  statistics_delete (statistics);
  g_assert_false (exists (directory, "loopstats.20000229"));
  g_assert_false (exists (directory, "loopstats"));
  add_loop (statistics, Y2K_NS + 59 * DAY_NS);
  g_assert_true (exists (directory, "loopstats"));
}

/* A disk on which nothing can be written: one warning, then lines again when it can. */
static void
test_bears_a_bad_disk (Directory *directory, gconstpointer data)
{
  g_autofree char *path = directory_file (directory, "log");
  g_autofree char *file = g_build_filename (path, "loopstats.20000101", NULL);
  g_autofree char *plain = g_build_filename (path, "loopstats", NULL);
  g_autoptr (Statistics) statistics = statistics_new (path);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "*cannot be written*");
  for (guint i = 0; i < 3; i++)
    add_loop (statistics, Y2K_NS);
  g_test_assert_expected_messages ();
  g_assert_cmpint (g_unlink (path), ==, 0);
  add_loop (statistics, Y2K_NS);
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
  g_unlink (file);
  g_unlink (plain);
  g_rmdir (path);
}

/* A disk that is full in the middle of a line: no half of it stays. */
static void
test_bears_a_full_disk (Directory *directory, gconstpointer data)
{
  g_autoptr (Statistics) statistics = statistics_new (directory->path);
  const char *line = "51544 0.000 0.000000000 0.000000 0.000000000 0.000000 6\n";
  struct rlimit before, small;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = strlen (line) + 10;
  add_loop (statistics, Y2K_NS);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_test_expect_message ("gnomon-helper", G_LOG_LEVEL_WARNING, "*cannot be written*");
  add_loop (statistics, Y2K_NS);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_test_assert_expected_messages ();
  assert_file (directory, "loopstats", line);
}

static void
add (const char *path, void (*run) (Directory *directory, gconstpointer data))
{
  g_test_add (path, Directory, NULL, directory_set_up, run, directory_tear_down);
}

int
main (int argc, char **argv)
{
  /* Numbers have points wherever people write commas; where the locale is missing, it is "C". */
  setlocale (LC_ALL, "de_DE.UTF-8");
  g_test_init (&argc, &argv, NULL);
  add ("/statistics/loop-lines", test_loop_lines);
  add ("/statistics/peer-lines", test_peer_lines);
  add ("/statistics/dates", test_dates);
  g_test_add_func ("/statistics/status-words", test_status_words);
  add ("/statistics/a-file-for-each-day", test_a_file_for_each_day);
  add ("/statistics/leaves-the-files-of-others", test_leaves_the_files_of_others);
  add ("/statistics/forgets", test_forgets);
  add ("/statistics/bears-a-bad-disk", test_bears_a_bad_disk);
  add ("/statistics/bears-a-full-disk", test_bears_a_full_disk);
  return g_test_run ();
}
