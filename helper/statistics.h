/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Statistics in the files that users of ntpd know, for the programs that read them: one line for
 * each update of the clock in loopstats, and one for each sample of a server in peerstats. A file
 * for each day (UTC), loopstats.20260131, and without the date a link to the newest.
 *
 *   loopstats  date, time, offset s, frequency ppm, jitter s, wander ppm, poll interval log2 s
 *   peerstats  date, time, address, status, offset s, delay s, dispersion s, jitter s
 *
 * The date is a Modified Julian Day, the time in seconds after midnight UTC. Signs are ours, which
 * are theirs: a positive offset means that our clock is slow. The status is the peer status word of
 * RFC 9327 §4.2 in hexadecimal digits.
 *
 * What cannot be written is lost, with one warning until it can again. */

#pragma once

#include <glib.h>

/* Select field of a peer status word. */
typedef enum
{
  PEER_REJECTED = 0,
  PEER_FALSETICKER = 1,
  PEER_OUTLIER = 3,
  PEER_CANDIDATE = 4,
  PEER_SYSTEM_PEER = 6
} PeerSelect;

/* Event field of a peer status word. */
typedef enum
{
  PEER_EVENT_NONE = 0,
  PEER_EVENT_MOBILISED = 1,
  PEER_EVENT_UNREACHABLE = 3,
  PEER_EVENT_REACHABLE = 4,
  PEER_EVENT_SYSTEM_PEER = 10
} PeerEvent;

/* RFC 9327 §4.2. */
typedef struct
{
  gboolean configured;
  gboolean authentication; /* is asked for */
  gboolean authentic;      /* the last answer was */
  gboolean reachable;
  PeerSelect select;
  guint events; /* that have come since another one was the last; more than 15 count as 15 */
  PeerEvent event;
} PeerStatus;

guint16 peer_status_word (const PeerStatus *status);

typedef struct Statistics Statistics;

/* @directory: made if need be. */
Statistics *statistics_new (const char *directory);
void statistics_free (Statistics *statistics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Statistics, statistics_free)

/* The clock was updated: @offset_s as it was before the correction. Jitter and wander are averages
 * over the last updates (RFC 5905, appendix A.5.5.6). @unix_ns: now, since 1970 UTC. */
void statistics_add_loop (Statistics *statistics, gint64 unix_ns, double offset_s,
                          double frequency_ppm, int poll_log2);
void statistics_add_peer (Statistics *statistics, gint64 unix_ns, const char *address,
                          guint16 status, double offset_s, double delay_s, double dispersion_s,
                          double jitter_s);
/* Deletes the files of days that ended more than @keep_days ago. */
void statistics_prune (Statistics *statistics, gint64 unix_ns, guint keep_days);
/* Deletes all of them. */
void statistics_delete (Statistics *statistics);
