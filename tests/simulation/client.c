/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "client.h"

#include <math.h>

#define NS_PER_S        1e9
#define PRECISION_LOG2  (-25)
#define FREQUENCY_SD    100 /* ppm; nothing is known at first */
#define TIMER_CALLS_MAX 1000

static NtpNow
client_now (const Client *client)
{
  gint64 realtime_ns = llround (world_client_s (client->world) * NS_PER_S);
  return (NtpNow){
    .monotonic_ns = llround (world_monotonic_s (client->world) * NS_PER_S),
    .realtime = ntp_timestamp_from_unix_ns (world_begin_ns (client->world) + realtime_ns),
  };
}

static void
throw_dice (Client *client, NtpEntropy *entropy)
{
  for (guint i = 0; i < sizeof entropy->octets; i++)
    entropy->octets[i] = (uint8_t) dice_bits (&client->world->client_dice);
}

/* ---- Actions ---- */

static void
perform_send (Client *client, const NtpAction *action)
{
  NtpNow now = client_now (client);
  ntp_system_sent (client->system, action->slot, now.realtime);
  world_send (client->world, (unsigned) action->slot, false, action->packet,
              (uint16_t) action->length);
}

static void
perform_one (Client *client, const NtpAction *action)
{
  switch (action->kind)
    {
    case NTP_ACTION_SEND:
      perform_send (client, action);
      break;
    case NTP_ACTION_WAKE:
      client->wake_ns = action->wake_at_ns;
      break;
    case NTP_ACTION_START_KE:
      world_exchange_keys (client->world, (unsigned) action->slot);
      break;
    case NTP_ACTION_ADJUST:
      client->refused = !world_adjust (client->world, &action->adjust);
      break;
    case NTP_ACTION_PROGRESS:
    case NTP_ACTION_SYNC_DONE:
    case NTP_ACTION_CHANGED:
    case NTP_ACTION_EVENT:
    default:
      break;
    }
}

static void
perform (Client *client, const NtpActions *actions)
{
  for (unsigned i = 0; i < actions->count; i++)
    perform_one (client, &actions->items[i]);
  if (!client->refused)
    return;

  NtpActions more = { .count = 0 };
  NtpNow now = client_now (client);
  client->refused = FALSE;
  client->refusals++;
  ntp_system_clock_failed (client->system, &now, &more);
  perform (client, &more);
}

/* ---- Events ---- */

static void
take_keys (Client *client, int slot, const NtpNow *now, NtpActions *actions)
{
  NtpAddress address = { .family = 4, .octets = { 192, 0, 2, (uint8_t) slot }, .port = NTP_PORT };
  NtsKeOffer offer;
  NtsKeys keys;
  NtpEntropy entropy;

  throw_dice (client, &entropy);
  if (world_is_cut (client->world))
    ntp_system_failed (client->system, slot, NTP_REASON_NETWORK_UNREACHABLE, &entropy, now,
                       actions);
  else
    {
      fake_server_make_offer (&client->servers[slot], &keys, &offer);
      ntp_system_keys (client->system, slot, &keys, &offer, &address, now, actions);
    }
}

static void
tell_jump (Client *client, const NtpNow *now, NtpActions *actions)
{
  const Scenario *scenario = client->world->scenario;
  if (scenario->jump == SCENARIO_SET)
    ntp_system_clock_jumped (client->system, scenario->jump_s, now, actions);
  else if (scenario->jump == SCENARIO_SUSPEND)
    ntp_system_resumed (client->system, now, actions);
}

/* All that is due by now. */
static void
wake (Client *client)
{
  NtpNow now = client_now (client);

  for (int calls = 0; client->wake_ns <= now.monotonic_ns; calls++)
    {
      NtpActions actions = { .count = 0 };
      NtpEntropy entropy;
      g_assert_cmpint (calls, <, TIMER_CALLS_MAX);
      throw_dice (client, &entropy);
      ntp_system_timer (client->system, &entropy, &now, &actions);
      perform (client, &actions);
      now = client_now (client);
    }
  world_set_timer (client->world, client->wake_ns == INT64_MAX
                                      ? (double) INFINITY
                                      : (double) client->wake_ns / NS_PER_S);
}

static void
serve (Client *client, const WorldPacket *packet)
{
  gint64 at_ns = llround (world_server_s (client->world, packet->server) * NS_PER_S);
  FakeAnswer *answer = &client->answer;
  client->servers[packet->server].leap = world_server_leap (client->world, packet->server);
  fake_server_answer (&client->servers[packet->server], TRUE, packet->octets, packet->length,
                      world_begin_ns (client->world) + at_ns, answer);
  for (guint i = 0; i < answer->n; i++)
    world_send (client->world, packet->server, true, answer->packets[i],
                (uint16_t) answer->lengths[i]);
}

void
client_event (Client *client, WorldEvent event)
{
  const WorldPacket *packet = &client->world->arrived;
  NtpActions actions = { .count = 0 };
  NtpNow now = client_now (client);

  switch (event)
    {
    case WORLD_REQUEST:
      serve (client, packet);
      return;
    case WORLD_REPLY:
      ntp_system_packet (client->system, (int) packet->server, packet->octets, packet->length,
                         now.realtime, &now, &actions);
      break;
    case WORLD_KEYS:
      take_keys (client, (int) packet->server, &now, &actions);
      break;
    case WORLD_JUMP:
      tell_jump (client, &now, &actions);
      break;
    case WORLD_TIMER:
    case WORLD_SECOND:
    case WORLD_END:
    default:
      break;
    }
  perform (client, &actions);
  wake (client);
}

/* ---- Making one ---- */

void
client_init (Client *client, World *world)
{
  NtpOptions options = ntp_options_default;
  unsigned n = world->n_servers;
  *client = (Client){ .world = world, .wake_ns = INT64_MAX };
  options.minimum_poll_log2 = world->scenario->minimum_poll_log2;
  options.maximum_poll_log2 = world->scenario->maximum_poll_log2;

  NtpNow now = client_now (client);
  client->system = ntp_system_init (g_malloc (ntp_system_size (n)), n, &options, PRECISION_LOG2, 0,
                                    0, FREQUENCY_SD, &now);
  for (unsigned i = 0; i < n; i++)
    {
      NtpServerConfig config = { .nts = true, .operator_id = i };
      NtpActions actions = { .count = 0 };
      fake_server_init (&client->servers[i], i);
      ntp_system_add_server (client->system, &config, NULL, NULL, NULL, &now, &actions);
      perform (client, &actions);
    }
  NtpActions actions = { .count = 0 };
  ntp_system_set_economy (client->system, world->scenario->economy, &now, &actions);
  perform (client, &actions);
  wake (client);
}

void
client_clear (Client *client)
{
  for (unsigned i = 0; i < client->world->n_servers; i++)
    fake_server_clear (&client->servers[i]);
  g_free (client->system);
}

NtpSnapshot
client_snapshot (const Client *client)
{
  NtpNow now = client_now (client);
  NtpSnapshot snapshot;
  ntp_system_snapshot (client->system, &now, &snapshot);
  return snapshot;
}
