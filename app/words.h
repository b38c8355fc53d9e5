/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The helper's names in words that a person understands. Pure. */

#pragma once

#include "seal.h"
#include "server.h"

/* Why something is refused, not believed or not done: half a sentence without a capital and without
 * a full stop, translated; "" for "", NULL for a name that the helper does not have. Static. */
const char *words_for_reason (const char *name);

/* What a server is doing or why it is not believed: "vouches for the time". @clock_offset: the
 * property Offset, s; @now: µs since 1970 UTC. New. */
char *words_for_server (const ServerFacts *server, double clock_offset, gint64 now);
/* What that rests on: "Its answers are authenticated and agree with the 2 other servers."; NULL where
 * there is nothing to add. @others: servers that vouch for the time beside it. New. */
char *words_for_evidence (const ServerFacts *server, guint others);
Seal seal_for_server (const ServerFacts *server);
/* "PTB, Germany", either alone where the other is not known, "" without both. New. */
char *words_for_operator (const ServerFacts *server);
/* The name of a country, given in English, in the user's language where the system knows it. */
const char *words_for_country (const char *country);
/* "8 of 8 cookies"; NULL where the number is not known. New. */
char *words_for_cookies (int cookies);
/* "7 of 8 answers". @reach: a bit for each of the last eight questions, set = answered. New. */
char *words_for_answers (int reach);

/* The names of the contract for the experts' numbers; an unknown name is returned as it is. */
const char *words_for_leap (const char *name);
const char *words_for_state (const char *name);
/* "System peer (∗)" and the like, with the tally sign that ntpq and chronyc use. */
const char *words_for_selection (const char *name);
/* The tally sign of ntpq: '*', '+', '-', 'x' or ' '. */
char words_tally (const char *selection);
