/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "statistics.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NS_PER_S    G_GINT64_CONSTANT (1000000000)
#define S_PER_DAY   86400
#define MJD_OF_1970 40587 /* 1970-01-01 */
#define AVERAGE     4.0   /* RFC 5905 appendix A.1.1, AVG */
#define DATE_LENGTH 8
#define NUMBER_SIZE G_ASCII_DTOSTR_BUF_SIZE

static const char *const sets[] = { "loopstats", "peerstats" };
typedef enum
{
  SET_LOOP,
  SET_PEER,
  N_SETS
} Set;
G_STATIC_ASSERT (G_N_ELEMENTS (sets) == N_SETS);

struct Statistics
{
  char *directory;
  gint64 linked_day[N_SETS]; /* to which the name without a date is linked, since 1970 */
  gboolean warned;

  gboolean has_last;
  double last_offset_s;
  double last_frequency_ppm;
  double mean_square_jitter; /* s² */
  double mean_square_wander; /* ppm² */
};

guint16
peer_status_word (const PeerStatus *status)
{
  return (guint16) (status->configured << 15 | status->authentication << 14
                    | status->authentic << 13 | status->reachable << 12
                    | (guint) status->select << 8 | MIN (status->events, 15) << 4
                    | (guint) status->event);
}

Statistics *
statistics_new (const char *directory)
{
  Statistics *statistics = g_new0 (Statistics, 1);

  statistics->directory = g_strdup (directory);
  for (guint i = 0; i < N_SETS; i++)
    statistics->linked_day[i] = G_MININT64;
  return statistics;
}

void
statistics_free (Statistics *statistics)
{
  g_free (statistics->directory);
  g_free (statistics);
}

/* ---- Writing ---- */

static char *
dated_name (Set set, gint64 day)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (day * S_PER_DAY);
  g_autofree char *text = date != NULL ? g_date_time_format (date, "%Y%m%d") : NULL;

  return text != NULL ? g_strconcat (sets[set], ".", text, NULL) : NULL;
}

/* A name that somebody else has given to a file of his stays his. */
static gboolean
is_a_link (const char *path)
{
  struct stat status;

  if (lstat (path, &status) != 0)
    return errno == ENOENT;
  return S_ISLNK (status.st_mode) || (S_ISREG (status.st_mode) && status.st_nlink > 1);
}

static void
link_newest (Statistics *statistics, Set set, gint64 day, const char *dated, const char *name)
{
  g_autofree char *plain = g_build_filename (statistics->directory, sets[set], NULL);

  if (statistics->linked_day[set] == day || !is_a_link (plain))
    return;
  g_unlink (plain);
  /* Some file systems have no hard links. */
  if (link (dated, plain) != 0 && symlink (name, plain) != 0)
    g_debug ("%s: %s", plain, g_strerror (errno));
  statistics->linked_day[set] = day;
}

/* All of the line or nothing. */
static gboolean
append (const char *path, const char *line)
{
  int fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0640);
  gsize length = strlen (line);
  struct stat status;
  gboolean good;
  int code;

  if (fd < 0)
    return FALSE;
  good = fstat (fd, &status) == 0 && S_ISREG (status.st_mode);
  if (!good)
    errno = EINVAL;
  else if (write (fd, line, length) != (gssize) length)
    {
      code = errno != 0 ? errno : ENOSPC;
      good = FALSE;
      if (ftruncate (fd, status.st_size) != 0)
        g_debug ("%s: %s", path, g_strerror (errno));
      errno = code;
    }
  code = errno;
  close (fd);
  errno = code;
  return good;
}

static void
write_line (Statistics *statistics, Set set, gint64 day, const char *line)
{
  g_autofree char *name = dated_name (set, day);
  g_autofree char *path = g_build_filename (statistics->directory, name, NULL);

  if (name == NULL)
    return;
  errno = 0;
  if (!append (path, line)
      && (errno != ENOENT || g_mkdir_with_parents (statistics->directory, 0750) != 0
          || !append (path, line)))
    {
      if (!statistics->warned)
        g_warning ("%s: cannot be written: %s", path, g_strerror (errno));
      statistics->warned = TRUE;
      return;
    }
  statistics->warned = FALSE;
  link_newest (statistics, set, day, path, name);
}

/* Days since 1970, and in @text the date and time that a line begins with. */
static gint64
split_time (gint64 unix_ns, char *text, gsize size)
{
  gint64 ms = unix_ns / (NS_PER_S / 1000) - (unix_ns % (NS_PER_S / 1000) < 0);
  gint64 ms_per_day = S_PER_DAY * G_GINT64_CONSTANT (1000);
  gint64 day = ms / ms_per_day - (ms % ms_per_day < 0);
  gint64 left_ms = ms - day * ms_per_day;

  g_snprintf (text, size, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%03d", day + MJD_OF_1970,
              left_ms / 1000, (int) (left_ms % 1000));
  return day;
}

/* Seconds to the nanosecond, in every locale. */
static const char *
seconds (double value_s, char *text)
{
  return g_ascii_formatd (text, NUMBER_SIZE, "%.9f", isfinite (value_s) ? value_s : 0);
}

static void
note_update (Statistics *statistics, double offset_s, double frequency_ppm)
{
  double change_s = offset_s - statistics->last_offset_s;
  double change_ppm = frequency_ppm - statistics->last_frequency_ppm;

  if (statistics->has_last)
    {
      statistics->mean_square_jitter +=
          (change_s * change_s - statistics->mean_square_jitter) / AVERAGE;
      statistics->mean_square_wander +=
          (change_ppm * change_ppm - statistics->mean_square_wander) / AVERAGE;
    }
  statistics->has_last = TRUE;
  statistics->last_offset_s = offset_s;
  statistics->last_frequency_ppm = frequency_ppm;
}

void
statistics_add_loop (Statistics *statistics, gint64 unix_ns, double offset_s, double frequency_ppm,
                     int poll_log2)
{
  char time[64], offset[NUMBER_SIZE], frequency[NUMBER_SIZE], jitter[NUMBER_SIZE],
      wander[NUMBER_SIZE];
  g_autofree char *line = NULL;
  gint64 day = split_time (unix_ns, time, sizeof time);

  if (!isfinite (offset_s) || !isfinite (frequency_ppm))
    return;
  note_update (statistics, offset_s, frequency_ppm);
  g_ascii_formatd (frequency, sizeof frequency, "%.6f", frequency_ppm);
  g_ascii_formatd (wander, sizeof wander, "%.6f", sqrt (statistics->mean_square_wander));
  line =
      g_strdup_printf ("%s %s %s %s %s %d\n", time, seconds (offset_s, offset), frequency,
                       seconds (sqrt (statistics->mean_square_jitter), jitter), wander, poll_log2);
  write_line (statistics, SET_LOOP, day, line);
}

void
statistics_add_peer (Statistics *statistics, gint64 unix_ns, const char *address, guint16 status,
                     double offset_s, double delay_s, double dispersion_s, double jitter_s)
{
  char time[64], offset[NUMBER_SIZE], delay[NUMBER_SIZE], dispersion[NUMBER_SIZE],
      jitter[NUMBER_SIZE];
  g_autofree char *line = NULL;
  gint64 day = split_time (unix_ns, time, sizeof time);

  line = g_strdup_printf ("%s %s %04x %s %s %s %s\n", time, address, status,
                          seconds (offset_s, offset), seconds (delay_s, delay),
                          seconds (dispersion_s, dispersion), seconds (jitter_s, jitter));
  write_line (statistics, SET_PEER, day, line);
}

/* ---- Deleting ---- */

/* The date of a file of ours, as "20260131", or NULL. Points into @name. */
static const char *
date_of (const char *name)
{
  for (guint i = 0; i < N_SETS; i++)
    {
      gsize length = strlen (sets[i]);
      const char *date = name + length + 1;
      if (g_str_has_prefix (name, sets[i]) && name[length] == '.' && strlen (date) == DATE_LENGTH
          && strspn (date, "0123456789") == DATE_LENGTH)
        return date;
    }
  return NULL;
}

/* @before: a date; NULL = all. */
static void
delete_files (Statistics *statistics, const char *before)
{
  g_autoptr (GDir) directory = g_dir_open (statistics->directory, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      const char *date = date_of (name);
      g_autofree char *path = g_build_filename (statistics->directory, name, NULL);
      if (date != NULL && (before == NULL || strcmp (date, before) < 0) && g_unlink (path) != 0)
        g_warning ("%s: cannot be deleted: %s", path, g_strerror (errno));
    }
}

void
statistics_prune (Statistics *statistics, gint64 unix_ns, guint keep_days)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (unix_ns / NS_PER_S);
  g_autoptr (GDateTime) oldest =
      date != NULL ? g_date_time_add_days (date, -(gint) keep_days) : NULL;
  g_autofree char *before = oldest != NULL ? g_date_time_format (oldest, "%Y%m%d") : NULL;

  if (before != NULL)
    delete_files (statistics, before);
}

void
statistics_delete (Statistics *statistics)
{
  for (guint i = 0; i < N_SETS; i++)
    {
      g_autofree char *plain = g_build_filename (statistics->directory, sets[i], NULL);
      if (is_a_link (plain))
        g_unlink (plain);
      statistics->linked_day[i] = G_MININT64;
    }
  delete_files (statistics, NULL);
}
