/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "help-window.h"

#include "help-diagram.h"

struct _GnomonHelpWindow
{
  AdwWindow parent_instance;

  GtkWidget *scroller;
};

G_DEFINE_FINAL_TYPE (GnomonHelpWindow, gnomon_help_window, ADW_TYPE_WINDOW)

static void
gnomon_help_window_class_init (GnomonHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (GNOMON_TYPE_HELP_DIAGRAM);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonHelpWindow, scroller);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
gnomon_help_window_init (GnomonHelpWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
gnomon_help_window_present (GtkApplication *application)
{
  GList *windows = gtk_application_get_windows (application);
  GnomonHelpWindow *help;

  for (; windows; windows = windows->next)
    if (GNOMON_IS_HELP_WINDOW (windows->data))
      {
        gtk_window_present (windows->data);
        return;
      }
  /* Not modal: people read it beside what it is about. */
  help = g_object_new (GNOMON_TYPE_HELP_WINDOW, "application", application, NULL);
  gtk_window_present (GTK_WINDOW (help));
  /* So that the keys scroll at once. Not before: a focus in a window that is not shown keeps
   * GTK 4.8 from telling screen readers that it is a window. */
  gtk_widget_grab_focus (help->scroller);
}
