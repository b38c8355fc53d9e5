/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-removal.h"

#include "client-error.h"
#include "helper-calls.h"

#include <glib/gi18n.h>

/* A question on the screen, and then the call. */
typedef struct
{
  GnomonWindow *window;
  GnomonHelperClient *client;
  char *host;
} Removal;

static void
removal_free (Removal *self)
{
  g_object_unref (self->window);
  g_object_unref (self->client);
  g_free (self->host);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static void
on_removed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Removal) self = data;
  g_autoptr (GError) error = NULL;

  if (!gnomon_helper_client_call_finish (self->client, result, &error)
      && !client_error_is_cancelled (error))
    gnomon_window_show_toast (self->window, client_error_sentence (error));
}

static void
on_answered (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Removal *self = data;

  if (!g_str_equal (response, "remove"))
    removal_free (self);
  else
    gnomon_helper_client_remove_server_async (self->client, self->host, NULL, on_removed, self);
}

static char *
what_remains (GnomonHelperClient *client)
{
  guint n = g_list_model_get_n_items (gnomon_helper_client_get_servers (client));
  guint wanted = gnomon_helper_client_get_facts (client)->minimum_sources;
  g_autofree char *remain = NULL;
  g_autofree char *needed = NULL;

  if (n <= 1)
    return g_strdup (_ ("No server remains, so nobody will vouch for the clock."));
  remain = g_strdup_printf (ngettext ("%u server remains.", "%u servers remain.", n - 1), n - 1);
  if (wanted == 0)
    return g_steal_pointer (&remain);
  needed = g_strdup_printf (
      /* Translators: a number of servers, behind "2 servers remain." */
      ngettext ("%u must agree before the clock is changed.",
                "%u must agree before the clock is changed.", wanted),
      wanted);
  /* Translators: two sentences, one behind the other. */
  return g_strdup_printf (C_ ("sentences", "%s %s"), remain, needed);
}

void
server_removal_ask (GnomonWindow *window, GnomonHelperClient *client, const char *host)
{
  g_autofree char *heading = g_strdup_printf (_ ("Remove “%s”?"), host);
  g_autofree char *body = what_remains (client);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (window), heading, body);
  Removal *self = g_new0 (Removal, 1);

  self->window = g_object_ref (window);
  self->client = g_object_ref (client);
  self->host = g_strdup (host);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), "remove",
                                    _ ("Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_answered), self);
  gtk_window_present (GTK_WINDOW (dialog));
}
