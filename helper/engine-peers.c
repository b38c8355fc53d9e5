/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "engine-private.h"

#include "address.h"

/* ---- What the log says of servers and state: each change once ---- */

static void
note_event (EngineServer *server, PeerEvent event)
{
  server->events = server->event == event ? server->events + 1 : 1;
  server->event = event;
}

static void
tell_reachable (EngineServer *server, gboolean reachable)
{
  const char *host = server->config->host;

  if (reachable == server->reachable)
    return;
  server->reachable = reachable;
  if (!reachable)
    g_message ("%s: does not answer any more", host);
  else if (server->event == PEER_EVENT_UNREACHABLE)
    g_message ("%s: answers again", host);
  else
    g_info ("%s: answers", host);
  note_event (server, reachable ? PEER_EVENT_REACHABLE : PEER_EVENT_UNREACHABLE);
}

static gboolean
is_believed (NtpSelection selection)
{
  return selection == NTP_SELECTION_OUTLIER || selection == NTP_SELECTION_CANDIDATE
         || selection == NTP_SELECTION_SYSTEM_PEER;
}

static void
tell_selection (EngineServer *server, NtpSelection selection)
{
  const char *host = server->config->host;

  if (selection == server->selection)
    return;
  server->selection = selection;
  if (selection == NTP_SELECTION_SYSTEM_PEER)
    note_event (server, PEER_EVENT_SYSTEM_PEER);
  if (selection == NTP_SELECTION_FALSETICKER && !server->falseticker)
    g_message ("%s: its time is not that of the others, so it is not believed", host);
  else if (is_believed (selection) && server->falseticker)
    g_message ("%s: its time is that of the others again", host);
  server->falseticker =
      selection == NTP_SELECTION_FALSETICKER || (server->falseticker && !is_believed (selection));
}

/* Of the ways into a state, those that no event of the core tells. */
static void
tell_state (Engine *engine)
{
  NtpSnapshot snapshot;
  int before = engine->state_told;

  engine_get_snapshot (engine, &snapshot);
  if ((int) snapshot.state == before)
    return;
  engine->state_told = (int) snapshot.state;
  if (snapshot.state == NTP_STATE_OFF && !engine_get_automatic (engine))
    g_message ("The clock is set on request only");
  else if (snapshot.state == NTP_STATE_UNSYNCHRONISED && before != NTP_STATE_SYNCHRONISED)
    g_message ("The clock is not synchronised: %s", ntp_reason_text (snapshot.reason));
}

void
engine_watch_peers (Engine *engine)
{
  NtpSelection selection;
  guint8 reach;

  for (guint i = 0; i < engine->servers->len; i++)
    {
      EngineServer *server = g_ptr_array_index (engine->servers, i);
      if (!ntp_system_server_standing (engine->system, server->slot, &selection, &reach))
        continue;
      tell_reachable (server, reach != 0);
      tell_selection (server, selection);
    }
  tell_state (engine);
}

/* ---- Statistics ---- */

static PeerSelect
select_of (NtpSelection selection)
{
  switch (selection)
    {
    case NTP_SELECTION_FALSETICKER:
      return PEER_FALSETICKER;
    case NTP_SELECTION_OUTLIER:
      return PEER_OUTLIER;
    case NTP_SELECTION_CANDIDATE:
      return PEER_CANDIDATE;
    case NTP_SELECTION_SYSTEM_PEER:
      return PEER_SYSTEM_PEER;
    case NTP_SELECTION_NOT_USED:
    case NTP_SELECTION_NO_SAMPLES:
    case NTP_SELECTION_UNSYNCHRONISED:
    case NTP_SELECTION_DISTANT:
    default:
      return PEER_REJECTED;
    }
}

void
engine_add_peer_statistics (const EngineServer *server, const NtpServerSnapshot *snapshot)
{
  Engine *engine = server->engine;
  const PeerStatus status = { .configured = TRUE,
                              .authentication = server->config->nts,
                              .authentic = snapshot->authenticated,
                              .reachable = snapshot->reach != 0,
                              .select = select_of (snapshot->selection),
                              .events = server->events,
                              .event = server->event };
  char address[ADDRESS_TEXT_MAX];

  if (engine->statistics == NULL)
    return;
  address_print (&snapshot->address, address);
  statistics_add_peer (engine->statistics, clock_unix_ns (engine->clock), address,
                       peer_status_word (&status), snapshot->offset_s, snapshot->delay_s,
                       snapshot->dispersion_s, snapshot->jitter_s);
}

/* How often the server that the clock goes by is asked. */
static int
poll_of_system_peer (Engine *engine)
{
  NtpNow now = clock_now (engine->clock);
  NtpServerSnapshot snapshot;
  int least_log2 = config_get_options (engine->config)->maximum_poll_log2;

  for (guint i = 0; i < engine->servers->len; i++)
    {
      const EngineServer *server = g_ptr_array_index (engine->servers, i);
      if (!ntp_system_server_snapshot (engine->system, server->slot, &now, &snapshot))
        continue;
      if (snapshot.selection == NTP_SELECTION_SYSTEM_PEER)
        return snapshot.poll_log2;
      least_log2 = MIN (least_log2, snapshot.poll_log2);
    }
  return least_log2;
}

void
engine_add_loop_statistics (Engine *engine, const NtpSnapshot *snapshot)
{
  if (engine->statistics != NULL)
    statistics_add_loop (engine->statistics, clock_unix_ns (engine->clock), snapshot->last_offset_s,
                         snapshot->frequency_ppm, poll_of_system_peer (engine));
}
