/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "notice.h"

#include "format.h"

#include <glib/gi18n.h>
#include <math.h>

static const char *const NAMES[N_NOTICES] = {
  [NOTICE_NONE] = "clock",    [NOTICE_CONNECTING] = "connecting", [NOTICE_MISSING] = "missing",
  [NOTICE_EMPTY] = "empty",   [NOTICE_DECISION] = "decision",     [NOTICE_CONFLICT] = "conflict",
  [NOTICE_PORTAL] = "portal", [NOTICE_OFFLINE] = "offline",
};

/* Whether somebody waits for answers that do not come. */
static gboolean
is_waiting (const ClockFacts *clock)
{
  return g_str_equal (clock->state, "starting") || g_str_equal (clock->state, "holdover")
         || g_str_equal (clock->state, "unsynchronised");
}

Notice
notice_choose (const ClockFacts *clock, const NoticeSituation *situation)
{
  if (situation->presence != HELPER_PRESENT)
    return situation->presence == HELPER_MISSING ? NOTICE_MISSING : NOTICE_CONNECTING;
  if (situation->servers == 0)
    return NOTICE_EMPTY;
  if (situation->syncing)
    return NOTICE_NONE;
  if (g_str_equal (clock->state, "needs-decision"))
    return NOTICE_DECISION;
  if (*clock->other_service && !situation->only_watch)
    return NOTICE_CONFLICT;
  if (is_waiting (clock) && g_str_equal (clock->connectivity, "portal"))
    return NOTICE_PORTAL;
  if (is_waiting (clock) && g_str_equal (clock->connectivity, "none"))
    return NOTICE_OFFLINE;
  return NOTICE_NONE;
}

const char *
notice_name (Notice notice)
{
  return NAMES[notice];
}

char *
notice_service_name (const char *unit)
{
  gsize length = strlen (unit);

  if (g_str_has_suffix (unit, ".service"))
    length -= strlen (".service");
  return g_strndup (unit, length);
}

static char *
describe_conflict (const ClockFacts *clock)
{
  g_autofree char *name = notice_service_name (clock->other_service);

  /* These two ask without any proof of who answers; chrony and ntpd may be set up either way. */
  if (g_str_equal (name, "systemd-timesyncd") || g_str_equal (name, "openntpd"))
    return g_strdup_printf (_ ("%s also sets this computer’s clock, without authentication. Until "
                               "you choose, Gnomon only watches."),
                            name);
  return g_strdup_printf (
      _ ("%s also sets this computer’s clock. Until you choose, Gnomon only watches."), name);
}

static char *
describe_portal (const ClockFacts *clock, const char *within, gint64 now)
{
  g_autofree char *ago = NULL;

  if (!within || clock->last_sync <= 0)
    return g_strdup (_ ("This network lets nothing through before you sign in. Your clock has not "
                        "been checked yet."));
  ago = format_ago ((now - clock->last_sync) / G_USEC_PER_SEC);
  return g_strdup_printf (
      /* Translators: the first %s is "2 hours ago", the second "9 ms". */
      _ ("This network lets nothing through before you sign in. Your clock was last checked %s and "
         "should still be right to within %s."),
      ago, within);
}

static char *
describe_offline (const char *within)
{
  if (!within)
    return g_strdup (_ ("Your clock runs on unchanged. Gnomon checks it as soon as there is a "
                        "network."));
  return g_strdup_printf (
      _ ("Your clock runs on at its last good rate and should be right to within "
         "%s. Gnomon checks it again as soon as there is a network."),
      within);
}

char *
notice_describe (Notice notice, const ClockFacts *clock, gint64 now)
{
  double bound = fabs (clock->offset) + clock->uncertainty;
  g_autofree char *within = isfinite (bound) ? format_bound (bound) : NULL;

  if (notice == NOTICE_CONFLICT)
    return describe_conflict (clock);
  if (notice == NOTICE_PORTAL)
    return describe_portal (clock, within, now);
  return notice == NOTICE_OFFLINE ? describe_offline (within) : g_strdup ("");
}
