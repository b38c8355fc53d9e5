/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "world.h"

#include "fake-clock.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define BURST_EVERY_S 97.0
#define BURST_S       25.0
#define SMEAR_S       86400.0

#define ORDINARY_MIDNIGHT_NS (INT64_C (1780012800) * 1000000000) /* 2026-05-29 00:00 */
#define YEAR_END_NS          (INT64_C (1798761600) * 1000000000) /* 2027-01-01 00:00 */

/* adjtimex (2) */
#define TICK_PPM       100.0
#define TICKS_MOST     1000
#define FREQ_MOST_PPM  500.0
#define FREQ_PER_PPM   65536.0
#define MAXERROR_DRIFT 500e-6

/* The oscillator of the second that begins now. */
static void
new_second (World *world)
{
  const Scenario *scenario = world->scenario;
  world->walk += scenario->wander * dice_normal (&world->oscillator_dice);
  world->oscillator = scenario->frequency_ppm * 1e-6 + world->walk;
  if (scenario->sine_period_s > 0)
    world->oscillator +=
        scenario->sine_ppm * 1e-6 * sin (2 * M_PI * world->true_s / scenario->sine_period_s);
}

void
world_init (World *world, const Scenario *scenario, unsigned n_servers, uint64_t seed)
{
  assert (n_servers <= WORLD_SERVERS_MAX);
  *world = (World){
    .scenario = scenario,
    .n_servers = n_servers,
    .client_error_s = scenario->error_s,
    .stepped_s = scenario->error_s,
    .timer_s = INFINITY,
    .jumped = !(scenario->jump_at_s > 0),
  };
  dice_init (&world->oscillator_dice, seed, 1);
  dice_init (&world->path_dice, seed, 2);
  dice_init (&world->client_dice, seed, 3);
  new_second (world);
}

double
world_client_s (const World *world)
{
  return world->true_s + world->client_error_s;
}

double
world_monotonic_s (const World *world)
{
  return world->true_s + (world->client_error_s - world->stepped_s);
}

int64_t
world_begin_ns (const World *world)
{
  const Scenario *scenario = world->scenario;
  if (scenario->leap == SCENARIO_NO_LEAP)
    return FAKE_BEGIN_NS;
  int64_t end_ns = scenario->leap == SCENARIO_LEAP_EARLY ? ORDINARY_MIDNIGHT_NS : YEAR_END_NS;
  return end_ns - (int64_t) (scenario->leap_at_s * 1e9);
}

/* What the leap second has made of UTC. */
static double
utc_s (const World *world)
{
  const Scenario *scenario = world->scenario;
  return scenario->leap == SCENARIO_LEAP && world->true_s >= scenario->leap_at_s ? -1 : 0;
}

static double
liar_s (const World *world)
{
  const Scenario *scenario = world->scenario;
  double since_s = world->true_s - scenario->leap_at_s;
  double rate = scenario->liar_ppm * 1e-6;
  if (scenario->liar_smears)
    return world->true_s - fmax (0, fmin (1, since_s / SMEAR_S + 0.5));
  if (scenario->leap == SCENARIO_LEAP_LIED && since_s >= 0)
    return world->true_s - 1;
  return world->true_s * (1 + rate) + scenario->liar_error_s + utc_s (world);
}

double
world_server_s (const World *world, unsigned server)
{
  bool last = server + 1 == world->n_servers;
  return last ? liar_s (world) : world->true_s + utc_s (world);
}

/* For as long as the day lasts. */
uint8_t
world_server_leap (const World *world, unsigned server)
{
  const Scenario *scenario = world->scenario;
  bool last = server + 1 == world->n_servers;
  bool told = world->true_s < scenario->leap_at_s && !(last && scenario->liar_smears);
  switch (scenario->leap)
    {
    case SCENARIO_LEAP:
    case SCENARIO_LEAP_EARLY:
      return told ? NTP_LEAP_INSERT : NTP_LEAP_NONE;
    case SCENARIO_LEAP_LIED:
      return told && last ? NTP_LEAP_INSERT : NTP_LEAP_NONE;
    case SCENARIO_NO_LEAP:
    default:
      return NTP_LEAP_NONE;
    }
}

double
world_error_s (const World *world)
{
  return world->client_error_s - utc_s (world);
}

double
world_maximum_error_s (const World *world)
{
  const WorldKernel *kernel = &world->kernel;
  if (!kernel->synchronised)
    return INFINITY;
  return kernel->maximum_error_s + MAXERROR_DRIFT * (world->true_s - kernel->adjusted_s);
}

static double
client_rate (const World *world)
{
  return (1 + world->oscillator) * (1 + world->steering);
}

static void
advance (World *world, double to_s)
{
  world->client_error_s += (to_s - world->true_s) * (client_rate (world) - 1);
  world->true_s = to_s;
}

static double
path_delay_s (World *world, unsigned server, bool is_reply)
{
  const Scenario *scenario = world->scenario;
  const ScenarioPath *path = is_reply ? &scenario->reply : &scenario->request;
  double delay_s = path->base_s + path->jitter_s * dice_exponential (&world->path_dice);
  if (path->burst_s > 0 && fmod (world->true_s, BURST_EVERY_S) <= BURST_S)
    delay_s += path->burst_s * dice_exponential (&world->path_dice);

  delay_s *= 1 + server * scenario->spread;
  double skew_s = scenario->skew_s * (1 + server / 2);
  if (!is_reply)
    delay_s += server % 2 == 0 ? skew_s : -skew_s;
  if (!is_reply && scenario->reroute_at_s > 0 && world->true_s >= scenario->reroute_at_s)
    delay_s += scenario->reroute_s;
  return delay_s;
}

bool
world_is_cut (const World *world)
{
  const Scenario *scenario = world->scenario;
  return scenario->outage_to_s > 0 && world->true_s >= scenario->outage_from_s
         && world->true_s <= scenario->outage_to_s;
}

static WorldPacket *
add_packet (World *world, WorldEvent event, unsigned server, double delay_s)
{
  assert (world->n_packets < WORLD_PACKETS_MAX);
  WorldPacket *packet = &world->packets[world->n_packets++];
  packet->event = event;
  packet->server = server;
  packet->arrives_s = world->true_s + delay_s;
  packet->length = 0;
  return packet;
}

void
world_exchange_keys (World *world, unsigned server)
{
  double delay_s = 0;
  for (int i = 0; i < 4; i++)
    delay_s += path_delay_s (world, server, false) + path_delay_s (world, server, true);
  add_packet (world, WORLD_KEYS, server, delay_s);
}

void
world_send (World *world, unsigned server, bool is_reply, const uint8_t *octets, uint16_t length)
{
  double delay_s = path_delay_s (world, server, is_reply);
  bool lost = dice_uniform (&world->path_dice) <= world->scenario->loss || world_is_cut (world);
  world->sent += !is_reply;
  if (lost)
    return;

  assert (length <= WORLD_OCTETS_MAX);
  WorldPacket *packet = add_packet (world, is_reply ? WORLD_REPLY : WORLD_REQUEST, server, delay_s);
  packet->length = length;
  memcpy (packet->octets, octets, length);
}

static void
step (World *world, double step_s)
{
  world->client_error_s += step_s;
  world->stepped_s += step_s;
}

bool
world_adjust (World *world, const NtpAdjust *adjust)
{
  double ppm = adjust->frequency_ppm;
  double ticks = fabs (ppm) > FREQ_MOST_PPM ? round (ppm / TICK_PPM) : 0;
  double freq = round ((ppm - ticks * TICK_PPM) * FREQ_PER_PPM);
  if (!(fabs (ticks) <= TICKS_MOST))
    return false;

  step (world, round (adjust->step_s * 1e9) / 1e9);
  world->steering = (ticks * TICK_PPM + freq / FREQ_PER_PPM) * 1e-6;
  world->kernel = (WorldKernel){ .synchronised = adjust->synchronised,
                                 .inserts = adjust->leap == NTP_LEAP_INSERT,
                                 .maximum_error_s = adjust->maximum_error_s,
                                 .adjusted_s = world->true_s };
  return true;
}

/* The kernel's own clock ends its day with the second that it was told of. */
static void
end_day (World *world)
{
  double day_s = world->scenario->leap_at_s;
  bool ends = world_client_s (world) >= day_s && world->scenario->leap != SCENARIO_NO_LEAP;
  if (ends && !world->day_ended && world->kernel.inserts)
    step (world, -1);
  world->day_ended = world->day_ended || ends;
}

void
world_set_timer (World *world, double monotonic_s)
{
  world->timer_s = monotonic_s;
}

static unsigned
first_packet (const World *world)
{
  unsigned first = 0;
  for (unsigned i = 1; i < world->n_packets; i++)
    if (world->packets[i].arrives_s < world->packets[first].arrives_s)
      first = i;
  return first;
}

static WorldEvent
deliver (World *world, unsigned index)
{
  world->arrived = world->packets[index];
  world->packets[index] = world->packets[--world->n_packets];
  return world->arrived.event;
}

/* Backwards and unseen: the machine stands still for that long. While it sleeps, the clocks that
 * count go on with the hardware's. */
static void
jump (World *world)
{
  const Scenario *scenario = world->scenario;
  world->jumped = true;
  world->client_error_s += scenario->jump_s;
  if (scenario->jump == SCENARIO_SET)
    world->stepped_s += scenario->jump_s;
  else if (scenario->jump == SCENARIO_SUSPEND)
    world->true_s += SCENARIO_SLEEP_S;
  else if (scenario->jump_s < 0)
    world->true_s -= scenario->jump_s;
}

WorldEvent
world_next (World *world)
{
  const Scenario *scenario = world->scenario;
  if (!world->jumped && world->true_s >= scenario->jump_at_s)
    {
      jump (world);
      return WORLD_JUMP;
    }

  double second_s = floor (world->true_s) + 1;
  double timer_s =
      world->true_s + fmax (0, world->timer_s - world_monotonic_s (world)) / client_rate (world);
  unsigned first = first_packet (world);
  double packet_s = world->n_packets > 0 ? world->packets[first].arrives_s : (double) INFINITY;
  if (packet_s < second_s && packet_s <= timer_s)
    {
      advance (world, fmax (packet_s, world->true_s));
      return deliver (world, first);
    }
  if (timer_s < second_s)
    {
      advance (world, timer_s);
      world->timer_s = INFINITY;
      return WORLD_TIMER;
    }
  advance (world, second_s);
  end_day (world);
  if (second_s >= scenario->duration_s)
    return WORLD_END;
  new_second (world);
  return WORLD_SECOND;
}
