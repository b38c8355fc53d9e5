/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Random numbers that are the same everywhere for the same seed. */

#pragma once

#include <stdint.h>

typedef struct
{
  uint64_t state;
} Dice;

void dice_init (Dice *dice, uint64_t seed, uint64_t stream);
uint64_t dice_bits (Dice *dice);
double dice_uniform (Dice *dice);     /* above 0, at most 1 */
double dice_normal (Dice *dice);      /* mean 0, variance 1 */
double dice_exponential (Dice *dice); /* mean 1 */
