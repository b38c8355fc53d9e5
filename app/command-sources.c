/* SPDX-License-Identifier: GPL-3.0-or-later */

/* gnomon sources: one line for each server. */

#include "command.h"

#include "command-print.h"
#include "words.h"

#include <glib/gi18n.h>
#include <math.h>

#define LEAST_REMOTE_WIDTH 15
/* ntpq counts in seconds up to here, then in minutes, and so on. */
#define MANY_SECONDS 2048
#define MANY_MINUTES 300
#define MANY_HOURS   96

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

static void
start_sources (CommandRun *run)
{
  JsonObject *object;
  g_autoptr (GVariant) servers = NULL;

  if (run->json)
    {
      object = json_object_new ();
      servers = gnomon_helper_client_get_server_values (run->client);
      json_object_set_member (object, "servers", variant_to_json (servers));
      command_print_json (object, NULL);
    }
  else
    print_sources_text (gnomon_helper_client_get_servers (run->client));
  command_run_finish (run, COMMAND_OK);
}

const Command COMMAND_SOURCES = {
  .name = "sources",
  .summary = N_ ("list the servers in the columns of ntpq -p; t = cookies left"),
  .notes = N_ ("The first sign of a line: * leads, + agrees, - agrees and is not needed, x is not "
               "believed.\nThe offset is the server's time minus the computer's, in milliseconds: "
               "positive = the clock is slow.\nu in the column t = not authenticated."),
  .start = start_sources,
};
