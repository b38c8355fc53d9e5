/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether certificates are held to their dates: see core/nts-dates.h. */

#include "engine-private.h"

#include <sys/stat.h>

/* A program cannot be older than its file, nor run before the time that was last kept. */
void
engine_begin_dates (Engine *engine)
{
  struct stat program;

  engine->passed_s = engine_get_last_right (engine);
  if (stat ("/proc/self/exe", &program) == 0)
    engine->passed_s = MAX (engine->passed_s, (gint64) program.st_mtime);
}

gboolean
engine_dates_may_wait (const Engine *engine)
{
  NtpNow now = clock_now (engine->clock);
  NtpServerSnapshot snapshot;

  if (engine->dates_strict)
    return FALSE;
  for (guint i = 0; i < engine->servers->len; i++)
    {
      const EngineServer *server = g_ptr_array_index (engine->servers, i);

      if (ntp_system_server_snapshot (engine->system, server->slot, &now, &snapshot)
          && snapshot.authenticated && !snapshot.provisional)
        return FALSE;
    }
  return TRUE;
}
