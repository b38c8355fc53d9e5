/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "sync-card.h"

#include "accessible-pages.h"
#include "format.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* The rows: all phases but the end. */
#define N_ROWS SYNC_PHASE_DONE

struct _GnomonSyncCard
{
  GtkWidget parent_instance;

  GtkWidget *list;
  AdwActionRow *rows[N_ROWS];
  GtkStack *signs[N_ROWS];
  GtkLabel *durations[N_ROWS];

  SyncPhase phase;
  gint64 started[N_ROWS]; /* monotonic, µs; 0 = not yet */
  gint64 ended[N_ROWS];
};

G_DEFINE_FINAL_TYPE (GnomonSyncCard, gnomon_sync_card, GTK_TYPE_WIDGET)

static const char *const TITLES[N_ROWS] = { N_ ("Getting Keys"), N_ ("Measuring"), N_ ("Comparing"),
                                            N_ ("Setting the Clock") };

static const char *const EXPECTATIONS[N_ROWS] = {
  N_ ("Over a connection that nobody can forge"),
  N_ ("Several questions to each server"),
  N_ ("Which servers agree"),
  N_ ("Only if enough of them agree"),
};

static char *
describe (SyncPhase phase, guint answers, guint wanted)
{
  if (wanted > 0 && phase == SYNC_PHASE_KEYS)
    /* Translators: whose keys came, and of how many. The plural is that of the second number. */
    return g_strdup_printf (ngettext ("%u of %u server · certificates checked",
                                      "%u of %u servers · certificates checked", wanted),
                            answers, wanted);
  if (wanted > 0 && phase == SYNC_PHASE_MEASURING)
    /* Translators: how many answers came, and of how many. The plural is that of the second number.
     */
    return g_strdup_printf (ngettext ("%u of %u answer, all authenticated",
                                      "%u of %u answers, all authenticated", wanted),
                            answers, wanted);
  return g_strdup (_ (EXPECTATIONS[phase]));
}

static void
show_sign (GnomonSyncCard *self, guint row, const char *name)
{
  gboolean waiting = g_str_equal (name, "waiting");

  gtk_stack_set_visible_child_name (self->signs[row], name);
  if (waiting)
    gtk_widget_add_css_class (GTK_WIDGET (self->rows[row]), "waiting");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->rows[row]), "waiting");
}

static void
show_duration (GnomonSyncCard *self, guint row)
{
  gint64 end = self->ended[row] ? self->ended[row] : g_get_monotonic_time ();
  g_autofree char *text = NULL;

  if (self->started[row] == 0)
    {
      gtk_label_set_label (self->durations[row], "");
      return;
    }
  text = format_tenths ((double) (end - self->started[row]) / G_USEC_PER_SEC);
  gtk_label_set_label (self->durations[row], text);
}

void
gnomon_sync_card_begin (GnomonSyncCard *self)
{
  g_return_if_fail (GNOMON_IS_SYNC_CARD (self));
  for (guint i = 0; i < N_ROWS; i++)
    {
      self->started[i] = self->ended[i] = 0;
      adw_action_row_set_subtitle (self->rows[i], _ (EXPECTATIONS[i]));
      show_sign (self, i, "waiting");
      show_duration (self, i);
    }
  gnomon_sync_card_advance (self, SYNC_PHASE_KEYS, 0, 0);
}

void
gnomon_sync_card_advance (GnomonSyncCard *self, SyncPhase phase, guint answers, guint wanted)
{
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (GNOMON_IS_SYNC_CARD (self));
  self->phase = phase;
  for (guint i = 0; i < N_ROWS && i < phase; i++)
    {
      if (self->started[i] == 0)
        self->started[i] = now;
      if (self->ended[i] == 0)
        self->ended[i] = now;
      show_sign (self, i, "done");
      show_duration (self, i);
    }
  if (phase < N_ROWS)
    {
      g_autofree char *text = describe (phase, answers, wanted);

      if (self->started[phase] == 0)
        self->started[phase] = now;
      adw_action_row_set_subtitle (self->rows[phase], text);
      show_sign (self, phase, "running");
    }
  gnomon_sync_card_update (self);
}

void
gnomon_sync_card_update (GnomonSyncCard *self)
{
  g_return_if_fail (GNOMON_IS_SYNC_CARD (self));
  if (self->phase < N_ROWS)
    show_duration (self, self->phase);
}

/* ---- The widget ---- */

static GtkWidget *
make_sign (void)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *done = gtk_image_new_from_icon_name ("object-select-symbolic");
  GtkWidget *spinner = gtk_spinner_new ();
  GtkWidget *waiting = gtk_image_new_from_icon_name ("content-loading-symbolic");

  gtk_widget_add_css_class (done, "success");
  /* See late-spinner.h. */
  g_signal_connect (spinner, "map", G_CALLBACK (gtk_spinner_start), NULL);
  g_signal_connect (spinner, "unmap", G_CALLBACK (gtk_spinner_stop), NULL);
  gtk_stack_add_named (GTK_STACK (stack), waiting, "waiting");
  gtk_stack_add_named (GTK_STACK (stack), spinner, "running");
  gtk_stack_add_named (GTK_STACK (stack), done, "done");
  accessible_pages_follow_stack (GTK_STACK (stack));
  gtk_widget_set_valign (stack, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (waiting), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("waiting"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("running"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (done), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("done"),
                                  -1);
  return stack;
}

static void
make_row (GnomonSyncCard *self, guint i)
{
  self->rows[i] = ADW_ACTION_ROW (adw_action_row_new ());
  self->signs[i] = GTK_STACK (make_sign ());
  self->durations[i] = GTK_LABEL (gtk_label_new (""));
  gtk_widget_add_css_class (GTK_WIDGET (self->durations[i]), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->durations[i]), "numeric");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->rows[i]), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rows[i]), _ (TITLES[i]));
  adw_action_row_add_prefix (self->rows[i], GTK_WIDGET (self->signs[i]));
  adw_action_row_add_suffix (self->rows[i], GTK_WIDGET (self->durations[i]));
  gtk_widget_set_focusable (GTK_WIDGET (self->rows[i]), FALSE);
  gtk_list_box_append (GTK_LIST_BOX (self->list), GTK_WIDGET (self->rows[i]));
}

static void
gnomon_sync_card_dispose (GObject *object)
{
  GnomonSyncCard *self = GNOMON_SYNC_CARD (object);

  g_clear_pointer (&self->list, gtk_widget_unparent);
  G_OBJECT_CLASS (gnomon_sync_card_parent_class)->dispose (object);
}

static void
gnomon_sync_card_class_init (GnomonSyncCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_sync_card_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
gnomon_sync_card_init (GnomonSyncCard *self)
{
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Progress"), -1);
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));
  for (guint i = 0; i < N_ROWS; i++)
    make_row (self, i);
}
