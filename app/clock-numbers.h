/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All Numbers: what the helper knows about the clock, with all its digits and in the order in which
 * it is shown. Needs no display. */

#pragma once

#include "helper-client.h"

/* Called for each number; @value: NULL = not known now. */
typedef void (*NumberTeller) (gpointer data, const char *caption, const char *value);

/* Who is told. */
typedef struct
{
  NumberTeller tell;
  gpointer data;
} NumberListener;

/* Takes @value over; NULL = not known now. */
void number_listener_tell (const NumberListener *listener, const char *caption, char *value);

void clock_numbers_tell (GnomonHelperClient *client, NumberTeller tell, gpointer data);
