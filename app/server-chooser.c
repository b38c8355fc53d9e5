/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-chooser.h"

#include "catalogue-list.h"
#include "client-error.h"
#include "host-check.h"
#include "server-adder.h"

#include <glib/gi18n.h>

struct _GnomonServerChooser
{
  AdwWindow parent_instance;

  GtkWidget *add_button;
  GtkInfoBar *failure_bar;
  GtkLabel *failure_label;
  GtkWidget *search_entry;
  GnomonCatalogueList *catalogue;
  AdwEntryRow *host_row;
  AdwEntryRow *port_row;
  AdwActionRow *authority_row;
  GtkLabel *fault_label;

  GnomonHelperClient *client;
  GCancellable *cancellable;
  GtkFileChooserNative *file_chooser;
  char *authority; /* path, NULL = the system's list */
  guint wanted;    /* servers of the running addition, 0 = none runs */
};

G_DEFINE_FINAL_TYPE (GnomonServerChooser, gnomon_server_chooser, ADW_TYPE_WINDOW)

/* ---- What is typed ---- */

static char *
get_host (GnomonServerChooser *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->host_row))));
}

static gboolean
is_listed (GnomonServerChooser *self, const char *host)
{
  GListModel *servers = gnomon_helper_client_get_servers (self->client);

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (servers, i);
      if (g_ascii_strcasecmp (gnomon_server_get_facts (server)->host, host) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
mark (AdwEntryRow *row, gboolean faulty)
{
  if (faulty)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               faulty ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
show_fault (GnomonServerChooser *self, AdwEntryRow *row, const char *fault)
{
  mark (self->host_row, row == self->host_row && fault);
  mark (self->port_row, row == self->port_row && fault);
  gtk_label_set_label (self->fault_label, fault ? fault : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault_label), fault != NULL);
}

/* TRUE if what is typed can be sent, or nothing is typed. */
static gboolean
check_typed (GnomonServerChooser *self)
{
  g_autofree char *host = get_host (self);
  const char *fault = *host ? host_check (host) : NULL;
  guint port;

  if (!fault && *host && is_listed (self, host))
    fault = _ ("This server is in your list already");
  if (fault)
    {
      show_fault (self, self->host_row, fault);
      return FALSE;
    }
  fault = port_check (gtk_editable_get_text (GTK_EDITABLE (self->port_row)), &port);
  show_fault (self, self->port_row, fault);
  return fault == NULL;
}

/* ---- The button ---- */

static guint
count_wanted (GnomonServerChooser *self)
{
  g_autoptr (GPtrArray) chosen = gnomon_catalogue_list_get_chosen (self->catalogue);
  g_autofree char *host = get_host (self);

  return chosen->len + (*host ? 1 : 0);
}

static void
update_add_button (GnomonServerChooser *self)
{
  guint n = count_wanted (self);
  g_autofree char *label = g_strdup_printf (ngettext ("Add %u Server", "Add %u Servers", n), n);

  gtk_button_set_label (GTK_BUTTON (self->add_button), n > 0 ? label : _ ("Add"));
  gtk_widget_set_sensitive (self->add_button, n > 0 && self->wanted == 0 && check_typed (self));
}

static void
on_entry_changed (GnomonServerChooser *self)
{
  check_typed (self);
  update_add_button (self);
}

static void
on_search_changed (GnomonServerChooser *self)
{
  gnomon_catalogue_list_search (self->catalogue,
                                gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

/* ---- The certificate authority ---- */

static void
show_authority (GnomonServerChooser *self)
{
  adw_action_row_set_subtitle (self->authority_row,
                               self->authority ? self->authority : _ ("The system’s list"));
}

static void
on_file_chosen (GtkNativeDialog *dialog, int response, GnomonServerChooser *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file)
    {
      g_free (self->authority);
      self->authority = g_file_get_path (file);
      show_authority (self);
    }
  gtk_native_dialog_hide (dialog);
}

static void
on_choose_file_clicked (GnomonServerChooser *self)
{
  if (!self->file_chooser)
    {
      self->file_chooser =
          gtk_file_chooser_native_new (_ ("Choose a Certificate Authority"), GTK_WINDOW (self),
                                       GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
      gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->file_chooser), TRUE);
      g_signal_connect (self->file_chooser, "response", G_CALLBACK (on_file_chosen), self);
    }
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->file_chooser));
}

/* ---- Adding ---- */

static GVariant *
get_options (GnomonServerChooser *self)
{
  GVariantDict options;
  guint port = 0;

  g_variant_dict_init (&options, NULL);
  if (port_check (gtk_editable_get_text (GTK_EDITABLE (self->port_row)), &port) == NULL)
    g_variant_dict_insert (&options, "port", "q", (guint16) port);
  if (self->authority)
    g_variant_dict_insert (&options, "ca", "s", self->authority);
  return g_variant_dict_end (&options);
}

/* Says what was done and what was not. */
static void
show_failure (GnomonServerChooser *self, guint added, const GError *error)
{
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u of %u server was added. %s", "%u of %u servers were added. %s", self->wanted),
      added, self->wanted, client_error_sentence (error));

  gtk_label_set_label (self->failure_label, added > 0 ? text : client_error_sentence (error));
  gtk_info_bar_set_revealed (self->failure_bar, TRUE);
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonServerChooser) self = data;
  g_autoptr (GError) error = NULL;
  guint added = server_adder_run_finish (result, &error);

  if (!error)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  if (!client_error_is_cancelled (error))
    show_failure (self, added, error);
  self->wanted = 0;
  update_add_button (self);
}

static void
on_add_clicked (GnomonServerChooser *self)
{
  g_autoptr (GPtrArray) chosen = gnomon_catalogue_list_get_chosen (self->catalogue);
  g_autofree char *host = get_host (self);
  ServerAdder *adder;

  if (self->wanted > 0 || count_wanted (self) == 0 || !check_typed (self))
    return;
  adder = server_adder_new (self->client);
  for (guint i = 0; i < chosen->len; i++)
    {
      const CatalogueEntry *entry = g_ptr_array_index (chosen, i);
      if (!is_listed (self, entry->host))
        server_adder_append (adder, entry->host, catalogue_entry_options (entry));
    }
  if (*host)
    server_adder_append (adder, host, get_options (self));
  self->wanted = count_wanted (self);
  gtk_info_bar_set_revealed (self->failure_bar, FALSE);
  gtk_widget_set_sensitive (self->add_button, FALSE);
  server_adder_run_async (adder, self->cancellable, on_added, g_object_ref (self));
}

/* ---- The window ---- */

static void
gnomon_server_chooser_dispose (GObject *object)
{
  GnomonServerChooser *self = GNOMON_SERVER_CHOOSER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->file_chooser);
  g_clear_object (&self->client);
  g_clear_pointer (&self->authority, g_free);
  G_OBJECT_CLASS (gnomon_server_chooser_parent_class)->dispose (object);
}

static void
gnomon_server_chooser_class_init (GnomonServerChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_server_chooser_dispose;
  g_type_ensure (GNOMON_TYPE_CATALOGUE_LIST);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/gnomon/Gnomon/server-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, add_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, failure_bar);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, failure_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, search_entry);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, catalogue);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, host_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, port_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, authority_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, fault_label);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_file_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, update_add_button);
}

static void
gnomon_server_chooser_init (GnomonServerChooser *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  show_authority (self);
}

GnomonServerChooser *
gnomon_server_chooser_new (GtkWindow *parent, GnomonHelperClient *client)
{
  GnomonServerChooser *self =
      g_object_new (GNOMON_TYPE_SERVER_CHOOSER, "transient-for", parent, NULL);

  self->client = g_object_ref (client);
  gnomon_catalogue_list_fill (self->catalogue, gnomon_helper_client_get_servers (client));
  update_add_button (self);
  return self;
}
