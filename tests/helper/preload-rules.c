/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A library to be preloaded into the helper, which stands between it and libc as the simulators of
 * clocks and networks do that know one thread in a loop over poll () and nothing else. A call that
 * they do not know ends the process with its name; and refused is, as by another kernel, what the
 * environment lists in RULES_REFUSE. At the end RULES_REPORT is written: one line for each call and
 * for each refusal that was seen, "NAME COUNT".
 *
 * Not known: threads, processes, epoll, select, ppoll, messages by the dozen, name look-ups, Unix
 * sockets, read () and write () on a socket, and OpenSSL's own use of one. An eventfd is allowed:
 * GLib's main loop makes one to be woken up by, and it is only polled, read and written. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The names of what is counted, whatever comes first. */
static struct
{
  const char *name;
  unsigned count;
} counts[32];

static void
count (const char *name)
{
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
    {
      if (counts[i].name == NULL)
        counts[i].name = name;
      if (strcmp (counts[i].name, name) != 0)
        continue;
      counts[i].count++;
      return;
    }
}

__attribute__ ((destructor)) static void
report (void)
{
  const char *path = getenv ("RULES_REPORT");
  FILE *file = path != NULL ? fopen (path, "w") : NULL;

  if (file == NULL)
    return;
  for (size_t i = 0; i < sizeof counts / sizeof counts[0] && counts[i].name != NULL; i++)
    fprintf (file, "%s %u\n", counts[i].name, counts[i].count);
  fclose (file);
}

__attribute__ ((noreturn)) static void
forbid (const char *name)
{
  dprintf (STDERR_FILENO, "rules: %s is not allowed\n", name);
  abort ();
}

/* A whole word of the list. */
static int
is_refused (const char *option)
{
  const char *list = getenv ("RULES_REFUSE");
  size_t length = strlen (option);

  for (const char *at = list; at != NULL && (at = strstr (at, option)) != NULL; at += length)
    if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == '\0'))
      {
        count (option);
        return 1;
      }
  return 0;
}

static int
refuse (int code)
{
  errno = code;
  return -1;
}

static void *
real (const char *name)
{
  void *function = dlsym (RTLD_NEXT, name);

  if (function == NULL)
    forbid (name);
  return function;
}

/* ---- What is never called ---- */

/* Their arguments do not matter. Under other names here, since headers know them. */
#define FORBIDDEN(name)                                                                            \
  void forbidden_##name (void) __asm__(#name);                                                     \
  void forbidden_##name (void)                                                                     \
  {                                                                                                \
    forbid (#name);                                                                                \
  }

FORBIDDEN (pthread_create)
FORBIDDEN (thrd_create)
FORBIDDEN (fork)
FORBIDDEN (vfork)
FORBIDDEN (posix_spawn)
FORBIDDEN (posix_spawnp)
FORBIDDEN (system)
FORBIDDEN (popen)
FORBIDDEN (epoll_create)
FORBIDDEN (epoll_create1)
FORBIDDEN (epoll_ctl)
FORBIDDEN (epoll_wait)
FORBIDDEN (epoll_pwait)
FORBIDDEN (select)
FORBIDDEN (pselect)
FORBIDDEN (ppoll)
FORBIDDEN (sendmmsg)
FORBIDDEN (recvmmsg)
FORBIDDEN (getaddrinfo)
FORBIDDEN (SSL_set_fd)
FORBIDDEN (SSL_set_rfd)
FORBIDDEN (SSL_set_wfd)
FORBIDDEN (BIO_new_socket)
FORBIDDEN (BIO_new_dgram)

/* ---- What is not called on a socket ---- */

static void
check_descriptor (int fd, const char *name)
{
  struct stat status;

  if (fstat (fd, &status) == 0 && S_ISSOCK (status.st_mode))
    forbid (name);
}

ssize_t
read (int fd, void *data, size_t length)
{
  ssize_t (*next) (int, void *, size_t) = real ("read");

  check_descriptor (fd, "read on a socket");
  return next (fd, data, length);
}

/* The same in programs that are built with more checks. */
ssize_t __read_chk (int fd, void *data, size_t length, size_t room);
ssize_t
__read_chk (int fd, void *data, size_t length, size_t room)
{
  if (length > room)
    abort ();
  return read (fd, data, length);
}

ssize_t
write (int fd, const void *data, size_t length)
{
  ssize_t (*next) (int, const void *, size_t) = real ("write");

  check_descriptor (fd, "write on a socket");
  return next (fd, data, length);
}

ssize_t
readv (int fd, const struct iovec *vectors, int n_vectors)
{
  ssize_t (*next) (int, const struct iovec *, int) = real ("readv");

  check_descriptor (fd, "readv on a socket");
  return next (fd, vectors, n_vectors);
}

ssize_t
writev (int fd, const struct iovec *vectors, int n_vectors)
{
  ssize_t (*next) (int, const struct iovec *, int) = real ("writev");

  check_descriptor (fd, "writev on a socket");
  return next (fd, vectors, n_vectors);
}

/* ---- What is called, and may be refused ---- */

int
poll (struct pollfd *fds, nfds_t n_fds, int timeout)
{
  int (*next) (struct pollfd *, nfds_t, int) = real ("poll");

  count ("poll");
  return next (fds, n_fds, timeout);
}

int
socket (int domain, int type, int protocol)
{
  int (*next) (int, int, int) = real ("socket");

  if (domain == AF_UNIX)
    forbid ("a Unix socket");
  count ("socket");
  if ((type & SOCK_CLOEXEC) != 0 && is_refused ("SOCK_CLOEXEC"))
    return refuse (EINVAL);
  if ((type & SOCK_NONBLOCK) != 0 && is_refused ("SOCK_NONBLOCK"))
    return refuse (EINVAL);
  return next (domain, type, protocol);
}

int
setsockopt (int fd, int level, int option, const void *value, socklen_t length)
{
  int (*next) (int, int, int, const void *, socklen_t) = real ("setsockopt");

  if (level == SOL_SOCKET && option == SO_TIMESTAMPING && is_refused ("SO_TIMESTAMPING"))
    return refuse (ENOPROTOOPT);
  if (level == SOL_SOCKET && option == SO_TIMESTAMPNS && is_refused ("SO_TIMESTAMPNS"))
    return refuse (ENOPROTOOPT);
  return next (fd, level, option, value, length);
}

int
timerfd_create (int clock, int flags)
{
  int (*next) (int, int) = real ("timerfd_create");

  if ((flags & TFD_CLOEXEC) != 0 && is_refused ("TFD_CLOEXEC"))
    return refuse (EINVAL);
  return next (clock, flags);
}

int
timerfd_settime (int fd, int flags, const struct itimerspec *value, struct itimerspec *old)
{
  int (*next) (int, int, const struct itimerspec *, struct itimerspec *) = real ("timerfd_settime");

  if ((flags & TFD_TIMER_CANCEL_ON_SET) != 0 && is_refused ("TFD_TIMER_CANCEL_ON_SET"))
    return refuse (EINVAL);
  return next (fd, flags, value, old);
}

int
clock_gettime (clockid_t clock, struct timespec *time)
{
  static int (*next) (clockid_t, struct timespec *);

  if (next == NULL)
    next = real ("clock_gettime");
  if (clock == CLOCK_BOOTTIME && is_refused ("CLOCK_BOOTTIME"))
    return refuse (EINVAL);
  return next (clock, time);
}
