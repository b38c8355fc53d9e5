/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the service tells without being called, when, and to whom. */

#include "served-engine.h"

#include <math.h>

static void
test_pace (ServedEngine *self, gconstpointer data)
{
  gint64 begun;

  start_on (self, G_BUS_TYPE_SESSION);
  get_double (self->client, "Offset");
  run_for (1100); /* the last publication is then over a second ago */
  self->signals = 0;

  begun = g_get_monotonic_time ();
  for (int i = 1; i <= 100; i++)
    change (self, i);
  wait_for_signals (self, 1);
  g_assert_cmpfloat (self->offset, ==, 100);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 500000);

  for (int i = 101; i <= 200; i++)
    {
      change (self, i);
      run_for (1);
    }
  g_assert_cmpuint (self->signals, ==, 1);
  wait_for_signals (self, 2);
  g_assert_cmpfloat (self->offset, ==, 200);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 990000);
}

static void
test_state (ServedEngine *self, gconstpointer data)
{
  gint64 begun;

  start_on (self, G_BUS_TYPE_SESSION);
  change (self, 1);
  run_for (50);
  self->signals = 0;

  begun = g_get_monotonic_time ();
  self->engine.snapshot.state = NTP_STATE_SYNCHRONISED;
  change (self, 2);
  wait_for_signals (self, 1);
  g_assert_cmpfloat (self->offset, ==, 2);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 500000);
}

/* Question and answer are told together, and a question that stays without an answer is told too.
 */
static void
test_answer (ServedEngine *self, gconstpointer data)
{
  gint64 begun;

  start_on (self, G_BUS_TYPE_SESSION);
  get_double (self->client, "Offset");
  run_for (1100);
  self->signals = 0;

  change_by (self, ENGINE_CHANGE_ASKED, 1);
  run_for (100);
  g_assert_cmpuint (self->signals, ==, 0);
  change (self, 2);
  wait_for_signals (self, 1);
  g_assert_cmpfloat (self->offset, ==, 2);

  run_for (1100);
  g_assert_cmpuint (self->signals, ==, 1);
  begun = g_get_monotonic_time ();
  change_by (self, ENGINE_CHANGE_ASKED, 3);
  wait_for_signals (self, 2);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 990000);
}

/* Numbers are told as long as somebody is there who has read one or called a method; all else to
 * whoever listens. */
static void
test_readers (ServedEngine *self, gconstpointer data)
{
  GDBusConnection *reader = test_bus_connect (test_bus);

  start_on (self, G_BUS_TYPE_SESSION);
  run_for (1100);
  self->signals = 0;
  change (self, 1);
  run_for (50);
  g_assert_cmpuint (self->signals, ==, 0);
  change_by (self, ENGINE_CHANGE_SETTINGS, 2);
  wait_for_signals (self, 1);
  self->engine.snapshot.state = NTP_STATE_SYNCHRONISED;
  change (self, 3);
  wait_for_signals (self, 2);

  g_assert_cmpfloat (get_double (reader, "Offset"), ==, 3);
  change (self, 4);
  wait_for_signals (self, 3);
  g_dbus_connection_close_sync (reader, NULL, NULL);
  run_for (1100);
  change (self, 5);
  run_for (50);
  g_assert_cmpuint (self->signals, ==, 3);

  expect (self->client, "GetLedger", "('a', uint32 0)", NULL);
  change (self, 6);
  wait_for_signals (self, 4);
  g_object_unref (reader);
}

static void
test_present (ServedEngine *self, gconstpointer data)
{
  start_on (self, G_BUS_TYPE_SESSION);
  g_assert_true (isinf (get_double (self->client, "Uncertainty")));
  run_for (1100);
  self->engine.snapshot.offset_s = 0.25; /* nothing has been told */
  g_assert_cmpfloat (get_double (self->client, "Offset"), ==, 0.25);
}

int
main (int argc, char **argv)
{
  served_init (&argc, &argv);
  served_add ("/service-signals/changes-are-told-at-once-and-then-once-a-second", test_pace);
  served_add ("/service-signals/a-new-state-does-not-wait", test_state);
  served_add ("/service-signals/an-answer-is-told-with-its-question", test_answer);
  served_add ("/service-signals/numbers-are-told-to-readers", test_readers);
  served_add ("/service-signals/a-reader-gets-the-present", test_present);
  return served_run ();
}
