/* SPDX-License-Identifier: GPL-3.0-or-later */

/* In a network namespace of its own, where there is nothing but a loopback interface that is
 * down. */

#define _GNU_SOURCE

#include "network-watch.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  guint n_changes;
  gboolean available;
} Told;

static int control; /* any socket, for ioctl () */

static void
on_changed (gboolean available, gpointer data)
{
  Told *told = data;

  told->n_changes++;
  told->available = available;
}

static void
wait_for (const Told *told, guint n_changes)
{
  while (told->n_changes < n_changes)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_interface (gboolean up)
{
  struct ifreq request = { .ifr_name = "lo", .ifr_flags = up ? IFF_UP | IFF_LOOPBACK : 0 };

  g_assert_cmpint (ioctl (control, SIOCSIFFLAGS, &request), ==, 0);
}

static void
add_address (const char *address)
{
  struct ifreq request = { .ifr_name = "lo" };
  struct sockaddr_in *in = (struct sockaddr_in *) &request.ifr_addr;

  in->sin_family = AF_INET;
  inet_pton (AF_INET, address, &in->sin_addr);
  g_assert_cmpint (ioctl (control, SIOCSIFADDR, &request), ==, 0);
}

static void
add_default_route (void)
{
  char device[] = "lo";
  struct rtentry route = { .rt_flags = RTF_UP, .rt_dev = device };

  route.rt_dst.sa_family = AF_INET;
  route.rt_genmask.sa_family = AF_INET;
  route.rt_gateway.sa_family = AF_INET;
  g_assert_cmpint (ioctl (control, SIOCADDRT, &route), ==, 0);
}

/* TRUE when something was told within what it takes to tell it. */
static gboolean
is_told_more (const Told *told)
{
  guint before = told->n_changes;
  gint64 end_us = g_get_monotonic_time () + 700000;

  while (told->n_changes == before && g_get_monotonic_time () < end_us)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10000);
    }
  return told->n_changes != before;
}

static void
test_tells_what_matters_once (void)
{
  Told told = { 0 };
  NetworkWatch *watch;

  if (unshare (CLONE_NEWUSER | CLONE_NEWNET) != 0)
    {
      g_test_skip ("no namespaces may be made here");
      return;
    }
  control = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  watch = network_watch_new (on_changed, &told);
  g_assert_nonnull (watch);

  /* An interface and an address lead nowhere yet. */
  set_interface (TRUE);
  add_address ("198.51.100.1");
  g_assert_false (is_told_more (&told));

  add_default_route ();
  wait_for (&told, 1);
  g_assert_true (told.available);

  set_interface (FALSE);
  wait_for (&told, 2);
  g_assert_false (told.available);
  network_watch_free (watch);
  close (control);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network-watch/tells-what-matters-once", test_tells_what_matters_once);
  return g_test_run ();
}
