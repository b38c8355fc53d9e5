/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One number of the helper's options, with the control that changes it. Property "option": its name
 * in the contract, "step-threshold". What is changed is sent when it has stood for a moment; what
 * is refused goes back to the helper's value, with the reason in the row. Where the administrator
 * has set it the value stands there with a padlock. */

#pragma once

#include <adwaita.h>

#include "change-lock.h"

#define GNOMON_TYPE_OPTION_ROW (gnomon_option_row_get_type ())
G_DECLARE_FINAL_TYPE (GnomonOptionRow, gnomon_option_row, GNOMON, OPTION_ROW, AdwActionRow)

/* To be called once. While @lock is closed nothing can be changed. */
void gnomon_option_row_follow (GnomonOptionRow *self, GnomonHelperClient *client,
                               GnomonChangeLock *lock);
/* Sends at once what still waits. */
void gnomon_option_row_flush (GnomonOptionRow *self);
