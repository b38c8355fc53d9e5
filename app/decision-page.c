/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "decision-page.h"

#include "client-error.h"
#include "format-date.h"
#include "format.h"
#include "helper-calls.h"
#include "status-header.h"
#include "words.h"

#include <glib/gi18n.h>

struct _GnomonDecisionPage
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkWidget *content;
  GnomonStatusHeader *status_header;
  GtkBox *clocks;
  GtkLabel *own_time;
  GtkLabel *own_day;
  GtkLabel *servers_time;
  GtkLabel *servers_day;
  GtkImage *arrow;
  GtkBox *answers;
  GtkButton *keep_button;
  GtkButton *set_button;
  GtkListBox *server_list;

  GnomonHelperClient *client;
  GCancellable *cancellable;
  GTimeZone *zone;
  guint tick;
  gboolean answering;
};

G_DEFINE_FINAL_TYPE (GnomonDecisionPage, gnomon_decision_page, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- The clocks ---- */

/* What the servers' clock shows now, µs since 1970 UTC. */
static gint64
servers_now (GnomonDecisionPage *self)
{
  double offset = gnomon_helper_client_get_facts (self->client)->offset;
  return g_get_real_time () + (gint64) (offset * G_USEC_PER_SEC);
}

static void
show_clock (GnomonDecisionPage *self, gint64 usec, GtkLabel *time_label, GtkLabel *day_label)
{
  g_autofree char *time = format_time_of_day (usec, self->zone);
  g_autofree char *day = format_weekday (usec, g_get_real_time (), self->zone);

  gtk_label_set_label (time_label, time);
  gtk_label_set_label (day_label, day);
}

static void
show_clocks (GnomonDecisionPage *self)
{
  gint64 theirs = servers_now (self);
  g_autofree char *minute = format_minute (theirs, self->zone);
  /* Translators: "Set to 16:35". */
  g_autofree char *label = g_strdup_printf (_ ("Set to %s"), minute);

  show_clock (self, g_get_real_time (), self->own_time, self->own_day);
  show_clock (self, theirs, self->servers_time, self->servers_day);
  gtk_button_set_label (self->set_button, label);
}

/* ---- Who says so ---- */

static char *
describe_server (const ServerFacts *facts)
{
  g_autofree char *run_by = words_for_operator (facts);
  const char *proof = facts->authenticated ? _ ("authenticated") : _ ("not authenticated");

  if (!*run_by)
    return g_strdup (proof);
  /* Translators: who runs a server and what it does: "PTB, Germany · authenticated". */
  return g_strdup_printf (_ ("%s · %s"), run_by, proof);
}

static GtkWidget *
make_row (gpointer item, gpointer data)
{
  const ServerFacts *facts = gnomon_server_get_facts (item);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *seal = gtk_image_new_from_icon_name (seal_icon_name (seal_for_server (facts)));
  g_autofree char *subtitle = describe_server (facts);
  g_autofree char *offset = format_long_offset (facts->offset);
  GtkWidget *label = gtk_label_new (offset);

  gtk_widget_add_css_class (seal, seal_style_class (seal_for_server (facts)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (seal), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  seal_label (seal_for_server (facts)), -1);
  gtk_widget_add_css_class (label, "numeric");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), facts->host);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), seal);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static void
update_servers (GnomonDecisionPage *self)
{
  GListModel *servers = gnomon_helper_client_get_servers (self->client);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->server_list))) != NULL)
    gtk_list_box_remove (self->server_list, row);
  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (servers, i);
      gtk_list_box_append (self->server_list, make_row (server, self));
    }
}

static void
update (GnomonDecisionPage *self)
{
  g_auto (ClockStatus) status = { 0 };

  clock_status_init (&status, gnomon_helper_client_get_facts (self->client),
                     gnomon_helper_client_get_servers (self->client), g_get_real_time (),
                     self->zone);
  /* The page says the rest. */
  *status.small = '\0';
  gnomon_status_header_show (self->status_header, &status);
  show_clocks (self);
  update_servers (self);
}

static void
on_changed (GnomonHelperClient *client, GnomonDecisionPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update (self);
}

/* ---- The answers ---- */

static void
set_answering (GnomonDecisionPage *self, gboolean answering)
{
  self->answering = answering;
  gtk_widget_set_sensitive (GTK_WIDGET (self->answers), !answering);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonDecisionPage) self = data;
  g_autoptr (GError) error = NULL;
  gboolean done = gnomon_helper_client_call_finish (GNOMON_HELPER_CLIENT (source), result, &error);

  set_answering (self, FALSE);
  if (done || client_error_is_cancelled (error))
    return;
  if (g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_OUT_OF_BOUNDS))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0,
                   _ ("The servers say something else by now. Nothing was changed."));
  else
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, client_error_sentence (error));
}

static void
on_keep_clicked (GnomonDecisionPage *self)
{
  set_answering (self, TRUE);
  gnomon_helper_client_reject_time_async (self->client, self->cancellable, on_answered,
                                          g_object_ref (self));
}

static void
on_set_clicked (GnomonDecisionPage *self)
{
  set_answering (self, TRUE);
  gnomon_helper_client_accept_time_async (self->client, servers_now (self), self->cancellable,
                                          on_answered, g_object_ref (self));
}

/* ---- The widget ---- */

static gboolean
on_tick (gpointer data)
{
  GnomonDecisionPage *self = GNOMON_DECISION_PAGE (data);

  gnomon_helper_client_refresh (self->client);
  show_clocks (self);
  return G_SOURCE_CONTINUE;
}

static void
gnomon_decision_page_map (GtkWidget *widget)
{
  GnomonDecisionPage *self = GNOMON_DECISION_PAGE (widget);

  GTK_WIDGET_CLASS (gnomon_decision_page_parent_class)->map (widget);
  self->tick = g_timeout_add_seconds (1, on_tick, self);
  update (self);
}

static void
gnomon_decision_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&GNOMON_DECISION_PAGE (widget)->tick, g_source_remove);
  GTK_WIDGET_CLASS (gnomon_decision_page_parent_class)->unmap (widget);
}

static void
gnomon_decision_page_dispose (GObject *object)
{
  GnomonDecisionPage *self = GNOMON_DECISION_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->client);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (gnomon_decision_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, content);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, status_header);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, clocks);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, own_time);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, own_day);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, servers_time);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, servers_day);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, arrow);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, answers);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, keep_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, set_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonDecisionPage, server_list);
}

static void
gnomon_decision_page_class_init (GnomonDecisionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_decision_page_dispose;
  widget_class->map = gnomon_decision_page_map;
  widget_class->unmap = gnomon_decision_page_unmap;
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (GNOMON_TYPE_STATUS_HEADER);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/decision-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_keep_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_set_clicked);
}

static void
gnomon_decision_page_init (GnomonDecisionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  self->zone = g_time_zone_new_local ();
}

void
gnomon_decision_page_set_client (GnomonDecisionPage *self, GnomonHelperClient *client)
{
  g_return_if_fail (GNOMON_IS_DECISION_PAGE (self) && self->client == NULL);
  self->client = g_object_ref (client);
  g_signal_connect_object (client, "changed", G_CALLBACK (on_changed), self, 0);
}

void
gnomon_decision_page_set_narrow (GnomonDecisionPage *self, gboolean narrow)
{
  GtkOrientation orientation = narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;

  g_return_if_fail (GNOMON_IS_DECISION_PAGE (self));
  gnomon_status_header_set_narrow (self->status_header, narrow);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->clocks), orientation);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->answers), orientation);
  gtk_image_set_from_icon_name (self->arrow, narrow ? "go-down-symbolic" : "go-next-symbolic");
  gtk_widget_set_margin_start (self->content, narrow ? 12 : 24);
  gtk_widget_set_margin_end (self->content, narrow ? 12 : 24);
}

void
gnomon_decision_page_focus (GnomonDecisionPage *self)
{
  g_return_if_fail (GNOMON_IS_DECISION_PAGE (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->keep_button));
}
