/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "state.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DRIFT_SIZE_MAX 256

struct State
{
  char *path;
  int fd; /* of the directory */
};

static gboolean
fail (const char *path, GError **error)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, (gint) g_file_error_from_errno (code), "%s: %s", path,
               g_strerror (code));
  return FALSE;
}

static gboolean
check_directory (State *state, GError **error)
{
  struct stat status;

  if (fstat (state->fd, &status) != 0)
    return fail (state->path, error);
  if (status.st_uid != geteuid ())
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_PERM, "%s: belongs to another user",
                   state->path);
      return FALSE;
    }
  if ((status.st_mode & 0077) != 0 && fchmod (state->fd, 0700) != 0)
    return fail (state->path, error);
  return TRUE;
}

State *
state_open (const char *path, GError **error)
{
  g_autoptr (State) state = g_new0 (State, 1);

  state->path = g_strdup (path);
  state->fd = -1;
  if (g_mkdir_with_parents (path, 0700) != 0)
    {
      fail (path, error);
      return NULL;
    }
  state->fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (state->fd < 0)
    {
      fail (path, error);
      return NULL;
    }
  return check_directory (state, error) ? g_steal_pointer (&state) : NULL;
}

void
state_free (State *state)
{
  if (state->fd >= 0)
    close (state->fd);
  g_free (state->path);
  g_free (state);
}

char *
state_path (const State *state, const char *name)
{
  return g_build_filename (state->path, name, NULL);
}

/* NULL when the file is one to be used. Of a static or thread's own string. */
static const char *
why_not_ours (int fd, gsize most, gsize *size)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return g_strerror (errno);
  if (!S_ISREG (status.st_mode))
    return "is not a regular file";
  if (status.st_uid != geteuid ())
    return "belongs to another user";
  if ((status.st_mode & 0077) != 0)
    return "may be read by others";
  if (status.st_size < 0 || (gsize) status.st_size > most)
    return "is too large";
  *size = (gsize) status.st_size;
  return NULL;
}

static gboolean
is_ours (const State *state, const char *name, int fd, gsize most, gsize *size)
{
  const char *why = why_not_ours (fd, most, size);

  if (why != NULL)
    g_warning ("%s/%s: %s; ignored", state->path, name, why);
  return why == NULL;
}

guint8 *
state_read (State *state, const char *name, gsize most, gsize *length)
{
  int fd = openat (state->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  guint8 *data = NULL;
  gsize size = 0;

  *length = 0;
  if (fd < 0)
    {
      if (errno != ENOENT)
        g_warning ("%s/%s: %s; ignored", state->path, name,
                   errno == ELOOP ? "is a symbolic link" : g_strerror (errno));
      return NULL;
    }
  if (is_ours (state, name, fd, most, &size))
    {
      data = g_malloc0 (size + 1);
      while (*length < size)
        {
          gssize got = read (fd, data + *length, size - *length);
          if (got < 0 && errno == EINTR)
            continue;
          if (got <= 0)
            break;
          *length += (gsize) got;
        }
    }
  close (fd);
  return data;
}

static gboolean
write_octets (int fd, const guint8 *data, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, data, length);
      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      data += written;
      length -= (gsize) written;
    }
  return TRUE;
}

static gboolean
write_all (int fd, const guint8 *data, gsize length)
{
  return write_octets (fd, data, length) && fsync (fd) == 0;
}

gboolean
state_write (State *state, const char *name, gconstpointer data, gsize length)
{
  g_autofree char *temporary = g_strconcat (name, ".new", NULL);
  gboolean good;
  int code, fd;

  unlinkat (state->fd, temporary, 0);
  fd = openat (state->fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  good = fd >= 0 && write_all (fd, data, length);
  code = errno;
  if (fd >= 0)
    close (fd);
  if (good)
    {
      good = renameat (state->fd, temporary, state->fd, name) == 0 && fsync (state->fd) == 0;
      code = errno;
    }
  if (!good)
    {
      unlinkat (state->fd, temporary, 0);
      g_warning ("%s/%s: cannot be written: %s", state->path, name, g_strerror (code));
    }
  return good;
}

/* A line that was cut earlier must not be taken for a whole one with what follows. */
static gboolean
end_cut_line (int fd, gsize size)
{
  char last = '\n';

  if (size > 0 && pread (fd, &last, 1, (off_t) size - 1) != 1)
    return FALSE;
  return last == '\n' || write_octets (fd, (const guint8 *) "\030\n", 2);
}

gboolean
state_append (State *state, const char *name, gconstpointer data, gsize length, gsize *size,
              GError **error)
{
  int fd =
      openat (state->fd, name,
              O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
  const char *why = fd < 0 ? g_strerror (errno) : why_not_ours (fd, G_MAXSIZE / 2, size);

  if (why == NULL && !(end_cut_line (fd, *size) && write_octets (fd, data, length)))
    {
      why = g_strerror (errno);
      if (ftruncate (fd, (off_t) *size) != 0)
        g_debug ("%s/%s: %s", state->path, name, g_strerror (errno));
    }
  if (why == NULL)
    *size = (gsize) lseek (fd, 0, SEEK_CUR);
  if (fd >= 0)
    close (fd);
  if (why != NULL)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s/%s: cannot be written: %s",
                 state->path, name, why);
  return why == NULL;
}

gboolean
state_delete (State *state, const char *name)
{
  if (unlinkat (state->fd, name, 0) == 0)
    return fsync (state->fd) == 0;
  return errno == ENOENT;
}

gboolean
state_load_drift (State *state, double *frequency_ppm, double *sd_ppm, gint64 *unix_s)
{
  gsize length;
  g_autofree char *text = (char *) state_read (state, STATE_DRIFT, DRIFT_SIZE_MAX, &length);
  g_auto (GStrv) parts = NULL;
  char *ends[3];

  if (text == NULL)
    return FALSE;
  /* Without its end of line it was cut. */
  parts = g_strsplit (g_strchomp (text), " ", -1);
  if (length > strlen (text) && g_strv_length (parts) == 3)
    {
      *frequency_ppm = g_ascii_strtod (parts[0], &ends[0]);
      *sd_ppm = g_ascii_strtod (parts[1], &ends[1]);
      *unix_s = g_ascii_strtoll (parts[2], &ends[2], 10);
      if (*ends[0] == '\0' && *ends[1] == '\0' && *ends[2] == '\0'
          && fabs (*frequency_ppm) <= CLOCK_FREQUENCY_MAX_PPM && *sd_ppm > 0
          && *sd_ppm <= CLOCK_FREQUENCY_MAX_PPM)
        return TRUE;
    }
  g_warning ("%s/%s: makes no sense; ignored", state->path, STATE_DRIFT);
  return FALSE;
}

gboolean
state_save_drift (State *state, double frequency_ppm, double sd_ppm, gint64 unix_s)
{
  char frequency[G_ASCII_DTOSTR_BUF_SIZE], sd[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *line = NULL;

  g_ascii_formatd (frequency, sizeof frequency, "%.6f", frequency_ppm);
  g_ascii_formatd (sd, sizeof sd, "%.6f", MAX (sd_ppm, 1e-6));
  line = g_strdup_printf ("%s %s %" G_GINT64_FORMAT "\n", frequency, sd, unix_s);
  return state_write (state, STATE_DRIFT, line, strlen (line));
}
