/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "once.h"

#include "sync-result.h"
#include "timer.h"
#include "variant-json.h"

#include <math.h>
#include <stdio.h>

#define SLEW_WAIT_US (6 * G_USEC_PER_SEC) /* ours: how long a fast slew may take */

struct Once
{
  Engine *engine;
  gboolean json;
  void (*done) (int status, gpointer data);
  gpointer data;

  GCancellable *cancellable;
  GSource *timer; /* the time-out; then the slew */
  gboolean timed_out;
  gint64 slew_end_us; /* monotonic */
  NtpSyncResult result;
  GError *error; /* NULL = success */
};

/* The keys of the result, "error" and "servers". */
static void
print_json (const Once *once, GVariant *servers)
{
  g_autoptr (GVariant) result = g_variant_ref_sink (sync_result_to_variant (&once->result));
  const char *name =
      once->error != NULL ? gnomon_error_name ((GnomonError) once->error->code) : NULL;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (result);
  g_autoptr (GVariant) all = NULL;
  g_autofree char *json = NULL;

  g_variant_dict_insert (&dict, "error", "ms", name);
  g_variant_dict_insert_value (&dict, "servers", servers);
  all = g_variant_ref_sink (g_variant_dict_end (&dict));
  json = variant_to_json (all);
  puts (json);
}

/* ---- For people ---- */

static char *
duration_to_text (double seconds)
{
  double size = fabs (seconds);

  if (size < 1e-3)
    return g_strdup_printf ("%.0f µs", size * 1e6);
  if (size < 1)
    return g_strdup_printf ("%.3f ms", size * 1e3);
  return g_strdup_printf ("%.6f s", size);
}

static void
print_result (const Once *once)
{
  const NtpSyncResult *result = &once->result;
  g_autofree char *offset = duration_to_text (result->offset_before_s);
  g_autofree char *uncertainty = duration_to_text (result->uncertainty_s);
  const char *where = result->offset_before_s >= 0 ? "slow" : "fast";

  if (once->error != NULL)
    printf ("%s: %s\n", gnomon_error_name ((GnomonError) once->error->code), once->error->message);
  else if (engine_get_clock_mode (once->engine) == CLOCK_MODE_OBSERVE)
    printf ("The clock is %s %s, to within %s. Nothing was changed.\n", offset, where, uncertainty);
  else
    printf ("The clock was %s %s and has been %s; it is right to within %s.\n", offset, where,
            result->stepped ? "stepped" : "slewed", uncertainty);
  printf ("%u servers answered, %u of them, run by %u operators, vouch for the time.\n",
          result->answered, result->vouched, result->operators);
}

static void
print_server (GVariant *server)
{
  const char *host = "", *selection = "", *reason = "";
  double offset_s = 0;

  g_variant_lookup (server, "host", "&s", &host);
  g_variant_lookup (server, "selection", "&s", &selection);
  g_variant_lookup (server, "reason", "&s", &reason);
  printf ("  %-32s %-14s", host, selection);
  if (g_variant_lookup (server, "offset", "d", &offset_s))
    printf (" %+.6f s", offset_s);
  printf (" %s\n", reason);
}

static void
print_text (const Once *once, GVariant *servers)
{
  print_result (once);
  for (gsize i = 0; i < g_variant_n_children (servers); i++)
    {
      g_autoptr (GVariant) server = g_variant_get_child_value (servers, i);
      print_server (server);
    }
}

/* ---- The run ---- */

/* One that answered authentically and is believed. */
static gboolean
is_witness (GVariant *server)
{
  gboolean authenticated = FALSE;
  const char *selection = "";

  g_variant_lookup (server, "authenticated", "b", &authenticated);
  g_variant_lookup (server, "selection", "&s", &selection);
  return authenticated
         && (g_str_equal (selection, "system-peer") || g_str_equal (selection, "candidate"));
}

static void
end (Once *once)
{
  g_autoptr (GVariant) servers = g_variant_ref_sink (engine_get_servers (once->engine));
  gboolean authenticated = FALSE;

  for (gsize i = 0; i < g_variant_n_children (servers); i++)
    {
      g_autoptr (GVariant) server = g_variant_get_child_value (servers, i);
      authenticated |= is_witness (server);
    }
  if (once->json)
    print_json (once, servers);
  else
    print_text (once, servers);
  fflush (stdout);
  once->done (once->error == NULL && authenticated ? 0 : 1, once->data);
}

/* How long until the clock is as right as the result says. What is within the uncertainty need not
 * be waited for. */
static gint64
slew_left_us (const Once *once)
{
  const NtpSyncResult *result = &once->result;

  if (once->error != NULL || result->stepped
      || fabs (result->correction_s) <= result->uncertainty_s)
    return 0;
  return engine_get_slew_left_us (once->engine);
}

static void
on_timer (gpointer data)
{
  Once *once = data;
  gint64 left_us = slew_left_us (once);

  if (once->slew_end_us == 0)
    {
      once->timed_out = TRUE;
      g_cancellable_cancel (once->cancellable);
    }
  else if (left_us > 0 && g_get_monotonic_time () < once->slew_end_us)
    timer_set (once->timer, left_us);
  else
    end (once);
}

/* One that could have been asked for the time. */
static gboolean
has_keys (Once *once)
{
  g_autoptr (GVariant) servers = g_variant_ref_sink (engine_get_servers (once->engine));

  for (gsize i = 0; i < g_variant_n_children (servers); i++)
    {
      g_autoptr (GVariant) server = g_variant_get_child_value (servers, i);
      gboolean nts = TRUE;
      guint32 key_exchanges = 0;
      guint8 cookies = 0;
      g_variant_lookup (server, "nts", "b", &nts);
      g_variant_lookup (server, "key-exchanges", "u", &key_exchanges);
      g_variant_lookup (server, "cookies", "y", &cookies);
      if (!nts || key_exchanges > 0 || cookies > 0)
        return TRUE;
    }
  return FALSE;
}

/* Who ran out of time has had too few answers, and that is what to say. */
static void
explain_time_out (Once *once)
{
  g_clear_error (&once->error);
  if (once->result.answered == 0 && !has_keys (once))
    g_set_error_literal (&once->error, GNOMON_ERROR, GNOMON_ERROR_KEY_EXCHANGE_FAILED,
                         "no key exchange succeeded in time");
  else if (once->result.answered == 0)
    g_set_error_literal (&once->error, GNOMON_ERROR, GNOMON_ERROR_NO_REPLY,
                         "no server answered in time");
  else
    g_set_error_literal (&once->error, GNOMON_ERROR, GNOMON_ERROR_NO_QUORUM,
                         "not enough servers agreed in time");
}

static void
on_synced (GObject *source, GAsyncResult *result, gpointer data)
{
  Once *once = data;

  engine_sync_now_finish (once->engine, result, &once->result, &once->error);
  if (once->error != NULL && once->timed_out)
    explain_time_out (once);
  once->slew_end_us = g_get_monotonic_time () + SLEW_WAIT_US;
  timer_set (once->timer, 0);
}

Once *
once_new (Engine *engine, guint timeout_s, gboolean json, void (*done) (int status, gpointer data),
          gpointer data)
{
  Once *once = g_new0 (Once, 1);

  once->engine = engine;
  once->json = json;
  once->done = done;
  once->data = data;
  once->cancellable = g_cancellable_new ();
  once->timer = timer_new (on_timer, once);
  timer_set (once->timer, (gint64) timeout_s * G_USEC_PER_SEC);
  engine_start (engine);
  engine_set_rival (engine, TRUE, NULL); /* who runs it once wants it set */
  engine_sync_now_async (engine, g_get_user_name (), once->cancellable, on_synced, once);
  return once;
}

void
once_free (Once *once)
{
  g_clear_error (&once->error);
  g_object_unref (once->cancellable);
  timer_free (once->timer);
  g_free (once);
}
