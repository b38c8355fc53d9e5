/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A picture of who sends what: keys and cookies over an encrypted connection, then a question with
 * a cookie and a signed answer with a new one. Follows the colours of the theme, the direction of
 * the language and the width that it is given. */

#pragma once

#include <gtk/gtk.h>

#define GNOMON_TYPE_HELP_DIAGRAM (gnomon_help_diagram_get_type ())
G_DECLARE_FINAL_TYPE (GnomonHelpDiagram, gnomon_help_diagram, GNOMON, HELP_DIAGRAM, GtkWidget)
