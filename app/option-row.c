/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "option-row.h"

#include "accessible-drop-down.h"
#include "client-error.h"
#include "format.h"
#include "helper-calls.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* How long a value stands before it is sent: several clicks are one change. */
#define MOMENT_MS 600
/* What users may choose, log2 s; the helper's limits. */
#define LEAST_POLL 4
#define MOST_POLL  17

typedef enum
{
  UNIT_NONE,
  UNIT_SECONDS,
  UNIT_DAYS,
} Unit;

/* What may be chosen: the helper has the last word. */
typedef struct
{
  const char *name;
  const char *type; /* in the contract */
  double least;
  double most;
  double step;
  guint decimals;
  Unit unit; /* behind the number */
} Option;

static const Option OPTIONS[] = {
  { "step-threshold", "d", 0.001, 86400, 0.1, 3, UNIT_SECONDS },
  { "maximum-change", "d", 0.1, 1e10, 100, 1, UNIT_SECONDS },
  { "minimum-sources", "u", 1, 16, 1, 0, UNIT_NONE },
  { "minimum-operators", "u", 1, 16, 1, 0, UNIT_NONE },
  { "minimum-poll", "n", LEAST_POLL, MOST_POLL, 1, 0, UNIT_NONE },
  { "maximum-poll", "n", LEAST_POLL, MOST_POLL, 1, 0, UNIT_NONE },
  { "keep-days", "u", 1, 365, 1, 0, UNIT_DAYS },
};

struct _GnomonOptionRow
{
  AdwActionRow parent_instance;

  const Option *option;
  char *sentence;     /* the subtitle, while nothing is wrong */
  GtkWidget *chooser; /* GtkSpinButton or GtkDropDown, in a box with its unit */
  GtkWidget *box;
  GtkWidget *unit;  /* NULL = none */
  GtkWidget *fixed; /* the value where it cannot be changed */
  GtkWidget *padlock;

  GnomonHelperClient *client;
  GnomonChangeLock *lock;
  double value;              /* the helper's, NaN = not known */
  guint wait;                /* source id, 0 = nothing is to be sent */
  GnomonChangeLock *sending; /* held open until the helper has answered, NULL = nothing is sent */
  gboolean showing;          /* a value that nobody has chosen */
};

G_DEFINE_FINAL_TYPE (GnomonOptionRow, gnomon_option_row, ADW_TYPE_ACTION_ROW)

enum
{
  PROP_OPTION = 1,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

/* ---- Values ---- */

static gboolean
is_interval (GnomonOptionRow *self)
{
  return *self->option->type == 'n';
}

static double
read_number (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_variant_get_double (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return g_variant_get_uint32 (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT16))
    return g_variant_get_int16 (value);
  return (double) NAN;
}

static GVariant *
write_number (GnomonOptionRow *self, double value)
{
  switch (*self->option->type)
    {
    case 'd':
      return g_variant_new_double (value);
    case 'u':
      return g_variant_new_uint32 ((guint32) value);
    case 'n':
      return g_variant_new_int16 ((gint16) value);
    default:
      g_assert_not_reached ();
    }
}

static double
get_chosen (GnomonOptionRow *self)
{
  if (is_interval (self))
    return LEAST_POLL + (double) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->chooser));
  return gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->chooser));
}

/* Without decimals that say nothing. */
static char *
say_number (double value, guint decimals)
{
  char *text = g_strdup_printf ("%.*f", (int) decimals, value);
  gsize length = strlen (text);

  if (decimals == 0)
    return text;
  while (text[length - 1] == '0')
    text[--length] = '\0';
  while (!g_ascii_isdigit (text[length - 1]))
    text[--length] = '\0';
  return text;
}

static const char *
say_unit (GnomonOptionRow *self, double value)
{
  if (self->option->unit == UNIT_SECONDS)
    /* Translators: seconds, behind a number that has a field of its own. */
    return _ ("s");
  /* Translators: behind a number that has a field of its own. */
  return ngettext ("day", "days", (gulong) value);
}

static char *
say_value (GnomonOptionRow *self)
{
  g_autofree char *number = NULL;

  if (!isfinite (self->value))
    return g_strdup ("");
  if (is_interval (self))
    return format_interval ((int) self->value);
  number = say_number (self->value, self->option->decimals);
  switch (self->option->unit)
    {
    case UNIT_SECONDS:
      return g_strdup_printf (_ ("%s s"), number);
    case UNIT_DAYS:
      return g_strdup_printf (ngettext ("%lu day", "%lu days", (gulong) self->value),
                              (gulong) self->value);
    case UNIT_NONE:
    default:
      return g_steal_pointer (&number);
    }
}

/* ---- What is shown ---- */

static void
show_value (GnomonOptionRow *self)
{
  self->showing = TRUE;
  if (!isfinite (self->value))
    ;
  else if (is_interval (self))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->chooser),
                                (guint) (CLAMP (self->value, LEAST_POLL, MOST_POLL) - LEAST_POLL));
  else
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->chooser), self->value);
  self->showing = FALSE;
}

static void
show_unit (GnomonOptionRow *self)
{
  if (self->unit)
    gtk_label_set_label (GTK_LABEL (self->unit), say_unit (self, get_chosen (self)));
}

/* @problem: NULL = none. */
static void
show_sentence (GnomonOptionRow *self, const char *problem)
{
  if (problem)
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), problem ? problem : self->sentence);
}

static gboolean
is_locked (GnomonOptionRow *self, GVariant *options)
{
  g_autofree const char **locked = NULL;

  return g_variant_lookup (options, "locked", "^a&s", &locked)
         && g_strv_contains (locked, self->option->name);
}

static void
update (GnomonOptionRow *self)
{
  g_autoptr (GVariant) all = gnomon_helper_client_get_properties (self->client);
  g_autoptr (GVariant) options =
      all ? g_variant_lookup_value (all, "Options", G_VARIANT_TYPE_VARDICT) : NULL;
  g_autoptr (GVariant) value =
      options ? g_variant_lookup_value (options, self->option->name, NULL) : NULL;
  g_autofree char *text = NULL;
  gboolean locked = options && is_locked (self, options);

  gtk_widget_set_visible (GTK_WIDGET (self), value != NULL);
  if (!value)
    return;
  self->value = read_number (value);
  if (!self->wait && !self->sending)
    show_value (self);
  text = say_value (self);
  gtk_label_set_label (GTK_LABEL (self->fixed), text);
  gtk_widget_set_visible (self->fixed, locked);
  gtk_widget_set_visible (self->padlock, locked);
  gtk_widget_set_visible (self->box, !locked);
  gtk_widget_set_sensitive (self->chooser, gnomon_change_lock_is_open (self->lock));
  if (locked)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _ ("Set by your administrator"));
  else if (!gtk_widget_has_css_class (GTK_WIDGET (self), "error"))
    show_sentence (self, NULL);
}

/* ---- What is sent ---- */

static void
on_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GnomonOptionRow) self = data;
  g_autoptr (GError) error = NULL;

  gnomon_change_lock_release (self->sending);
  g_clear_object (&self->sending);
  if (gnomon_helper_client_call_finish (GNOMON_HELPER_CLIENT (source), result, &error)
      || !self->client)
    return;
  if (!client_error_is_cancelled (error))
    show_sentence (self, client_error_sentence (error));
  if (!self->wait)
    show_value (self);
}

static void
send (GnomonOptionRow *self)
{
  GVariantDict options;
  double chosen = get_chosen (self);

  if (fabs (chosen - self->value) < 1e-9)
    return;
  self->sending = g_object_ref (self->lock);
  gnomon_change_lock_hold (self->lock);
  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert_value (&options, self->option->name, write_number (self, chosen));
  gnomon_helper_client_set_options_async (self->client, g_variant_dict_end (&options), NULL, on_set,
                                          g_object_ref (self));
}

/* While an earlier change is under way the next one waits on. */
static gboolean
on_moment_over (gpointer data)
{
  GnomonOptionRow *self = GNOMON_OPTION_ROW (data);

  if (self->sending)
    return G_SOURCE_CONTINUE;
  self->wait = 0;
  send (self);
  return G_SOURCE_REMOVE;
}

static void
on_chosen (GnomonOptionRow *self)
{
  show_unit (self);
  if (self->showing || !self->client)
    return;
  show_sentence (self, NULL);
  g_clear_handle_id (&self->wait, g_source_remove);
  self->wait = g_timeout_add (MOMENT_MS, on_moment_over, self);
}

void
gnomon_option_row_flush (GnomonOptionRow *self)
{
  g_return_if_fail (GNOMON_IS_OPTION_ROW (self));
  if (!self->wait || self->sending)
    return;
  g_clear_handle_id (&self->wait, g_source_remove);
  send (self);
}

void
gnomon_option_row_follow (GnomonOptionRow *self, GnomonHelperClient *client, GnomonChangeLock *lock)
{
  g_return_if_fail (GNOMON_IS_OPTION_ROW (self) && !self->client);
  self->client = g_object_ref (client);
  self->lock = g_object_ref (lock);
  self->sentence = g_strdup (adw_action_row_get_subtitle (ADW_ACTION_ROW (self)));
  if (is_interval (self))
    accessible_drop_down_name (GTK_DROP_DOWN (self->chooser),
                               adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));
  g_signal_connect_object (client, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lock, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

/* ---- The row ---- */

static gboolean
on_output (GtkSpinButton *spin, GnomonOptionRow *self)
{
  g_autofree char *text = say_number (gtk_spin_button_get_value (spin), self->option->decimals);

  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static void
make_spin (GnomonOptionRow *self)
{
  const Option *option = self->option;

  self->chooser = gtk_spin_button_new_with_range (option->least, option->most, option->step);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (self->chooser), option->decimals);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->chooser), option->decimals > 0 ? 5 : 3);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->chooser), option->decimals > 0 ? 5 : 3);
  g_signal_connect (self->chooser, "output", G_CALLBACK (on_output), self);
  g_signal_connect_swapped (self->chooser, "value-changed", G_CALLBACK (on_chosen), self);
}

static void
make_drop_down (GnomonOptionRow *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (int i = LEAST_POLL; i <= MOST_POLL; i++)
    {
      g_autofree char *name = format_interval (i);
      gtk_string_list_append (names, name);
    }
  self->chooser = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&names)), NULL);
  g_signal_connect_swapped (self->chooser, "notify::selected", G_CALLBACK (on_chosen), self);
}

static void
gnomon_option_row_constructed (GObject *object)
{
  GnomonOptionRow *self = GNOMON_OPTION_ROW (object);

  G_OBJECT_CLASS (gnomon_option_row_parent_class)->constructed (object);
  if (is_interval (self))
    make_drop_down (self);
  else
    make_spin (self);
  gtk_box_append (GTK_BOX (self->box), self->chooser);
  if (self->option->unit != UNIT_NONE)
    {
      self->unit = gtk_label_new (NULL);
      gtk_widget_add_css_class (self->unit, "dim-label");
      gtk_box_append (GTK_BOX (self->box), self->unit);
      show_unit (self);
    }
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->chooser);
}

static void
gnomon_option_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GnomonOptionRow *self = GNOMON_OPTION_ROW (object);

  for (guint i = 0; i < G_N_ELEMENTS (OPTIONS); i++)
    if (g_strcmp0 (OPTIONS[i].name, g_value_get_string (value)) == 0)
      self->option = &OPTIONS[i];
  g_assert (id == PROP_OPTION && self->option);
}

static void
gnomon_option_row_dispose (GObject *object)
{
  GnomonOptionRow *self = GNOMON_OPTION_ROW (object);

  g_clear_handle_id (&self->wait, g_source_remove);
  g_clear_object (&self->client);
  g_clear_object (&self->lock);
  g_clear_pointer (&self->sentence, g_free);
  G_OBJECT_CLASS (gnomon_option_row_parent_class)->dispose (object);
}

static void
gnomon_option_row_class_init (GnomonOptionRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = gnomon_option_row_constructed;
  object_class->set_property = gnomon_option_row_set_property;
  object_class->dispose = gnomon_option_row_dispose;
  properties[PROP_OPTION] =
      g_param_spec_string ("option", NULL, NULL, NULL,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
gnomon_option_row_init (GnomonOptionRow *self)
{
  self->value = (double) NAN;
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_valign (self->box, GTK_ALIGN_CENTER);
  self->fixed = gtk_label_new ("");
  gtk_widget_add_css_class (self->fixed, "dim-label");
  gtk_widget_add_css_class (self->fixed, "numeric");
  self->padlock = gtk_image_new_from_icon_name ("changes-prevent-symbolic");
  gtk_widget_add_css_class (self->padlock, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->box);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->fixed);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->padlock);
}
