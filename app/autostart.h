/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Starting with the session: "gnomon --background" as an entry of the folder autostart in the
 * user's configuration, or through the Background portal inside a sandbox. The key "start-at-login"
 * is written when that has been done, so it tells what is true as far as the portal lets us know.
 */

#pragma once

#include <gio/gio.h>

/* TRUE if the tray starts with the session. Reads one small file. @settings: may be NULL. */
gboolean autostart_is_on (GSettings *settings);

/* Switches it on or off; the file is replaced atomically. When it fails nothing has changed, and
 * G_IO_ERROR_CANCELLED means that a person has said no to the portal. @settings: may be NULL. */
void autostart_set_async (GSettings *settings, gboolean wanted, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data);
gboolean autostart_set_finish (GAsyncResult *result, GError **error);
