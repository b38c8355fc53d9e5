/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Watches the helper and writes down what the graph will draw, as long as the application runs. */

#pragma once

#include "helper-client.h"
#include "offset-series.h"

#define GNOMON_TYPE_OFFSET_RECORDER (gnomon_offset_recorder_get_type ())
G_DECLARE_FINAL_TYPE (GnomonOffsetRecorder, gnomon_offset_recorder, GNOMON, OFFSET_RECORDER,
                      GObject)

GnomonOffsetRecorder *gnomon_offset_recorder_new (GnomonHelperClient *client);
/* (transfer none) */
GnomonOffsetSeries *gnomon_offset_recorder_get_series (GnomonOffsetRecorder *self);
