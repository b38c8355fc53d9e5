/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon-helper: see gnomon-helper(8). */

#include "engine.h"
#include "once.h"
#include "options.h"
#include "service.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#define EXIT_STATUS_USAGE 2

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

typedef struct
{
  gboolean ended;
  int status;
} Run;

static volatile sig_atomic_t told_to_end;
static gboolean quiet; /* a person waits for the result and not for what led to it */

/* GLib's own writer drops what only informs, which here is what a log is read for. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  gboolean ours = FALSE;

  for (gsize i = 0; i < n_fields; i++)
    ours |=
        strcmp (fields[i].key, "GLIB_DOMAIN") == 0 && strcmp (fields[i].value, G_LOG_DOMAIN) == 0;
  if (quiet || !ours || (level & G_LOG_LEVEL_INFO) == 0)
    return g_log_writer_default (level, fields, n_fields, data);
  if (g_log_writer_is_journald (fileno (stderr)))
    return g_log_writer_journald (level, fields, n_fields, data);
  return g_log_writer_standard_streams (level, fields, n_fields, data);
}

/* Waking the main loop is one write () to a pipe, which a signal handler may do; GLib's own signal
 * sources, which do the same, would need a second thread. */
static void
on_signal (int number)
{
  told_to_end = 1;
  g_main_context_wakeup (NULL);
}

static void
handle_signals (void)
{
  struct sigaction end = { .sa_handler = on_signal };
  struct sigaction ignore = { .sa_handler = SIG_IGN };

  g_main_context_default ();
  sigaction (SIGTERM, &end, NULL);
  sigaction (SIGINT, &end, NULL);
  sigaction (SIGPIPE, &ignore, NULL);
  /* A file that may not grow is an error of writing like others. */
  sigaction (SIGXFSZ, &ignore, NULL);
}

/* Keys and cookies are in memory; no core dump and no debugger may have them. */
static void
keep_memory_private (void)
{
#ifndef __SANITIZE_ADDRESS__
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static void
on_once_done (int status, gpointer data)
{
  Run *run = data;

  run->ended = TRUE;
  run->status = status;
}

static void
on_service_lost (const char *message, gpointer data)
{
  Run *run = data;

  g_warning ("%s", message);
  run->ended = TRUE;
  run->status = 1;
}

static int
run_engine (Engine *engine, const Options *options)
{
  Run run = { 0 };
  Once *once = NULL;
  Service *service = NULL;

  if (options->once)
    once = once_new (engine, options->timeout_s, options->json, on_once_done, &run);
  else if (options->bus == OPTIONS_BUS_NONE)
    {
      engine_start (engine);
      engine_set_rival (engine, TRUE, NULL); /* nobody is there to ask */
    }
  else
    service = service_new (
        engine, options->bus == OPTIONS_BUS_SESSION ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM,
        on_service_lost, &run);
  while (!run.ended && !told_to_end)
    g_main_context_iteration (NULL, TRUE);
  if (!run.ended && once != NULL)
    run.status = 1;

  g_clear_pointer (&service, service_free);
  engine_stop (engine);
  g_clear_pointer (&once, once_free);
  return run.status;
}

static int
run_helper (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Engine) engine = NULL;
  Config *config = config_load (options->config, options->config_required, &error);
  if (config == NULL)
    {
      fprintf (stderr, "gnomon-helper: %s\n", error->message);
      return 1;
    }
  engine = engine_new (
      config, clock_new (options->clock, options->virtual_offset_s, options->virtual_frequency_ppm),
      options->state_dir);
  if (options->log_dir != NULL)
    engine_set_log_dir (engine, options->log_dir);
  return run_engine (engine, options);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Options options;
  int status;

  setlocale (LC_CTYPE, "");
  /* The output is for the result of --once. */
  g_log_writer_default_set_use_stderr (TRUE);
  g_log_set_writer_func (write_log, NULL, NULL);
  keep_memory_private ();
  handle_signals ();
  if (options_parse (&options, &argc, &argv, &error))
    {
      quiet = options.once;
      status = run_helper (&options);
    }
  else
    {
      fprintf (stderr, "gnomon-helper: %s\n", error->message);
      status = EXIT_STATUS_USAGE;
    }
  options_clear (&options);
  return status;
}
