/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "application.h"

#include <glib/gi18n.h>
#include <locale.h>

#define EXIT_USAGE 2

static gboolean
parse_bus (const char *name, GBusType *bus)
{
  if (!name || g_str_equal (name, "system"))
    *bus = G_BUS_TYPE_SYSTEM;
  else if (g_str_equal (name, "session"))
    *bus = G_BUS_TYPE_SESSION;
  else
    return FALSE;
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GnomonApplication) application = NULL;
  GBusType bus;

  setlocale (LC_ALL, "");
  bindtextdomain ("gnomon", GNOMON_LOCALEDIR);
  bind_textdomain_codeset ("gnomon", "UTF-8");
  textdomain ("gnomon");
  if (!parse_bus (g_getenv ("GNOMON_BUS"), &bus))
    return EXIT_USAGE;
  application = gnomon_application_new (bus);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
