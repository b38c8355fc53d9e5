/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clock.h"

int
main (void)
{
  return 0;
}
