/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon history: what was done to the clock, and what was measured. */

#include "command.h"

#include "command-print.h"
#include "format.h"
#include "helper-calls.h"
#include "since-check.h"
#include "words.h"

#include <glib/gi18n.h>

/* The longest kind of event, and the longest number. */
#define KIND_WIDTH   17
#define NUMBER_WIDTH 11

static char *since_text;
static gboolean csv;
static gboolean samples;
static gint64 since; /* µs since 1970 UTC */

static const GOptionEntry OPTIONS[] = {
  { "since", 0, 0, G_OPTION_ARG_STRING, &since_text,
    N_ ("From when on: 2026-11-23, 2026-11-23T14:00, or how long ago: 90m, 24h, 30d"),
    N_ ("WHEN") },
  { "samples", 0, 0, G_OPTION_ARG_NONE, &samples,
    N_ ("What was measured, instead of what was done"), NULL },
  { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, N_ ("Print a table for other programs"), NULL },
  G_OPTION_ENTRY_NULL
};

static char *
prepare_history (CommandRun *run)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const char *reason =
      since_check (since_text ? since_text : "30d", g_get_real_time (), zone, &since);

  if (!reason && csv && run->json)
    reason = _ ("--csv and --json exclude each other");
  return g_strdup (reason);
}

/* ---- As a table for programs (RFC 4180) ---- */

static const char *const EVENT_COLUMNS[] = { "time",    "kind",      "amount", "who", "reason",
                                             "vouched", "operators", "host",   NULL };
static const char *const SAMPLE_COLUMNS[] = { "time", "host", "offset", "uncertainty", NULL };

static char *
csv_time (gint64 usec)
{
  g_autoptr (GDateTime) second = g_date_time_new_from_unix_utc (usec / G_USEC_PER_SEC);
  g_autofree char *text = second ? g_date_time_format (second, "%Y-%m-%dT%H:%M:%S") : NULL;

  return g_strdup_printf ("%s.%06dZ", text ? text : "", (int) (usec % G_USEC_PER_SEC));
}

static char *
csv_text (const char *text)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *doubled = NULL;

  if (!strpbrk (text, "\",\r\n"))
    return g_strdup (text);
  parts = g_strsplit (text, "\"", -1);
  doubled = g_strjoinv ("\"\"", parts);
  return g_strdup_printf ("\"%s\"", doubled);
}

/* Numbers as programs read them, whatever the locale; nothing where the value is not known. */
static char *
csv_cell (GVariant *row, const char *column)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (row, column, NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (!value)
    return g_strdup ("");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return csv_text (g_variant_get_string (value, NULL));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_strdup (g_ascii_formatd (number, sizeof number, "%.9f", g_variant_get_double (value)));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return csv_time (g_variant_get_int64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return g_strdup_printf ("%u", g_variant_get_uint32 (value));
  return g_strdup ("");
}

static void
print_csv (GVariant *rows)
{
  const char *const *columns = samples ? SAMPLE_COLUMNS : EVENT_COLUMNS;
  g_autofree char *head = g_strjoinv (",", (char **) columns);

  g_print ("%s\r\n", head);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      for (guint j = 0; columns[j]; j++)
        {
          g_autofree char *cell = csv_cell (row, columns[j]);
          g_print ("%s%s", j > 0 ? "," : "", cell);
        }
      g_print ("\r\n");
    }
}

/* ---- For people ---- */

static void
print_time (GVariant *row)
{
  gint64 usec = 0;
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL;

  g_variant_lookup (row, "time", "x", &usec);
  time = g_date_time_new_from_unix_local (usec / G_USEC_PER_SEC);
  /* The same in every language, and in the order of time. */
  text = time ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;
  g_print ("%-19s  ", text ? text : "-");
}

static char *
offset_of (GVariant *row, const char *key)
{
  double value;
  return g_variant_lookup (row, key, "d", &value) ? format_precise (value, TRUE) : g_strdup ("");
}

static const char *
text_of (GVariant *row, const char *key)
{
  const char *text = "";

  g_variant_lookup (row, key, "&s", &text);
  return text;
}

/* printf pads by bytes, and a minus sign has three. */
static void
print_padded (const char *text, int width, gboolean right)
{
  int gap = MAX (width - format_columns (text), 0);

  g_print ("%*s%s%*s  ", right ? gap : 0, "", text, right ? 0 : gap, "");
}

static void
take_detail (GPtrArray *details, char *detail)
{
  if (detail && *detail)
    g_ptr_array_add (details, detail);
  else
    g_free (detail);
}

static void
print_event (GVariant *event)
{
  const char *who = text_of (event, "who");
  guint32 vouched = 0;
  g_autoptr (GPtrArray) details = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *amount = offset_of (event, "amount");
  g_autofree char *list = NULL;
  g_autofree char *fit = NULL;

  g_variant_lookup (event, "vouched", "u", &vouched);
  take_detail (details, g_strdup (text_of (event, "host")));
  /* Translators: the name of a user or of a program. */
  take_detail (details, *who ? g_strdup_printf (_ ("by %s"), who) : NULL);
  take_detail (details, vouched == 0 ? NULL
                                     : g_strdup_printf (ngettext ("%u server agreed",
                                                                  "%u servers agreed", vouched),
                                                        vouched));
  take_detail (details, g_strdup (words_for_reason (text_of (event, "reason"))));
  g_ptr_array_add (details, NULL);
  list = g_strjoinv ("; ", (char **) details->pdata);
  print_time (event);
  print_padded (text_of (event, "kind"), KIND_WIDTH, FALSE);
  print_padded (amount, NUMBER_WIDTH, TRUE);
  fit = command_printable (list);
  g_print ("%s\n", fit);
}

static void
print_sample (GVariant *sample)
{
  const char *host = text_of (sample, "host");
  double bound;
  g_autofree char *offset = offset_of (sample, "offset");
  g_autofree char *uncertainty = g_variant_lookup (sample, "uncertainty", "d", &bound)
                                     ? format_uncertainty (bound)
                                     : g_strdup ("");

  print_time (sample);
  print_padded (offset, NUMBER_WIDTH, TRUE);
  print_padded (uncertainty, NUMBER_WIDTH, TRUE);
  /* Translators: what all servers together say, in a list of what each of them says. */
  g_print ("%s\n", *host ? host : _ ("all together"));
}

static void
print_text (GVariant *rows)
{
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      if (samples)
        print_sample (row);
      else
        print_event (row);
    }
}

/* ---- The command ---- */

static void
on_got (GObject *source, GAsyncResult *result, gpointer data)
{
  CommandRun *run = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) rows = gnomon_helper_client_list_finish (run->client, result, &error);
  JsonObject *object;

  if (!rows)
    {
      command_run_fail (run, error);
      return;
    }
  if (run->json)
    {
      object = json_object_new ();
      json_object_set_member (object, samples ? "samples" : "events", variant_to_json (rows));
      command_print_json (object, NULL);
    }
  else if (csv)
    print_csv (rows);
  else
    print_text (rows);
  command_run_finish (run, COMMAND_OK);
}

static void
start_history (CommandRun *run)
{
  if (samples)
    gnomon_helper_client_get_history_async (run->client, since, 0, run->cancellable, on_got, run);
  else
    gnomon_helper_client_get_events_async (run->client, since, 0, run->cancellable, on_got, run);
}

const Command COMMAND_HISTORY = {
  .name = "history",
  .summary = N_ ("list what was done to the clock, by whom and why"),
  .notes = N_ ("Of the last 30 days, unless --since says something else."),
  .options = OPTIONS,
  .prepare = prepare_history,
  .start = start_history,
};
