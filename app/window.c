/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "window.h"

#include "accessible-pages.h"
#include "client-error.h"
#include "clock-page.h"
#include "decision-page.h"
#include "diagnose-window.h"
#include "format.h"
#include "helper-calls.h"
#include "history-page.h"
#include "notice-actions.h"
#include "notice-pages.h"
#include "room.h"
#include "server-page.h"
#include "server-removal.h"
#include "status.h"
#include "words.h"

#include <glib/gi18n.h>
#include <math.h>

/* A clock that was off by less was as good as right. */
#define WORTH_A_CARD_S 0.1

struct _GnomonWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  AdwLeaflet *leaflet;
  GtkWidget *main_page;
  GnomonRoom *room;
  GnomonServerPage *server_page;   /* NULL until one is looked at */
  GnomonHistoryPage *history_page; /* likewise */
  AdwWindowTitle *window_title;
  GtkButton *header_button;
  GtkStack *pages;
  GnomonClockPage *clock_page;
  GnomonDecisionPage *decision_page; /* likewise */
  GnomonNoticePages *notice_pages;   /* likewise */
  GtkWidget *bottom_bar;
  GtkButton *bottom_button;

  GnomonHelperClient *client;
  GCancellable *cancellable; /* of what ends with the window */
  Notice notice;             /* that is shown */
};

G_DEFINE_FINAL_TYPE (GnomonWindow, gnomon_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean
only_watches (GnomonWindow *self)
{
  g_autoptr (GVariant) state =
      g_action_group_get_action_state (G_ACTION_GROUP (self), "only-watch");
  return g_variant_get_boolean (state);
}

static Notice
get_notice (GnomonWindow *self)
{
  const NoticeSituation situation = {
    .presence = gnomon_helper_client_get_presence (self->client),
    .servers = g_list_model_get_n_items (gnomon_helper_client_get_servers (self->client)),
    .syncing = gnomon_helper_client_is_syncing (self->client),
    .only_watch = only_watches (self),
  };
  return notice_choose (gnomon_helper_client_get_facts (self->client), &situation);
}

static void
show_sync_button (GtkButton *button, gboolean syncing)
{
  gtk_button_set_label (button, syncing ? _ ("Cancel") : _ ("Sync Securely Now"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button),
                                  syncing ? "app.cancel-sync" : "app.sync-now");
  if (syncing)
    gtk_widget_remove_css_class (GTK_WIDGET (button), "suggested-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (button), "suggested-action");
}

static void
update_buttons (GnomonWindow *self)
{
  gboolean syncing = gnomon_helper_client_is_syncing (self->client);
  gboolean on_clock_page = get_notice (self) == NOTICE_NONE;
  gboolean narrow = gnomon_room_is_narrow (self->room);

  show_sync_button (self->header_button, syncing);
  show_sync_button (self->bottom_button, syncing);
  gtk_widget_set_visible (GTK_WIDGET (self->header_button), on_clock_page && !narrow);
  gtk_widget_set_visible (self->bottom_bar, on_clock_page && narrow);
}

static void
on_room_changed (GnomonRoom *room, GParamSpec *pspec, GnomonWindow *self)
{
  gboolean narrow = gnomon_room_is_narrow (room);

  gnomon_clock_page_set_narrow (self->clock_page, narrow);
  if (self->decision_page)
    gnomon_decision_page_set_narrow (self->decision_page, narrow);
  if (self->server_page)
    gnomon_server_page_set_narrow (self->server_page, narrow);
  if (self->history_page)
    gnomon_history_page_set_narrow (self->history_page, narrow);
  update_buttons (self);
}

/* ---- The page of one server ---- */

static gboolean
shows_server (GnomonWindow *self)
{
  return self->server_page
         && adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->server_page);
}

/* Most people look at the main page alone, so that the others need not be there at the start. */
static GnomonServerPage *
get_server_page (GnomonWindow *self)
{
  if (self->server_page)
    return self->server_page;
  self->server_page = g_object_new (GNOMON_TYPE_SERVER_PAGE, NULL);
  gnomon_server_page_set_client (self->server_page, self->client);
  gnomon_server_page_set_narrow (self->server_page, gnomon_room_is_narrow (self->room));
  adw_leaflet_insert_child_after (self->leaflet, GTK_WIDGET (self->server_page), self->main_page);
  return self->server_page;
}

static void
on_decision_failed (GnomonDecisionPage *page, const char *sentence, GnomonWindow *self)
{
  gnomon_window_show_toast (self, sentence);
}

static GnomonDecisionPage *
get_decision_page (GnomonWindow *self)
{
  if (self->decision_page)
    return self->decision_page;
  self->decision_page = g_object_new (GNOMON_TYPE_DECISION_PAGE, NULL);
  gnomon_decision_page_set_client (self->decision_page, self->client);
  gnomon_decision_page_set_narrow (self->decision_page, gnomon_room_is_narrow (self->room));
  g_signal_connect_object (self->decision_page, "failed", G_CALLBACK (on_decision_failed), self, 0);
  gtk_stack_add_named (self->pages, GTK_WIDGET (self->decision_page),
                       notice_name (NOTICE_DECISION));
  return self->decision_page;
}

static GnomonNoticePages *
get_notice_pages (GnomonWindow *self)
{
  if (self->notice_pages)
    return self->notice_pages;
  self->notice_pages = g_object_new (GNOMON_TYPE_NOTICE_PAGES, NULL);
  gtk_stack_add_named (self->pages, GTK_WIDGET (self->notice_pages), "notice");
  return self->notice_pages;
}

static GnomonHistoryPage *
get_history_page (GnomonWindow *self)
{
  if (self->history_page)
    return self->history_page;
  self->history_page = g_object_new (GNOMON_TYPE_HISTORY_PAGE, NULL);
  gnomon_history_page_set_client (self->history_page, self->client);
  gnomon_history_page_set_narrow (self->history_page, gnomon_room_is_narrow (self->room));
  adw_leaflet_append (self->leaflet, GTK_WIDGET (self->history_page));
  return self->history_page;
}

/* What had the focus may be hidden now; no key would reach the window. */
static void
focus_main_page (GnomonWindow *self)
{
  if (!gtk_widget_grab_focus (GTK_WIDGET (self->header_button)))
    gtk_widget_grab_focus (GTK_WIDGET (self->bottom_button));
}

static void
focus_notice (GnomonWindow *self, Notice notice)
{
  if (notice == NOTICE_DECISION)
    gnomon_decision_page_focus (self->decision_page);
  else if (notice == NOTICE_NONE)
    focus_main_page (self);
  else if (notice != NOTICE_CONNECTING)
    gnomon_notice_pages_focus (self->notice_pages);
}

static void
go_to_main_page (GnomonWindow *self)
{
  if (adw_leaflet_get_visible_child (self->leaflet) == self->main_page)
    return;
  adw_leaflet_set_visible_child (self->leaflet, self->main_page);
  focus_notice (self, self->notice);
}

/* The server may be gone: removed, here or elsewhere, or the helper is. */
static void
update_server_page (GnomonWindow *self)
{
  const ClockFacts *facts = gnomon_helper_client_get_facts (self->client);
  GnomonServer *shown =
      shows_server (self) ? gnomon_server_page_get_server (self->server_page) : NULL;
  g_autoptr (GnomonServer) listed = NULL;

  if (!shown)
    return;
  listed = gnomon_helper_client_find_server (self->client, gnomon_server_get_facts (shown)->host);
  if (listed != shown)
    gnomon_server_page_set_server (self->server_page, listed);
  if (listed)
    gnomon_server_page_update (self->server_page, facts->offset, facts->vouching);
  else
    go_to_main_page (self);
}

/* The choice to leave the clock to another program holds for as long as there is that one. */
static void
update_only_watch (GnomonWindow *self, const ClockFacts *facts)
{
  if (!*facts->other_service && gnomon_helper_client_get_presence (self->client) == HELPER_PRESENT)
    g_action_group_change_action_state (G_ACTION_GROUP (self), "only-watch",
                                        g_variant_new_boolean (FALSE));
}

static void
update_notice (GnomonWindow *self)
{
  const ClockFacts *facts = gnomon_helper_client_get_facts (self->client);
  Notice notice = get_notice (self);
  gboolean turned = notice != self->notice;
  gboolean small = FALSE;

  self->notice = notice;
  if (notice == NOTICE_DECISION)
    get_decision_page (self);
  else if (notice != NOTICE_NONE && notice != NOTICE_CONNECTING)
    small = gnomon_notice_pages_show (get_notice_pages (self), notice, facts, g_get_real_time ());
  gtk_stack_set_visible_child_name (self->pages, small ? "notice" : notice_name (notice));
  update_buttons (self);
  /* What had the focus is hidden now; no page has a text that somebody could be writing. */
  if (turned && adw_leaflet_get_visible_child (self->leaflet) == self->main_page)
    focus_notice (self, notice);
}

static void
on_client_changed (GnomonHelperClient *client, GnomonWindow *self)
{
  const ClockFacts *facts = gnomon_helper_client_get_facts (client);

  update_only_watch (self, facts);
  update_notice (self);
  adw_window_title_set_subtitle (self->window_title, clock_mode_words (facts));
  g_simple_action_set_state (
      G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), "automatic")),
      g_variant_new_boolean (facts->automatic));
  update_server_page (self);
}

/* What comes of it is shown on the main page. */
static void
on_sync_changed (GnomonHelperClient *client, GnomonWindow *self)
{
  if (gnomon_helper_client_is_syncing (client))
    go_to_main_page (self);
  update_notice (self);
}

void
gnomon_window_show_toast (GnomonWindow *self, const char *text)
{
  g_return_if_fail (GNOMON_IS_WINDOW (self));
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (text));
}

void
gnomon_window_show_result (GnomonWindow *self, const SyncResult *result)
{
  g_autofree char *amount = format_amount (result->offset_before);
  g_autofree char *text = g_strdup_printf (_ ("Your clock was right. It was off by %s."), amount);

  g_return_if_fail (GNOMON_IS_WINDOW (self));
  if (fabs (result->offset_before) < WORTH_A_CARD_S)
    gnomon_window_show_toast (self, text);
  else
    gnomon_clock_page_show_result (self->clock_page, result);
}

void
gnomon_window_show_failure (GnomonWindow *self, const GError *error)
{
  g_return_if_fail (GNOMON_IS_WINDOW (self));
  if (client_error_is_cancelled (error))
    return;
  if (self->notice == NOTICE_NONE)
    gnomon_clock_page_show_failure (self->clock_page, client_error_sentence (error));
  else
    gnomon_window_show_toast (self, client_error_sentence (error));
}

/* ---- Actions ---- */

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (!gnomon_helper_client_call_finish (self->client, result, &error)
      && !client_error_is_cancelled (error))
    gnomon_window_show_toast (self, client_error_sentence (error));
}

/* The switch moves when the helper says that it is so, not before. */
static void
change_automatic (GSimpleAction *action, GVariant *value, gpointer data)
{
  GnomonWindow *self = GNOMON_WINDOW (data);

  gnomon_helper_client_set_automatic_async (self->client, g_variant_get_boolean (value),
                                            self->cancellable, on_changed, g_object_ref (self));
}

static void
change_only_watch (GSimpleAction *action, GVariant *value, gpointer data)
{
  g_autoptr (GVariant) before = g_action_get_state (G_ACTION (action));

  if (g_variant_equal (before, value))
    return;
  g_simple_action_set_state (action, value);
  update_notice (GNOMON_WINDOW (data));
}

static void
show_server (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonWindow *self = GNOMON_WINDOW (data);
  g_autoptr (GnomonServer) server =
      gnomon_helper_client_find_server (self->client, g_variant_get_string (parameter, NULL));

  if (!server)
    return;
  gnomon_server_page_set_server (get_server_page (self), server);
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->server_page));
  update_server_page (self);
}

static void
show_history (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonWindow *self = GNOMON_WINDOW (data);

  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (get_history_page (self)));
  gnomon_history_page_focus (self->history_page);
}

static void
go_back (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  go_to_main_page (GNOMON_WINDOW (data));
}

static void
remove_server (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonWindow *self = GNOMON_WINDOW (data);
  server_removal_ask (self, self->client, g_variant_get_string (parameter, NULL));
}

static void
dismiss_result (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gnomon_clock_page_dismiss_result (GNOMON_WINDOW (data)->clock_page);
  focus_main_page (GNOMON_WINDOW (data));
}

static void
diagnose_host (GnomonWindow *self, const char *host)
{
  gtk_window_present (gnomon_diagnose_window_new (GTK_WINDOW (self), self->client, host));
}

static void
diagnose (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  diagnose_host (GNOMON_WINDOW (data), g_variant_get_string (parameter, NULL));
}

/* The first server that gives no answers; if all do, the first one. */
static void
diagnose_failing (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonWindow *self = GNOMON_WINDOW (data);
  GListModel *servers = gnomon_helper_client_get_servers (self->client);
  g_autoptr (GnomonServer) chosen = g_list_model_get_item (servers, 0);

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (servers, i);
      if (seal_for_server (gnomon_server_get_facts (server)) != SEAL_WARNING)
        continue;
      g_set_object (&chosen, server);
      break;
    }
  if (chosen)
    diagnose_host (self, gnomon_server_get_facts (chosen)->host);
}

/* The key of the page of a server, whichever it is. */
static void
diagnose_shown (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GnomonWindow *self = GNOMON_WINDOW (data);
  GnomonServer *server =
      shows_server (self) ? gnomon_server_page_get_server (self->server_page) : NULL;

  if (server)
    diagnose_host (self, gnomon_server_get_facts (server)->host);
}

static const GActionEntry ACTIONS[] = {
  { .name = "back", .activate = go_back },
  { .name = "history", .activate = show_history },
  { .name = "diagnose-failing", .activate = diagnose_failing },
  { .name = "remove-server", .activate = remove_server, .parameter_type = "s" },
  { .name = "diagnose", .activate = diagnose, .parameter_type = "s" },
  { .name = "diagnose-shown", .activate = diagnose_shown },
  { .name = "show-server", .activate = show_server, .parameter_type = "s" },
  { .name = "dismiss-result", .activate = dismiss_result },
  { .name = "automatic", .state = "false", .change_state = change_automatic },
  { .name = "only-watch", .state = "false", .change_state = change_only_watch },
};

/* ---- The object ---- */

static void
gnomon_window_dispose (GObject *object)
{
  GnomonWindow *self = GNOMON_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (gnomon_window_parent_class)->dispose (object);
}

static void
gnomon_window_class_init (GnomonWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_window_dispose;
  g_type_ensure (GNOMON_TYPE_CLOCK_PAGE);
  g_type_ensure (GNOMON_TYPE_ROOM);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/window.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, GnomonWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, GnomonWindow, main_page);
  gtk_widget_class_bind_template_child (widget_class, GnomonWindow, room);
  gtk_widget_class_bind_template_child (widget_class, GnomonWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, GnomonWindow, header_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, GnomonWindow, clock_page);
  gtk_widget_class_bind_template_child (widget_class, GnomonWindow, bottom_bar);
  gtk_widget_class_bind_template_child (widget_class, GnomonWindow, bottom_button);
}

static void
gnomon_window_init (GnomonWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  accessible_pages_follow_stack (self->pages);
  accessible_pages_follow_leaflet (self->leaflet);
  self->cancellable = g_cancellable_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), ACTIONS, G_N_ELEMENTS (ACTIONS), self);
}

GnomonWindow *
gnomon_window_new (GtkApplication *application, GnomonHelperClient *client)
{
  GnomonWindow *self = g_object_new (GNOMON_TYPE_WINDOW, "application", application, NULL);

  self->client = g_object_ref (client);
  notice_actions_install (self, client);
  gnomon_clock_page_set_client (self->clock_page, client);
  g_signal_connect_object (client, "changed", G_CALLBACK (on_client_changed), self, 0);
  g_signal_connect_object (client, "sync-changed", G_CALLBACK (on_sync_changed), self, 0);
  g_signal_connect_object (self->room, "notify::narrow", G_CALLBACK (on_room_changed), self, 0);
  on_client_changed (client, self);
  return self;
}
