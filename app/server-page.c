/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-page.h"

#include "certificate-words.h"
#include "cookie-meter.h"
#include "format.h"
#include "placement.h"
#include "reach-meter.h"
#include "server-numbers.h"
#include "server-trust.h"
#include "tile-grid.h"
#include "words.h"

#include <glib/gi18n.h>

struct _GnomonServerPage
{
  GtkWidget parent_instance;

  GtkWidget *box;
  AdwWindowTitle *window_title;
  GtkWidget *back_button;
  GtkBox *head;
  GtkBox *foot;
  GtkWidget *diagnose_button;
  GtkWidget *content;
  GtkWidget *disc;
  GtkImage *seal_image;
  GtkLabel *sentence_label;
  GtkLabel *evidence_label;
  GnomonTileGrid *measurement;
  GnomonTileGrid *protection;
  GtkWidget *certificate_group;
  AdwPreferencesRow *validity_row;
  AdwActionRow *fingerprint_row;
  GnomonServerTrust *trust;
  GnomonReachMeter *reach_meter;
  GnomonCookieMeter *cookie_meter;

  GnomonServer *server;
  Seal seal;
  double clock_offset; /* as told last, and so is the next one */
  guint vouching;
  guint tick;
};

G_DEFINE_FINAL_TYPE (GnomonServerPage, gnomon_server_page, GTK_TYPE_WIDGET)

/* ---- The certificate ---- */

static char *
days_left (gint64 not_after, gint64 now)
{
  gint64 days = (not_after - now) / G_TIME_SPAN_DAY;

  if (not_after < now)
    return g_strdup (_ ("Ran out"));
  return g_strdup_printf (ngettext ("%d day left", "%d days left", (gulong) days), (int) days);
}

static void
show_certificate (GnomonServerPage *self, const ServerFacts *facts, gint64 now)
{
  g_autoptr (GDateTime) end =
      g_date_time_new_from_unix_local (facts->certificate_not_after / G_USEC_PER_SEC);
  g_autofree char *title = NULL;
  g_autofree char *left = days_left (facts->certificate_not_after, now);
  g_autofree char *subtitle = NULL;
  g_autofree char *fingerprint = format_fingerprint (facts->certificate_sha256);
  g_autofree char *owner = words_for_subject (facts->certificate_subject);
  g_autofree char *issuer = words_for_issuer (facts->certificate_issuer);

  gtk_widget_set_visible (self->certificate_group, facts->certificate_not_after > 0 && end);
  if (facts->certificate_not_after <= 0 || !end)
    return;
  title = g_date_time_format (end, _ ("Valid Until %-d %B %Y"));
  /* Translators: how long it is valid, to whom and by whom it was issued. */
  subtitle = g_strdup_printf (_ ("%s · issued to %s by %s"), left, owner, issuer);
  adw_preferences_row_set_title (self->validity_row, title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->validity_row), subtitle);
  adw_action_row_set_subtitle (self->fingerprint_row, fingerprint);
}

/* ---- The page ---- */

static void
show_seal (GnomonServerPage *self, Seal seal)
{
  gtk_widget_remove_css_class (self->disc, seal_style_class (self->seal));
  gtk_widget_add_css_class (self->disc, seal_style_class (seal));
  gtk_image_set_from_icon_name (self->seal_image, seal_icon_name (seal));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->seal_image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  seal_label (seal), -1);
  self->seal = seal;
}

/* How many were answered is what the meter says. */
static void
tell_measured (gpointer data, const char *caption, const char *value)
{
  GnomonServerPage *self = GNOMON_SERVER_PAGE (data);
  int reach = gnomon_server_get_facts (self->server)->reach;
  g_autofree char *octal = NULL;

  if (value && g_str_equal (caption, _ ("Reach")))
    value = octal = g_strdup_printf ("%03o", (guint) reach);
  gnomon_tile_grid_set (self->measurement, caption, value);
}

/* The tiles have got their places by now. */
static void
place_meters (GnomonServerPage *self)
{
  if (self->reach_meter)
    return;
  self->reach_meter = g_object_new (GNOMON_TYPE_REACH_METER, NULL);
  gnomon_tile_grid_add_meter (self->measurement, _ ("Reach"), GTK_WIDGET (self->reach_meter));
  self->cookie_meter = g_object_new (GNOMON_TYPE_COOKIE_METER, NULL);
  gnomon_tile_grid_add_meter (self->protection, _ ("Cookies"), GTK_WIDGET (self->cookie_meter));
}

void
gnomon_server_page_update (GnomonServerPage *self, double clock_offset, guint vouching)
{
  const ServerFacts *facts;
  gint64 now = g_get_real_time ();
  g_autofree char *words = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *evidence = NULL;
  g_autofree char *run_by = NULL;

  g_return_if_fail (GNOMON_IS_SERVER_PAGE (self));
  self->clock_offset = clock_offset;
  self->vouching = vouching;
  if (!self->server)
    return;
  facts = gnomon_server_get_facts (self->server);
  words = words_for_server (facts, clock_offset, now);
  sentence = format_capitalised (words);
  /* This one is among them wherever that is told. */
  evidence = words_for_evidence (facts, MAX (vouching, 1) - 1);
  run_by = words_for_operator (facts);
  adw_window_title_set_title (self->window_title, facts->host);
  adw_window_title_set_subtitle (self->window_title, run_by);
  gtk_label_set_label (self->sentence_label, sentence);
  gtk_label_set_label (self->evidence_label, evidence ? evidence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->evidence_label), evidence != NULL);
  show_seal (self, seal_for_server (facts));
  server_measurement_tell (facts, now, tell_measured, self);
  server_protection_tell (facts, gnomon_tile_grid_tell, self->protection);
  place_meters (self);
  gnomon_reach_meter_set_reach (self->reach_meter, facts->reach);
  gnomon_cookie_meter_set_cookies (self->cookie_meter, facts->cookies);
  show_certificate (self, facts, now);
  gnomon_server_trust_show (self->trust, self->server);
}

void
gnomon_server_page_set_server (GnomonServerPage *self, GnomonServer *server)
{
  g_return_if_fail (GNOMON_IS_SERVER_PAGE (self));
  g_set_object (&self->server, server);
  if (server)
    gtk_widget_grab_focus (self->back_button);
}

GnomonServer *
gnomon_server_page_get_server (GnomonServerPage *self)
{
  g_return_val_if_fail (GNOMON_IS_SERVER_PAGE (self), NULL);
  return self->server;
}

void
gnomon_server_page_set_narrow (GnomonServerPage *self, gboolean narrow)
{
  g_return_if_fail (GNOMON_IS_SERVER_PAGE (self));
  gnomon_server_trust_set_narrow (self->trust, narrow);
  placement_move (self->diagnose_button, narrow ? self->foot : self->head);
  gnomon_tile_grid_set_columns (self->measurement, narrow ? 2 : 4, TRUE);
  gnomon_tile_grid_set_columns (self->protection, narrow ? 2 : 4, TRUE);
  gtk_widget_set_margin_start (self->content, narrow ? 12 : 24);
  gtk_widget_set_margin_end (self->content, narrow ? 12 : 24);
}

static void
on_copy_clicked (GnomonServerPage *self)
{
  const char *fingerprint = adw_action_row_get_subtitle (self->fingerprint_row);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), fingerprint);
}

static void
on_remove_activated (GnomonServerPage *self)
{
  if (self->server)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.remove-server", "s",
                                gnomon_server_get_facts (self->server)->host);
}

static gboolean
on_tick (gpointer data)
{
  GnomonServerPage *self = GNOMON_SERVER_PAGE (data);

  gnomon_server_page_update (self, self->clock_offset, self->vouching);
  return G_SOURCE_CONTINUE;
}

static void
gnomon_server_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (gnomon_server_page_parent_class)->map (widget);
  GNOMON_SERVER_PAGE (widget)->tick = g_timeout_add_seconds (1, on_tick, widget);
}

static void
gnomon_server_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&GNOMON_SERVER_PAGE (widget)->tick, g_source_remove);
  GTK_WIDGET_CLASS (gnomon_server_page_parent_class)->unmap (widget);
}

static void
gnomon_server_page_dispose (GObject *object)
{
  GnomonServerPage *self = GNOMON_SERVER_PAGE (object);

  g_clear_object (&self->server);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (gnomon_server_page_parent_class)->dispose (object);
}

static void
gnomon_server_page_class_init (GnomonServerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_server_page_dispose;
  widget_class->map = gnomon_server_page_map;
  widget_class->unmap = gnomon_server_page_unmap;
  g_type_ensure (GNOMON_TYPE_SERVER_TRUST);
  g_type_ensure (GNOMON_TYPE_TILE_GRID);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/server-page.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, box);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, head);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, foot);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, diagnose_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, content);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, disc);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, seal_image);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, evidence_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, measurement);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, protection);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, certificate_group);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, validity_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, fingerprint_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerPage, trust);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_activated);
}

static void
gnomon_server_page_init (GnomonServerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
gnomon_server_page_set_client (GnomonServerPage *self, GnomonHelperClient *client)
{
  g_return_if_fail (GNOMON_IS_SERVER_PAGE (self));
  gnomon_server_trust_set_client (self->trust, client);
}
