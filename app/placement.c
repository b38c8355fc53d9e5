/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "placement.h"

void
placement_move (GtkWidget *widget, GtkBox *place)
{
  GtkWidget *before = gtk_widget_get_parent (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  gboolean focused = focus && (focus == widget || gtk_widget_is_ancestor (focus, widget));

  g_return_if_fail (GTK_IS_BOX (before) && GTK_IS_BOX (place));
  if (before == GTK_WIDGET (place))
    return;
  g_object_ref (widget);
  gtk_box_remove (GTK_BOX (before), widget);
  gtk_box_append (place, widget);
  g_object_unref (widget);
  gtk_widget_set_visible (before, gtk_widget_get_first_child (before) != NULL);
  gtk_widget_set_visible (GTK_WIDGET (place), TRUE);
  if (focused)
    gtk_widget_grab_focus (focus);
}
