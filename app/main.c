/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "application.h"
#include "background.h"
#include "command-line.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  g_autoptr (GnomonApplication) application = NULL;
  const char *command = command_line_find (argc, argv);

  setlocale (LC_ALL, "");
  bindtextdomain ("gnomon", GNOMON_LOCALEDIR);
  bind_textdomain_codeset ("gnomon", "UTF-8");
  textdomain ("gnomon");
  if (background_is_asked (argc, argv))
    return background_become (argv);
  if (command)
    return command_line_run (argc, argv, command);
  application = gnomon_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
