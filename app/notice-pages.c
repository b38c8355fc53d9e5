/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "notice-pages.h"

#include "accessible-pages.h"
#include "catalogue-here.h"

#include <glib/gi18n.h>

struct _GnomonNoticePages
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkButton *empty_button;
  AdwStatusPage *conflict_page;
  AdwStatusPage *portal_page;
  AdwStatusPage *offline_page;
};

G_DEFINE_FINAL_TYPE (GnomonNoticePages, gnomon_notice_pages, GTK_TYPE_WIDGET)

/* Those whose words tell of the clock, NULL for the others. */
static AdwStatusPage *
described_page (GnomonNoticePages *self, Notice notice)
{
  if (notice == NOTICE_CONFLICT)
    return self->conflict_page;
  if (notice == NOTICE_PORTAL)
    return self->portal_page;
  return notice == NOTICE_OFFLINE ? self->offline_page : NULL;
}

gboolean
gnomon_notice_pages_show (GnomonNoticePages *self, Notice notice, const ClockFacts *clock,
                          gint64 now)
{
  AdwStatusPage *page;
  g_autofree char *words = NULL;

  g_return_val_if_fail (GNOMON_IS_NOTICE_PAGES (self), FALSE);
  if (!gtk_stack_get_child_by_name (self->stack, notice_name (notice)))
    return FALSE;
  page = described_page (self, notice);
  words = notice_describe (notice, clock, now);
  if (page)
    adw_status_page_set_description (page, words);
  gtk_stack_set_visible_child_name (self->stack, notice_name (notice));
  return TRUE;
}

void
gnomon_notice_pages_focus (GnomonNoticePages *self)
{
  g_return_if_fail (GNOMON_IS_NOTICE_PAGES (self));
  gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
gnomon_notice_pages_dispose (GObject *object)
{
  GtkWidget *stack = GTK_WIDGET (GNOMON_NOTICE_PAGES (object)->stack);

  if (stack)
    gtk_widget_unparent (stack);
  GNOMON_NOTICE_PAGES (object)->stack = NULL;
  G_OBJECT_CLASS (gnomon_notice_pages_parent_class)->dispose (object);
}

static void
gnomon_notice_pages_class_init (GnomonNoticePagesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gnomon_notice_pages_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gnomon/Gnomon/notice-pages.ui");
  gtk_widget_class_bind_template_child (widget_class, GnomonNoticePages, stack);
  gtk_widget_class_bind_template_child (widget_class, GnomonNoticePages, empty_button);
  gtk_widget_class_bind_template_child (widget_class, GnomonNoticePages, conflict_page);
  gtk_widget_class_bind_template_child (widget_class, GnomonNoticePages, portal_page);
  gtk_widget_class_bind_template_child (widget_class, GnomonNoticePages, offline_page);
}

/* Large letters or long words need a second line on a small screen. */
static void
wrap_buttons (GtkWidget *widget)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (GTK_IS_BUTTON (widget) && GTK_IS_LABEL (child))
    {
      gtk_label_set_wrap (GTK_LABEL (child), TRUE);
      gtk_label_set_justify (GTK_LABEL (child), GTK_JUSTIFY_CENTER);
      return;
    }
  for (; child; child = gtk_widget_get_next_sibling (child))
    wrap_buttons (child);
}

static void
gnomon_notice_pages_init (GnomonNoticePages *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  if (!catalogue_knows_here ())
    gtk_button_set_label (self->empty_button, _ ("Use Four Servers"));
  wrap_buttons (GTK_WIDGET (self->stack));
  accessible_pages_follow_stack (self->stack);
}
