/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tile-grid.h"

#define COLUMN_SPACING 24
#define ROW_SPACING    18
#define METER_SPACING  8

typedef struct
{
  char *caption;
  GtkWidget *box;
  GtkBox *line; /* a meter, where there is one, and the value */
  GtkLabel *value;
} Tile;

struct _GnomonTileGrid
{
  GtkWidget parent_instance;
  GtkWidget *grid;
  GArray *tiles; /* Tile */
  guint columns;
};

G_DEFINE_FINAL_TYPE (GnomonTileGrid, gnomon_tile_grid, GTK_TYPE_WIDGET)

static void
arrange (GnomonTileGrid *self)
{
  guint place = 0;

  for (guint i = 0; i < self->tiles->len; i++)
    {
      Tile *tile = &g_array_index (self->tiles, Tile, i);

      if (gtk_widget_get_parent (tile->box))
        gtk_grid_remove (GTK_GRID (self->grid), tile->box);
      if (!gtk_widget_get_visible (tile->box))
        continue;
      gtk_grid_attach (GTK_GRID (self->grid), tile->box, (int) (place % self->columns),
                       (int) (place / self->columns), 1, 1);
      place++;
    }
}

static GtkLabel *
add_label (GtkWidget *box, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static Tile *
add_tile (GnomonTileGrid *self, const char *caption)
{
  Tile tile = { .caption = g_strdup (caption) };
  GtkWidget *caption_label;

  tile.box = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 3));
  caption_label = GTK_WIDGET (add_label (tile.box, caption));
  gtk_widget_add_css_class (caption_label, "caption");
  gtk_widget_add_css_class (caption_label, "dim-label");
  tile.line = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, METER_SPACING));
  gtk_box_append (GTK_BOX (tile.box), GTK_WIDGET (tile.line));
  tile.value = add_label (GTK_WIDGET (tile.line), "");
  gtk_label_set_selectable (tile.value, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (tile.value), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (tile.value), "tile-value");
  gtk_widget_set_visible (tile.box, FALSE);
  g_array_append_val (self->tiles, tile);
  return &g_array_index (self->tiles, Tile, self->tiles->len - 1);
}

static Tile *
find_tile (GnomonTileGrid *self, const char *caption)
{
  for (guint i = 0; i < self->tiles->len; i++)
    {
      Tile *tile = &g_array_index (self->tiles, Tile, i);
      if (g_str_equal (tile->caption, caption))
        return tile;
    }
  return add_tile (self, caption);
}

void
gnomon_tile_grid_set (GnomonTileGrid *self, const char *caption, const char *value)
{
  Tile *tile;

  g_return_if_fail (GNOMON_IS_TILE_GRID (self));
  tile = find_tile (self, caption);
  gtk_label_set_label (tile->value, value ? value : "");
  if (gtk_widget_get_visible (tile->box) == (value != NULL))
    return;
  gtk_widget_set_visible (tile->box, value != NULL);
  arrange (self);
}

void
gnomon_tile_grid_add_meter (GnomonTileGrid *self, const char *caption, GtkWidget *meter)
{
  Tile *tile;

  g_return_if_fail (GNOMON_IS_TILE_GRID (self) && GTK_IS_WIDGET (meter));
  tile = find_tile (self, caption);
  gtk_widget_set_valign (meter, GTK_ALIGN_CENTER);
  gtk_box_prepend (tile->line, meter);
  /* The meter is there to be looked at, and the number beside it short. */
  gtk_label_set_wrap (tile->value, FALSE);
}

void
gnomon_tile_grid_tell (gpointer grid, const char *caption, const char *value)
{
  gnomon_tile_grid_set (GNOMON_TILE_GRID (grid), caption, value);
}

void
gnomon_tile_grid_set_columns (GnomonTileGrid *self, guint columns, gboolean even)
{
  g_return_if_fail (GNOMON_IS_TILE_GRID (self) && columns > 0);
  gtk_grid_set_column_homogeneous (GTK_GRID (self->grid), even);
  self->columns = columns;
  arrange (self);
}

static void
clear_tile (gpointer data)
{
  Tile *tile = data;

  g_free (tile->caption);
  g_object_unref (tile->box);
}

static void
gnomon_tile_grid_dispose (GObject *object)
{
  GnomonTileGrid *self = GNOMON_TILE_GRID (object);

  g_clear_pointer (&self->tiles, g_array_unref);
  g_clear_pointer (&self->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (gnomon_tile_grid_parent_class)->dispose (object);
}

static void
gnomon_tile_grid_class_init (GnomonTileGridClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gnomon_tile_grid_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
gnomon_tile_grid_init (GnomonTileGrid *self)
{
  self->columns = 4;
  self->tiles = g_array_new (FALSE, FALSE, sizeof (Tile));
  g_array_set_clear_func (self->tiles, clear_tile);
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), COLUMN_SPACING);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), ROW_SPACING);
  gtk_grid_set_column_homogeneous (GTK_GRID (self->grid), TRUE);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
}
