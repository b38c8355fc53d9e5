/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests/bench-window: tells, on CLOCK_MONOTONIC in ns, when a window is mapped ("map T") and
 * when a quarter of it or more is painted at once ("paint T"). Says "ready" first, and ends with
 * its input. */

#include <X11/Xlib.h>
#include <X11/extensions/Xdamage.h>
#include <inttypes.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define SMALLEST 100 /* px; what is smaller is no window to look at */

static uint64_t
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec;
}

/* Windows may go while they are asked about. */
static int
ignore (Display *display, XErrorEvent *event)
{
  (void) display;
  (void) event;
  return 0;
}

static void
tell (const char *what)
{
  printf ("%s %" PRIu64 "\n", what, now_ns ());
  fflush (stdout);
}

static void
on_mapped (Display *display, Window window)
{
  XWindowAttributes attributes;

  if (!XGetWindowAttributes (display, window, &attributes) || attributes.class == InputOnly
      || attributes.width < SMALLEST)
    return;
  tell ("map");
  XDamageCreate (display, window, XDamageReportRawRectangles);
  XFlush (display);
}

static void
on_event (Display *display, XEvent *event, int damage)
{
  XWindowAttributes attributes;
  XDamageNotifyEvent *painted = (XDamageNotifyEvent *) event;

  if (event->type == MapNotify && !event->xmap.override_redirect)
    on_mapped (display, event->xmap.window);
  else if (event->type == damage + XDamageNotify
           && XGetWindowAttributes (display, painted->drawable, &attributes)
           && 4 * painted->area.width * painted->area.height
                  >= attributes.width * attributes.height)
    tell ("paint");
}

int
main (void)
{
  Display *display = XOpenDisplay (NULL);
  int damage;
  int error;

  if (!display || !XDamageQueryExtension (display, &damage, &error))
    return 1;
  XSetErrorHandler (ignore);
  XSelectInput (display, DefaultRootWindow (display), SubstructureNotifyMask);
  XSync (display, False);
  puts ("ready");
  fflush (stdout);
  for (;;)
    {
      struct pollfd sources[] = { { ConnectionNumber (display), POLLIN, 0 },
                                  { STDIN_FILENO, POLLIN, 0 } };

      while (XPending (display))
        {
          XEvent event;
          XNextEvent (display, &event);
          on_event (display, &event, damage);
        }
      poll (sources, 2, -1);
      if (sources[1].revents)
        return 0;
    }
}
