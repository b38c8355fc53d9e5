/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "host-check.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

/* RFC 1035 §2.3.4, with the dots as people write them. */
#define MAX_NAME_LENGTH  253
#define MAX_LABEL_LENGTH 63

static const char *
check_label (const char *label)
{
  gsize length = strlen (label);

  if (length == 0)
    return _ ("Something is missing between two dots");
  if (length > MAX_LABEL_LENGTH)
    return _ ("No part of a host name is longer than 63 letters");
  if (label[0] == '-' || label[length - 1] == '-')
    return _ ("No part of a host name begins or ends with a hyphen");
  for (; *label; label++)
    if (!g_ascii_isalnum (*label) && *label != '-')
      return _ ("A host name has only letters, digits, hyphens and dots");
  return NULL;
}

static gboolean
looks_like_address (const char *text)
{
  return strspn (text, "0123456789.") == strlen (text) || strchr (text, ':');
}

static const char *
check_name (const char *text)
{
  g_autofree char *ascii = g_hostname_to_ascii (text);
  g_auto (GStrv) labels = NULL;
  const char *reason = NULL;
  guint n;

  if (!ascii)
    return _ ("A host name has only letters, digits, hyphens and dots");
  if (strlen (ascii) > MAX_NAME_LENGTH)
    return _ ("A host name has at most 253 letters");
  labels = g_strsplit (ascii, ".", -1);
  n = g_strv_length (labels);
  /* A dot at the end is allowed, and says nothing new. */
  if (n > 1 && !*labels[n - 1])
    n--;
  for (guint i = 0; i < n && !reason; i++)
    reason = check_label (labels[i]);
  return reason;
}

const char *
host_check (const char *text)
{
  if (!*text)
    return _ ("Type the name or the address of a server");
  if (!g_utf8_validate (text, -1, NULL))
    return _ ("A host name has only letters, digits, hyphens and dots");
  for (const char *c = text; *c; c = g_utf8_next_char (c))
    if (g_unichar_isspace (g_utf8_get_char (c)))
      return _ ("A host name has no spaces");
  if (strstr (text, "://") || strchr (text, '/'))
    return _ ("Type only the name, without “https://” and without a path");
  if (g_hostname_is_ip_address (text))
    return NULL;
  if (looks_like_address (text))
    return _ ("This address is not complete");
  return check_name (text);
}

const char *
port_check (const char *text, guint *port)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &value, NULL))
    return _ ("A port is a number from 1 to 65535");
  *port = (guint) value;
  return NULL;
}

/* Cuts ":port" off a name or off "[address]". */
static void
cut_port (char *text, guint *port)
{
  char *end = *text == '[' ? strchr (text, ']') : strchr (text, ':');

  if (!end || (*text != '[' && strchr (end + 1, ':')))
    return;
  if (*text == '[')
    {
      *end++ = '\0';
      memmove (text, text + 1, strlen (text));
    }
  if (*end == ':' && port_check (end + 1, port) == NULL)
    *end = '\0';
}

char *
host_find (const char *text, guint *port)
{
  g_autofree char *host = g_strdup (text);
  char *scheme;
  char *user;

  *port = 0;
  g_strstrip (host);
  host[strcspn (host, "\r\n")] = '\0';
  scheme = strstr (host, "://");
  if (scheme)
    memmove (host, scheme + 3, strlen (scheme + 3) + 1);
  host[strcspn (host, "/?#")] = '\0';
  user = strrchr (host, '@');
  if (user)
    memmove (host, user + 1, strlen (user + 1) + 1);
  cut_port (host, port);
  if (scheme)
    *port = 0;
  return host_check (host) == NULL ? g_steal_pointer (&host) : NULL;
}
