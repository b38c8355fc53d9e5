/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "accessible-pages.h"

static void
set_hidden (gpointer accessible, gboolean hidden)
{
  gtk_accessible_update_state (GTK_ACCESSIBLE (accessible), GTK_ACCESSIBLE_STATE_HIDDEN, hidden,
                               -1);
}

static void
on_stack_turned (GtkStack *stack, GParamSpec *pspec, gpointer data)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack));

  for (; child; child = gtk_widget_get_next_sibling (child))
    {
      gboolean hidden = child != gtk_stack_get_visible_child (stack);
      set_hidden (gtk_stack_get_page (stack, child), hidden);
      set_hidden (child, hidden);
    }
}

static void
on_leaflet_turned (AdwLeaflet *leaflet, GParamSpec *pspec, gpointer data)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (leaflet));

  for (; child; child = gtk_widget_get_next_sibling (child))
    set_hidden (child, child != adw_leaflet_get_visible_child (leaflet));
}

void
accessible_pages_follow_stack (GtkStack *stack)
{
  g_signal_connect (stack, "notify::visible-child", G_CALLBACK (on_stack_turned), NULL);
  on_stack_turned (stack, NULL, NULL);
}

void
accessible_pages_follow_leaflet (AdwLeaflet *leaflet)
{
  g_signal_connect (leaflet, "notify::visible-child", G_CALLBACK (on_leaflet_turned), NULL);
  on_leaflet_turned (leaflet, NULL, NULL);
}
