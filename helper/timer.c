/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "timer.h"

/* The moment is told by prepare () and not by g_source_set_ready_time (), which for fear of other
 * threads wakes the main loop up each time. */
typedef struct
{
  GSource source;
  gint64 due_us; /* monotonic, or TIMER_NEVER */
  void (*fire) (gpointer data);
  gpointer data;
} Timer;

static gboolean
is_due (GSource *source)
{
  const Timer *timer = (Timer *) source;

  return timer->due_us != TIMER_NEVER && timer->due_us <= g_source_get_time (source);
}

static gboolean
prepare (GSource *source, gint *timeout_ms)
{
  const Timer *timer = (Timer *) source;

  *timeout_ms = -1;
  if (timer->due_us == TIMER_NEVER)
    return FALSE;
  if (is_due (source))
    return TRUE;
  *timeout_ms = (gint) MIN ((timer->due_us - g_source_get_time (source) + 999) / 1000, G_MAXINT);
  return FALSE;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  Timer *timer = (Timer *) source;

  timer->due_us = TIMER_NEVER;
  timer->fire (timer->data);
  return G_SOURCE_CONTINUE;
}

GSource *
timer_new (void (*fire) (gpointer data), gpointer data)
{
  static GSourceFuncs funcs = { .prepare = prepare, .check = is_due, .dispatch = dispatch };
  GSource *source = g_source_new (&funcs, sizeof (Timer));
  Timer *timer = (Timer *) source;

  timer->due_us = TIMER_NEVER;
  timer->fire = fire;
  timer->data = data;
  g_source_attach (source, NULL);
  return source;
}

void
timer_free (GSource *timer)
{
  g_source_destroy (timer);
  g_source_unref (timer);
}

void
timer_set (GSource *timer, gint64 delay_us)
{
  ((Timer *) timer)->due_us = delay_us < 0 ? TIMER_NEVER : g_get_monotonic_time () + delay_us;
}
