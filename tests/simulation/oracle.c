/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What no client can beat: a filter that is told the oscillator's wander, the path's shortest delay
 * and that both its directions queue alike, and that forgets nothing. Every sample then says that
 * the error is within ± half of the excess delay, and each value in there is equally likely; a
 * cloud of particles carries the exact posterior from sample to sample (each is drawn within the
 * new interval, and weighed by how much of its forecast lies there). One server, one day, samples
 * every 3 minutes in the first hour; errors count after it. */

#include <glib.h>
#include <math.h>

#include "dice.h"

#define PARTICLES 4000
#define DAY_S     86400
#define FIRST_S   3600
#define EARLY_S   180.0
#define JITTER    0.05 /* of the interval */

typedef struct
{
  double wander; /* of the frequency, s/s per √s */
  double told;   /* what the filter is told of it */
  double sine;   /* s/s, in two hours */
  double queueing_s;
  double interval_s;
  double loss;
} Case;

typedef struct
{
  double x[PARTICLES]; /* the clock's error, s */
  double f[PARTICLES];
  double mean_x;
  double mean_f;
  double at_s;
} Cloud;

static double
below (double z)
{
  return erfc (-z * M_SQRT1_2) / 2;
}

static double
share (double a, double b)
{
  return a > 0 ? below (-a) - below (-b) : below (b) - below (a);
}

/* Of the standard normal distribution between @a and @b, by halving. */
static double
draw_within (Dice *dice, double a, double b)
{
  double wanted = dice_uniform (dice) * share (a, b), low = a, high = b;
  if (wanted <= 0)
    return a + (b - a) * dice_uniform (dice);
  for (int i = 0; i < 50; i++)
    {
      double middle = (low + high) / 2;
      if (share (a, middle) < wanted)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* A measurement: the error is within @offset_s ± @half_s at @now_s. */
static void
learn (Cloud *cloud, Dice *dice, double told, double offset_s, double half_s, double now_s)
{
  static double weights[PARTICLES];
  static Cloud next;
  double t = now_s - cloud->at_s, sd_s = told * sqrt (t * t * t / 3), sum = 0;

  for (int i = 0; i < PARTICLES; i++)
    {
      double off_s = offset_s - cloud->x[i] - cloud->f[i] * t;
      weights[i] = share ((off_s - half_s) / sd_s, (off_s + half_s) / sd_s) + 1e-300;
      sum += weights[i];
    }
  double start = dice_uniform (dice), passed = 0;
  next = (Cloud){ .at_s = now_s };
  for (int i = 0, j = -1; i < PARTICLES; i++)
    {
      while (passed <= (start + i) / PARTICLES * sum && j < PARTICLES - 1)
        passed += weights[++j];
      double forecast_s = cloud->x[j] + cloud->f[j] * t;
      double off_s = offset_s - forecast_s;
      double moved_s = sd_s * draw_within (dice, (off_s - half_s) / sd_s, (off_s + half_s) / sd_s);
      next.x[i] = forecast_s + moved_s;
      next.f[i] = cloud->f[j] + 1.5 / t * moved_s + told * sqrt (t) / 2 * dice_normal (dice);
      next.mean_x += next.x[i] / PARTICLES;
      next.mean_f += next.f[i] / PARTICLES;
    }
  *cloud = next;
}

static double
run (const Case *world, unsigned seed)
{
  static Cloud cloud;
  Dice dice;
  double x = 0, walk = 0, next_s = 1, squares = 0;

  dice_init (&dice, seed, 1);
  cloud = (Cloud){ 0 };
  for (int i = 0; i < PARTICLES; i++)
    {
      cloud.x[i] = 1e-3 * dice_normal (&dice);
      cloud.f[i] = 1e-6 * dice_normal (&dice);
    }
  for (int second = 0; second < DAY_S; second++)
    {
      walk += world->wander * dice_normal (&dice);
      if (second >= next_s)
        {
          double there = world->queueing_s * dice_exponential (&dice);
          double back = world->queueing_s * dice_exponential (&dice);
          double away = 1 + JITTER * (2 * dice_uniform (&dice) - 1);
          if (dice_uniform (&dice) > world->loss)
            learn (&cloud, &dice, world->told, x + (there - back) / 2, (there + back) / 2, second);
          next_s = second + (second < FIRST_S ? EARLY_S : world->interval_s * away);
        }
      double error_s = cloud.mean_x + cloud.mean_f * (second - cloud.at_s) - x;
      squares += second >= FIRST_S ? error_s * error_s : 0;
      x += walk + world->sine * sin (2 * M_PI * second / 7200);
    }
  return sqrt (squares / (DAY_S - FIRST_S));
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

int
main (int argc, char *argv[])
{
  Case world = { .wander = 1e-9, .queueing_s = 1e-3, .interval_s = 1024 };
  double wander_told = 0;
  int runs = 20;
  const GOptionEntry entries[] = {
    { "wander", 'w', 0, G_OPTION_ARG_DOUBLE, &world.wander, "s/s per √s (default 1e-9)", "W" },
    { "told", 't', 0, G_OPTION_ARG_DOUBLE, &wander_told, "the filter's (default the same)", "W" },
    { "sine", 's', 0, G_OPTION_ARG_DOUBLE, &world.sine, "s/s, in 2 h (default 0)", "A" },
    { "queueing", 'q', 0, G_OPTION_ARG_DOUBLE, &world.queueing_s, "s, mean (default 1e-3)", "J" },
    { "interval", 'i', 0, G_OPTION_ARG_DOUBLE, &world.interval_s, "s (default 1024)", "T" },
    { "loss", 'l', 0, G_OPTION_ARG_DOUBLE, &world.loss, "of round trips (default 0)", "P" },
    { "runs", 'r', 0, G_OPTION_ARG_INT, &runs, "seeds 1 to N (default 20)", "N" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- the error that nobody can beat");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || runs < 1)
    {
      g_printerr ("oracle: %s\n", error != NULL ? error->message : "at least one run");
      return 2;
    }
  world.told = wander_told > 0 ? wander_told : world.wander;
  g_autofree double *rms_s = g_new (double, (gsize) runs);
  for (int i = 0; i < runs; i++)
    rms_s[i] = run (&world, (unsigned) i + 1);
  qsort (rms_s, (size_t) runs, sizeof *rms_s, compare);
  g_print ("runs=%d median_us=%.1f least_us=%.1f most_us=%.1f\n", runs,
           (rms_s[runs / 2] + rms_s[(runs - 1) / 2]) / 2 * 1e6, rms_s[0] * 1e6,
           rms_s[runs - 1] * 1e6);
  return 0;
}
