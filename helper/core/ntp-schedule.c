/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is asked when, who needs keys, when to wake up: see ntp-system-private.h. */

#include "ntp-system-private.h"

#include <math.h>

/* Ours: a key exchange is dear to both sides. */
#define STARTING_MOST   16   /* at a time */
#define ACTIONS_AFTER   10   /* that the same event may still need */
#define FALSE_INTERVALS 4.0  /* from one poll of a falseticker to the next */
#define SILENCE_SHARE   0.16 /* of the time in which nothing was learnt: waited at least */
#define NS_PER_S        1e9
#define DOUBT_PAUSE_NS                                                                             \
  (600 * INT64_C (1000000000)) /* one that changes its mind all the time shall not                 \
                                  make us ask all others all the time */

void
ntp_schedule_enable (NtpSystem *system)
{
  bool enabled =
      (system->options.automatic && !system->hold) || system->sync.stage == NTP_SYNC_MEASURING;

  for (unsigned i = 0; i < system->capacity; i++)
    {
      NtpAssociation *association = &system->associations[i];
      association->enabled = association->used && enabled;
      if (!enabled)
        association->burst = 0;
    }
}

void
ntp_schedule_burst (NtpSystem *system, NtpAssociation *association, const NtpNow *now)
{
  ntp_association_burst (association, now->monotonic_ns);
  if (system->economy && association->burst > NTP_BURST_ECONOMY)
    association->burst = NTP_BURST_ECONOMY;
}

/* A falseticker is asked only to see whether it still is one. */
static bool
is_in_turn (const NtpAssociation *association)
{
  return association->enabled && ntp_association_can_ask (association)
         && ntp_association_keeps_pace (association)
         && association->selection != NTP_SELECTION_FALSETICKER;
}

/* Puts @association, which is in turn, at the end of the queue. What the falsetickers are not
 * asked, the others are. */
static void
join_queue (const NtpSystem *system, const NtpAssociation *association, NtpPollPlan *plan)
{
  unsigned n_false = 0;

  plan->n = 0;
  for (unsigned i = 0; i < system->capacity; i++)
    {
      const NtpAssociation *other = &system->associations[i];
      if (!other->used)
        continue;
      n_false += other->selection == NTP_SELECTION_FALSETICKER;
      if (!is_in_turn (other))
        continue;
      plan->n++;
      if (other != association && other->burst == 0 && other->next_poll_ns != INT64_MAX
          && other->turn_ns > plan->queue_end_ns)
        plan->queue_end_ns = other->turn_ns;
    }
  double asked = plan->n + n_false * (1 - 1 / FALSE_INTERVALS);
  plan->interval_s =
      fmax (ldexp (1, system->options.minimum_poll_log2), plan->interval_s * plan->n / asked);
}

/* How long nothing was learnt. */
static double
silence_s (const NtpSystem *system, const NtpNow *now)
{
  int64_t since_ns = system->fed_ns;

  if (since_ns == NTP_NEVER)
    return (double) (now->monotonic_ns - system->epoch_ns) / NS_PER_S;
  return (double) (clock_discipline_free_ns (&system->discipline, now->monotonic_ns) - since_ns)
         / NS_PER_S;
}

/* The interval of all servers that want no other. While nobody answers, or they contradict each
 * other, asking ever so often does not help. */
static double
base_interval_s (const NtpSystem *system, const NtpNow *now)
{
  double minimum_s = ldexp (1, system->options.minimum_poll_log2);
  double maximum_s = ldexp (1, system->options.maximum_poll_log2);
  double base_s = clock_estimator_poll_s (&system->estimator, minimum_s, maximum_s);

  if (system->economy)
    base_s *= 2;
  return fmin (maximum_s, fmax (base_s, SILENCE_SHARE * silence_s (system, now)));
}

void
ntp_schedule_plan (NtpSystem *system, NtpAssociation *association, const NtpNow *now)
{
  double base_s = base_interval_s (system, now);
  NtpPollPlan plan = {
    .interval_s = ntp_association_poll_s (association, base_s, &system->options),
    .n = 1,
    .last_ns = association->last_poll_ns,
    .queue_end_ns = NTP_POLL_NONE,
  };

  if (association->denied)
    return;
  if (association->last_poll_ns == NTP_NEVER)
    {
      association->next_poll_ns = now->monotonic_ns;
      return;
    }
  if (association->selection == NTP_SELECTION_FALSETICKER)
    plan.interval_s *= FALSE_INTERVALS;
  else if (is_in_turn (association))
    join_queue (system, association, &plan);
  ntp_association_plan (association, &plan);
}

static bool
is_planned (const NtpAssociation *association)
{
  return association->used && association->burst == 0 && !association->denied;
}

void
ntp_schedule_plan_all (NtpSystem *system, const NtpNow *now)
{
  for (unsigned i = 0; i < system->capacity; i++)
    if (is_planned (&system->associations[i]))
      system->associations[i].next_poll_ns = INT64_MAX;
  for (unsigned i = 0; i < system->capacity; i++)
    if (is_planned (&system->associations[i]))
      ntp_schedule_plan (system, &system->associations[i], now);
}

/* A server that is asked to slow down is left alone. */
void
ntp_schedule_settle_doubt (NtpSystem *system, const NtpNow *now)
{
  bool doubted_before =
      system->doubted_ns != NTP_NEVER && now->monotonic_ns < system->doubted_ns + DOUBT_PAUSE_NS;

  if (!system->in_doubt)
    return;
  system->in_doubt = false;
  if (doubted_before)
    return;
  system->doubted_ns = now->monotonic_ns;
  for (unsigned i = 0; i < system->capacity; i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (association->enabled && association->burst == 0 && !association->denied
          && association->rate_steps == 0)
        ntp_association_hasten (association, now->monotonic_ns);
    }
}

bool
ntp_schedule_is_awaited (const NtpAssociation *association, int64_t now_ns)
{
  return association->enabled
         && (association->starting_ke
             || (association->burst > 0 && ntp_association_can_ask (association))
             || ntp_association_ke_due_ns (association) <= now_ns);
}

static void
start_key_exchange (NtpSystem *system, int slot, int64_t now_ns, NtpActions *actions)
{
  NtpAssociation *association = &system->associations[slot];

  ntp_system_push (system, actions, NTP_ACTION_START_KE, slot);
  ntp_ke_retry_started (&association->retry, now_ns);
  association->starting_ke = true;
  system->n_starting++;
  system->changed = true;
}

/* Sends a request. False when none could be made. */
static bool
ask (NtpSystem *system, int slot, const NtpEntropy *entropy, const NtpNow *now, NtpActions *actions)
{
  NtpAssociation *association = &system->associations[slot];
  bool was_reachable = association->reach != 0;

  system->changed = true;
  size_t length = ntp_association_ask (association, entropy, now, system->packet);
  if (association->burst == 0)
    ntp_schedule_plan (system, association, now);
  if (was_reachable && association->reach == 0)
    ntp_evidence_select (system, now);
  if (length == 0)
    return false;

  NtpAction *action = ntp_system_push (system, actions, NTP_ACTION_SEND, slot);
  action->packet = system->packet;
  action->length = length;
  return true;
}

static bool
is_poll_due (const NtpAssociation *association, int64_t now_ns)
{
  return association->enabled && association->next_poll_ns <= now_ns
         && ntp_association_can_ask (association);
}

bool
ntp_schedule_run (NtpSystem *system, const NtpEntropy *entropy, const NtpNow *now,
                  NtpActions *actions)
{
  int64_t now_ns = now->monotonic_ns;
  bool sent = false;

  for (unsigned i = 0; i < system->capacity; i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (system->n_starting < STARTING_MOST && ntp_system_has_room (actions, ACTIONS_AFTER)
          && ntp_association_ke_due_ns (association) <= now_ns)
        start_key_exchange (system, (int) i, now_ns, actions);
      if (sent || !is_poll_due (association, now_ns))
        continue;
      if (!ntp_association_poll_due (association))
        {
          ntp_schedule_plan (system, association, now);
          return true;
        }
      sent = ask (system, (int) i, entropy, now, actions);
    }
  return false;
}

int64_t
ntp_schedule_wake_ns (const NtpSystem *system)
{
  int64_t wake_ns = INT64_MAX;

  for (unsigned i = 0; i < system->capacity; i++)
    {
      const NtpAssociation *association = &system->associations[i];
      if (!association->enabled)
        continue;
      if (association->next_poll_ns < wake_ns && ntp_association_can_ask (association))
        wake_ns = association->next_poll_ns;
      if (system->n_starting < STARTING_MOST)
        {
          int64_t ke_due_ns = ntp_association_ke_due_ns (association);
          if (ke_due_ns < wake_ns)
            wake_ns = ke_due_ns;
        }
    }
  return wake_ns;
}
