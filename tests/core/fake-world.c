/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-world.h"

#include <math.h>
#include <string.h>

#include "fake-server.h"

#define NS_PER_S   1000000000
#define FIRST_PORT 1000 /* of server 0 */
#define CAPACITY   256
#define TIMER_MAX  1000 /* calls for one wake-up; more is an endless loop */

/* A packet or the end of a key exchange on its way to us. */
typedef struct
{
  gint64 true_ns;
  int slot;
  gboolean is_packet;
  gsize length;
  guint8 octets[NTS_REPLY_MAX];
} Arrival;

NtpNow
fake_world_now (const FakeWorld *world)
{
  return fake_clock_now (&world->clock, world->true_ns);
}

double
fake_world_offset_s (const FakeWorld *world)
{
  gint64 shown_ns = fake_clock_unix_ns (&world->clock, world->true_ns);
  return (double) (FAKE_BEGIN_NS + world->true_ns - shown_ns) / NS_PER_S;
}

double
fake_world_time_s (const FakeWorld *world)
{
  return (double) world->true_ns / NS_PER_S;
}

/* ---- The shell's part ---- */

static void
random_octets (FakeWorld *world, NtpEntropy *entropy)
{
  for (guint i = 0; i < sizeof entropy->octets; i++)
    {
      world->dice = world->dice * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407;
      entropy->octets[i] = (guint8) (world->dice >> 56);
    }
}

static gint
compare_arrivals (gconstpointer a, gconstpointer b, gpointer data)
{
  const Arrival *first = a, *second = b;
  return (first->true_ns > second->true_ns) - (first->true_ns < second->true_ns);
}

static Arrival *
add_arrival (FakeWorld *world, int slot, double later_s)
{
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->true_ns = world->true_ns + llround (later_s * NS_PER_S);
  arrival->slot = slot;
  g_queue_insert_sorted (&world->pending, arrival, compare_arrivals, NULL);
  return arrival;
}

static void
perform_send (FakeWorld *world, const NtpAction *action)
{
  NtpServerSnapshot snapshot = fake_world_server (world, action->slot);
  FakeServer *server = &world->servers[action->slot];
  NtpNow now = fake_world_now (world);
  gint64 arrives_ns = world->true_ns + llround ((server->delay_s + server->offset_s) * NS_PER_S);
  FakeAnswer answer;

  if (server->last_request_ns >= 0)
    server->shortest_gap_ns =
        MIN (server->shortest_gap_ns, world->true_ns - server->last_request_ns);
  server->last_request_ns = world->true_ns;
  ntp_system_sent (world->system, action->slot, now.realtime);
  fake_server_answer (server, snapshot.config.nts, action->packet, action->length,
                      FAKE_BEGIN_NS + arrives_ns, &answer);
  for (guint i = 0; i < answer.n; i++)
    {
      Arrival *arrival = add_arrival (world, action->slot,
                                      2 * server->delay_s + server->return_delay_s + i * 1e-6);
      arrival->is_packet = TRUE;
      arrival->length = answer.lengths[i];
      memcpy (arrival->octets, answer.packets[i], answer.lengths[i]);
    }
}

static void
perform_adjust (FakeWorld *world, const NtpAdjust *adjust)
{
  world->adjusts++;
  world->last_adjust = *adjust;
  if (world->refuses)
    return;
  if (fabs (adjust->step_s) > 0)
    {
      world->steps++;
      world->stepped_s += adjust->step_s;
    }
  fake_clock_turn (&world->clock, world->true_ns, adjust->step_s, adjust->frequency_ppm);
}

static void
perform_one (FakeWorld *world, const NtpAction *action)
{
  switch (action->kind)
    {
    case NTP_ACTION_SEND:
      perform_send (world, action);
      break;
    case NTP_ACTION_WAKE:
      world->wake_ns = action->wake_at_ns;
      break;
    case NTP_ACTION_START_KE:
      add_arrival (world, action->slot, world->servers[action->slot].ke_s);
      world->key_exchanges++;
      world->running_key_exchanges++;
      world->most_key_exchanges = MAX (world->most_key_exchanges, world->running_key_exchanges);
      break;
    case NTP_ACTION_ADJUST:
      perform_adjust (world, &action->adjust);
      break;
    case NTP_ACTION_PROGRESS:
      world->n_progress++;
      world->last_progress[action->progress.phase] = action->progress;
      break;
    case NTP_ACTION_SYNC_DONE:
      world->done = TRUE;
      world->result = action->result;
      break;
    case NTP_ACTION_EVENT:
      g_array_append_val (world->events, action->event);
      break;
    case NTP_ACTION_CHANGED:
    default:
      break;
    }
}

void
fake_world_perform (FakeWorld *world, const NtpActions *actions)
{
  guint sends = 0, adjusts = 0;

  world->most_actions = MAX (world->most_actions, actions->count);
  for (guint i = 0; i < actions->count; i++)
    {
      sends += actions->items[i].kind == NTP_ACTION_SEND;
      adjusts += actions->items[i].kind == NTP_ACTION_ADJUST;
      perform_one (world, &actions->items[i]);
    }
  g_assert_cmpuint (sends, <=, 1);
  if (adjusts > 0 && world->refuses)
    {
      NtpActions more = { .count = 0 };
      NtpNow now = fake_world_now (world);
      ntp_system_clock_failed (world->system, &now, &more);
      for (guint i = 0; i < more.count; i++)
        g_assert_cmpint (more.items[i].kind, !=, NTP_ACTION_ADJUST);
      fake_world_perform (world, &more);
    }
}

void
fake_world_wake (FakeWorld *world)
{
  guint calls = 0;

  for (NtpNow now = fake_world_now (world); world->wake_ns <= now.monotonic_ns;
       now = fake_world_now (world))
    {
      NtpActions actions = { .count = 0 };
      NtpEntropy entropy;
      random_octets (world, &entropy);
      world->timers++;
      ntp_system_timer (world->system, &entropy, &now, &actions);
      fake_world_perform (world, &actions);
      g_assert_cmpuint (++calls, <, TIMER_MAX);
    }
}

/* What the shell does with the certificate. *@waits: its dates are not checked. */
static NtpReason
judge_certificate (FakeWorld *world, const FakeServer *server, NtsDates *dates, gboolean *waits)
{
  gint64 now_s = fake_clock_unix_ns (&world->clock, world->true_ns) / (gint64) NS_PER_S;

  *dates = server->dates;
  *waits = FALSE;
  if (server->ke_fails != NTP_REASON_NONE || dates->not_after_s == 0)
    return server->ke_fails;
  if (now_s >= dates->not_before_s && now_s <= dates->not_after_s)
    {
      world->strict = TRUE;
      return NTP_REASON_NONE;
    }
  *waits = !world->strict;
  if (*waits)
    return nts_dates_may_wait (dates, now_s, world->passed_s);
  return now_s < dates->not_before_s ? NTP_REASON_CERTIFICATE_NOT_YET_VALID
                                     : NTP_REASON_CERTIFICATE_EXPIRED;
}

static void
arrive (FakeWorld *world, const Arrival *arrival)
{
  FakeServer *server = &world->servers[arrival->slot];
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };
  NtpReason refused = NTP_REASON_NONE;
  NtsDates dates;
  gboolean waits;

  if (!arrival->is_packet)
    refused = judge_certificate (world, server, &dates, &waits);

  if (arrival->is_packet)
    ntp_system_packet (world->system, arrival->slot, arrival->octets, arrival->length, now.realtime,
                       &now, &actions);
  else if (refused != NTP_REASON_NONE)
    {
      NtpEntropy entropy;
      random_octets (world, &entropy);
      ntp_system_failed (world->system, arrival->slot, refused, &entropy, &now, &actions);
    }
  else
    {
      NtpAddress address = { .family = 4, .octets = { 192, 0, 2, 1 } };
      NtsKeOffer *offer = g_new0 (NtsKeOffer, 1);
      NtsKeys keys;
      address.port =
          (uint16_t) (FIRST_PORT + (world->same_address ? 500 : server - world->servers));
      fake_server_make_offer (server, &keys, offer);
      if (waits)
        ntp_system_provisional_keys (world->system, arrival->slot, &keys, offer, &address, &dates,
                                     &now, &actions);
      else if (fake_world_server (world, arrival->slot).config.nts)
        ntp_system_keys (world->system, arrival->slot, &keys, offer, &address, &now, &actions);
      else
        ntp_system_address (world->system, arrival->slot, &address, &now, &actions);
      g_free (offer);
    }
  fake_world_perform (world, &actions);
}

/* ---- Running ---- */

static gint64
wake_true_ns (const FakeWorld *world)
{
  if (world->wake_ns == INT64_MAX)
    return G_MAXINT64;
  double now_ns = fake_clock_monotonic_ns (&world->clock, world->true_ns);
  double later_ns = ((double) world->wake_ns - now_ns) / fake_clock_rate (&world->clock);
  return world->true_ns + (later_ns > 0 ? (gint64) ceil (later_ns) : 0);
}

/* One event. FALSE when none comes until @until_ns. */
static gboolean
run_one (FakeWorld *world, gint64 until_ns)
{
  Arrival *arrival = g_queue_peek_head (&world->pending);
  gint64 arrival_ns = arrival != NULL ? arrival->true_ns : G_MAXINT64;
  gint64 timer_ns = wake_true_ns (world);

  if (MIN (arrival_ns, timer_ns) > until_ns)
    return FALSE;
  world->true_ns = MAX (world->true_ns, MIN (arrival_ns, timer_ns));
  if (arrival_ns <= timer_ns)
    {
      g_queue_pop_head (&world->pending);
      world->running_key_exchanges -= !arrival->is_packet;
      if (ntp_system_server_snapshot (world->system, arrival->slot, &(NtpNow){ 0 },
                                      &(NtpServerSnapshot){ 0 }))
        arrive (world, arrival);
      g_free (arrival);
    }
  fake_world_wake (world);
  return TRUE;
}

void
fake_world_run (FakeWorld *world, double seconds)
{
  gint64 until_ns = world->true_ns + llround (seconds * NS_PER_S);

  while (run_one (world, until_ns))
    ;
  world->true_ns = until_ns;
}

void
fake_world_lose_time (FakeWorld *world, double seconds, double lost_s)
{
  world->clock.since_ns = world->true_ns;
  world->clock.monotonic_ns += (seconds - lost_s) * NS_PER_S;
  world->clock.realtime_ns += (seconds - lost_s) * NS_PER_S;
}

const NtpSyncResult *
fake_world_sync (FakeWorld *world)
{
  gint64 until_ns = world->true_ns + G_GINT64_CONSTANT (20) * NS_PER_S;

  fake_world_sync_now (world);
  while (!world->done)
    g_assert_true (run_one (world, until_ns));
  return &world->result;
}

/* ---- Making one ---- */

FakeWorld *
fake_world_new (guint n, const NtpOptions *options, double offset_s, double ppm)
{
  FakeWorld *world = g_new0 (FakeWorld, 1);

  world->n_servers = n;
  world->clock.own_ppm = ppm;
  world->clock.realtime_ns = -offset_s * NS_PER_S;
  world->wake_ns = INT64_MAX;
  world->dice = 42;
  world->events = g_array_new (FALSE, FALSE, sizeof (NtpEvent));
  g_queue_init (&world->pending);
  for (guint i = 0; i < n; i++)
    fake_server_init (&world->servers[i], i);
  NtpNow now = fake_world_now (world);
  world->system = ntp_system_init (g_malloc (ntp_system_size (CAPACITY)), CAPACITY, options, -24, 0,
                                   0, 100, &now);
  return world;
}

void
fake_world_free (FakeWorld *world)
{
  for (guint i = 0; i < world->n_servers; i++)
    fake_server_clear (&world->servers[i]);
  g_queue_clear_full (&world->pending, g_free);
  g_array_unref (world->events);
  g_free (world->system);
  g_free (world);
}

int
fake_world_add (FakeWorld *world, guint index, uint32_t operator_id)
{
  NtpServerConfig config = { .nts = true, .operator_id = operator_id };
  NtpNow now = fake_world_now (world);
  NtpActions actions = { .count = 0 };
  int slot = ntp_system_add_server (world->system, &config, NULL, NULL, NULL, &now, &actions);

  g_assert_cmpint (slot, ==, (int) index);
  fake_world_perform (world, &actions);
  return slot;
}

void
fake_world_add_all (FakeWorld *world)
{
  for (guint i = 0; i < world->n_servers; i++)
    fake_world_add (world, i, i + 1);
}

/* ---- Looking ---- */

NtpSnapshot
fake_world_snapshot (const FakeWorld *world)
{
  NtpNow now = fake_world_now (world);
  NtpSnapshot snapshot;

  ntp_system_snapshot (world->system, &now, &snapshot);
  return snapshot;
}

NtpServerSnapshot
fake_world_server (const FakeWorld *world, int slot)
{
  NtpNow now = fake_world_now (world);
  NtpServerSnapshot snapshot;
  NtpSelection selection;
  guint8 reach;

  g_assert_true (ntp_system_server_snapshot (world->system, slot, &now, &snapshot));
  g_assert_true (ntp_system_server_standing (world->system, slot, &selection, &reach));
  g_assert_cmpint (selection, ==, snapshot.selection);
  g_assert_cmpuint (reach, ==, snapshot.reach);
  return snapshot;
}

guint
fake_world_count_requests (const FakeWorld *world)
{
  guint requests = 0;

  for (guint i = 0; i < world->n_servers; i++)
    requests += world->servers[i].requests;
  return requests;
}

guint
fake_world_count_events (const FakeWorld *world, NtpEventKind kind)
{
  guint count = 0;

  for (guint i = 0; i < world->events->len; i++)
    count += g_array_index (world->events, NtpEvent, i).kind == kind;
  return count;
}
