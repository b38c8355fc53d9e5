/* SPDX-License-Identifier: GPL-3.0-or-later */

/* nts-server [OPTION…] NAME[:KE-PORT[:NTP-PORT]]…: NTS servers for tests and the demonstration.
 *
 * Each NAME is a server of its own, with the certificate NAME.pem and NAME.key of the directory of
 * certificates (see make-certificates), on any free ports where none are given. One line of JSON on
 * the output says when all are ready and which ports they have; then there is one line for every
 * key exchange and every request.
 *
 * With --control, lines on the input change what the servers do, and each is answered by a line
 * when it has taken effect; the program ends with its input. "NAME COMMAND [VALUE]" changes one, "*
 * COMMAND [VALUE]" all; see commands[]. */

#include "nts-server.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>

static struct
{
  char *directory;
  char *address;
  double offset_s;
  double jitter_s;
  double loss;
  int stratum;
  int delay_ms;
  int cookies;
  int cookie_length;
  char *sabotage;
  gboolean steady;
  gboolean control;
  gboolean list;
} options = { .stratum = 1, .cookies = 8, .cookie_length = COOKIE_LENGTH_MIN };

static const GOptionEntry entries[] = {
  { "certificates", 0, 0, G_OPTION_ARG_FILENAME, &options.directory, "Where they are", "DIR" },
  { "address", 0, 0, G_OPTION_ARG_STRING, &options.address, "To listen at (NAME or 127.0.0.1)",
    "ADDRESS" },
  { "offset", 0, 0, G_OPTION_ARG_DOUBLE, &options.offset_s, "Served time less true time", "S" },
  { "steady", 0, 0, G_OPTION_ARG_NONE, &options.steady, "Whatever is done to the system's clock",
    NULL },
  { "stratum", 0, 0, G_OPTION_ARG_INT, &options.stratum, "Stratum (1)", "N" },
  { "delay-ms", 0, 0, G_OPTION_ARG_INT, &options.delay_ms, "There and back", "MS" },
  { "jitter", 0, 0, G_OPTION_ARG_DOUBLE, &options.jitter_s, "Mean of queues, each way", "S" },
  { "loss", 0, 0, G_OPTION_ARG_DOUBLE, &options.loss, "Share of requests unanswered", "0…1" },
  { "cookies", 0, 0, G_OPTION_ARG_INT, &options.cookies, "In a key exchange (8)", "N" },
  { "cookie-length", 0, 0, G_OPTION_ARG_INT, &options.cookie_length, "Octets (100)", "N" },
  { "sabotage", 0, 0, G_OPTION_ARG_STRING, &options.sabotage, "A fault for all", "NUMBER|NAME" },
  { "control", 0, 0, G_OPTION_ARG_NONE, &options.control, "Take commands; end with the input",
    NULL },
  { "list-sabotages", 0, 0, G_OPTION_ARG_NONE, &options.list, "Print them as JSON", NULL },
  { NULL }
};

static GArray *servers; /* of NtsServer */

/* ---- What can be changed while it runs ---- */

static gboolean
set_sabotage (NtsServer *server, const char *value, GError **error)
{
  const Sabotage *sabotage = value[0] != '\0' ? sabotage_find (value) : NULL;
  if (sabotage != NULL || value[0] == '\0' || g_str_equal (value, "0"))
    return nts_server_set_sabotage (server, sabotage, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no such sabotage: %s", value);
  return FALSE;
}

static gboolean
set_offset (NtsServer *server, const char *value, GError **error)
{
  server->offset_s = g_ascii_strtod (value, NULL);
  return TRUE;
}

static gboolean
set_delay (NtsServer *server, const char *value, GError **error)
{
  server->delay_s = g_ascii_strtod (value, NULL) / 1000;
  return TRUE;
}

static gboolean
set_jitter (NtsServer *server, const char *value, GError **error)
{
  server->jitter_s = g_ascii_strtod (value, NULL);
  return TRUE;
}

static gboolean
set_loss (NtsServer *server, const char *value, GError **error)
{
  server->loss = g_ascii_strtod (value, NULL);
  return TRUE;
}

static gboolean
forget_keys (NtsServer *server, const char *value, GError **error)
{
  cookie_key_renew (&server->cookie_key);
  return TRUE;
}

static gboolean
set_silent_naks (NtsServer *server, const char *value, GError **error)
{
  server->silent_naks = g_str_equal (value, "1");
  return TRUE;
}

static const struct
{
  const char *name;
  gboolean (*change) (NtsServer *server, const char *value, GError **error);
} commands[] = {
  { "sabotage", set_sabotage }, /* number or name; none or 0 = behave well */
  { "offset", set_offset },     /* s */
  { "delay", set_delay },       /* ms, there and back */
  { "jitter", set_jitter },     /* s */
  { "loss", set_loss },         /* 0…1 */
  { "forget-keys", forget_keys },
  { "silent-naks", set_silent_naks }, /* 1 = cookies of forgotten keys are not answered at all */
};

static gboolean
perform (const char *line, GError **error)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  gboolean found = FALSE;
  const char *value = g_strv_length (words) > 2 ? words[2] : "";
  for (guint c = 0; g_strv_length (words) > 1 && c < G_N_ELEMENTS (commands); c++)
    for (guint i = 0; g_str_equal (words[1], commands[c].name) && i < servers->len; i++)
      {
        NtsServer *server = &g_array_index (servers, NtsServer, i);
        if (!g_str_equal (words[0], "*") && !g_str_equal (words[0], server->name))
          continue;
        found = TRUE;
        if (!commands[c].change (server, value, error))
          return FALSE;
      }
  if (!found)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no such server or command: %s",
                 line);
  return found;
}

static gboolean
on_command (GIOChannel *channel, GIOCondition condition, gpointer loop)
{
  g_autofree char *line = NULL;
  gsize end = 0;
  if (g_io_channel_read_line (channel, &line, NULL, &end, NULL) != G_IO_STATUS_NORMAL)
    {
      g_main_loop_quit (loop);
      return G_SOURCE_REMOVE;
    }
  line[end] = '\0';
  g_autoptr (GError) error = NULL;
  if (perform (line, &error))
    g_print ("{\"event\":\"done\"}\n");
  else
    g_print ("{\"event\":\"error\",\"message\":\"%s\"}\n", error->message);
  return G_SOURCE_CONTINUE;
}

/* ---- Beginning and end ---- */

static GInetAddress *
address_of (const char *name)
{
  const char *text = options.address;

  if (text == NULL)
    text = g_hostname_is_ip_address (name) ? name : "127.0.0.1";
  return g_inet_address_new_from_string (text);
}

static gboolean
add_server (const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  guint n_parts = g_strv_length (parts);
  NtsServer server = {
    .name = g_strdup (parts[0]),
    .directory = options.directory != NULL ? options.directory : ".",
    .address = address_of (parts[0]),
    .ke_port = n_parts > 1 ? (guint16) atoi (parts[1]) : 0,
    .ntp_port = n_parts > 2 ? (guint16) atoi (parts[2]) : 0,
    .offset_s = options.offset_s,
    .steady = options.steady,
    .stratum = (guint) options.stratum,
    .delay_s = options.delay_ms / 1000.0,
    .jitter_s = options.jitter_s,
    .loss = options.loss,
    .cookies = (guint) options.cookies,
    .cookie_length = (guint) options.cookie_length,
  };
  if (server.address == NULL || options.cookie_length < COOKIE_LENGTH_MIN
      || options.cookie_length > NTS_COOKIE_MAX || options.cookie_length % 4 != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "no such address or length of cookies");
      return FALSE;
    }
  g_array_append_val (servers, server);
  return TRUE;
}

static gboolean
start (NtsServer *server, GError **error)
{
  return nts_server_start (server, error)
         && (options.sabotage == NULL || set_sabotage (server, options.sabotage, error));
}

static void
print_ready (void)
{
  g_print ("{\"event\":\"ready\",\"servers\":[");
  for (guint i = 0; i < servers->len; i++)
    {
      const NtsServer *server = &g_array_index (servers, NtsServer, i);
      g_print ("%s{\"name\":\"%s\",\"ke-port\":%u,\"ntp-port\":%u}", i > 0 ? "," : "", server->name,
               server->ke_port, server->ntp_port);
    }
  g_print ("]}\n");
}

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

/* Lines must not wait in a buffer for a test that waits for them. */
static void
print_at_once (const char *text)
{
  fputs (text, stdout);
  if (g_str_has_suffix (text, "\n"))
    fflush (stdout);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("NAME[:KE-PORT[:NTP-PORT]]…");
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  signal (SIGPIPE, SIG_IGN);
  g_set_print_handler (print_at_once);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("nts-server: %s\n", error->message);
      return 2;
    }
  if (options.list)
    {
      sabotage_list ();
      return 0;
    }

  ntp_listener_begin_steady ();
  servers = g_array_new (FALSE, TRUE, sizeof (NtsServer));
  gboolean good = argc > 1;
  for (int i = 1; good && i < argc; i++)
    good = add_server (argv[i], &error);
  /* Only now, as the servers do not move in memory any more. */
  for (guint i = 0; good && i < servers->len; i++)
    good = start (&g_array_index (servers, NtsServer, i), &error);
  if (!good)
    {
      g_printerr ("nts-server: %s\n", error != NULL ? error->message : "no server named");
      return 1;
    }
  print_ready ();

  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  if (options.control)
    g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_command, loop);
  g_main_loop_run (loop);

  for (guint i = 0; i < servers->len; i++)
    nts_server_stop (&g_array_index (servers, NtsServer, i));
  g_array_unref (servers);
  return 0;
}
