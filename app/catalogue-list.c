/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "catalogue-list.h"

#include "catalogue-here.h"
#include "catalogue-row.h"
#include "words.h"

#include <glib/gi18n.h>
#include <string.h>

#define OPERATORS_IN_SUBTITLE 2

struct _GnomonCatalogueList
{
  GtkWidget parent_instance;

  GtkWidget *box;
  AdwPreferencesGroup *suggested_group;
  AdwPreferencesGroup *all_group;
  GtkWidget *nothing_found;
  GtkWidget *test_button;

  GPtrArray *entries;   /* CatalogueEntry */
  GPtrArray *countries; /* AdwExpanderRow */
  GHashTable *rows;     /* CatalogueEntry → GnomonCatalogueRow in the list of all */
  GPtrArray *suggested; /* GnomonCatalogueRow */
  GnomonServerProber *prober;
};

G_DEFINE_FINAL_TYPE (GnomonCatalogueList, gnomon_catalogue_list, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const char *
country_name (const char *country)
{
  return *country ? words_for_country (country) : _ ("Many Countries");
}

/* ---- Rows ---- */

static void
on_ticked (GtkCheckButton *check, GParamSpec *pspec, GnomonCatalogueList *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
is_used (GListModel *used, const CatalogueEntry *entry)
{
  for (guint i = 0; i < g_list_model_get_n_items (used); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (used, i);
      if (g_str_equal (gnomon_server_get_facts (server)->host, entry->host))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_operator (GListModel *used, const char *operator_name)
{
  for (guint i = 0; i < g_list_model_get_n_items (used); i++)
    {
      g_autoptr (GnomonServer) server = g_list_model_get_item (used, i);
      if (g_str_equal (gnomon_server_get_facts (server)->operator_name, operator_name))
        return TRUE;
    }
  return FALSE;
}

static char *
say_where (const CatalogueEntry *entry)
{
  return *entry->country
             ? g_strdup_printf (_ ("%s · %s"), entry->operator_name, country_name (entry->country))
             : g_strdup (entry->operator_name);
}

static GtkCheckButton *
get_tick (GnomonCatalogueList *self, const CatalogueEntry *entry)
{
  return gnomon_catalogue_row_get_check (g_hash_table_lookup (self->rows, entry));
}

static void
add_suggestion (GnomonCatalogueList *self, const CatalogueEntry *entry, gboolean ticked)
{
  g_autofree char *subtitle = say_where (entry);
  GtkWidget *row = gnomon_catalogue_row_new (entry, subtitle);
  GtkCheckButton *check = gnomon_catalogue_row_get_check (GNOMON_CATALOGUE_ROW (row));

  adw_preferences_group_add (self->suggested_group, row);
  g_ptr_array_add (self->suggested, row);
  g_object_bind_property (get_tick (self, entry), "active", check, "active",
                          G_BINDING_BIDIRECTIONAL);
  gtk_check_button_set_active (check, ticked);
}

/* Who has no server yet is offered the ticked set; others are offered new operators. */
static void
add_suggestions (GnomonCatalogueList *self, GListModel *used)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  g_autoptr (GPtrArray) suggested = NULL;

  for (guint i = 0; i < self->entries->len; i++)
    {
      CatalogueEntry *entry = g_ptr_array_index (self->entries, i);
      if (!has_operator (used, entry->operator_name))
        g_ptr_array_add (others, entry);
    }
  suggested = catalogue_suggest_here (others);
  for (guint i = 0; i < suggested->len; i++)
    add_suggestion (self, g_ptr_array_index (suggested, i), g_list_model_get_n_items (used) == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->suggested_group), suggested->len > 0);
}

/* ---- Tests ---- */

static void
test (GnomonCatalogueList *self, const CatalogueEntry *entry)
{
  gnomon_server_prober_add (self->prober, entry->host,
                            g_variant_new_parsed ("{'port': <%q>}", (guint16) entry->port));
}

static void
on_test_country_clicked (GtkButton *button, GnomonCatalogueList *self)
{
  const char *country = g_object_get_data (G_OBJECT (button), "country");

  for (guint i = 0; i < self->entries->len; i++)
    {
      const CatalogueEntry *entry = g_ptr_array_index (self->entries, i);
      if (g_str_equal (country_name (entry->country), country))
        test (self, entry);
    }
}

static void
on_test_clicked (GnomonCatalogueList *self)
{
  if (gnomon_server_prober_is_running (self->prober))
    {
      gnomon_server_prober_cancel (self->prober);
      return;
    }
  for (guint i = 0; i < self->suggested->len; i++)
    test (self, gnomon_catalogue_row_get_entry (g_ptr_array_index (self->suggested, i)));
}

static GtkWidget *
make_test_button (GnomonCatalogueList *self, const char *country)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Test"));
  /* Translators: a button for screen readers; %s is a country. */
  g_autofree char *name = g_strdup_printf (_ ("Test the servers of %s"), country);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "country", g_strdup (country), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (on_test_country_clicked), self);
  return button;
}

static AdwExpanderRow *
find_country (GnomonCatalogueList *self, const CatalogueEntry *entry)
{
  const char *name = country_name (entry->country);
  GtkWidget *row;
  GtkWidget *test_button;

  for (guint i = 0; i < self->countries->len; i++)
    {
      AdwPreferencesRow *country = g_ptr_array_index (self->countries, i);
      if (g_str_equal (adw_preferences_row_get_title (country), name))
        return ADW_EXPANDER_ROW (country);
    }
  row = adw_expander_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  test_button = make_test_button (self, name);
  g_object_bind_property (row, "expanded", test_button, "visible", G_BINDING_SYNC_CREATE);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (row), test_button);
  adw_preferences_group_add (self->all_group, row);
  g_ptr_array_add (self->countries, row);
  return ADW_EXPANDER_ROW (row);
}

static void
add_entry (GnomonCatalogueList *self, CatalogueEntry *entry)
{
  GtkWidget *row = gnomon_catalogue_row_new (entry, entry->operator_name);

  adw_expander_row_add_row (find_country (self, entry), row);
  g_hash_table_insert (self->rows, entry, row);
  g_signal_connect (get_tick (self, entry), "notify::active", G_CALLBACK (on_ticked), self);
}

/* "PTB, FAU and 3 others · 10 servers" */
static char *
sum_up (GPtrArray *entries, const char *country)
{
  g_autoptr (GPtrArray) operators = g_ptr_array_new ();
  g_autofree char *names = NULL;
  g_autofree char *servers = NULL;
  guint n = 0;
  guint others;

  for (guint i = 0; i < entries->len; i++)
    {
      CatalogueEntry *entry = g_ptr_array_index (entries, i);
      if (!g_str_equal (country_name (entry->country), country))
        continue;
      n++;
      if (!g_ptr_array_find_with_equal_func (operators, entry->operator_name, g_str_equal, NULL))
        g_ptr_array_add (operators, entry->operator_name);
    }
  others = operators->len - MIN (operators->len, OPERATORS_IN_SUBTITLE);
  g_ptr_array_set_size (operators, (int) (operators->len - others));
  g_ptr_array_add (operators, NULL);
  names = g_strjoinv (", ", (char **) operators->pdata);
  servers = g_strdup_printf (ngettext ("%u server", "%u servers", n), n);
  if (others == 0)
    return g_strdup_printf (_ ("%s · %s"), names, servers);
  /* Translators: some operators by name, and how many others; then the number of servers. */
  return g_strdup_printf (ngettext ("%s and %u other · %s", "%s and %u others · %s", others), names,
                          others, servers);
}

/* Calls @show with every row of @host, which may be in both lists. */
static void
show_in_rows (GnomonCatalogueList *self, const char *host, const ProbeResult *result,
              void (*show) (GnomonCatalogueRow *row, const ProbeResult *result))
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    if (!host || g_str_equal (gnomon_catalogue_row_get_entry (row)->host, host))
      show (row, result);
  for (guint i = 0; i < self->suggested->len; i++)
    {
      row = g_ptr_array_index (self->suggested, i);
      if (!host || g_str_equal (gnomon_catalogue_row_get_entry (row)->host, host))
        show (row, result);
    }
}

static void
show_testing (GnomonCatalogueRow *row, const ProbeResult *result)
{
  gnomon_catalogue_row_show_testing (row);
}

static void
stop_testing (GnomonCatalogueRow *row, const ProbeResult *result)
{
  if (gnomon_catalogue_row_is_testing (row))
    gnomon_catalogue_row_show_result (row, NULL);
}

static void
update_test_button (GnomonCatalogueList *self)
{
  gtk_button_set_label (GTK_BUTTON (self->test_button),
                        gnomon_server_prober_is_running (self->prober) ? _ ("Stop")
                                                                       : _ ("Test All"));
}

static void
on_begun (GnomonServerProber *prober, const char *host, GnomonCatalogueList *self)
{
  show_in_rows (self, host, NULL, show_testing);
  update_test_button (self);
}

/* Nobody shall choose what does not work without meaning to. */
static void
on_probed (GnomonServerProber *prober, const char *host, const ProbeResult *result,
           GnomonCatalogueList *self)
{
  show_in_rows (self, host, result, gnomon_catalogue_row_show_result);
  for (guint i = 0; i < self->suggested->len && !result->works; i++)
    {
      GnomonCatalogueRow *row = g_ptr_array_index (self->suggested, i);
      if (g_str_equal (gnomon_catalogue_row_get_entry (row)->host, host))
        gtk_check_button_set_active (gnomon_catalogue_row_get_check (row), FALSE);
    }
}

static void
on_ended (GnomonServerProber *prober, const GError *error, GnomonCatalogueList *self)
{
  if (error)
    show_in_rows (self, NULL, NULL, stop_testing);
  update_test_button (self);
}

void
gnomon_catalogue_list_fill (GnomonCatalogueList *self, GListModel *used, GnomonServerProber *prober)
{
  g_return_if_fail (GNOMON_IS_CATALOGUE_LIST (self) && !self->prober);
  self->prober = g_object_ref (prober);
  g_signal_connect_object (prober, "begun", G_CALLBACK (on_begun), self, 0);
  g_signal_connect_object (prober, "probed", G_CALLBACK (on_probed), self, 0);
  g_signal_connect_object (prober, "ended", G_CALLBACK (on_ended), self, 0);
  catalogue_sort_here (self->entries);
  for (guint i = self->entries->len; i-- > 0;)
    if (is_used (used, g_ptr_array_index (self->entries, i)))
      g_ptr_array_remove_index (self->entries, i);
  for (guint i = 0; i < self->entries->len; i++)
    add_entry (self, g_ptr_array_index (self->entries, i));
  for (guint i = 0; i < self->countries->len; i++)
    {
      AdwExpanderRow *country = g_ptr_array_index (self->countries, i);
      g_autofree char *subtitle =
          sum_up (self->entries, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (country)));
      adw_expander_row_set_subtitle (country, subtitle);
    }
  add_suggestions (self, used);
  gtk_widget_set_visible (GTK_WIDGET (self->all_group), self->entries->len > 0);
}

void
gnomon_catalogue_list_drop (GnomonCatalogueList *self, GListModel *used)
{
  g_return_if_fail (GNOMON_IS_CATALOGUE_LIST (self));
  for (guint i = 0; i < self->entries->len; i++)
    {
      const CatalogueEntry *entry = g_ptr_array_index (self->entries, i);
      if (!is_used (used, entry))
        continue;
      gtk_check_button_set_active (get_tick (self, entry), FALSE);
      gtk_widget_set_sensitive (g_hash_table_lookup (self->rows, entry), FALSE);
    }
  for (guint i = 0; i < self->suggested->len; i++)
    {
      GnomonCatalogueRow *row = g_ptr_array_index (self->suggested, i);
      if (is_used (used, gnomon_catalogue_row_get_entry (row)))
        gtk_widget_set_sensitive (GTK_WIDGET (row), FALSE);
    }
}

/* ---- Search and result ---- */

static gboolean
contains (const char *text, const char *folded)
{
  g_autofree char *own = g_utf8_casefold (text, -1);
  return strstr (own, folded) != NULL;
}

static gboolean
matches (const CatalogueEntry *entry, const char *folded, const char *country)
{
  const char *own = country_name (entry->country);

  if (country && !g_str_equal (own, country))
    return FALSE;
  return contains (entry->host, folded) || contains (entry->operator_name, folded)
         || contains (own, folded);
}

void
gnomon_catalogue_list_search (GnomonCatalogueList *self, const char *text, const char *country)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  gboolean all = !*text && !country;
  GHashTableIter iter;
  gpointer key;
  gpointer row;

  g_return_if_fail (GNOMON_IS_CATALOGUE_LIST (self));
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, &row))
    {
      gboolean shown = matches (key, folded, country);

      gtk_widget_set_visible (row, shown);
      if (shown)
        g_hash_table_add (found, find_country (self, key));
    }
  for (guint i = 0; i < self->countries->len; i++)
    {
      GtkWidget *expander = g_ptr_array_index (self->countries, i);
      gtk_widget_set_visible (expander, g_hash_table_contains (found, expander));
      adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander), !all);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->suggested_group), all && self->suggested->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->all_group), g_hash_table_size (found) > 0);
  gtk_widget_set_visible (self->nothing_found, g_hash_table_size (found) == 0 && !all);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

char **
gnomon_catalogue_list_get_countries (GnomonCatalogueList *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  g_return_val_if_fail (GNOMON_IS_CATALOGUE_LIST (self), NULL);
  for (guint i = 0; i < self->countries->len; i++)
    g_ptr_array_add (
        names, g_strdup (adw_preferences_row_get_title (g_ptr_array_index (self->countries, i))));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

GPtrArray *
gnomon_catalogue_list_get_chosen (GnomonCatalogueList *self)
{
  GPtrArray *chosen = g_ptr_array_new ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      CatalogueEntry *entry = g_ptr_array_index (self->entries, i);
      if (g_hash_table_contains (self->rows, entry)
          && gtk_check_button_get_active (get_tick (self, entry)))
        g_ptr_array_add (chosen, entry);
    }
  return chosen;
}

/* ---- The widget ---- */

static void
gnomon_catalogue_list_dispose (GObject *object)
{
  GnomonCatalogueList *self = GNOMON_CATALOGUE_LIST (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->prober);
  g_clear_pointer (&self->suggested, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->countries, g_ptr_array_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  G_OBJECT_CLASS (gnomon_catalogue_list_parent_class)->dispose (object);
}

static void
gnomon_catalogue_list_class_init (GnomonCatalogueListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_catalogue_list_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", GNOMON_TYPE_CATALOGUE_LIST, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/gnomon/Gnomon/catalogue-list.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonCatalogueList, box);
  gtk_widget_class_bind_template_child (widget_class, GnomonCatalogueList, suggested_group);
  gtk_widget_class_bind_template_child (widget_class, GnomonCatalogueList, all_group);
  gtk_widget_class_bind_template_child (widget_class, GnomonCatalogueList, nothing_found);
  gtk_widget_class_bind_template_child (widget_class, GnomonCatalogueList, test_button);
  gtk_widget_class_bind_template_callback (widget_class, on_test_clicked);
}

static void
gnomon_catalogue_list_init (GnomonCatalogueList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->entries = catalogue_load ();
  if (!catalogue_knows_here ())
    adw_preferences_group_set_description (
        self->suggested_group,
        _ ("Independent of each other. If one operator is wrong, the others outvote it."));
  self->countries = g_ptr_array_new ();
  self->rows = g_hash_table_new (NULL, NULL);
  self->suggested = g_ptr_array_new ();
}
