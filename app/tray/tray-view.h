/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tray shows, from what is known: the icon, its tooltip and the menu. Pure. */

#pragma once

#include "helper-client.h"
#include "seal.h"

typedef struct
{
  HelperPresence presence;
  const ClockFacts *clock;
  GListModel *servers; /* GnomonServer items */
  gboolean syncing;    /* at our own request */
  gint64 now;          /* µs since 1970 UTC */
  GTimeZone *zone;
} TrayFacts;

/* The ids of the menu's items on D-Bus, from top to bottom. An id means the same for ever. */
typedef enum
{
  MENU_ROOT,
  MENU_DECISION,
  MENU_STATE,
  MENU_WITNESSES,
  MENU_OFFSET,
  MENU_LAST_SYNC,
  MENU_LINE_AFTER_STATE,
  MENU_SYNC,
  MENU_CANCEL,
  MENU_LINE_AFTER_SYNC,
  MENU_OPEN,
  MENU_PREFERENCES,
  MENU_LINE_BEFORE_QUIT,
  MENU_QUIT,
  MENU_N_ITEMS
} MenuItemId;

typedef struct
{
  char *label; /* NULL = a line */
  gboolean visible;
  gboolean enabled;
} MenuItem;

typedef struct
{
  Seal seal;
  gboolean attention; /* waits for a person */
  char *title;        /* of the tooltip: the sentence */
  char *text;         /* of the tooltip: the line below it */
  MenuItem items[MENU_N_ITEMS];
} TrayView;

/* Fills @view, which need not be cleared before. */
void tray_view_init (TrayView *view, const TrayFacts *facts);
void tray_view_clear (TrayView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TrayView, tray_view_clear)

/* As the tray shows it: a decision has no mark of its own there. Static. */
const char *tray_view_icon_name (const TrayView *view);
