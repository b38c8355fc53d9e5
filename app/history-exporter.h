/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks for a file, gathers what goes into it from the helper, and writes it whole or not at all.
 * How it went is told in a toast. */

#pragma once

#include "window.h"

typedef enum
{
  HISTORY_FORMAT_CSV,
  HISTORY_FORMAT_JSON,
  HISTORY_FORMAT_REPORT
} HistoryFormat;

void history_exporter_run (GnomonWindow *window, GnomonHelperClient *client, HistoryFormat format);
