/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the matter is, when it is something that the page of the clock would not help with: one
 * notice at a time, each with one thing to do. Pure. */

#pragma once

#include "helper-client.h"

typedef enum
{
  NOTICE_NONE, /* the page of the clock */
  NOTICE_CONNECTING,
  NOTICE_MISSING,  /* the helper is */
  NOTICE_EMPTY,    /* no server has been chosen */
  NOTICE_DECISION, /* a person must answer */
  NOTICE_CONFLICT, /* another program keeps the clock */
  NOTICE_PORTAL,   /* the network wants somebody to sign in */
  NOTICE_OFFLINE,
  N_NOTICES
} Notice;

typedef struct
{
  HelperPresence presence;
  guint servers;
  gboolean syncing;    /* its course is shown on the page of the clock */
  gboolean only_watch; /* a person has chosen to leave the clock to the other program */
} NoticeSituation;

/* A clock that is known to be right hides the troubles of the network. */
Notice notice_choose (const ClockFacts *clock, const NoticeSituation *situation);
/* The name of its page. Static. */
const char *notice_name (Notice notice);

/* What to say about it below its title, for NOTICE_CONFLICT, NOTICE_PORTAL and NOTICE_OFFLINE; ""
 * for all others, whose words never change. @now: µs since 1970 UTC. New. */
char *notice_describe (Notice notice, const ClockFacts *clock, gint64 now);
/* The name of a service as people know it: without ".service". New. */
char *notice_service_name (const char *unit);
