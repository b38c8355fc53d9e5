/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ca-file.h"

#include "error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CA_FILE_MAX (1024 * 1024) /* ours: five times the whole store of Debian */

static GBytes *
refuse (const char *path, const char *why, GError **error)
{
  g_set_error (error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT, "%s %s", path, why);
  return NULL;
}

static GBytes *
read_all (int fd, gsize size)
{
  g_autofree char *data = g_malloc (size + 1);
  gsize length = 0;

  while (length < size)
    {
      gssize got = read (fd, data + length, size - length);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      length += (gsize) got;
    }
  return g_bytes_new_take (g_steal_pointer (&data), length);
}

GBytes *
ca_file_read (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  g_autoptr (GBytes) pem = NULL;
  struct stat status;

  if (fd < 0)
    {
      g_autofree char *why = g_strdup_printf ("cannot be read: %s", g_strerror (errno));
      return refuse (path, why, error);
    }
  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))
    {
      close (fd);
      return refuse (path, "is not a regular file", error);
    }
  if (status.st_size > CA_FILE_MAX)
    {
      close (fd);
      return refuse (path, "is larger than 1 MiB", error);
    }
  pem = read_all (fd, (gsize) status.st_size);
  close (fd);
  if (g_strstr_len (g_bytes_get_data (pem, NULL), (gssize) g_bytes_get_size (pem),
                    "-----BEGIN CERTIFICATE-----")
      == NULL)
    return refuse (path, "holds no certificate", error);
  return g_steal_pointer (&pem);
}
