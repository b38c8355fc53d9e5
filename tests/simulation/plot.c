/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "plot.h"

#include <math.h>

#define WIDTH      960.0
#define HEIGHT     400.0
#define MARGIN     60.0
#define SETTLED_S  3600.0 /* what happens before would hide the rest */
#define HEADROOM   1.1
#define LEAST_S    1e-6
#define HOURS_TICK 3

typedef struct
{
  double seconds;   /* at the right edge */
  double largest_s; /* at the upper one */
} Scale;

static Scale
find_scale (const GArray *points)
{
  Scale scale = { .seconds = 1, .largest_s = LEAST_S };
  for (guint i = 0; i < points->len; i++)
    {
      const SimulationPoint *point = &g_array_index (points, SimulationPoint, i);
      scale.seconds = fmax (scale.seconds, point->true_s);
      if (point->true_s >= SETTLED_S)
        scale.largest_s =
            fmax (scale.largest_s, fmax (fabs (point->error_s), point->uncertainty_s) * HEADROOM);
    }
  return scale;
}

static void
append_point (GString *svg, const Scale *scale, double true_s, double value_s)
{
  double share = fmax (-1, fmin (1, value_s / scale->largest_s));
  g_string_append_printf (svg, "%.1f,%.1f ",
                          MARGIN + true_s / scale->seconds * (WIDTH - 2 * MARGIN),
                          HEIGHT / 2 - share * (HEIGHT / 2 - MARGIN / 2));
}

static void
append_band (GString *svg, const Scale *scale, const GArray *points)
{
  g_string_append (svg, "<polygon fill=\"#d5e5f5\" points=\"");
  for (guint i = 0; i < points->len; i++)
    {
      const SimulationPoint *point = &g_array_index (points, SimulationPoint, i);
      append_point (svg, scale, point->true_s, point->estimated_error_s + point->uncertainty_s);
    }
  for (guint i = points->len; i > 0; i--)
    {
      const SimulationPoint *point = &g_array_index (points, SimulationPoint, i - 1);
      append_point (svg, scale, point->true_s, point->estimated_error_s - point->uncertainty_s);
    }
  g_string_append (svg, "\"/>\n");
}

static void
append_axes (GString *svg, const Scale *scale, const char *title)
{
  static const double shares[] = { 1, 0.5, 0, -0.5, -1 };

  g_string_append_printf (svg, "<text x=\"%g\" y=\"20\" font-weight=\"bold\">%s</text>\n", MARGIN,
                          title);
  for (gsize i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      double y = HEIGHT / 2 - shares[i] * (HEIGHT / 2 - MARGIN / 2);
      g_string_append_printf (svg,
                              "<path d=\"M%g %.1fH%g\" stroke=\"#ccc\"/><text x=\"%g\" y=\"%.1f\" "
                              "text-anchor=\"end\">%.0f µs</text>\n",
                              MARGIN, y, WIDTH - MARGIN, MARGIN - 6, y + 4,
                              shares[i] * scale->largest_s * 1e6);
    }
  for (int hours = 0; hours * 3600 <= scale->seconds; hours += HOURS_TICK)
    g_string_append_printf (svg, "<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\">%d h</text>\n",
                            MARGIN + hours * 3600 / scale->seconds * (WIDTH - 2 * MARGIN),
                            HEIGHT - 8, hours);
}

gboolean
plot_write (const char *path, const char *title, const GArray *points, GError **error)
{
  g_autoptr (GString) svg = g_string_new (NULL);
  Scale scale = find_scale (points);

  g_string_append_printf (svg,
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%g\" height=\"%g\" "
                          "font-family=\"sans-serif\" font-size=\"11\">\n"
                          "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                          WIDTH, HEIGHT);
  append_band (svg, &scale, points);
  append_axes (svg, &scale, title);
  g_string_append (svg, "<polyline fill=\"none\" stroke=\"#1a5fb4\" points=\"");
  for (guint i = 0; i < points->len; i++)
    {
      const SimulationPoint *point = &g_array_index (points, SimulationPoint, i);
      append_point (svg, &scale, point->true_s, point->error_s);
    }
  g_string_append (svg, "\"/>\n</svg>\n");
  return g_file_set_contents (path, svg->str, (gssize) svg->len, error);
}
