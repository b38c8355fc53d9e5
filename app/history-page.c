/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "history-page.h"

#include "accessible-pages.h"
#include "client-error.h"
#include "format-date.h"
#include "format.h"
#include "helper-calls.h"
#include "history-exporter.h"
#include "history-words.h"
#include "placement.h"
#include "tile-grid.h"

#include <glib/gi18n.h>

#define PERIOD (30 * G_TIME_SPAN_DAY)
/* More than anybody reads; the export holds all. */
#define ROWS_MAX 400

struct _GnomonHistoryPage
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *back_button;
  GtkBox *head;
  GtkBox *above_list;
  GtkMenuButton *export_button;
  GtkDropDown *filter;
  GtkStack *stack;
  GtkWidget *content;
  GnomonTileGrid *tiles;
  GtkBox *days;
  AdwStatusPage *nothing_page;

  GnomonHelperClient *client;
  GCancellable *cancellable; /* of the question on its way, NULL = none */
  GVariant *events;          /* as answered last, may be NULL */
  GTimeZone *zone;
  gint64 last_step; /* when the helper was asked */
};

G_DEFINE_FINAL_TYPE (GnomonHistoryPage, gnomon_history_page, GTK_TYPE_WIDGET)

/* ---- The list ---- */

static GtkWidget *
make_row (GnomonHistoryPage *self, const HistoryEntry *entry)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (history_icon_name (entry->kind));
  const char *style = history_style_class (entry->kind);
  g_autofree char *title = history_title (entry);
  g_autofree char *subtitle = history_subtitle (entry);
  g_autofree char *time = history_time (entry, self->zone);
  g_autofree char *exact = format_iso8601 (entry->since, self->zone);
  GtkWidget *label = gtk_label_new (time);

  if (*style)
    gtk_widget_add_css_class (icon, style);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (row, "numeric");
  gtk_widget_set_tooltip_text (label, exact);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  return row;
}

static GtkWidget *
append_day (GnomonHistoryPage *self, gint64 time)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *heading = format_day_heading (time, g_get_real_time (), self->zone);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), heading);
  gtk_box_append (self->days, group);
  return group;
}

static void
clear_days (GnomonHistoryPage *self)
{
  GtkWidget *day;

  while ((day = gtk_widget_get_first_child (GTK_WIDGET (self->days))) != NULL)
    gtk_box_remove (self->days, day);
}

static void
show_nothing (GnomonHistoryPage *self, const char *title, const char *description)
{
  adw_status_page_set_title (self->nothing_page, title);
  adw_status_page_set_description (self->nothing_page, description);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

static void
show_entries (GnomonHistoryPage *self)
{
  HistoryFilter filter = (HistoryFilter) gtk_drop_down_get_selected (self->filter);
  g_autoptr (GPtrArray) entries = history_read (self->events, filter, self->zone);
  GtkWidget *group = NULL;
  gint64 day = 0;

  clear_days (self);
  for (guint i = 0; i < MIN (entries->len, ROWS_MAX); i++)
    {
      const HistoryEntry *entry = entries->pdata[i];

      if (!group || !format_is_same_day (entry->time, day, self->zone))
        group = append_day (self, entry->time);
      day = entry->time;
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (self, entry));
    }
  if (entries->len > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else if (filter == HISTORY_FILTER_EVERYTHING)
    show_nothing (self, _ ("Nothing Has Happened Yet"),
                  _ ("Whatever changes the clock will be written down here, with who did it and on "
                     "what evidence."));
  else
    show_nothing (self, _ ("Nothing of This Kind"), _ ("Choose “Everything” to see the rest."));
}

/* ---- The numbers ---- */

static void
set_count (GnomonHistoryPage *self, const char *caption, guint count)
{
  /* Translators: a whole number with the locale's grouping of thousands. */
  g_autofree char *text = g_strdup_printf (_ ("%'u"), count);
  gnomon_tile_grid_set (self->tiles, caption, text);
}

static void
show_summary (GnomonHistoryPage *self)
{
  HistorySummary summary = history_summarise (self->events, g_get_real_time () - PERIOD);
  g_autofree char *largest = summary.largest > 0 ? format_correction (summary.largest)
                                                 : g_strdup (C_ ("correction", "None"));

  gnomon_tile_grid_set (self->tiles, _ ("Largest Correction"), largest);
  set_count (self, _ ("Steps"), summary.steps);
  set_count (self, _ ("Gentle Corrections"), summary.slews);
}

/* ---- Asking ---- */

static void
on_samples (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonHistoryPage) self = data;
  g_autoptr (GVariant) samples =
      gnomon_helper_client_list_finish (GNOMON_HELPER_CLIENT (source), result, NULL);

  if (samples)
    set_count (self, _ ("Samples Kept"),
               history_count_samples (samples, g_get_real_time () - PERIOD));
}

static void
on_events (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonHistoryPage) self = data;
  g_autoptr (GError) error = NULL;
  GVariant *events =
      gnomon_helper_client_list_finish (GNOMON_HELPER_CLIENT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (!events)
    {
      show_nothing (self, _ ("The History Cannot Be Read"), client_error_sentence (error));
      return;
    }
  g_clear_pointer (&self->events, g_variant_unref);
  self->events = events;
  show_summary (self);
  show_entries (self);
}

static void
stop_asking (GnomonHistoryPage *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
ask (GnomonHistoryPage *self)
{
  stop_asking (self);
  self->cancellable = g_cancellable_new ();
  self->last_step = gnomon_helper_client_get_facts (self->client)->last_step;
  gnomon_helper_client_get_events_async (self->client, 0, 0, self->cancellable, on_events,
                                         g_object_ref (self));
  gnomon_helper_client_get_history_async (self->client, g_get_real_time () - PERIOD, 0,
                                          self->cancellable, on_samples, g_object_ref (self));
}

/* A step while somebody reads belongs on the list at once. */
static void
on_changed (GnomonHelperClient *client, GnomonHistoryPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self))
      && gnomon_helper_client_get_facts (client)->last_step != self->last_step)
    ask (self);
}

/* The button within has no name of its own for a screen reader. */
static void
name_filter (GnomonHistoryPage *self)
{
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->filter));
  HistoryFilter filter = (HistoryFilter) gtk_drop_down_get_selected (self->filter);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  history_filter_label (filter), -1);
}

static void
on_filter_changed (GnomonHistoryPage *self)
{
  name_filter (self);
  if (self->events)
    show_entries (self);
}

static void
on_export (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *format = g_variant_get_string (parameter, NULL);
  GtkRoot *root = gtk_widget_get_root (widget);
  HistoryFormat wanted = HISTORY_FORMAT_REPORT;

  if (g_str_equal (format, "csv"))
    wanted = HISTORY_FORMAT_CSV;
  else if (g_str_equal (format, "json"))
    wanted = HISTORY_FORMAT_JSON;
  if (GNOMON_IS_WINDOW (root))
    history_exporter_run (GNOMON_WINDOW (root), GNOMON_HISTORY_PAGE (widget)->client, wanted);
}

/* ---- The widget ---- */

static void
gnomon_history_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (gnomon_history_page_parent_class)->map (widget);
  ask (GNOMON_HISTORY_PAGE (widget));
}

static void
gnomon_history_page_unmap (GtkWidget *widget)
{
  stop_asking (GNOMON_HISTORY_PAGE (widget));
  GTK_WIDGET_CLASS (gnomon_history_page_parent_class)->unmap (widget);
}

static void
gnomon_history_page_dispose (GObject *object)
{
  GnomonHistoryPage *self = GNOMON_HISTORY_PAGE (object);

  stop_asking (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->events, g_variant_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (gnomon_history_page_parent_class)->dispose (object);
}

static void
gnomon_history_page_class_init (GnomonHistoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_history_page_dispose;
  widget_class->map = gnomon_history_page_map;
  widget_class->unmap = gnomon_history_page_unmap;
  g_type_ensure (GNOMON_TYPE_TILE_GRID);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "history.export", "s", on_export);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, box);
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, head);
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, above_list);
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, export_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, filter);
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, content);
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, tiles);
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, days);
  gtk_widget_class_bind_template_child (widget_class, GnomonHistoryPage, nothing_page);
}

static void
gnomon_history_page_init (GnomonHistoryPage *self)
{
  g_autoptr (GtkStringList) filters = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  accessible_pages_follow_stack (self->stack);
  self->zone = g_time_zone_new_local ();
  for (HistoryFilter filter = 0; filter < HISTORY_N_FILTERS; filter++)
    gtk_string_list_append (filters, history_filter_label (filter));
  gtk_drop_down_set_model (self->filter, G_LIST_MODEL (filters));
  name_filter (self);
  g_signal_connect_object (self->filter, "notify::selected", G_CALLBACK (on_filter_changed), self,
                           G_CONNECT_SWAPPED);
}

void
gnomon_history_page_set_client (GnomonHistoryPage *self, GnomonHelperClient *client)
{
  g_return_if_fail (GNOMON_IS_HISTORY_PAGE (self) && self->client == NULL);
  self->client = g_object_ref (client);
  g_signal_connect_object (client, "changed", G_CALLBACK (on_changed), self, 0);
}

void
gnomon_history_page_set_narrow (GnomonHistoryPage *self, gboolean narrow)
{
  g_return_if_fail (GNOMON_IS_HISTORY_PAGE (self));
  placement_move (GTK_WIDGET (self->filter), narrow ? self->above_list : self->head);
  if (narrow)
    gtk_menu_button_set_icon_name (self->export_button, "document-save-symbolic");
  else
    gtk_menu_button_set_label (self->export_button, _ ("Export"));
  gnomon_tile_grid_set_columns (self->tiles, narrow ? 2 : 4, TRUE);
  gtk_widget_set_margin_start (self->content, narrow ? 12 : 24);
  gtk_widget_set_margin_end (self->content, narrow ? 12 : 24);
}

void
gnomon_history_page_focus (GnomonHistoryPage *self)
{
  g_return_if_fail (GNOMON_IS_HISTORY_PAGE (self));
  gtk_widget_grab_focus (self->back_button);
}
