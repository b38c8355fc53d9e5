/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-trust.h"

#include "certificate-words.h"
#include "client-error.h"
#include "format-date.h"
#include "helper-calls.h"
#include "window.h"

#include <glib/gi18n.h>

/* More than a server shows in years. */
#define SIGHTINGS_MAX 20

static const struct
{
  const char *name; /* in the contract */
  const char *label;
} ACCEPTS[] = {
  /* Translators: which certificates are accepted. The row cuts more than about 20 characters. */
  { "any", N_ ("Any Trusted Issuer") },
  { "issuer", N_ ("This Issuer") },
  { "key", N_ ("This Public Key") },
};

struct _GnomonServerTrust
{
  GtkWidget parent_instance;

  GtkWidget *box;
  AdwComboRow *accept_row;
  AdwActionRow *authority_row;
  GtkWidget *system_button;
  GtkWidget *file_button;
  GtkWidget *history_group;
  GtkListBox *history_list;

  GnomonHelperClient *client;
  GtkFileChooserNative *chooser; /* NULL = nobody is asked */
  char *host;                    /* of the server that is shown, may be NULL */
  char *shown;                   /* fingerprint and exchanges that the list was made for */
  gboolean writing;              /* the row is being filled in, not chosen from */
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (GnomonServerTrust, gnomon_server_trust, GTK_TYPE_WIDGET)

/* ---- The certificates so far ---- */

static const char *
icon_name (SightingKind kind)
{
  if (kind == SIGHTING_SAME)
    return "gnomon-key-symbolic";
  return kind == SIGHTING_FIRST ? "list-add-symbolic" : "application-certificate-symbolic";
}

static GtkWidget *
make_row (const Sighting *sighting, GTimeZone *zone)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name (sighting->kind));
  g_autofree char *detail = words_for_sighting_detail (sighting, zone);
  g_autofree char *when = format_when (sighting->time, g_get_real_time (), zone);
  GtkWidget *label = gtk_label_new (when);

  if (sighting->kind == SIGHTING_NEW_ISSUER)
    gtk_widget_add_css_class (icon, "warning");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), words_for_sighting (sighting->kind));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  return row;
}

static void
show_ledger (GnomonServerTrust *self, GVariant *ledger)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GArray) sightings = certificate_history_read (ledger);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->history_list))) != NULL)
    gtk_list_box_remove (self->history_list, row);
  for (guint i = 0; i < MIN (sightings->len, SIGHTINGS_MAX); i++)
    gtk_list_box_append (self->history_list,
                         make_row (&g_array_index (sightings, Sighting, i), zone));
  gtk_widget_set_visible (self->history_group, sightings->len > 0);
}

/* An answer about a server, by which time another one may be shown. */
typedef struct
{
  GnomonServerTrust *trust;
  char *host;
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->trust);
  g_free (question->host);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
on_ledger (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  GnomonServerTrust *self = question->trust;
  g_autoptr (GVariant) ledger =
      gnomon_helper_client_list_finish (GNOMON_HELPER_CLIENT (source), result, NULL);

  if (self->box && g_strcmp0 (self->host, question->host) == 0 && ledger)
    show_ledger (self, ledger);
}

static void
ask_for_ledger (GnomonServerTrust *self)
{
  Question *question = g_new0 (Question, 1);

  question->trust = g_object_ref (self);
  question->host = g_strdup (self->host);
  gnomon_helper_client_get_ledger_async (self->client, self->host, SIGHTINGS_MAX, NULL, on_ledger,
                                         question);
}

/* ---- What is accepted ---- */

static guint
find_accept (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (ACCEPTS); i++)
    if (g_str_equal (ACCEPTS[i].name, name))
      return i;
  return 0;
}

static void
tell (GnomonServerTrust *self, const char *text)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GNOMON_IS_WINDOW (root))
    gnomon_window_show_toast (GNOMON_WINDOW (root), text);
}

static void
select_accept (GnomonServerTrust *self, guint selected)
{
  self->writing = TRUE;
  adw_combo_row_set_selected (self->accept_row, selected);
  self->writing = FALSE;
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonServerTrust) self = data;
  g_autoptr (GError) error = NULL;

  if (gnomon_helper_client_call_finish (GNOMON_HELPER_CLIENT (source), result, &error)
      || !self->box)
    return;
  if (!client_error_is_cancelled (error))
    tell (self, client_error_sentence (error));
  /* What was chosen is not so; the next word of the helper says what is. */
  g_clear_pointer (&self->shown, g_free);
}

static void
change (GnomonServerTrust *self, const char *key, const char *value)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, key, "s", value);
  gnomon_helper_client_change_server_async (self->client, self->host, g_variant_dict_end (&options),
                                            NULL, on_changed, g_object_ref (self));
}

static void
on_accept_selected (GnomonServerTrust *self)
{
  guint selected = adw_combo_row_get_selected (self->accept_row);

  if (!self->writing && self->host && selected < G_N_ELEMENTS (ACCEPTS))
    change (self, "accept", ACCEPTS[selected].name);
}

static void
on_file_chosen (GtkNativeDialog *dialog, int response, GnomonServerTrust *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  path = file ? g_file_get_path (file) : NULL;
  if (path && self->host)
    change (self, "ca", path);
  g_clear_object (&self->chooser);
}

static void
on_file_clicked (GnomonServerTrust *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Certificates (PEM)"));
  gtk_file_filter_add_suffix (filter, "pem");
  gtk_file_filter_add_suffix (filter, "crt");
  g_set_object (&self->chooser, NULL);
  self->chooser = gtk_file_chooser_native_new (_ ("Certificate Authority"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_file_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_system_clicked (GnomonServerTrust *self)
{
  if (self->host)
    change (self, "ca", "");
}

/* Below the title stands what it means, or in a narrow window the choice itself. */
static void
show_accept (GnomonServerTrust *self, gboolean locked)
{
  gboolean chosen = self->narrow && !locked;

  adw_combo_row_set_use_subtitle (self->accept_row, chosen);
  if (!chosen)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->accept_row),
                                 locked ? _ ("Set by your administrator")
                                        : _ ("A certificate from anyone else is refused"));
}

static void
show_settings (GnomonServerTrust *self, GVariant *values)
{
  const char *accept = "any";
  const char *ca = "";
  gboolean locked = FALSE;

  g_variant_lookup (values, "accept", "&s", &accept);
  g_variant_lookup (values, "ca", "&s", &ca);
  g_variant_lookup (values, "locked", "b", &locked);
  select_accept (self, find_accept (accept));
  show_accept (self, locked);
  adw_action_row_set_subtitle (self->authority_row, *ca ? ca : _ ("The system’s list"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->accept_row), !locked);
  gtk_widget_set_sensitive (self->file_button, !locked);
  if (!*ca && gtk_widget_has_focus (self->system_button))
    gtk_widget_grab_focus (self->file_button);
  gtk_widget_set_visible (self->system_button, *ca && !locked);
}

/* ---- The widget ---- */

void
gnomon_server_trust_show (GnomonServerTrust *self, GnomonServer *server)
{
  const ServerFacts *facts;
  g_autofree char *now_shown = NULL;

  g_return_if_fail (GNOMON_IS_SERVER_TRUST (self));
  facts = gnomon_server_get_facts (server);
  gtk_widget_set_visible (GTK_WIDGET (self), facts->nts);
  if (g_strcmp0 (self->host, facts->host) != 0)
    {
      g_free (self->host);
      self->host = g_strdup (facts->host);
      gtk_widget_set_visible (self->history_group, FALSE);
    }
  show_settings (self, gnomon_server_get_values (server));
  now_shown =
      g_strdup_printf ("%s %s %d", facts->host, facts->certificate_sha256, facts->key_exchanges);
  if (g_strcmp0 (self->shown, now_shown) == 0 || !facts->nts)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&now_shown);
  ask_for_ledger (self);
}

static void
gnomon_server_trust_dispose (GObject *object)
{
  GnomonServerTrust *self = GNOMON_SERVER_TRUST (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->chooser);
  g_clear_object (&self->client);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (gnomon_server_trust_parent_class)->dispose (object);
}

static void
gnomon_server_trust_class_init (GnomonServerTrustClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_server_trust_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/server-trust.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonServerTrust, box);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerTrust, accept_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerTrust, authority_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerTrust, file_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerTrust, system_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerTrust, history_group);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerTrust, history_list);
  gtk_widget_class_bind_template_callback (widget_class, on_file_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_system_clicked);
}

static void
gnomon_server_trust_init (GnomonServerTrust *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (ACCEPTS); i++)
    gtk_string_list_append (labels, _ (ACCEPTS[i].label));
  adw_combo_row_set_model (self->accept_row, G_LIST_MODEL (labels));
  g_signal_connect_object (self->accept_row, "notify::selected", G_CALLBACK (on_accept_selected),
                           self, G_CONNECT_SWAPPED);
}

void
gnomon_server_trust_set_client (GnomonServerTrust *self, GnomonHelperClient *client)
{
  g_return_if_fail (GNOMON_IS_SERVER_TRUST (self) && self->client == NULL);
  self->client = g_object_ref (client);
}

void
gnomon_server_trust_set_narrow (GnomonServerTrust *self, gboolean narrow)
{
  g_return_if_fail (GNOMON_IS_SERVER_TRUST (self));
  self->narrow = narrow;
  show_accept (self, !gtk_widget_get_sensitive (GTK_WIDGET (self->accept_row)));
}
