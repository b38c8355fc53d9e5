/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "options.h"

#include <math.h>
#include <string.h>

#define TIMEOUT_DEFAULT_S    20
#define TIMEOUT_MAX_S        3600
#define VIRTUAL_OFFSET_MAX_S 1e9

/* As they are written. */
typedef struct
{
  char *bus;
  char *clock;
  char *virtual_offset;
  char *virtual_frequency;
  int timeout;
} Written;

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, why);
  return FALSE;
}

static gboolean
take_bus (Options *options, const char *bus, GError **error)
{
  if (bus == NULL || strcmp (bus, "system") == 0)
    options->bus = options->once ? OPTIONS_BUS_NONE : OPTIONS_BUS_SYSTEM;
  else if (strcmp (bus, "session") == 0)
    options->bus = OPTIONS_BUS_SESSION;
  else if (strcmp (bus, "none") == 0)
    options->bus = OPTIONS_BUS_NONE;
  else
    return refuse (error, "--bus must be system, session or none");
  return TRUE;
}

static gboolean
take_clock (Options *options, const char *clock, GError **error)
{
  static const ClockMode modes[] = { CLOCK_MODE_SYSTEM, CLOCK_MODE_VIRTUAL, CLOCK_MODE_OBSERVE };

  options->clock = CLOCK_MODE_SYSTEM;
  if (clock == NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    if (strcmp (clock, clock_mode_name (modes[i])) == 0)
      {
        options->clock = modes[i];
        return TRUE;
      }
  return refuse (error, "--clock must be system, virtual or observe");
}

static gboolean
take_number (const char *text, const char *name, double most, double *number, GError **error)
{
  char *end = NULL;

  if (text == NULL)
    return TRUE;
  *number = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && fabs (*number) <= most)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s must be a number of at most %g",
               name, most);
  return FALSE;
}

static gboolean
take_virtual (Options *options, const Written *written, GError **error)
{
  if (options->clock != CLOCK_MODE_VIRTUAL
      && (written->virtual_offset != NULL || written->virtual_frequency != NULL))
    return refuse (error, "--virtual-offset and --virtual-frequency need --clock=virtual");
  return take_number (written->virtual_offset, "--virtual-offset", VIRTUAL_OFFSET_MAX_S,
                      &options->virtual_offset_s, error)
         && take_number (written->virtual_frequency, "--virtual-frequency", CLOCK_FREQUENCY_MAX_PPM,
                         &options->virtual_frequency_ppm, error);
}

static gboolean
take_once (Options *options, const Written *written, GError **error)
{
  options->timeout_s = TIMEOUT_DEFAULT_S;
  if (!options->once && (options->json || written->timeout != -1))
    return refuse (error, "--json and --timeout need --once");
  if (options->once && options->bus == OPTIONS_BUS_SESSION)
    return refuse (error, "--once is on no bus");
  if (written->timeout == -1)
    return TRUE;
  if (written->timeout < 1 || written->timeout > TIMEOUT_MAX_S)
    return refuse (error, "--timeout must be from 1 to 3600 seconds");
  options->timeout_s = (guint) written->timeout;
  return TRUE;
}

static gboolean
take_all (Options *options, const Written *written, GError **error)
{
  if (!take_bus (options, written->bus, error) || !take_clock (options, written->clock, error)
      || !take_virtual (options, written, error) || !take_once (options, written, error))
    return FALSE;
  /* There, no polkit stands between a caller and the real clock. */
  if (options->bus == OPTIONS_BUS_SESSION && options->clock == CLOCK_MODE_SYSTEM)
    return refuse (error, "on a session bus the system clock is never set: "
                          "use --clock=virtual or --clock=observe");
  options->config_required = options->config != NULL;
  if (options->config == NULL)
    options->config = g_strdup (GNOMON_CONFIG_FILE);
  if (options->state_dir == NULL && options->clock == CLOCK_MODE_SYSTEM)
    options->state_dir = g_strdup (GNOMON_STATE_DIR);
  return TRUE;
}

gboolean
options_parse (Options *options, int *argc, char ***argv, GError **error)
{
  Written written = { .timeout = -1 };
  const GOptionEntry entries[] = {
    { "bus", 0, 0, G_OPTION_ARG_STRING, &written.bus, "Where it can be called (system)",
      "system|session|none" },
    { "clock", 0, 0, G_OPTION_ARG_STRING, &written.clock, "What is kept right (system)",
      "system|virtual|observe" },
    { "virtual-offset", 0, 0, G_OPTION_ARG_STRING, &written.virtual_offset,
      "The virtual clock begins so slow", "S" },
    { "virtual-frequency", 0, 0, G_OPTION_ARG_STRING, &written.virtual_frequency,
      "The virtual clock loses so much", "PPM" },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &options->config, "Configuration file", "FILE" },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->state_dir,
      "Where keys and drift are kept", "DIR" },
    { "log-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->log_dir, "Where statistics are written",
      "DIR" },
    { "once", 0, 0, G_OPTION_ARG_NONE, &options->once, "Synchronise once, print the result, exit",
      NULL },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &written.timeout, "With --once: give up then (20)", "S" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "With --once: print JSON", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- keep the clock right");
  gboolean good;

  memset (options, 0, sizeof *options);
  g_option_context_add_main_entries (context, entries, NULL);
  good = g_option_context_parse (context, argc, argv, error);
  if (good && *argc > 1)
    good = refuse (error, "there are no arguments but options");
  good = good && take_all (options, &written, error);
  g_free (written.bus);
  g_free (written.clock);
  g_free (written.virtual_offset);
  g_free (written.virtual_frequency);
  return good;
}

void
options_clear (Options *options)
{
  g_free (options->config);
  g_free (options->state_dir);
  g_free (options->log_dir);
}
