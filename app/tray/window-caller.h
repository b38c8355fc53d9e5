/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks the window's process, which the bus starts where it does not run:
 * org.freedesktop.Application.
 * @token: what the panel or the notification gave so that the window may come to the front, or "".
 */

#pragma once

#include <gio/gio.h>

/* Brings the window to the front. Where the bus cannot start the program it is started by its path:
 * opening always works. */
void window_caller_open (GDBusConnection *connection, const char *token);
/* An action of the application, "preferences"; @parameter may be NULL, a floating one is sunk. */
void window_caller_activate (GDBusConnection *connection, const char *action, GVariant *parameter,
                             const char *token);
/* Ends it; does not start it to end it. */
void window_caller_quit (GDBusConnection *connection, GAsyncReadyCallback callback, gpointer data);
