/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-chooser.h"

#include "accessible-drop-down.h"
#include "catalogue-here.h"
#include "catalogue-list.h"
#include "client-error.h"
#include "host-check.h"
#include "import-window.h"
#include "placement.h"
#include "room.h"
#include "server-adder.h"

#include <glib/gi18n.h>

struct _GnomonServerChooser
{
  AdwWindow parent_instance;

  GtkBox *head;
  GtkBox *foot;
  GtkWidget *add_button;
  GtkOrientable *search_box;
  GtkInfoBar *failure_bar;
  GtkLabel *failure_label;
  GtkWidget *search_entry;
  GnomonCatalogueList *catalogue;
  AdwEntryRow *host_row;
  AdwEntryRow *port_row;
  AdwActionRow *authority_row;
  GtkDropDown *country_drop_down;
  GtkWidget *host_fault_row;
  GtkLabel *host_fault;
  GtkWidget *port_fault_row;
  GtkLabel *port_fault;

  GnomonHelperClient *client;
  GnomonServerProber *prober;
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

/* @fault: NULL = none. */
static void
show_fault (AdwEntryRow *row, GtkWidget *fault_row, GtkLabel *label, const char *fault)
{
  if (fault)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               fault ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_label_set_label (label, fault ? fault : "");
  gtk_widget_set_visible (fault_row, fault != NULL);
}

/* TRUE if what is typed can be sent, or nothing is typed. */
static gboolean
check_typed (GnomonServerChooser *self)
{
  g_autofree char *host = get_host (self);
  const char *host_problem = *host ? host_check (host) : NULL;
  const char *port_problem;
  guint port;

  if (!host_problem && *host && gnomon_helper_client_has_server (self->client, host))
    host_problem = _ ("This server is in your list already");
  port_problem = port_check (gtk_editable_get_text (GTK_EDITABLE (self->port_row)), &port);
  show_fault (self->host_row, self->host_fault_row, self->host_fault, host_problem);
  show_fault (self->port_row, self->port_fault_row, self->port_fault, port_problem);
  return !host_problem && !port_problem;
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

/* The first item stands for all countries. */
static void
on_search_changed (GnomonServerChooser *self)
{
  g_autofree char *text =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search_entry))));
  guint selected = gtk_drop_down_get_selected (self->country_drop_down);
  GtkStringObject *country = gtk_drop_down_get_selected_item (self->country_drop_down);

  gnomon_catalogue_list_search (self->catalogue, text,
                                selected > 0 && country ? gtk_string_object_get_string (country)
                                                        : NULL);
}

static void
fill_countries (GnomonServerChooser *self)
{
  g_auto (GStrv) countries = gnomon_catalogue_list_get_countries (self->catalogue);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr (GtkExpression) expression =
      gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  gtk_string_list_append (names, _ ("All Countries"));
  gtk_string_list_splice (names, 1, 0, (const char *const *) countries);
  gtk_drop_down_set_expression (self->country_drop_down, expression);
  gtk_drop_down_set_model (self->country_drop_down, G_LIST_MODEL (names));
  accessible_drop_down_name (self->country_drop_down, _ ("Country"));
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

static void
show_problem (GnomonServerChooser *self, const char *text)
{
  gtk_label_set_label (self->failure_label, text);
  gtk_info_bar_set_revealed (self->failure_bar, TRUE);
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonServerChooser) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint added = server_adder_run_finish (result, &error);

  /* The window has been closed meanwhile. */
  if (!self->client)
    return;
  if (!error)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  text = server_adder_run_describe (result, error);
  if (!client_error_is_cancelled (error) || added > 0)
    show_problem (self, text);
  gnomon_catalogue_list_drop (self->catalogue, gnomon_helper_client_get_servers (self->client));
  self->wanted = 0;
  update_add_button (self);
}

static void
on_tests_ended (GnomonServerChooser *self, const GError *error)
{
  if (!error || client_error_is_cancelled (error))
    return;
  show_problem (self, g_error_matches (error, CLIENT_ERROR, CLIENT_ERROR_BUSY)
                          ? _ ("The last test has not ended yet.")
                          : client_error_sentence (error));
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
      if (!gnomon_helper_client_has_server (self->client, entry->host))
        server_adder_append (adder, entry->host, catalogue_entry_options (entry));
    }
  if (*host)
    server_adder_append (adder, host, get_options (self));
  self->wanted = count_wanted (self);
  gtk_info_bar_set_revealed (self->failure_bar, FALSE);
  gtk_widget_set_sensitive (self->add_button, FALSE);
  server_adder_run_async (adder, self->cancellable, on_added, g_object_ref (self));
}

/* ---- Import ---- */

/* The environment's GNOMON_IMPORT_ROOT is for files that are not this computer's own. */
static void
on_import_activated (GnomonServerChooser *self)
{
  GnomonImportWindow *import =
      gnomon_import_window_new (GTK_WINDOW (self), self->client, g_getenv ("GNOMON_IMPORT_ROOT"));

  g_signal_connect_object (import, "imported", G_CALLBACK (gtk_window_close), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (import));
}

/* ---- A host that is dropped ---- */

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, GnomonServerChooser *self)
{
  guint port;
  g_autofree char *host = host_find (g_value_get_string (value), &port);
  g_autofree char *digits = host && port > 0 ? g_strdup_printf ("%u", port) : NULL;

  if (!host)
    return FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->host_row), host);
  if (digits)
    gtk_editable_set_text (GTK_EDITABLE (self->port_row), digits);
  gtk_widget_grab_focus (GTK_WIDGET (self->host_row));
  return TRUE;
}

static void
accept_drops (GnomonServerChooser *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY | GDK_ACTION_LINK);

  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* ---- The window ---- */

static void
gnomon_server_chooser_dispose (GObject *object)
{
  GnomonServerChooser *self = GNOMON_SERVER_CHOOSER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->file_chooser);
  if (self->prober)
    gnomon_server_prober_cancel (self->prober);
  g_clear_object (&self->prober);
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
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, head);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, foot);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, add_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, failure_bar);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, failure_label);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, search_box);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, search_entry);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, catalogue);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, host_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, port_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, authority_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, country_drop_down);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, host_fault_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, host_fault);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, port_fault_row);
  gtk_widget_class_bind_template_child (widget_class, GnomonServerChooser, port_fault);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_file_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_import_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, update_add_button);
}

static void
on_room_changed (GnomonRoom *room, GParamSpec *pspec, GnomonServerChooser *self)
{
  gboolean narrow = gnomon_room_is_narrow (room);

  placement_move (self->add_button, narrow ? self->foot : self->head);
  gtk_orientable_set_orientation (self->search_box,
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
gnomon_server_chooser_init (GnomonServerChooser *self)
{
  GnomonRoom *room;

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  room = gnomon_room_enclose (ADW_WINDOW (self));
  g_signal_connect_object (room, "notify::narrow", G_CALLBACK (on_room_changed), self, 0);
  show_authority (self);
  accept_drops (self);
  /* A window that has a focus before it is there is none for assistive technologies. */
  g_signal_connect_swapped (self, "map", G_CALLBACK (gtk_widget_grab_focus), self->search_entry);
}

GnomonServerChooser *
gnomon_server_chooser_new (GtkWindow *parent, GnomonHelperClient *client)
{
  GnomonServerChooser *self =
      g_object_new (GNOMON_TYPE_SERVER_CHOOSER, "transient-for", parent, NULL);

  self->client = g_object_ref (client);
  self->prober = gnomon_server_prober_new (client);
  g_signal_connect_object (self->prober, "ended", G_CALLBACK (on_tests_ended), self,
                           G_CONNECT_SWAPPED);
  gnomon_catalogue_list_fill (self->catalogue, gnomon_helper_client_get_servers (client),
                              self->prober);
  fill_countries (self);
  update_add_button (self);
  return self;
}
