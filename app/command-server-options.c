/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "command-server-options.h"

#include <glib/gi18n.h>

static struct
{
  int port;
  int ntp_port;
  char *ca;
  char *accept;
  gboolean no_nts;
} given;

const GOptionEntry COMMAND_SERVER_OPTIONS[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &given.port,
    N_ ("TCP port that hands out the keys, 4460 if it is not given"), N_ ("PORT") },
  { "ca", 0, 0, G_OPTION_ARG_FILENAME, &given.ca,
    N_ ("Certificates (PEM) to check this server by, instead of the system’s"), N_ ("FILE") },
  { "accept", 0, 0, G_OPTION_ARG_STRING, &given.accept,
    N_ ("Certificates that are accepted: any, issuer or key"), N_ ("WHICH") },
  { "no-nts", 0, 0, G_OPTION_ARG_NONE, &given.no_nts,
    N_ ("Without authentication: it is compared, and never believed"), NULL },
  { "ntp-port", 0, 0, G_OPTION_ARG_INT, &given.ntp_port,
    N_ ("UDP port of the time, only with --no-nts; 123 if it is not given"), N_ ("PORT") },
  G_OPTION_ENTRY_NULL
};

static const char *
check_port (int port)
{
  /* 0 = not given. */
  return port >= 0 && port <= G_MAXUINT16 ? NULL : _ ("A port is a number from 1 to 65535");
}

static const char *
check_accept (const char *which)
{
  static const char *const KNOWN[] = { "any", "issuer", "key", NULL };

  return !which || g_strv_contains (KNOWN, which) ? NULL : _ ("--accept takes any, issuer or key");
}

/* The helper has another working directory. */
static const char *
check_ca (void)
{
  g_autofree char *path = g_steal_pointer (&given.ca);

  if (!path)
    return NULL;
  given.ca = g_canonicalize_filename (path, NULL);
  return g_file_test (given.ca, G_FILE_TEST_IS_REGULAR) ? NULL
                                                        : _ ("The file after --ca is not there");
}

const char *
command_server_options_check (void)
{
  const char *reason = check_port (given.port);

  if (!reason)
    reason = check_port (given.ntp_port);
  if (!reason)
    reason = check_accept (given.accept);
  if (!reason)
    reason = check_ca ();
  if (!reason && given.ntp_port > 0 && !given.no_nts)
    reason = _ ("--ntp-port needs --no-nts: other servers tell their port themselves");
  if (!reason && given.no_nts && (given.port > 0 || given.ca || given.accept))
    reason = _ ("--port, --ca and --accept are about keys, and there are none with --no-nts");
  return reason;
}

void
command_server_options_suggest_port (guint port)
{
  if (given.port == 0 && !given.no_nts)
    given.port = (int) port;
}

void
command_server_options_insert (GVariantDict *options)
{
  if (given.no_nts)
    g_variant_dict_insert (options, "nts", "b", FALSE);
  if (given.port > 0)
    g_variant_dict_insert (options, "port", "q", (guint16) given.port);
  if (given.ntp_port > 0)
    g_variant_dict_insert (options, "ntp-port", "q", (guint16) given.ntp_port);
  if (given.ca)
    g_variant_dict_insert (options, "ca", "s", given.ca);
  if (given.accept)
    g_variant_dict_insert (options, "accept", "s", given.accept);
}
