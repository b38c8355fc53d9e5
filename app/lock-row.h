/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row that says whether the settings for everyone are locked, with the button that changes it.
 */

#pragma once

#include <adwaita.h>

#include "change-lock.h"

#define GNOMON_TYPE_LOCK_ROW (gnomon_lock_row_get_type ())
G_DECLARE_FINAL_TYPE (GnomonLockRow, gnomon_lock_row, GNOMON, LOCK_ROW, AdwActionRow)

/* To be called once. */
void gnomon_lock_row_follow (GnomonLockRow *self, GnomonChangeLock *lock);
