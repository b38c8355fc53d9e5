/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line. */

#pragma once

#include "clock.h"

typedef enum
{
  OPTIONS_BUS_SYSTEM,
  OPTIONS_BUS_SESSION,
  OPTIONS_BUS_NONE
} OptionsBus;

typedef struct
{
  OptionsBus bus;
  ClockMode clock;
  double virtual_offset_s;
  double virtual_frequency_ppm;
  char *config;
  gboolean config_required; /* it was named, so it must exist */
  char *state_dir;          /* NULL = nothing is kept */
  char *log_dir;            /* NULL = no statistics */
  gboolean once;
  guint timeout_s;
  gboolean json;
} Options;

/* Takes the options out of @argv. FALSE with a G_OPTION_ERROR for those that are not known or do
 * not go together. */
gboolean options_parse (Options *options, int *argc, char ***argv, GError **error);
void options_clear (Options *options);
