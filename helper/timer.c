/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "timer.h"

typedef struct
{
  GSource source;
  void (*fire) (gpointer data);
  gpointer data;
} Timer;

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  Timer *timer = (Timer *) source;

  g_source_set_ready_time (source, TIMER_NEVER);
  timer->fire (timer->data);
  return G_SOURCE_CONTINUE;
}

GSource *
timer_new (void (*fire) (gpointer data), gpointer data)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  GSource *source = g_source_new (&funcs, sizeof (Timer));
  Timer *timer = (Timer *) source;

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
  g_source_set_ready_time (timer, delay_us < 0    ? TIMER_NEVER
                                  : delay_us == 0 ? 0
                                                  : g_get_monotonic_time () + delay_us);
}
