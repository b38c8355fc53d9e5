/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the desktop is to be asked through its portals, org.freedesktop.portal.*. */

#pragma once

#include <gio/gio.h>

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"

/* TRUE inside Flatpak, or where GTK_USE_PORTAL=1 asks for the same. */
gboolean sandbox_is_on (void);

/* Calls a method of a portal whose answer comes with the signal Response of a Request object.
 * @method: of @interface, which begins with "org.freedesktop.portal."; @parameters: all but the
 * last, the options, a floating tuple; @options: NULL or initialised, consumed, and the token is
 * added. Errors: G_IO_ERROR_CANCELLED when a person said no, others as of any call. */
void sandbox_request_async (GDBusConnection *connection, const char *interface, const char *method,
                            GVariant *parameters, GVariantDict *options, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);
/* The results, a{sv}, (transfer full). */
GVariant *sandbox_request_finish (GAsyncResult *result, GError **error);
