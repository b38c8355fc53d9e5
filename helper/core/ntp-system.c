/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The events; the parts of the system are listed in ntp-system-private.h. */

#include "ntp-system-private.h"

#include <math.h>

const NtpOptions ntp_options_default = {
  .automatic = true,
  .may_adjust = true,
  .step_threshold_s = 0.5,
  .maximum_change_s = 1000,
  .minimum_sources = 3,
  .minimum_operators = 2,
  .minimum_poll_log2 = 6,
  .maximum_poll_log2 = 10,
};

/* ---- Actions ---- */

NtpAction *
ntp_system_push (NtpSystem *system, NtpActions *actions, NtpActionKind kind, int slot)
{
  NtpAction *action =
      actions->count < NTP_ACTIONS_MAX ? &actions->items[actions->count++] : &system->spare;

  *action = (NtpAction){ .kind = kind, .slot = slot };
  return action;
}

bool
ntp_system_has_room (const NtpActions *actions, unsigned n)
{
  return actions->count + n < NTP_ACTIONS_MAX;
}

void
ntp_system_tell_event (NtpSystem *system, NtpEventKind kind, double amount_s, bool requested,
                       NtpReason reason, NtpActions *actions)
{
  ntp_system_push (system, actions, NTP_ACTION_EVENT, -1)->event =
      (NtpEvent){ .kind = kind,
                  .amount_s = amount_s,
                  .requested = requested,
                  .reason = reason,
                  .vouched = system->selection.agreeing,
                  .operators = system->selection.operators };
}

static void
tell_wake (NtpSystem *system, bool again, NtpActions *actions)
{
  int64_t times_ns[] = { ntp_schedule_wake_ns (system), ntp_steer_wake_ns (system),
                         ntp_sync_wake_ns (system) };
  int64_t wake_ns = INT64_MAX;

  for (unsigned i = 0; i < sizeof times_ns / sizeof times_ns[0]; i++)
    if (times_ns[i] < wake_ns)
      wake_ns = times_ns[i];
  if (wake_ns < system->epoch_ns)
    wake_ns = system->epoch_ns;
  if (wake_ns == system->wake_ns && !again)
    return;
  system->wake_ns = wake_ns;
  ntp_system_push (system, actions, NTP_ACTION_WAKE, -1)->wake_at_ns = wake_ns;
}

void
ntp_system_begin_event (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  system->changed = false;
  ntp_steer_taken (system, actions);
  ntp_sync_clock_set (system, NTP_REASON_NONE, now, actions);
}

void
ntp_system_end_event (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  ntp_state_update (system, now, actions);
  if (system->changed)
    ntp_system_push (system, actions, NTP_ACTION_CHANGED, -1);
  tell_wake (system, false, actions);
}

void
ntp_system_consider (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  system->changed = true;
  if (system->sync.stage == NTP_SYNC_MEASURING)
    ntp_sync_consider (system, now, actions);
  else
    ntp_steer_update (system, now, actions);
}

/* ---- Making one ---- */

size_t
ntp_system_size (unsigned capacity)
{
  size_t each = sizeof (NtpAssociation) + sizeof (NtpCandidate) + 3 * sizeof (double);
  return sizeof (NtpSystem) + capacity * each;
}

NtpSystem *
ntp_system_init (void *memory, unsigned capacity, const NtpOptions *options, int precision_log2,
                 double steered_ppm, double frequency_ppm, double frequency_sd_ppm,
                 const NtpNow *now)
{
  NtpSystem *system = memory;

  memset (memory, 0, ntp_system_size (capacity));
  *system = (NtpSystem){ .options = *options,
                         .precision_log2 = precision_log2,
                         .frequency_ppm = frequency_ppm,
                         .frequency_sd_ppm = frequency_sd_ppm,
                         .epoch_ns = now->monotonic_ns,
                         .capacity = capacity,
                         .selection = { .peer = -1 },
                         .fed_ns = NTP_NEVER,
                         .proof = { .at_ns = NTP_NEVER },
                         .tracking = { .at_ns = NTP_NEVER },
                         .may_step = true,
                         .doubted_ns = NTP_NEVER,
                         .last_step_ns = NTP_NEVER,
                         .foreign_step_ns = NTP_NEVER,
                         .distrusted_ns = NTP_NEVER,
                         .settling_until_ns = NTP_NEVER,
                         .wake_ns = INT64_MAX };
  system->associations = (NtpAssociation *) (system + 1);
  system->candidates = (NtpCandidate *) (system->associations + capacity);
  system->scratch = (double *) (system->candidates + capacity);
  clock_estimator_init (&system->estimator, frequency_ppm, frequency_sd_ppm);
  clock_discipline_init (&system->discipline, steered_ppm, now->monotonic_ns);
  system->state = options->automatic ? NTP_STATE_STARTING : NTP_STATE_OFF;
  return system;
}

/* ---- Servers ---- */

static NtpAssociation *
find_association (NtpSystem *system, int slot)
{
  if (slot < 0 || (unsigned) slot >= system->capacity || !system->associations[slot].used)
    return NULL;
  return &system->associations[slot];
}

void
ntp_system_forget_path (NtpSystem *system, NtpAssociation *association)
{
  clock_estimator_forget (&system->estimator, &association->source);
  clock_source_init (&association->source);
}

static void
count_servers (NtpSystem *system)
{
  system->n_servers = 0;
  system->n_voters = 0;
  system->n_operators = 0;
  for (unsigned i = 0; i < system->capacity; i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (!association->used)
        continue;
      system->n_servers++;
      if (ntp_association_is_voter (association))
        system->scratch[system->n_voters++] = association->config.operator_id;
    }
  system->n_operators = ntp_select_count_different (system->scratch, system->n_voters,
                                                    system->scratch + system->n_voters);
}

/* Of all servers with @address the first one has the vote. */
static void
find_duplicates (NtpSystem *system, const NtpAddress *address)
{
  bool taken = false;

  for (unsigned i = 0; i < system->capacity && address->family != 0; i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (!association->used || !ntp_association_has_address (association, address))
        continue;
      association->duplicate = taken;
      taken = true;
    }
}

int
ntp_system_add_server (NtpSystem *system, const NtpServerConfig *config, const NtsKeys *keys,
                       const NtsCookies *jar, const NtpAddress *address, const NtpNow *now,
                       NtpActions *actions)
{
  unsigned slot = 0;

  ntp_system_begin_event (system, now, actions);
  while (slot < system->capacity && system->associations[slot].used)
    slot++;
  if (slot < system->capacity)
    {
      NtpAssociation *association = &system->associations[slot];
      ntp_association_init (association, config, keys, jar, address);
      association->keys_ns = now->monotonic_ns;
      association->interval_s = ldexp (1, system->options.minimum_poll_log2);
      ntp_association_burst (association, now->monotonic_ns);
      find_duplicates (system, &association->address);
      count_servers (system);
      ntp_schedule_enable (system);
      ntp_system_consider (system, now, actions);
    }
  ntp_system_end_event (system, now, actions);
  return slot < system->capacity ? (int) slot : -1;
}

void
ntp_system_remove_server (NtpSystem *system, int slot, const NtpNow *now, NtpActions *actions)
{
  NtpAssociation *association = find_association (system, slot);

  ntp_system_begin_event (system, now, actions);
  if (association != NULL)
    {
      NtpAddress address = association->address;
      system->n_starting -= association->starting_ke;
      ntp_system_forget_path (system, association);
      ntp_association_clear (association);
      find_duplicates (system, &address);
      count_servers (system);
      ntp_system_consider (system, now, actions);
    }
  ntp_system_end_event (system, now, actions);
}

void
ntp_system_set_options (NtpSystem *system, const NtpOptions *options, const NtpNow *now,
                        NtpActions *actions)
{
  bool begins = options->automatic && !system->options.automatic;
  bool takes_over = options->may_adjust && !system->options.may_adjust;

  ntp_system_begin_event (system, now, actions);
  if (!options->may_adjust && system->options.may_adjust)
    ntp_steer_hand_over (system, now, actions);
  system->options = *options;
  system->decision = false;
  system->may_step = system->may_step || begins || takes_over;
  ntp_schedule_enable (system);
  ntp_schedule_plan_all (system, now);
  for (unsigned i = 0; i < system->capacity && (begins || takes_over); i++)
    {
      NtpAssociation *association = &system->associations[i];
      if (association->enabled && (begins || association->burst == 0))
        ntp_schedule_burst (system, association, now);
    }
  ntp_system_consider (system, now, actions);
  ntp_system_end_event (system, now, actions);
}

/* ---- Time and packets ---- */

void
ntp_system_timer (NtpSystem *system, const NtpEntropy *entropy, const NtpNow *now,
                  NtpActions *actions)
{
  ntp_system_begin_event (system, now, actions);
  ntp_sync_consider (system, now, actions);
  if (!system->adjust_given)
    ntp_steer_end_slew (system, now, actions);
  /* One adjustment per event; and no request may be stamped while the clock is about to be stepped.
   */
  if (!system->adjust_given && ntp_schedule_run (system, entropy, now, actions))
    ntp_system_consider (system, now, actions);
  ntp_state_update (system, now, actions);
  if (system->changed)
    ntp_system_push (system, actions, NTP_ACTION_CHANGED, -1);
  tell_wake (system, true, actions);
}

void
ntp_system_sent (NtpSystem *system, int slot, NtpTimestamp when)
{
  NtpAssociation *association = find_association (system, slot);

  if (association != NULL)
    ntp_association_sent (association, when);
}

void
ntp_system_own_id (NtpSystem *system, int slot, uint32_t reference_id)
{
  NtpAssociation *association = find_association (system, slot);

  if (association != NULL)
    association->own_id = reference_id;
}

/* An answer: the next request follows at once in a burst, or as soon as what is known now asks for.
 */
static void
take_answer (NtpSystem *system, int slot, const NtpNow *now, NtpActions *actions)
{
  NtpAssociation *association = &system->associations[slot];

  if (association->burst > 0)
    association->next_poll_ns = now->monotonic_ns;
  ntp_sync_tell_answer (system, slot, actions);
  ntp_system_consider (system, now, actions);
  if (association->burst == 0)
    ntp_schedule_plan (system, association, now);
  ntp_schedule_settle_doubt (system, now);
}

void
ntp_system_packet (NtpSystem *system, int slot, const uint8_t *packet, size_t length,
                   NtpTimestamp when, const NtpNow *now, NtpActions *actions)
{
  NtpAssociation *association = find_association (system, slot);
  NtpSample sample;

  ntp_system_begin_event (system, now, actions);
  if (association != NULL)
    {
      NtpReason before = association->reason;
      NtpHeard heard = ntp_association_hear (association, packet, length, when, now,
                                             system->precision_log2, &sample);
      if (heard == NTP_HEARD_SAMPLE)
        ntp_evidence_keep (system, association, &sample, when, now);
      if (heard == NTP_HEARD_SAMPLE || heard == NTP_HEARD_ANSWER)
        take_answer (system, slot, now, actions);
      else if (heard == NTP_HEARD_HINT && association->burst == 0)
        ntp_schedule_plan (system, association, now);
      system->changed = system->changed || association->reason != before;
    }
  ntp_system_end_event (system, now, actions);
}

/* ---- Key exchanges ---- */

/* The server whose START_KE is answered, or NULL when nothing was asked. */
static NtpAssociation *
end_key_exchange (NtpSystem *system, int slot)
{
  NtpAssociation *association = find_association (system, slot);

  if (association == NULL || !association->starting_ke)
    return NULL;
  system->n_starting--;
  return association;
}

/* A certificate is valid now, so our clock cannot be that wrong: as if nothing had been measured,
 * and nothing been asked because of it. */
static void
forget_provisional (NtpSystem *system)
{
  if (!ntp_evidence_forget_provisional (system))
    return;
  for (unsigned i = 0; i < system->capacity; i++)
    if (system->associations[i].used)
      ntp_system_forget_path (system, &system->associations[i]);
  clock_estimator_init (&system->estimator, system->frequency_ppm, system->frequency_sd_ppm);
  system->tracking = (NtpTracking){ .at_ns = NTP_NEVER };
  system->proof.at_ns = NTP_NEVER;
  ntp_decision_settle (system);
}

static void
renew (NtpSystem *system, int slot, const NtsKeys *keys, const NtsKeOffer *offer,
       const NtpAddress *address, const NtsDates *dates, const NtpNow *now, NtpActions *actions)
{
  NtpAssociation *association = end_key_exchange (system, slot);

  ntp_system_begin_event (system, now, actions);
  if (association != NULL)
    {
      NtpAddress before = association->address;
      if (keys != NULL && dates == NULL)
        forget_provisional (system);
      if (!ntp_association_has_address (association, address))
        ntp_system_forget_path (system, association);
      ntp_association_renew (association, keys, offer, address, dates, now->monotonic_ns);
      find_duplicates (system, &before);
      find_duplicates (system, address);
      ntp_sync_tell_keys (system, slot, actions);
      ntp_system_consider (system, now, actions);
    }
  ntp_system_end_event (system, now, actions);
}

void
ntp_system_keys (NtpSystem *system, int slot, const NtsKeys *keys, const NtsKeOffer *offer,
                 const NtpAddress *address, const NtpNow *now, NtpActions *actions)
{
  renew (system, slot, keys, offer, address, NULL, now, actions);
}

void
ntp_system_provisional_keys (NtpSystem *system, int slot, const NtsKeys *keys,
                             const NtsKeOffer *offer, const NtpAddress *address,
                             const NtsDates *dates, const NtpNow *now, NtpActions *actions)
{
  renew (system, slot, keys, offer, address, dates, now, actions);
}

void
ntp_system_address (NtpSystem *system, int slot, const NtpAddress *address, const NtpNow *now,
                    NtpActions *actions)
{
  renew (system, slot, NULL, NULL, address, NULL, now, actions);
}

void
ntp_system_failed (NtpSystem *system, int slot, NtpReason reason, const NtpEntropy *entropy,
                   const NtpNow *now, NtpActions *actions)
{
  NtpAssociation *association = end_key_exchange (system, slot);
  BytesReader random = bytes_reader (entropy->octets, sizeof entropy->octets);

  ntp_system_begin_event (system, now, actions);
  if (association != NULL)
    {
      ntp_association_ke_failed (association, reason, bytes_read_u32 (&random) / 4294967296.0,
                                 now->monotonic_ns);
      ntp_system_consider (system, now, actions);
    }
  ntp_system_end_event (system, now, actions);
}

/* ---- People ---- */

bool
ntp_system_sync_now (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  if (system->sync.stage == NTP_SYNC_MEASURING)
    return false;
  ntp_system_begin_event (system, now, actions);
  ntp_sync_begin (system, now, actions);
  ntp_system_end_event (system, now, actions);
  return true;
}

void
ntp_system_cancel_sync (NtpSystem *system, const NtpNow *now, NtpActions *actions)
{
  ntp_system_begin_event (system, now, actions);
  ntp_sync_cancel (system, now, actions);
  ntp_system_end_event (system, now, actions);
}

bool
ntp_system_take_keys (NtpSystem *system, int slot, NtsKeys *keys, NtsCookies *jar,
                      NtpAddress *address)
{
  NtpAssociation *association = find_association (system, slot);

  return association != NULL && ntp_association_take_keys (association, keys, jar, address);
}

bool
ntp_system_copy_keys (const NtpSystem *system, int slot, NtsKeys *keys, NtsCookies *jar,
                      NtpAddress *address)
{
  if (slot < 0 || (unsigned) slot >= system->capacity || !system->associations[slot].used)
    return false;
  return ntp_association_copy_keys (&system->associations[slot], keys, jar, address);
}
