/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many servers vouch for a time, and how many operators run them. A sentence with two numbers
 * can follow the plural of one of them only, so each number is a phrase of its own here, and the
 * sentences of other files hold the phrases. Pure. Every string is new. */

#pragma once

#include <glib.h>

/* "3 of 3 servers" */
char *words_for_share (guint part, guint all);
/* "run by 2 operators" */
char *words_for_operators (guint operators);
/* "3 of 3 servers, run by 2 operators" */
char *words_for_witnesses (guint vouching, guint asked, guint operators);
/* "3 of 3 servers vouch for it" */
char *words_for_vouching (guint vouching, guint asked);
