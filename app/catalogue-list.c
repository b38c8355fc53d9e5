/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "catalogue-list.h"

#include "words.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#define N_SUGGESTIONS         4
#define OPERATORS_IN_SUBTITLE 2

struct _GnomonCatalogueList
{
  GtkWidget parent_instance;

  GtkWidget *box;
  AdwPreferencesGroup *suggested_group;
  AdwPreferencesGroup *all_group;
  GtkWidget *nothing_found;

  GPtrArray *entries;   /* CatalogueEntry */
  GPtrArray *countries; /* AdwExpanderRow */
  GHashTable *ticks;    /* CatalogueEntry → GtkCheckButton in the list of all */
};

G_DEFINE_FINAL_TYPE (GnomonCatalogueList, gnomon_catalogue_list, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- The catalogue ---- */

GPtrArray *
catalogue_load (void)
{
  g_autoptr (GBytes) bytes = g_resources_lookup_data ("/org/gnomon/Gnomon/servers.tsv",
                                                      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  /* The data of a resource ends with a NUL that is not counted. */
  return catalogue_parse (bytes ? g_bytes_get_data (bytes, NULL) : "");
}

/* "DE" of "de_DE.UTF-8". */
static char *
get_territory (void)
{
  const char *locale = setlocale (LC_TIME, NULL);
  const char *territory = locale ? strchr (locale, '_') : NULL;

  return territory ? g_strndup (territory + 1, strcspn (territory + 1, ".@")) : g_strdup ("");
}

GPtrArray *
catalogue_suggest_here (GPtrArray *entries)
{
  g_autofree char *territory = get_territory ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  return catalogue_suggest (entries, territory, g_time_zone_get_identifier (zone), N_SUGGESTIONS);
}

GVariant *
catalogue_entry_options (const CatalogueEntry *entry)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "port", "q", (guint16) entry->port);
  g_variant_dict_insert (&options, "operator", "s", entry->operator_name);
  if (*entry->country)
    g_variant_dict_insert (&options, "country", "s", entry->country);
  return g_variant_dict_end (&options);
}

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

static GtkWidget *
make_row (const CatalogueEntry *entry, const char *subtitle, GtkWidget **check)
{
  GtkWidget *row = adw_action_row_new ();

  *check = gtk_check_button_new ();
  gtk_widget_set_valign (*check, GTK_ALIGN_CENTER);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), entry->host);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), *check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), *check);
  return row;
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

static void
add_suggestion (GnomonCatalogueList *self, const CatalogueEntry *entry, gboolean ticked)
{
  g_autofree char *subtitle = say_where (entry);
  GtkWidget *check;
  GtkWidget *row = make_row (entry, subtitle, &check);

  adw_preferences_group_add (self->suggested_group, row);
  g_object_bind_property (g_hash_table_lookup (self->ticks, entry), "active", check, "active",
                          G_BINDING_BIDIRECTIONAL);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), ticked);
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

static AdwExpanderRow *
find_country (GnomonCatalogueList *self, const CatalogueEntry *entry)
{
  const char *name = country_name (entry->country);
  GtkWidget *row;

  for (guint i = 0; i < self->countries->len; i++)
    {
      AdwPreferencesRow *country = g_ptr_array_index (self->countries, i);
      if (g_str_equal (adw_preferences_row_get_title (country), name))
        return ADW_EXPANDER_ROW (country);
    }
  row = adw_expander_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_preferences_group_add (self->all_group, row);
  g_ptr_array_add (self->countries, row);
  return ADW_EXPANDER_ROW (row);
}

static void
add_entry (GnomonCatalogueList *self, CatalogueEntry *entry)
{
  GtkWidget *check;
  GtkWidget *row = make_row (entry, entry->operator_name, &check);

  g_object_set_data (G_OBJECT (row), "entry", entry);
  adw_expander_row_add_row (find_country (self, entry), row);
  g_hash_table_insert (self->ticks, entry, check);
  g_signal_connect (check, "notify::active", G_CALLBACK (on_ticked), self);
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

void
gnomon_catalogue_list_fill (GnomonCatalogueList *self, GListModel *used)
{
  g_return_if_fail (GNOMON_IS_CATALOGUE_LIST (self));
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

/* ---- Search and result ---- */

static gboolean
contains (const char *text, const char *folded)
{
  g_autofree char *own = g_utf8_casefold (text, -1);
  return strstr (own, folded) != NULL;
}

void
gnomon_catalogue_list_search (GnomonCatalogueList *self, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer key;
  gpointer check;

  g_return_if_fail (GNOMON_IS_CATALOGUE_LIST (self));
  g_hash_table_iter_init (&iter, self->ticks);
  while (g_hash_table_iter_next (&iter, &key, &check))
    {
      const CatalogueEntry *entry = key;
      GtkWidget *row = gtk_widget_get_ancestor (check, ADW_TYPE_ACTION_ROW);
      gboolean matches = contains (entry->host, folded) || contains (entry->operator_name, folded)
                         || contains (country_name (entry->country), folded);

      gtk_widget_set_visible (row, matches);
      if (matches)
        g_hash_table_add (found, find_country (self, entry));
    }
  for (guint i = 0; i < self->countries->len; i++)
    {
      GtkWidget *country = g_ptr_array_index (self->countries, i);
      gtk_widget_set_visible (country, g_hash_table_contains (found, country));
      adw_expander_row_set_expanded (ADW_EXPANDER_ROW (country), *text != '\0');
    }
  gtk_widget_set_visible (GTK_WIDGET (self->suggested_group), !*text);
  gtk_widget_set_visible (GTK_WIDGET (self->all_group), g_hash_table_size (found) > 0);
  gtk_widget_set_visible (self->nothing_found, g_hash_table_size (found) == 0 && *text);
}

GPtrArray *
gnomon_catalogue_list_get_chosen (GnomonCatalogueList *self)
{
  GPtrArray *chosen = g_ptr_array_new ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      CatalogueEntry *entry = g_ptr_array_index (self->entries, i);
      GtkCheckButton *check = g_hash_table_lookup (self->ticks, entry);
      if (check && gtk_check_button_get_active (check))
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
  g_clear_pointer (&self->ticks, g_hash_table_unref);
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
}

static void
gnomon_catalogue_list_init (GnomonCatalogueList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->entries = catalogue_load ();
  self->countries = g_ptr_array_new ();
  self->ticks = g_hash_table_new (NULL, NULL);
}
