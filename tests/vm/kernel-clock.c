/* SPDX-License-Identifier: GPL-3.0-or-later */

/* kernel-clock: prints what the kernel says of its clock, as NAME=VALUE words for a shell.
 * kernel-clock frequency PPM | slew S | loop S | tai S: does to it what other programs do: sets its
 * frequency, slews it as adjtime (3) does or by the kernel's own loop, says what TAI − UTC is. Only
 * inside of the virtual machine. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#define INSIDE "/vm/inside"

static int
set (const char *what, double value)
{
  struct timex timex = { .modes = 0 };

  if (access (INSIDE, F_OK) != 0)
    {
      fprintf (stderr, "kernel-clock: this is not the virtual machine\n");
      return 1;
    }
  if (strcmp (what, "frequency") == 0)
    timex = (struct timex){ .modes = ADJ_FREQUENCY, .freq = (long) (value * 65536) };
  else if (strcmp (what, "slew") == 0)
    timex = (struct timex){ .modes = ADJ_OFFSET_SINGLESHOT, .offset = (long) (value * 1e6) };
  else if (strcmp (what, "loop") == 0)
    timex = (struct timex){ .modes = ADJ_STATUS | ADJ_OFFSET | ADJ_TIMECONST | ADJ_NANO,
                            .status = STA_PLL,
                            .constant = 6,
                            .offset = (long) (value * 1e9) };
  else if (strcmp (what, "tai") == 0)
    timex = (struct timex){ .modes = ADJ_TAI, .constant = (long) value };
  if (timex.modes != 0 && adjtimex (&timex) >= 0)
    return 0;
  perror ("kernel-clock");
  return 1;
}

int
main (int argc, char **argv)
{
  struct timex timex = { .modes = 0 };
  struct timex slew = { .modes = ADJ_OFFSET_SS_READ };

  if (argc == 3)
    return set (argv[1], atof (argv[2]));
  if (adjtimex (&timex) < 0 || adjtimex (&slew) < 0)
    {
      perror ("kernel-clock");
      return 1;
    }
  printf ("unsynchronised=%d loop=%d insert=%d delete=%d ppm=%.3f tick=%ld maxerror_us=%ld "
          "esterror_us=%ld tai=%d loop_left=%ld slew_left=%ld\n",
          (timex.status & STA_UNSYNC) != 0, (timex.status & STA_PLL) != 0,
          (timex.status & STA_INS) != 0, (timex.status & STA_DEL) != 0, (double) timex.freq / 65536,
          timex.tick, timex.maxerror, timex.esterror, timex.tai, timex.offset, slew.offset);
  return 0;
}
