/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "offset-table.h"

#include "format-date.h"
#include "format.h"

#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  COLUMN_TIME,
  COLUMN_SOURCE,
  COLUMN_OFFSET,
  COLUMN_UNCERTAINTY,
  N_COLUMNS
} Column;

static const char *const TITLES[N_COLUMNS] = {
  [COLUMN_TIME] = N_ ("Time"),
  [COLUMN_SOURCE] = N_ ("Source"),
  [COLUMN_OFFSET] = N_ ("Offset"),
  [COLUMN_UNCERTAINTY] = N_ ("Uncertainty"),
};

/* ---- One line ---- */

#define OFFSET_TYPE_POINT (offset_point_get_type ())
G_DECLARE_FINAL_TYPE (OffsetPoint, offset_point, OFFSET, POINT, GObject)

struct _OffsetPoint
{
  GObject parent_instance;
  gint64 usec; /* since 1970 UTC */
  char *host;  /* NULL = the estimate from all of them */
  double offset;
  double uncertainty; /* NaN = not known */
};

G_DEFINE_FINAL_TYPE (OffsetPoint, offset_point, G_TYPE_OBJECT)

static void
offset_point_finalize (GObject *object)
{
  g_free (OFFSET_POINT (object)->host);
  G_OBJECT_CLASS (offset_point_parent_class)->finalize (object);
}

static void
offset_point_class_init (OffsetPointClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = offset_point_finalize;
}

static void
offset_point_init (OffsetPoint *self)
{
}

static void
add_point (GListStore *points, gint64 usec, const char *host, double offset, double uncertainty)
{
  g_autoptr (OffsetPoint) point = g_object_new (OFFSET_TYPE_POINT, NULL);

  point->usec = usec;
  point->host = g_strdup (host);
  point->offset = offset;
  point->uncertainty = uncertainty;
  g_list_store_append (points, point);
}

static char *
describe (const OffsetPoint *point, Column column)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *day = NULL;
  g_autofree char *time = NULL;

  switch (column)
    {
    case COLUMN_TIME:
      time = format_time_of_day (point->usec, zone);
      if (format_is_same_day (point->usec, g_get_real_time (), zone))
        return g_steal_pointer (&time);
      day = format_date (point->usec, zone);
      /* Translators: a day and a time of day. */
      return g_strdup_printf (_ ("%s, %s"), day, time);
    case COLUMN_SOURCE:
      return g_strdup (point->host ? point->host : _ ("All servers"));
    case COLUMN_OFFSET:
      return format_precise (point->offset, TRUE);
    case COLUMN_UNCERTAINTY:
    default:
      return isnan (point->uncertainty) ? g_strdup ("") : format_uncertainty (point->uncertainty);
    }
}

/* ---- All of them ---- */

/* Both lists are in the order of time; the two are woven together from their ends. */
static GListModel *
collect (GnomonOffsetSeries *series, gint64 seconds)
{
  GListStore *points = g_list_store_new (OFFSET_TYPE_POINT);
  gint64 shift = g_get_real_time () - offset_series_now ();
  gint64 start = offset_series_now () - seconds * G_USEC_PER_SEC;
  guint e;
  guint s;
  const OffsetEstimate *estimates = gnomon_offset_series_get_estimates (series, &e);
  const OffsetSample *samples = gnomon_offset_series_get_samples (series, &s);

  while ((e > 0 && estimates[e - 1].time >= start) || (s > 0 && samples[s - 1].time >= start))
    {
      if (s == 0 || (e > 0 && estimates[e - 1].time >= samples[s - 1].time))
        {
          e--;
          add_point (points, estimates[e].time + shift, NULL, estimates[e].offset,
                     estimates[e].uncertainty);
          continue;
        }
      s--;
      add_point (points, samples[s].time + shift,
                 gnomon_offset_series_get_host (series, samples[s].server), samples[s].offset,
                 (double) NAN);
    }
  return G_LIST_MODEL (points);
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);
  Column column = (Column) GPOINTER_TO_UINT (data);

  gtk_label_set_xalign (GTK_LABEL (label), column >= COLUMN_OFFSET ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const OffsetPoint *point = OFFSET_POINT (gtk_list_item_get_item (item));
  g_autofree char *text = describe (point, (Column) GPOINTER_TO_UINT (data));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
append_column (GtkColumnView *view, Column number)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), GUINT_TO_POINTER (number));
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), GUINT_TO_POINTER (number));
  column = gtk_column_view_column_new (_ (TITLES[number]), factory);
  gtk_column_view_column_set_expand (column, number == COLUMN_SOURCE);
  gtk_column_view_append_column (view, column);
}

static gboolean
on_escape (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  gtk_window_close (GTK_WINDOW (widget));
  return GDK_EVENT_STOP;
}

GtkWindow *
offset_table_new (GtkWindow *parent, GnomonOffsetSeries *series, gint64 seconds)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkNoSelection *model = gtk_no_selection_new (collect (series, seconds));
  GtkWidget *view = gtk_column_view_new (GTK_SELECTION_MODEL (model));
  GtkEventController *keys = gtk_shortcut_controller_new ();

  for (Column column = 0; column < N_COLUMNS; column++)
    append_column (GTK_COLUMN_VIEW (view), column);
  gtk_column_view_set_show_row_separators (GTK_COLUMN_VIEW (view), TRUE);
  gtk_widget_add_css_class (view, "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Clock offset"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                        gtk_callback_action_new (on_escape, NULL, NULL)));
  gtk_widget_add_controller (window, keys);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), _ ("Clock Offset"));
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), 560, 600);
  return GTK_WINDOW (window);
}
