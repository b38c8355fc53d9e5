/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "dice.h"

#include <math.h>

/* SplitMix64 (Steele, Lea, Flood 2014). */
uint64_t
dice_bits (Dice *dice)
{
  uint64_t z = dice->state += UINT64_C (0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

void
dice_init (Dice *dice, uint64_t seed, uint64_t stream)
{
  Dice mixer = { .state = seed * 1000003 + stream };
  dice->state = dice_bits (&mixer);
}

double
dice_uniform (Dice *dice)
{
  return ((double) (dice_bits (dice) >> 11) + 1) * 0x1p-53;
}

/* Box and Muller; the second number is thrown away. */
double
dice_normal (Dice *dice)
{
  double radius = sqrt (-2 * log (dice_uniform (dice)));
  return radius * cos (2 * M_PI * dice_uniform (dice));
}

double
dice_exponential (Dice *dice)
{
  return -log (dice_uniform (dice));
}
