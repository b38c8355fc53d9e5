/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "nts-server.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

gboolean
nts_server_has_word (const char *text, const char *word, char **value)
{
  if (text == NULL)
    return FALSE;
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  gsize length = strlen (word);
  for (char **w = words; *w != NULL; w++)
    {
      if (strncmp (*w, word, length) != 0 || ((*w)[length] != '\0' && (*w)[length] != '='))
        continue;
      if (value != NULL)
        *value = g_strdup ((*w)[length] == '=' ? *w + length + 1 : "");
      return TRUE;
    }
  return FALSE;
}

int
nts_server_bind (NtsServer *server, int type, guint16 *port, GError **error)
{
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (server->address, *port);
  struct sockaddr_storage address;
  gssize length = g_socket_address_get_native_size (wanted);
  if (!g_socket_address_to_native (wanted, &address, sizeof address, error))
    return -1;

  int fd = socket (address.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int yes = 1;
  if (type == SOCK_STREAM)
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  socklen_t size = sizeof address;
  if (fd < 0 || bind (fd, (struct sockaddr *) &address, (socklen_t) length) < 0
      || getsockname (fd, (struct sockaddr *) &address, &size) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: port %u: %s",
                   server->name, *port, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return -1;
    }
  g_autoptr (GSocketAddress) bound = g_socket_address_new_from_native (&address, size);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  return fd;
}

gboolean
nts_server_start (NtsServer *server, GError **error)
{
  cookie_key_renew (&server->cookie_key);
  server->cookies_seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  server->last_reply = g_byte_array_new ();
  server->ke_fd = server->ntp_fd = server->other_fd = -1;
  return nts_server_set_sabotage (server, NULL, error);
}

void
nts_server_stop (NtsServer *server)
{
  ke_listener_close (server);
  ntp_listener_close (server);
  g_clear_pointer (&server->cookies_seen, g_hash_table_unref);
  g_clear_pointer (&server->last_reply, g_byte_array_unref);
  g_clear_object (&server->address);
  g_clear_pointer (&server->name, g_free);
}

gboolean
nts_server_set_sabotage (NtsServer *server, const Sabotage *sabotage, GError **error)
{
  server->sabotage = sabotage;
  ke_listener_close (server);
  const char *tls = sabotage != NULL ? sabotage->tls : NULL;
  if (!nts_server_has_word (tls, "refuse", NULL) && !ke_listener_open (server, error))
    return FALSE;
  if (sabotage != NULL && g_strcmp0 (sabotage->reply, "unreachable") == 0)
    {
      ntp_listener_close (server);
      return TRUE;
    }
  return server->ntp_fd >= 0 || ntp_listener_open (server, error);
}
