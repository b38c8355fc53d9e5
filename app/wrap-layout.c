/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "wrap-layout.h"

struct _GnomonWrapLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (GnomonWrapLayout, gnomon_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkWidget *
next_child (GtkWidget *widget, GtkWidget *child)
{
  child = child ? gtk_widget_get_next_sibling (child) : gtk_widget_get_first_child (widget);
  while (child && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static int
natural_size (GtkWidget *child, GtkOrientation orientation)
{
  int natural;

  gtk_widget_measure (child, orientation, -1, NULL, &natural, NULL, NULL);
  return natural;
}

static int
line_height (GtkWidget *widget)
{
  int height = 0;

  for (GtkWidget *child = next_child (widget, NULL); child; child = next_child (widget, child))
    height = MAX (height, natural_size (child, GTK_ORIENTATION_VERTICAL));
  return height;
}

/* How high all of it is at that width; gives the children their places as well if it shall. */
static int
lay_out (GtkWidget *widget, int width, gboolean allocate)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int height = line_height (widget);
  int x = 0;
  int y = 0;

  for (GtkWidget *child = next_child (widget, NULL); child; child = next_child (widget, child))
    {
      int wanted = MIN (natural_size (child, GTK_ORIENTATION_HORIZONTAL), width);
      if (x > 0 && x + wanted > width)
        {
          x = 0;
          y += height;
        }
      if (allocate)
        gtk_widget_size_allocate (
            child, &(GtkAllocation){ mirrored ? width - x - wanted : x, y, wanted, height }, -1);
      x += wanted;
    }
  return y + height;
}

static GtkSizeRequestMode
gnomon_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
gnomon_wrap_layout_measure (GtkLayoutManager *manager, GtkWidget *widget,
                            GtkOrientation orientation, int for_size, int *minimum, int *natural,
                            int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = lay_out (widget, for_size < 0 ? G_MAXINT : for_size, FALSE);
      return;
    }
  for (GtkWidget *child = next_child (widget, NULL); child; child = next_child (widget, child))
    {
      int least;
      int liked;

      gtk_widget_measure (child, orientation, -1, &least, &liked, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural += liked;
    }
}

static void
gnomon_wrap_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                             int baseline)
{
  lay_out (widget, width, TRUE);
}

static void
gnomon_wrap_layout_class_init (GnomonWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = gnomon_wrap_layout_get_request_mode;
  manager_class->measure = gnomon_wrap_layout_measure;
  manager_class->allocate = gnomon_wrap_layout_allocate;
}

static void
gnomon_wrap_layout_init (GnomonWrapLayout *self)
{
}
