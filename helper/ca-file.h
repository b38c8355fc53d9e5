/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server's own CA file: PEM certificates that replace the system's certificate store. */

#pragma once

#include <gio/gio.h>

/* The whole of it; NULL with a message for people when it is not a regular file, cannot be read, is
 * larger than 1 MiB or holds no certificate. Never blocks on a FIFO. */
GBytes *ca_file_read (const char *path, GError **error);
