/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "about.h"

#include <adwaita.h>
#include <glib/gi18n.h>

void
about_present (GtkWindow *parent)
{
  static const char *const DEVELOPERS[] = { "The Gnomon authors", NULL };
  GtkWidget *window = adw_about_window_new ();
  AdwAboutWindow *about = ADW_ABOUT_WINDOW (window);

  adw_about_window_set_application_name (about, "Gnomon");
  adw_about_window_set_application_icon (about, "org.gnomon.Gnomon");
  adw_about_window_set_version (about, GNOMON_VERSION);
  adw_about_window_set_developer_name (about, _ ("The Gnomon authors"));
  adw_about_window_set_comments (about, _ ("Secure time for the desktop"));
  adw_about_window_set_copyright (about, _ ("© 2026 the Gnomon authors"));
  adw_about_window_set_license_type (about, GTK_LICENSE_GPL_3_0);
  adw_about_window_set_developers (about, (const char **) DEVELOPERS);
  /* Translators: your name, and your address if you like, one translator on each line. */
  adw_about_window_set_translator_credits (about, _ ("translator-credits"));
  adw_about_window_add_legal_section (
      about, _ ("List of Public Time Servers"),
      /* Translators: a name and the address of a page. */
      _ ("From nts-servers by Jauder Ho and contributors, github.com/jauderho/nts-servers\n"
         "© 2022 Jauder Ho"),
      GTK_LICENSE_BSD_3, NULL);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_present (GTK_WINDOW (window));
}
