/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "make-server.h"
#include "tray-view.h"

#include <math.h>

static const ClockFacts RIGHT = {
  .version = "",
  .automatic = TRUE,
  .state = "synchronised",
  .reason = "",
  .clock_mode = "system",
  .other_service = "",
  .connectivity = "full",
  .offset = -0.000312,
  .uncertainty = 0.000981,
  .last_sync = NOW - 12 * G_USEC_PER_SEC,
  .leap = "none",
  .vouching = 3,
  .asked = 3,
  .operators = 2,
};

/* The visible items from top to bottom: a label, "(label)" if it cannot be chosen, "-" = a line;
 * no-break spaces are written "_". */
static char *
describe (const TrayView *view)
{
  GString *text = g_string_new (NULL);

  for (int id = MENU_ROOT + 1; id < MENU_N_ITEMS; id++)
    {
      const MenuItem *item = &view->items[id];
      if (!item->visible)
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append_printf (text, item->enabled ? "%s" : "(%s)", item->label ? item->label : "-");
    }
  g_string_replace (text, "\302\240", "_", 0);
  return g_string_free (text, FALSE);
}

static void
assert_view (TrayFacts facts, guint n_servers, const char *icon, gboolean attention,
             const char *menu)
{
  g_autoptr (GListStore) servers = g_list_store_new (GNOMON_TYPE_SERVER);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("+01:00");
  g_auto (TrayView) view = { 0 };
  g_autofree char *shown = NULL;

  for (guint i = 0; i < n_servers; i++)
    {
      g_autoptr (GnomonServer) server =
          gnomon_server_new (make_values ("a", "polling", "candidate", ""));
      g_list_store_append (servers, server);
    }
  facts.servers = G_LIST_MODEL (servers);
  facts.now = NOW;
  facts.zone = zone;
  tray_view_init (&view, &facts);
  shown = describe (&view);
  g_assert_cmpstr (shown, ==, menu);
  g_assert_cmpstr (tray_view_icon_name (&view), ==, icon);
  g_assert_cmpint (view.attention, ==, attention);
  g_assert_cmpstr (view.title, !=, "");
  g_assert_cmpstr (view.text, !=, "");
}

#define FOOT "\n-\nOpen Gnomon\nPreferences\n-\nQuit"

static void
right_clock (void)
{
  ClockFacts clock = RIGHT;
  TrayFacts facts = { .presence = HELPER_PRESENT, .clock = &clock };

  assert_view (facts, 3, "gnomon-right-symbolic", FALSE,
               "Right to within 1.3_ms\n(3 of 3 servers vouch for it)\n(Offset −0.31_ms)\n"
               "(Last sync today at 13:47)\n-\nSync Securely Now" FOOT);
  clock.vouching = clock.asked = clock.operators = 1;
  assert_view (
      facts, 1, "gnomon-right-symbolic", FALSE,
      "Right to within 1.3_ms\n(The only server vouches for it. Nobody would outvote it.)\n"
      "(Offset −0.31_ms)\n(Last sync today at 13:47)\n-\nSync Securely Now" FOOT);
}

static void
running_sync_can_be_cancelled (void)
{
  ClockFacts clock = RIGHT;
  TrayFacts facts = { .presence = HELPER_PRESENT, .clock = &clock, .syncing = TRUE };

  assert_view (facts, 3, "gnomon-synchronising-symbolic", FALSE,
               "Synchronising securely…\n(Asking 3 servers for the time.)\n(Offset −0.31_ms)\n"
               "(Last sync today at 13:47)\n-\n(Synchronising…)\nCancel" FOOT);
}

static void
decision_comes_first (void)
{
  ClockFacts clock = RIGHT;
  TrayFacts facts = { .presence = HELPER_PRESENT, .clock = &clock };

  clock.state = "needs-decision";
  clock.offset = 7387.2;
  assert_view (facts, 3, "gnomon-warning-symbolic", TRUE,
               "A decision is needed…\nYour clock would jump by 2_h_03_min\n"
               "(Nothing was changed. 3 of 3 servers, run by 2 operators, agree on another time.)\n"
               "(Offset +2_h_03_min)\n(Last sync today at 13:47)\n-\nSync Securely Now" FOOT);
}

static void
what_is_not_known_is_left_out (void)
{
  ClockFacts clock = RIGHT;
  TrayFacts facts = { .presence = HELPER_PRESENT, .clock = &clock };

  clock.state = "unsynchronised";
  clock.reason = "no-servers";
  clock.uncertainty = INFINITY;
  clock.last_sync = 0;
  assert_view (facts, 0, "gnomon-not-trusted-symbolic", FALSE,
               "Nobody vouches for your clock\n(No server has given a proven answer yet.)\n-\n"
               "(Sync Securely Now)" FOOT);
}

static void
missing_helper (void)
{
  TrayFacts facts = { .presence = HELPER_MISSING, .clock = &RIGHT };

  assert_view (
      facts, 0, "gnomon-warning-symbolic", FALSE,
      "The time service is not running\n(It is not known whether your clock is right.)\n-\n"
      "(Sync Securely Now)" FOOT);
  facts.presence = HELPER_CONNECTING;
  facts.clock = &CLOCK_FACTS_UNKNOWN;
  assert_view (facts, 0, "gnomon-synchronising-symbolic", FALSE,
               "Looking for the time service…\n(It is not known whether your clock is right.)\n-\n"
               "(Sync Securely Now)" FOOT);
}

int
main (int argc, char *argv[])
{
  g_setenv ("LANGUAGE", "C", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tray-view/right-clock", right_clock);
  g_test_add_func ("/tray-view/running-sync-can-be-cancelled", running_sync_can_be_cancelled);
  g_test_add_func ("/tray-view/decision-comes-first", decision_comes_first);
  g_test_add_func ("/tray-view/what-is-not-known-is-left-out", what_is_not_known_is_left_out);
  g_test_add_func ("/tray-view/missing-helper", missing_helper);
  return g_test_run ();
}
