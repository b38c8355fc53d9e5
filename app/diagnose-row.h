/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One step of a test: running, or how it ended. */

#pragma once

#include <adwaita.h>

#include "diagnose-words.h"

/* A floating row of a step that runs. @place: see diagnose_step_title (). */
GtkWidget *diagnose_row_new_running (guint place);
/* A floating row of a step that has ended, or was not reached. */
GtkWidget *diagnose_row_new (GVariant *step, gint64 now);
/* A floating row for below one that failed, without a line between: @sentences, and a button that
 * says @label, (transfer none) in @button. */
GtkWidget *diagnose_row_new_advice (const char *sentences, const char *label, GtkWidget **button);
