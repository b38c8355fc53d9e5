/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The desktop's notifications, org.freedesktop.Notifications, or the portal for them inside a
 * sandbox. One with the same id takes the place of the other. */

#pragma once

#include <gio/gio.h>

/* The action of a click on the notification itself; what it does is up to the caller. */
#define NOTIFIER_DEFAULT "default"

typedef struct
{
  const char *id;
  const char *title;
  const char *body;
  gboolean urgent;    /* stays until a person has seen it */
  const char *action; /* of its one button, or NULL */
  const char *label;  /* on the button */
} Notification;

/* Signals:
 *   "acted" (const char *id, const char *action, const char *token): a person chose the button or
 * the notification itself; @token brings a window to the front, "" = there is none. */
#define GNOMON_TYPE_NOTIFIER (gnomon_notifier_get_type ())
G_DECLARE_FINAL_TYPE (GnomonNotifier, gnomon_notifier, GNOMON, NOTIFIER, GObject)

GnomonNotifier *gnomon_notifier_new (GDBusConnection *connection);
void gnomon_notifier_show (GnomonNotifier *self, const Notification *notification);
/* Nothing happens if it is not there. */
void gnomon_notifier_withdraw (GnomonNotifier *self, const char *id);
