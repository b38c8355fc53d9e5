/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least that a service on the bus with GLib and OpenSSL can be, for tests/bench-steady to
 * compare with: it owns a name and does nothing. */

#include <gio/gio.h>
#include <openssl/ssl.h>

int
main (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  SSL_CTX_free (SSL_CTX_new (TLS_client_method ()));
  g_bus_own_name (G_BUS_TYPE_SESSION, "org.gnomon.Empty", G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL,
                  NULL, NULL, NULL);
  g_main_loop_run (loop);
  return 0;
}
