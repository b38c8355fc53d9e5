/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "command-print.h"

#include "client-error.h"
#include "format.h"

#include <glib/gi18n.h>
#include <math.h>

#define CAPTION_WIDTH 24

char *
command_printable (const char *text)
{
  GString *fit = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *c = valid; *c; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);
      g_string_append_unichar (fit, g_unichar_iscntrl (letter) ? 0xfffd : letter);
    }
  return g_string_free (fit, FALSE);
}

void
command_print_row (gpointer data, const char *caption, const char *value)
{
  int gap = CAPTION_WIDTH - format_columns (caption);
  g_autofree char *fit = value ? command_printable (value) : NULL;

  if (fit)
    g_print ("%s%*s%s\n", caption, MAX (gap, 1), "", fit);
}

void
command_print_heading (const char *heading)
{
  g_print ("\n%s\n", heading);
}

void
command_print_json (JsonObject *object, const char *error)
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

void
command_print_set_number (JsonObject *object, const char *name, double value)
{
  if (isfinite (value))
    json_object_set_double_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

/* ---- Errors ---- */

static const char *
error_name (const GError *error)
{
  const char *name = client_error_name (error);

  if (name)
    return name;
  if (client_error_is_cancelled (error))
    return "Cancelled";
  return client_error_is_unreachable (error) ? "Unreachable" : "Failed";
}

/* What the helper adds for experts: the argument that it does not accept, above all. */
static char *
detail (const GError *error)
{
  g_autoptr (GError) copy = g_error_copy (error);

  g_dbus_error_strip_remote_error (copy);
  return g_steal_pointer (&copy->message);
}

void
command_print_error (const GError *error, gboolean json)
{
  g_autofree char *more = detail (error);

  if (json)
    command_print_json (json_object_new (), error_name (error));
  else if (client_error_is_cancelled (error))
    g_printerr ("%s\n", _ ("Cancelled."));
  else if (g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_NOT_AUTHORISED))
    g_printerr ("%s\n%s\n", client_error_sentence (error),
                _ ("Where nothing can ask for the password, “sudo” before the command helps."));
  else if (g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_INVALID_ARGUMENT))
    g_printerr ("%s\n%s\n", client_error_sentence (error), more);
  else if (client_error_name (error) || client_error_is_unreachable (error))
    g_printerr ("%s\n", client_error_sentence (error));
  else
    g_printerr ("%s\n", more);
}
