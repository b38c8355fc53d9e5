/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock-page.h"

#include "accessible-pages.h"
#include "clock-numbers.h"
#include "helper-calls.h"
#include "last-change.h"
#include "notice.h"
#include "offset-card.h"
#include "offset-recorder.h"
#include "result-card.h"
#include "server-row.h"
#include "status-header.h"
#include "status.h"
#include "sync-card.h"
#include "tile-grid.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Among so many events there is a change of the clock, unless it was long ago. */
#define EVENTS_MAX 100
#define EVENTS_AGE G_TIME_SPAN_MINUTE /* as old as they may get while nothing seems to happen */

struct _GnomonClockPage
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkBox *content;
  GnomonStatusHeader *status_header;
  GtkStack *cards;
  GnomonOffsetCard *offset_card;
  GnomonSyncCard *sync_card; /* NULL before the first sync */
  GnomonResultCard *result_card;
  GtkWidget *add_button;
  AdwButtonContent *add_content;
  GtkListBox *server_list;
  AdwActionRow *watching_row;
  AdwActionRow *last_change_row;
  AdwExpanderRow *numbers_row;
  GnomonTileGrid *numbers;
  GtkSizeGroup *cookie_column;
  GtkSizeGroup *offset_column;

  GnomonHelperClient *client;
  GnomonOffsetRecorder *recorder;
  GTimeZone *zone;
  SyncPhase phase;    /* of a running sync */
  GPtrArray *events;  /* HistoryEntry, may be NULL */
  gint64 events_read; /* when they were asked for, µs since 1970 UTC */
  gint64 events_step; /* what the last step was then */
  guint tick;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (GnomonClockPage, gnomon_clock_page, GTK_TYPE_WIDGET)

static void
for_each_row (GnomonClockPage *self, void (*func) (GnomonServerRow *row, GnomonClockPage *self))
{
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->server_list));

  for (; row; row = gtk_widget_get_next_sibling (row))
    if (GNOMON_IS_SERVER_ROW (row))
      func (GNOMON_SERVER_ROW (row), self);
}

static void
update_row (GnomonServerRow *row, GnomonClockPage *self)
{
  gnomon_server_row_update (row, gnomon_helper_client_get_facts (self->client)->offset);
}

static void
narrow_row (GnomonServerRow *row, GnomonClockPage *self)
{
  gnomon_server_row_set_narrow (row, self->narrow);
  update_row (row, self);
}

static GtkWidget *
make_row (gpointer item, gpointer data)
{
  GnomonClockPage *self = GNOMON_CLOCK_PAGE (data);
  GtkWidget *row = gnomon_server_row_new (item, self->cookie_column, self->offset_column);

  narrow_row (GNOMON_SERVER_ROW (row), self);
  return row;
}

static void
update_status (GnomonClockPage *self)
{
  g_auto (ClockStatus) status = { 0 };

  GListModel *servers = gnomon_helper_client_get_servers (self->client);

  if (gnomon_helper_client_is_syncing (self->client))
    clock_status_init_syncing (&status, g_list_model_get_n_items (servers),
                               self->phase >= SYNC_PHASE_SETTING);
  else
    clock_status_init (&status, gnomon_helper_client_get_facts (self->client), servers,
                       g_get_real_time (), self->zone);
  gnomon_status_header_show (self->status_header, &status);
}

static void
update_last_change (GnomonClockPage *self)
{
  g_autofree char *words = last_change_words (gnomon_helper_client_get_facts (self->client),
                                              gnomon_helper_client_get_last_sync (self->client),
                                              self->events ? last_change_find (self->events) : NULL,
                                              g_get_user_name (), g_get_real_time (), self->zone);

  adw_action_row_set_subtitle (self->last_change_row, words);
}

static void
on_events (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonClockPage) self = data;
  g_autoptr (GVariant) events =
      gnomon_helper_client_list_finish (GNOMON_HELPER_CLIENT (source), result, NULL);

  if (!events || !self->client)
    return;
  g_clear_pointer (&self->events, g_ptr_array_unref);
  self->events = history_read (events, HISTORY_FILTER_EVERYTHING, self->zone);
  update_last_change (self);
}

/* A step is told at once, by LastStep; a gentle correction by nothing else. */
static void
read_events (GnomonClockPage *self)
{
  gint64 step = gnomon_helper_client_get_facts (self->client)->last_step;
  gint64 now = g_get_real_time ();

  if (step == self->events_step && ABS (now - self->events_read) < EVENTS_AGE)
    return;
  self->events_step = step;
  self->events_read = now;
  gnomon_helper_client_get_events_async (self->client, 0, EVENTS_MAX, NULL, on_events,
                                         g_object_ref (self));
}

static void
update_watching (GnomonClockPage *self)
{
  const ClockFacts *clock = gnomon_helper_client_get_facts (self->client);
  g_autofree char *name = notice_service_name (clock->other_service);
  g_autofree char *words = g_strdup_printf (_ ("%s keeps this computer’s clock"), name);

  gtk_widget_set_visible (GTK_WIDGET (self->watching_row), *clock->other_service);
  adw_action_row_set_subtitle (self->watching_row, words);
}

static void
update (GnomonClockPage *self)
{
  update_status (self);
  update_watching (self);
  read_events (self);
  update_last_change (self);
  gnomon_offset_card_show (self->offset_card, gnomon_helper_client_get_facts (self->client));
  clock_numbers_tell (self->client, gnomon_tile_grid_tell, self->numbers);
  for_each_row (self, update_row);
}

static gboolean on_tick (gpointer data);

/* What comes from the helper shows the present too, so the next look at the time is a second after
 * it: the window is laid out once a second and not twice. */
static void
start_ticking (GnomonClockPage *self)
{
  g_clear_handle_id (&self->tick, g_source_remove);
  self->tick = g_timeout_add (1000, on_tick, self);
}

static void
on_changed (GnomonHelperClient *client, GnomonClockPage *self)
{
  if (gnomon_helper_client_get_presence (client) != HELPER_PRESENT)
    return;
  update (self);
  if (self->tick)
    start_ticking (self);
}

static GnomonSyncCard *
get_sync_card (GnomonClockPage *self)
{
  if (self->sync_card)
    return self->sync_card;
  self->sync_card = g_object_new (GNOMON_TYPE_SYNC_CARD, NULL);
  gtk_stack_add_named (self->cards, GTK_WIDGET (self->sync_card), "sync");
  return self->sync_card;
}

static void
on_sync_changed (GnomonHelperClient *client, GnomonClockPage *self)
{
  if (gnomon_helper_client_is_syncing (client))
    {
      self->phase = SYNC_PHASE_KEYS;
      gnomon_sync_card_begin (get_sync_card (self));
      gtk_stack_set_visible_child_name (self->cards, "sync");
    }
  else
    gtk_stack_set_visible_child_name (self->cards, "offset");
  update_status (self);
}

static void
on_sync_progress (GnomonHelperClient *client, SyncPhase phase, const char *host, guint answers,
                  guint wanted, GnomonClockPage *self)
{
  if (!gnomon_helper_client_is_syncing (client))
    return;
  self->phase = phase;
  gnomon_sync_card_advance (get_sync_card (self), phase, answers, wanted);
  update_status (self);
}

static gboolean
on_tick (gpointer data)
{
  GnomonClockPage *self = GNOMON_CLOCK_PAGE (data);

  gnomon_helper_client_refresh (self->client);
  update_status (self);
  if (self->sync_card)
    gnomon_sync_card_update (self->sync_card);
  for_each_row (self, update_row);
  return G_SOURCE_CONTINUE;
}

static void
gnomon_clock_page_map (GtkWidget *widget)
{
  GnomonClockPage *self = GNOMON_CLOCK_PAGE (widget);

  GTK_WIDGET_CLASS (gnomon_clock_page_parent_class)->map (widget);
  start_ticking (self);
  on_changed (self->client, self);
}

static void
gnomon_clock_page_unmap (GtkWidget *widget)
{
  GnomonClockPage *self = GNOMON_CLOCK_PAGE (widget);

  g_clear_handle_id (&self->tick, g_source_remove);
  GTK_WIDGET_CLASS (gnomon_clock_page_parent_class)->unmap (widget);
}

/* The words name the button for a screen reader, so that without them it needs a name. */
static void
set_add_button_narrow (GnomonClockPage *self, gboolean narrow)
{
  adw_button_content_set_label (self->add_content, narrow ? "" : _ ("Add Server"));
  if (narrow)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->add_button),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Add Server"), -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (self->add_button),
                                   GTK_ACCESSIBLE_PROPERTY_LABEL);
}

void
gnomon_clock_page_set_narrow (GnomonClockPage *self, gboolean narrow)
{
  g_return_if_fail (GNOMON_IS_CLOCK_PAGE (self));
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  gnomon_status_header_set_narrow (self->status_header, narrow);
  gnomon_offset_card_set_narrow (self->offset_card, narrow);
  gnomon_result_card_set_narrow (self->result_card, narrow);
  gnomon_tile_grid_set_columns (self->numbers, narrow ? 2 : 4, TRUE);
  for_each_row (self, narrow_row);
  gtk_widget_set_margin_start (GTK_WIDGET (self->content), narrow ? 12 : 24);
  gtk_widget_set_margin_end (GTK_WIDGET (self->content), narrow ? 12 : 24);
  set_add_button_narrow (self, narrow);
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, GnomonClockPage *self)
{
  GnomonServer *server = gnomon_server_row_get_server (GNOMON_SERVER_ROW (row));

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-server", "s",
                              gnomon_server_get_facts (server)->host);
}

static void
gnomon_clock_page_dispose (GObject *object)
{
  GnomonClockPage *self = GNOMON_CLOCK_PAGE (object);

  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_object (&self->recorder);
  g_clear_object (&self->client);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (gnomon_clock_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, content);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, status_header);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, cards);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, offset_card);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, result_card);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, add_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, add_content);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, server_list);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, watching_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, last_change_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, numbers_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, numbers);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, cookie_column);
  gtk_widget_class_bind_template_child (widget_class, GnomonClockPage, offset_column);
}

static void
gnomon_clock_page_class_init (GnomonClockPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = gnomon_clock_page_dispose;
  widget_class->map = gnomon_clock_page_map;
  widget_class->unmap = gnomon_clock_page_unmap;

  g_type_ensure (GNOMON_TYPE_OFFSET_CARD);
  g_type_ensure (GNOMON_TYPE_RESULT_CARD);
  g_type_ensure (GNOMON_TYPE_STATUS_HEADER);
  g_type_ensure (GNOMON_TYPE_TILE_GRID);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/clock-page.ui");
  bind_children (widget_class);
}

static void
gnomon_clock_page_init (GnomonClockPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  accessible_pages_follow_stack (self->cards);
  self->zone = g_time_zone_new_local ();
  g_signal_connect_object (self->server_list, "row-activated", G_CALLBACK (on_row_activated), self,
                           0);
}

void
gnomon_clock_page_set_client (GnomonClockPage *self, GnomonHelperClient *client)
{
  g_return_if_fail (GNOMON_IS_CLOCK_PAGE (self) && self->client == NULL);
  self->client = g_object_ref (client);
  self->recorder = gnomon_offset_recorder_new (client);
  gnomon_offset_card_set_series (self->offset_card,
                                 gnomon_offset_recorder_get_series (self->recorder));
  gtk_list_box_bind_model (self->server_list, gnomon_helper_client_get_servers (client), make_row,
                           self, NULL);
  g_signal_connect_object (client, "changed", G_CALLBACK (on_changed), self, 0);
  g_signal_connect_object (client, "sync-changed", G_CALLBACK (on_sync_changed), self, 0);
  g_signal_connect_object (client, "sync-progress", G_CALLBACK (on_sync_progress), self, 0);
}

void
gnomon_clock_page_show_result (GnomonClockPage *self, const SyncResult *result)
{
  g_return_if_fail (GNOMON_IS_CLOCK_PAGE (self));
  gtk_stack_set_visible_child_name (self->cards, "result");
  gnomon_result_card_show_result (self->result_card, result);
}

void
gnomon_clock_page_show_failure (GnomonClockPage *self, const char *sentence)
{
  g_return_if_fail (GNOMON_IS_CLOCK_PAGE (self));
  gtk_stack_set_visible_child_name (self->cards, "result");
  gnomon_result_card_show_failure (self->result_card, sentence);
}

void
gnomon_clock_page_dismiss_result (GnomonClockPage *self)
{
  g_return_if_fail (GNOMON_IS_CLOCK_PAGE (self));
  gtk_stack_set_visible_child_name (self->cards, "offset");
}
