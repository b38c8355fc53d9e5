/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-association.h"

#include <math.h>

#define NS_PER_S INT64_C (1000000000)

/* Ours. */
#define SILENCE_REQUESTS 8 /* without an answer: some servers never say that keys are unknown */
#define FILTERED_REQUESTS                                                                          \
  4 /* without any answer since the keys came: the network may drop long NTP packets */
#define UNREACHABLE_REQUESTS 4
#define KEYS_AGE_NS          (28 * 86400 * NS_PER_S) /* keys are renewed, though they still work */
#define HINT_POLLS           8 /* without an answer after an unauthenticated DENY */
#define BURST_LOST_MOST      3
#define REPEAT_NS            NS_PER_S       /* a lost request of a burst; twice as long each time */
#define SPACING_NS           (2 * NS_PER_S) /* between two requests outside bursts */
#define SENT_LATEST_NS       (NS_PER_S / 4) /* after the request was made */
#define RATE_MOST_S          1024.0 /* what a server that wants fewer polls can bring us to … */
#define RATE_LIMIT_S         8192.0 /* … where polls are as rare already; RFC 8633 §5.4 */

/* Where what is in the random octets of an event. */
#define RANDOM_TRANSMIT  0
#define RANDOM_UNIQUE_ID 8
#define RANDOM_NONCE     40
#define RANDOM_JITTER    56

void
ntp_association_init (NtpAssociation *association, const NtpServerConfig *config,
                      const NtsKeys *keys, const NtsCookies *jar, const NtpAddress *address)
{
  *association = (NtpAssociation){ .used = true,
                                   .config = *config,
                                   .selection = NTP_SELECTION_NO_SAMPLES,
                                   .next_poll_ns = INT64_MAX,
                                   .last_poll_ns = INT64_MIN,
                                   .random = 0.5 };
  ntp_ke_retry_init (&association->retry);
  clock_source_init (&association->source);
  if (address != NULL)
    association->address = *address;
  if (config->nts && keys != NULL && jar != NULL)
    {
      association->keys = *keys;
      association->jar = *jar;
    }
}

void
ntp_association_clear (NtpAssociation *association)
{
  nts_wipe (association, sizeof *association);
}

bool
ntp_association_is_voter (const NtpAssociation *association)
{
  return association->config.nts || association->config.trusted;
}

bool
ntp_association_can_ask (const NtpAssociation *association)
{
  if (association->address.family == 0)
    return false;
  return !association->config.nts
         || (association->keys.aead != 0 && nts_cookies_next_length (&association->jar) > 0);
}

/* Requests without an answer, or keys that were renewed and brought none either. */
static bool
is_silent (const NtpAssociation *association)
{
  unsigned first_attempts = association->ever_authentic ? 0 : 1;
  return association->unanswered >= UNREACHABLE_REQUESTS
         || association->retry.failures > first_attempts;
}

NtpServerState
ntp_association_state (const NtpAssociation *association)
{
  if (association->denied)
    return NTP_SERVER_FAILED;
  if (association->reach != 0 && ntp_association_can_ask (association))
    return NTP_SERVER_POLLING;
  if (association->starting_ke)
    return association->config.nts ? NTP_SERVER_KEY_EXCHANGE : NTP_SERVER_RESOLVING;
  if (ntp_association_can_ask (association) || association->retry.reason == NTP_REASON_NONE)
    return is_silent (association) ? NTP_SERVER_UNREACHABLE : NTP_SERVER_POLLING;
  return ntp_ke_retry_is_network_failure (association->retry.reason) ? NTP_SERVER_UNREACHABLE
                                                                     : NTP_SERVER_FAILED;
}

/* ---- Keys ---- */

int64_t
ntp_association_ke_due_ns (const NtpAssociation *association)
{
  if (!association->enabled || association->starting_ke || association->denied)
    return INT64_MAX;
  int64_t due_ns = ntp_ke_retry_due_ns (&association->retry);
  if (!ntp_association_can_ask (association) || association->stale
      || association->unanswered >= SILENCE_REQUESTS)
    return due_ns;
  if (!association->config.nts)
    return INT64_MAX;
  int64_t aged_ns = association->keys_ns + KEYS_AGE_NS;
  return due_ns > aged_ns ? due_ns : aged_ns;
}

bool
ntp_association_has_address (const NtpAssociation *association, const NtpAddress *address)
{
  const NtpAddress *own = &association->address;
  return own->family == address->family && own->port == address->port
         && memcmp (own->octets, address->octets, sizeof own->octets) == 0;
}

static void
take_keys (NtpAssociation *association, const NtsKeys *keys, const NtsKeOffer *offer)
{
  association->keys = *keys;
  nts_cookies_clear (&association->jar);
  for (unsigned i = 0; i < offer->n_cookies; i++)
    nts_cookies_put (&association->jar, offer->cookies[i], offer->cookie_lengths[i]);
}

void
ntp_association_renew (NtpAssociation *association, const NtsKeys *keys, const NtsKeOffer *offer,
                       const NtpAddress *address, const NtsDates *dates, int64_t now_ns)
{
  if (association->config.nts)
    take_keys (association, keys, offer);
  association->provisional = dates != NULL;
  if (dates != NULL)
    association->dates = *dates;
  if (!ntp_association_has_address (association, address))
    {
      association->address = *address;
      ntp_filter_clear (&association->filter);
    }
  association->starting_ke = false;
  association->stale = false;
  association->keys_ns = now_ns;
  association->request.outstanding = false;
  association->reason = NTP_REASON_NONE;
  association->unanswered = 0;
  association->proofs = 0;
  association->burst_lost = 0;
  association->key_exchanges++;
  association->next_poll_ns = now_ns;
  if (association->filter.n == 0)
    ntp_association_burst (association, now_ns);
  ntp_ke_retry_succeeded (&association->retry, now_ns);
}

void
ntp_association_forget_provisional (NtpAssociation *association)
{
  nts_wipe (&association->keys, sizeof association->keys);
  nts_cookies_clear (&association->jar);
  ntp_filter_clear (&association->filter);
  association->provisional = false;
  association->selection = NTP_SELECTION_NO_SAMPLES;
  association->authenticated = false;
  association->ever_authentic = false;
  association->stale = false;
  association->request.outstanding = false;
  association->reach = 0;
  association->unanswered = 0;
  association->burst = 0;
  association->next_poll_ns = INT64_MAX;
  ntp_ke_retry_init (&association->retry);
}

void
ntp_association_ke_failed (NtpAssociation *association, NtpReason reason, double random,
                           int64_t now_ns)
{
  association->starting_ke = false;
  association->reason = reason;
  ntp_ke_retry_failed (&association->retry, reason, random, now_ns);
}

bool
ntp_association_copy_keys (const NtpAssociation *association, NtsKeys *keys, NtsCookies *jar,
                           NtpAddress *address)
{
  if (!association->config.nts || association->stale || association->provisional
      || !ntp_association_can_ask (association))
    return false;
  *keys = association->keys;
  *jar = association->jar;
  *address = association->address;
  return true;
}

bool
ntp_association_take_keys (NtpAssociation *association, NtsKeys *keys, NtsCookies *jar,
                           NtpAddress *address)
{
  if (!ntp_association_copy_keys (association, keys, jar, address))
    return false;
  nts_wipe (&association->keys, sizeof association->keys);
  nts_cookies_clear (&association->jar);
  return true;
}

/* ---- Polls ---- */

void
ntp_association_burst (NtpAssociation *association, int64_t now_ns)
{
  association->burst = association->rate_steps > 0 ? 1 : NTP_BURST;
  association->burst_lost = 0;
  association->denied = false;
  if (association->request.outstanding && now_ns < association->last_poll_ns + REPEAT_NS)
    {
      association->next_poll_ns = association->last_poll_ns + REPEAT_NS;
      return;
    }
  association->request.outstanding = false;
  association->next_poll_ns = now_ns;
}

bool
ntp_association_keeps_pace (const NtpAssociation *association)
{
  return !association->denied && association->rate_steps == 0
         && association->hint_polls <= HINT_POLLS;
}

double
ntp_association_poll_s (NtpAssociation *association, double base_s, const NtpOptions *options)
{
  double wanted_s =
      association->hint_polls > HINT_POLLS ? ldexp (1, options->maximum_poll_log2) : base_s;
  double most_s = wanted_s >= RATE_MOST_S ? RATE_LIMIT_S : RATE_MOST_S;

  while (association->rate_steps > 0
         && ldexp (wanted_s, (int) association->rate_steps - 1) >= most_s)
    association->rate_steps--;
  return fmax (wanted_s, fmin (most_s, ldexp (wanted_s, (int) association->rate_steps)));
}

bool
ntp_association_poll_due (NtpAssociation *association)
{
  association->denied = false;
  if (!association->request.outstanding)
    return true;
  if (association->request.nak)
    association->stale = true;
  if (association->burst == 0 || ++association->burst_lost < BURST_LOST_MOST)
    return true;
  association->burst = 0;
  return false;
}

void
ntp_association_plan (NtpAssociation *association, const NtpPollPlan *plan)
{
  association->interval_s = plan->interval_s;
  association->turn_ns = ntp_poll_turn_ns (plan);
  association->next_poll_ns = association->turn_ns + ntp_poll_jitter_ns (plan, association->random);
}

void
ntp_association_hasten (NtpAssociation *association, int64_t now_ns)
{
  int64_t soonest_ns = association->last_poll_ns + SPACING_NS;

  if (soonest_ns < now_ns)
    soonest_ns = now_ns;
  if (soonest_ns < association->next_poll_ns)
    association->next_poll_ns = soonest_ns;
}

static size_t
write_nts_request (NtpAssociation *association, const NtpEntropy *entropy, uint8_t *packet)
{
  uint8_t cookie[NTS_COOKIE_MAX];
  NtsRequest request = { .transmit = association->request.transmit, .cookie = cookie };

  request.cookie_length = nts_cookies_take (&association->jar, cookie);
  memcpy (request.unique_id, association->request.unique_id, sizeof request.unique_id);
  memcpy (request.nonce, entropy->octets + RANDOM_NONCE, sizeof request.nonce);

  /* One cookie comes back by itself. */
  unsigned missing = NTS_COOKIES_MAX - 1 - association->jar.count;
  if (association->proofs == 0 && association->unanswered >= FILTERED_REQUESTS)
    missing = 0;
  request.placeholders = nts_request_placeholders (request.cookie_length, missing);

  size_t length = nts_request_write (&request, &association->keys, packet, NTS_REQUEST_MAX);
  nts_wipe (cookie, sizeof cookie);
  return length;
}

static size_t
write_plain_request (const NtpAssociation *association, uint8_t *packet)
{
  BytesWriter writer = bytes_writer (packet, NTS_REQUEST_MAX);
  NtpHeader header = { .version = NTP_VERSION,
                       .mode = NTP_MODE_CLIENT,
                       .precision_log2 = 32, /* as in requests with NTS: gives nothing away */
                       .transmit = association->request.transmit };

  ntp_header_write (&header, &writer);
  return writer.failed ? 0 : writer.length;
}

/* A request was made: counts it, and plans its repetition in case that no answer comes. */
static void
count_request (NtpAssociation *association, int64_t now_ns)
{
  association->reach = (uint8_t) (association->reach << 1);
  association->unanswered++;
  if (association->rate_hold > 0)
    association->rate_hold--;
  if (association->hint_polls > 0)
    association->hint_polls++;
  association->last_poll_ns = now_ns;
  if (association->burst > 0)
    association->next_poll_ns = now_ns + (REPEAT_NS << association->burst_lost);
}

size_t
ntp_association_ask (NtpAssociation *association, const NtpEntropy *entropy, const NtpNow *now,
                     uint8_t *packet)
{
  BytesReader random = bytes_reader (entropy->octets, sizeof entropy->octets);
  NtpRequest *request = &association->request;

  *request = (NtpRequest){ .asked = *now, .sent = now->realtime };
  request->transmit = bytes_read_u64 (&random);
  if (request->transmit == 0)
    request->transmit = 1;
  memcpy (request->unique_id, entropy->octets + RANDOM_UNIQUE_ID, sizeof request->unique_id);
  random.position = RANDOM_JITTER;
  association->random = bytes_read_u32 (&random) / 4294967296.0;

  size_t length = association->config.nts ? write_nts_request (association, entropy, packet)
                                          : write_plain_request (association, packet);
  request->outstanding = length > 0;
  count_request (association, now->monotonic_ns);
  return length;
}

void
ntp_association_sent (NtpAssociation *association, NtpTimestamp when)
{
  NtpRequest *request = &association->request;
  int64_t later_ns = ntp_difference_ns (when, request->sent);

  if (request->outstanding && later_ns >= 0 && later_ns <= SENT_LATEST_NS)
    request->sent = when;
}

void
ntp_association_stepped (NtpAssociation *association, int64_t step_ns)
{
  NtpRequest *request = &association->request;

  request->sent = ntp_timestamp_add_ns (request->sent, step_ns);
  request->asked.realtime = ntp_timestamp_add_ns (request->asked.realtime, step_ns);
}
