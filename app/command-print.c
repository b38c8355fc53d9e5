/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "command-print.h"

#include "client-error.h"
#include "format.h"
#include "status.h"
#include "variant-json.h"
#include "words.h"

#include <glib/gi18n.h>
#include <math.h>

#define LEAST_REMOTE_WIDTH 15
#define CAPTION_WIDTH      20
/* ntpq counts in seconds up to here, then in minutes, and so on. */
#define MANY_SECONDS 2048
#define MANY_MINUTES 300
#define MANY_HOURS   96

/* Takes @object over. */
static void
print_json (JsonObject *object, const char *error)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = NULL;

  json_object_unref (object);
  if (error)
    json_object_set_string_member (object, "error", error);
  else
    json_object_set_null_member (object, "error");
  text = json_to_text (node);
  g_print ("%s", text);
}

/* ---- status ---- */

static void
print_number (const char *caption, char *value)
{
  g_autofree char *taken = value;
  int gap = CAPTION_WIDTH - (int) g_utf8_strlen (caption, -1);

  g_print ("%s%*s%s\n", caption, MAX (gap, 1), "", taken);
}

static void
print_numbers (const ClockFacts *clock)
{
  g_autofree char *offset = format_precise (clock->offset, TRUE);
  g_autofree char *unsigned_offset = format_precise (clock->offset, FALSE);
  /* Translators: what the sign of an offset means. */
  const char *words = clock->offset < 0 ? _ ("the clock is fast") : _ ("the clock is slow");

  print_number (_ ("State"), g_strdup (words_for_state (clock->state)));
  /* Without a sign it is nought, or not known. */
  print_number (_ ("Offset"), g_str_equal (offset, unsigned_offset)
                                  ? g_strdup (offset)
                                  : g_strdup_printf (_ ("%s (%s)"), offset, words));
  print_number (_ ("Uncertainty"), format_uncertainty (clock->uncertainty));
  print_number (_ ("Frequency"), format_ppm (clock->frequency, TRUE));
  print_number (_ ("Skew"), format_ppm (clock->frequency_uncertainty, FALSE));
  print_number (_ ("Leap Second"), g_strdup (words_for_leap (clock->leap)));
}

static void
print_status_text (GnomonHelperClient *client)
{
  const ClockFacts *clock = gnomon_helper_client_get_facts (client);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_auto (ClockStatus) status = { 0 };

  clock_status_init (&status, clock, gnomon_helper_client_get_servers (client), g_get_real_time (),
                     zone);
  g_print ("%s.\n%s\n", status.sentence, status.line);
  if (*status.small)
    g_print ("%s\n", status.small);
  g_print ("\n");
  print_numbers (clock);
}

static void
print_status_json (GnomonHelperClient *client)
{
  g_autoptr (GVariant) properties = gnomon_helper_client_get_properties (client);
  g_autoptr (JsonNode) node = variant_to_json (properties);

  print_json (json_node_dup_object (node), NULL);
}

gboolean
command_print_status (GnomonHelperClient *client, gboolean json)
{
  if (json)
    print_status_json (client);
  else
    print_status_text (client);
  return g_str_equal (gnomon_helper_client_get_facts (client)->state, "synchronised");
}

/* ---- sources ---- */

/* The number as ntpq and programs read it, whatever the locale; "-" if it is not known. */
static char *
milliseconds (double seconds)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (seconds))
    return g_strdup ("-");
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.3f", seconds * 1000));
}

static char *
when (gint64 last, gint64 now)
{
  gint64 seconds = MAX ((now - last) / G_USEC_PER_SEC, 0);

  if (last <= 0)
    return g_strdup ("-");
  if (seconds <= MANY_SECONDS)
    return g_strdup_printf ("%" G_GINT64_FORMAT, seconds);
  if (seconds / 60 <= MANY_MINUTES)
    return g_strdup_printf ("%" G_GINT64_FORMAT "m", seconds / 60);
  if (seconds / 3600 <= MANY_HOURS)
    return g_strdup_printf ("%" G_GINT64_FORMAT "h", seconds / 3600);
  return g_strdup_printf ("%" G_GINT64_FORMAT "d", seconds / 86400);
}

static char *
octal (int reach)
{
  return reach < 0 ? g_strdup ("-") : g_strdup_printf ("%o", (guint) reach);
}

static char *
decimal (int value)
{
  return value < 0 ? g_strdup ("-") : g_strdup_printf ("%d", value);
}

static void
print_source (const ServerFacts *server, int width)
{
  g_autofree char *stratum = decimal (server->stratum);
  g_autofree char *cookies = server->nts ? decimal (server->cookies) : g_strdup ("u");
  g_autofree char *age = when (server->last_sample, g_get_real_time ());
  g_autofree char *poll =
      server->has_poll ? g_strdup_printf ("%.0f", exp2 (server->poll)) : g_strdup ("-");
  g_autofree char *reach = octal (server->reach);
  g_autofree char *delay = milliseconds (server->delay);
  g_autofree char *offset = milliseconds (server->offset);
  g_autofree char *jitter = milliseconds (server->jitter);

  g_print ("%c%-*s %-15s %2s %s %4s %4s %5s %8s %9s %8s\n", words_tally (server->selection), width,
           server->host, *server->refid ? server->refid : "-", stratum, cookies, age, poll, reach,
           delay, offset, jitter);
}

static int
remote_width (GListModel *servers)
{
  gsize width = LEAST_REMOTE_WIDTH;

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (servers, i);
      width = MAX (width, strlen (gnomon_server_get_facts (server)->host));
    }
  return (int) width;
}

static void
print_sources_text (GListModel *servers)
{
  int width = remote_width (servers);

  /* The names of the columns are ntpq's and stay as they are in every language. */
  g_print (" %-*s %-15s %2s %s %4s %4s %5s %8s %9s %8s\n", width, "remote", "refid", "st", "t",
           "when", "poll", "reach", "delay", "offset", "jitter");
  for (int i = 0; i < width + 72; i++)
    g_print ("=");
  g_print ("\n");
  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (servers, i);
      print_source (gnomon_server_get_facts (server), width);
    }
}

void
command_print_sources (GnomonHelperClient *client, gboolean json)
{
  JsonObject *object;
  g_autoptr (GVariant) servers = NULL;

  if (!json)
    {
      print_sources_text (gnomon_helper_client_get_servers (client));
      return;
    }
  servers = gnomon_helper_client_get_server_values (client);
  object = json_object_new ();
  json_object_set_member (object, "servers", variant_to_json (servers));
  print_json (object, NULL);
}

/* ---- sync ---- */

static void
print_result_text (const SyncResult *result)
{
  g_autofree char *amount = format_correction (result->correction);
  g_autofree char *uncertainty = format_uncertainty (result->uncertainty);
  g_autofree char *took = format_tenths (result->duration);

  if (result->stepped)
    g_print (result->correction > 0 ? _ ("Your clock was set forward by %s.\n")
                                    : _ ("Your clock was set back by %s.\n"),
             amount);
  else
    g_print (result->correction > 0 ? _ ("Your clock was slow by %s and is corrected gently.\n")
                                    : _ ("Your clock was fast by %s and is corrected gently.\n"),
             amount);
  g_print (ngettext ("%u of %u servers, run by %u operator, vouch for it; %s; it took %s.\n",
                     "%u of %u servers, run by %u operators, vouch for it; %s; it took %s.\n",
                     result->operators),
           result->vouched, result->answered, result->operators, uncertainty, took);
}

void
command_print_result (const SyncResult *result, gboolean json)
{
  JsonObject *object;

  if (!json)
    {
      print_result_text (result);
      return;
    }
  object = json_object_new ();
  json_object_set_double_member (object, "offset-before", result->offset_before);
  json_object_set_double_member (object, "correction", result->correction);
  json_object_set_boolean_member (object, "stepped", result->stepped);
  json_object_set_double_member (object, "uncertainty", result->uncertainty);
  json_object_set_int_member (object, "answered", result->answered);
  json_object_set_int_member (object, "vouched", result->vouched);
  json_object_set_int_member (object, "operators", result->operators);
  json_object_set_double_member (object, "duration", result->duration);
  print_json (object, NULL);
}

void
command_print_error (const GError *error, gboolean json)
{
  const char *name = client_error_name (error);

  if (json)
    print_json (json_object_new (), name ? name : "Unreachable");
  else
    g_printerr ("%s\n", client_error_sentence (error));
}
