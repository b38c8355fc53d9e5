/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tray-view.h"

#include "format.h"
#include "status.h"
#include "witness-words.h"

#include <glib/gi18n.h>
#include <math.h>

static gboolean
is_state (const TrayFacts *facts, const char *state)
{
  return facts->presence == HELPER_PRESENT && g_str_equal (facts->clock->state, state);
}

static void
describe (ClockStatus *status, const TrayFacts *facts)
{
  if (facts->presence == HELPER_PRESENT && facts->syncing)
    clock_status_init_syncing (status, g_list_model_get_n_items (facts->servers), FALSE);
  else if (facts->presence == HELPER_PRESENT)
    clock_status_init (status, facts->clock, facts->servers, facts->now, facts->zone);
  else
    *status = (ClockStatus){
      .seal = facts->presence == HELPER_MISSING ? SEAL_WARNING : SEAL_SYNCHRONISING,
      .sentence =
          g_strdup (facts->presence == HELPER_MISSING ? _ ("The time service is not running")
                                                      : _ ("Looking for the time service…")),
      .line = g_strdup (_ ("It is not known whether your clock is right.")),
      .small = g_strdup (""),
    };
}

static void
show (TrayView *view, MenuItemId id, char *label, gboolean enabled)
{
  view->items[id] = (MenuItem){ .label = label, .visible = TRUE, .enabled = enabled };
}

static void
show_line (TrayView *view, MenuItemId id)
{
  view->items[id] = (MenuItem){ .visible = TRUE, .enabled = TRUE };
}

static char *
state_label (const TrayFacts *facts, const ClockStatus *status)
{
  g_autofree char *within = NULL;

  if (!is_state (facts, "synchronised") || facts->syncing)
    return g_strdup (status->sentence);
  within = format_bound (fabs (facts->clock->offset) + facts->clock->uncertainty);
  return g_strdup_printf (_ ("Right to within %s"), within);
}

static char *
witnesses_label (const TrayFacts *facts, const ClockStatus *status)
{
  const ClockFacts *clock = facts->clock;

  if (!is_state (facts, "synchronised") || facts->syncing || clock->asked == 1)
    return g_strdup (status->line);
  return words_for_vouching (clock->vouching, clock->asked);
}

static void
show_state (TrayView *view, const TrayFacts *facts, const ClockStatus *status)
{
  const ClockFacts *clock = facts->clock;
  gboolean present = facts->presence == HELPER_PRESENT;

  show (view, MENU_STATE, state_label (facts, status), TRUE);
  show (view, MENU_WITNESSES, witnesses_label (facts, status), FALSE);
  if (present && isfinite (clock->uncertainty))
    {
      g_autofree char *offset = format_offset (clock->offset);
      /* Translators: "Offset +0.31 ms" */
      show (view, MENU_OFFSET, g_strdup_printf (_ ("Offset %s"), offset), FALSE);
    }
  if (present && clock->last_sync > 0)
    {
      g_autofree char *when = format_day_and_time (clock->last_sync, facts->now, facts->zone);
      /* Translators: "Last sync today at 14:31" */
      show (view, MENU_LAST_SYNC, g_strdup_printf (_ ("Last sync %s"), when), FALSE);
    }
}

static void
show_commands (TrayView *view, const TrayFacts *facts)
{
  gboolean present = facts->presence == HELPER_PRESENT;

  if (view->attention)
    show (view, MENU_DECISION, g_strdup (_ ("A decision is needed…")), TRUE);
  show_line (view, MENU_LINE_AFTER_STATE);
  if (present && facts->syncing)
    {
      show (view, MENU_SYNC, g_strdup (_ ("Synchronising…")), FALSE);
      show (view, MENU_CANCEL, g_strdup (_ ("Cancel")), TRUE);
    }
  else
    show (view, MENU_SYNC, g_strdup (_ ("Sync Securely Now")),
          present && g_list_model_get_n_items (facts->servers) > 0);
  show_line (view, MENU_LINE_AFTER_SYNC);
  show (view, MENU_OPEN, g_strdup (_ ("Open Gnomon")), TRUE);
  show (view, MENU_PREFERENCES, g_strdup (_ ("Preferences")), TRUE);
  show_line (view, MENU_LINE_BEFORE_QUIT);
  show (view, MENU_QUIT, g_strdup (_ ("Quit")), TRUE);
}

void
tray_view_init (TrayView *view, const TrayFacts *facts)
{
  g_auto (ClockStatus) status = { 0 };

  describe (&status, facts);
  *view = (TrayView){ .seal = status.seal, .attention = is_state (facts, "needs-decision") };
  show_state (view, facts, &status);
  show_commands (view, facts);
  view->title = g_steal_pointer (&status.sentence);
  view->text = g_steal_pointer (&status.line);
}

void
tray_view_clear (TrayView *view)
{
  g_clear_pointer (&view->title, g_free);
  g_clear_pointer (&view->text, g_free);
  for (guint i = 0; i < MENU_N_ITEMS; i++)
    g_clear_pointer (&view->items[i].label, g_free);
}

const char *
tray_view_icon_name (const TrayView *view)
{
  return seal_icon_name (view->seal == SEAL_DECISION ? SEAL_WARNING : view->seal);
}
