/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "address.h"

#include "error.h"

#include "core/nts-ke.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOST_MAX 253 /* RFC 1035 §3.1, as text */

static char *
refuse (const char *why, GError **error)
{
  g_set_error (error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT, "host: %s", why);
  return NULL;
}

char *
host_canonical (const char *host, GError **error)
{
  g_autofree char *ascii = NULL;
  char text[ADDRESS_TEXT_MAX];
  NtpAddress address;
  gsize length = strnlen (host, 4 * HOST_MAX + 1);

  if (length == 0)
    return refuse ("is empty", error);
  if (length > 4 * HOST_MAX)
    return refuse ("is longer than 253 octets", error);
  if (address_parse (host, 0, &address))
    {
      address_print (&address, text);
      return g_strdup (text);
    }

  ascii = g_hostname_is_non_ascii (host) ? g_hostname_to_ascii (host) : g_ascii_strdown (host, -1);
  if (ascii == NULL)
    return refuse ("is not a host name", error);
  if (g_str_has_suffix (ascii, "."))
    ascii[strlen (ascii) - 1] = '\0';
  if (strlen (ascii) > HOST_MAX)
    return refuse ("is longer than 253 octets", error);
  if (!nts_ke_server_name_valid ((const guint8 *) ascii, strlen (ascii)))
    return refuse ("is neither a host name nor an address", error);
  return g_steal_pointer (&ascii);
}

char *
host_operator (const char *host)
{
  NtpAddress address;
  const char *dot;

  if (address_parse (host, 0, &address) && address.family == 4)
    return g_strdup_printf ("%u.%u.%u.0/24", address.octets[0], address.octets[1],
                            address.octets[2]);
  if (address_parse (host, 0, &address))
    {
      char text[ADDRESS_TEXT_MAX];
      memset (address.octets + 6, 0, sizeof address.octets - 6);
      address_print (&address, text);
      return g_strdup_printf ("%s/48", text);
    }

  dot = strrchr (host, '.');
  while (dot != NULL && dot > host && dot[-1] != '.')
    dot--;
  return g_strdup (dot != NULL ? dot : host);
}

gboolean
address_parse (const char *text, guint16 port, NtpAddress *address)
{
  if (!ntp_address_from_literal (text, address))
    return FALSE;
  address->port = port;
  return TRUE;
}

gboolean
address_from_inet (GInetAddress *inet, guint16 port, NtpAddress *address)
{
  NtpAddress found = { .port = port };
  gsize size = g_inet_address_get_native_size (inet);

  if (g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV4)
    found.family = 4;
  else if (g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV6)
    found.family = 6;
  else
    return FALSE;
  memcpy (found.octets, g_inet_address_to_bytes (inet), MIN (size, sizeof found.octets));
  *address = found;
  return TRUE;
}

void
address_print (const NtpAddress *address, char text[ADDRESS_TEXT_MAX])
{
  text[0] = '\0';
  if (address->family == 4)
    inet_ntop (AF_INET, address->octets, text, ADDRESS_TEXT_MAX);
  else if (address->family == 6)
    inet_ntop (AF_INET6, address->octets, text, ADDRESS_TEXT_MAX);
}

gboolean
address_equal (const NtpAddress *a, const NtpAddress *b)
{
  return a->family == b->family && a->port == b->port
         && memcmp (a->octets, b->octets, sizeof a->octets) == 0;
}

static socklen_t
to_sockaddr (const NtpAddress *address, struct sockaddr_storage *storage)
{
  memset (storage, 0, sizeof *storage);
  if (address->family == 4)
    {
      struct sockaddr_in *in = (struct sockaddr_in *) storage;
      in->sin_family = AF_INET;
      in->sin_port = htons (address->port);
      memcpy (&in->sin_addr, address->octets, sizeof in->sin_addr);
      return sizeof *in;
    }
  else
    {
      struct sockaddr_in6 *in6 = (struct sockaddr_in6 *) storage;
      in6->sin6_family = AF_INET6;
      in6->sin6_port = htons (address->port);
      memcpy (&in6->sin6_addr, address->octets, sizeof in6->sin6_addr);
      return sizeof *in6;
    }
}

/* Some kernels refuse the flags. */
static int
open_socket (int family, int type)
{
  int fd = socket (family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd < 0 && errno == EINVAL)
    {
      fd = socket (family, type, 0);
      if (fd >= 0)
        {
          fcntl (fd, F_SETFD, FD_CLOEXEC);
          fcntl (fd, F_SETFL, O_NONBLOCK);
        }
    }
  return fd;
}

int
address_connect (const NtpAddress *address, int type)
{
  struct sockaddr_storage storage;
  socklen_t length = to_sockaddr (address, &storage);
  int fd = open_socket (storage.ss_family, type);
  int code;

  if (fd < 0)
    return -1;
  if (connect (fd, (struct sockaddr *) &storage, length) == 0 || errno == EINPROGRESS)
    return fd;
  code = errno;
  close (fd);
  errno = code;
  return -1;
}
