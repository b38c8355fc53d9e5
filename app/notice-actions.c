/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "notice-actions.h"

#include "client-error.h"
#include "clock-keeper.h"
#include "helper-calls.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gi18n.h>

/* A page that no portal leaves alone, because it is not encrypted; NetworkManager asks it too. */
#define SIGN_IN_PAGE "http://nmcheck.gnome.org/"

/* Belongs to the window. */
typedef struct
{
  GnomonHelperClient *client;
  GCancellable *cancellable;
} NoticeActions;

static const char KEY[] = "gnomon-notice-actions";

static void
notice_actions_free (gpointer data)
{
  NoticeActions *self = data;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->client);
  g_free (self);
}

static NoticeActions *
get_actions (GnomonWindow *window)
{
  return g_object_get_data (G_OBJECT (window), KEY);
}

/* ---- The helper ---- */

static void
on_service_started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonWindow) window = data;
  g_autoptr (GError) error = NULL;

  if (!gnomon_helper_client_call_finish (GNOMON_HELPER_CLIENT (source), result, &error)
      && !client_error_is_cancelled (error))
    gnomon_window_show_toast (window, _ ("The time service could not be started."));
}

static void
start_service (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  NoticeActions *self = get_actions (data);

  gnomon_helper_client_start_async (self->client, self->cancellable, on_service_started,
                                    g_object_ref (data));
}

static void
present_problem (GnomonWindow *window, GnomonHelperClient *client)
{
  const char *problem = gnomon_helper_client_get_problem (client);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (window), _ ("What Went Wrong"), NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                               *problem ? problem : _ ("The time service ended by itself."));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_problem_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonWindow) window = data;
  g_autoptr (GError) error = NULL;

  if (!gnomon_helper_client_call_finish (GNOMON_HELPER_CLIENT (source), result, &error)
      && !client_error_is_cancelled (error))
    present_problem (window, GNOMON_HELPER_CLIENT (source));
}

/* The bus says why only when it is asked to start the service. */
static void
show_problem (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  NoticeActions *self = get_actions (data);

  gnomon_helper_client_start_async (self->client, self->cancellable, on_problem_found,
                                    g_object_ref (data));
}

/* ---- The other program ---- */

static const char *
refusal_words (const GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);

  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_AUTH_FAILED)
      || g_strcmp0 (name, "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired") == 0)
    return _ ("You are not allowed to do this.");
  return _ ("The system could not let Gnomon keep the clock.");
}

static void
on_clock_claimed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonWindow) window = data;
  g_autoptr (GError) error = NULL;

  if (!clock_keeper_claim_finish (GNOMON_HELPER_CLIENT (source), result, &error)
      && !client_error_is_cancelled (error))
    gnomon_window_show_toast (window, refusal_words (error));
}

/* The page goes when the helper says that it is so, not before. */
static void
keep_clock (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  NoticeActions *self = get_actions (data);

  clock_keeper_claim_async (self->client, self->cancellable, on_clock_claimed, g_object_ref (data));
}

/* ---- The network ---- */

static void
sign_in (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_show_uri (GTK_WINDOW (data), SIGN_IN_PAGE, GDK_CURRENT_TIME);
}

/* What GNOME, KDE and the others call their settings of the network. */
static GAppInfo *
find_network_settings (void)
{
  static const char *const NAMES[] = { "gnome-wifi-panel.desktop", "gnome-network-panel.desktop",
                                       "kcm_networkmanagement.desktop",
                                       "nm-connection-editor.desktop", "connman-gtk.desktop" };

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    {
      GDesktopAppInfo *info = g_desktop_app_info_new (NAMES[i]);
      if (info)
        return G_APP_INFO (info);
    }
  return NULL;
}

static void
show_network_settings (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GAppInfo) settings = find_network_settings ();
  g_autoptr (GdkAppLaunchContext) context =
      gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (data)));

  if (!settings || !g_app_info_launch (settings, NULL, G_APP_LAUNCH_CONTEXT (context), NULL))
    gnomon_window_show_toast (data, _ ("This desktop has no settings for the network."));
}

static const GActionEntry ACTIONS[] = {
  { .name = "start-service", .activate = start_service },
  { .name = "show-problem", .activate = show_problem },
  { .name = "keep-clock", .activate = keep_clock },
  { .name = "sign-in", .activate = sign_in },
  { .name = "network-settings", .activate = show_network_settings },
};

void
notice_actions_install (GnomonWindow *window, GnomonHelperClient *client)
{
  NoticeActions *self = g_new0 (NoticeActions, 1);

  self->client = g_object_ref (client);
  self->cancellable = g_cancellable_new ();
  g_object_set_data_full (G_OBJECT (window), KEY, self, notice_actions_free);
  g_action_map_add_action_entries (G_ACTION_MAP (window), ACTIONS, G_N_ELEMENTS (ACTIONS), window);
}
