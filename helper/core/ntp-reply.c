/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an association does with a packet that came: see ntp-association.h. */

#include "ntp-association.h"

#define NS_PER_S INT64_C (1000000000)

/* Ours. */
#define DEADLINE_NS   (5 * NS_PER_S)     /* for a reply */
#define OPENINGS_MOST 16                 /* tried per request: forging is cheaper than opening */
#define DENIED_NS     (86400 * NS_PER_S) /* a server that will not serve us is left alone so long */
#define RATE_HOLD     4                  /* polls */
#define RATE_MOST_S   1024.0             /* an unauthenticated RATE brings us no further */

/* A reply without NTS: only the random transmit timestamp ties it to the request. */
static NtpReason
open_plain_reply (const NtpRequest *request, const uint8_t *packet, size_t length, NtsReply *reply)
{
  BytesReader reader = bytes_reader (packet, length);

  if (length % 4 != 0 || length > NTS_REPLY_MAX || !ntp_header_read (&reply->header, &reader))
    return NTP_REASON_PACKET_LENGTH;
  if (reply->header.version != NTP_VERSION)
    return NTP_REASON_PACKET_VERSION;
  if (reply->header.mode != NTP_MODE_SERVER)
    return NTP_REASON_PACKET_MODE;
  if (reply->header.origin != request->transmit)
    return NTP_REASON_ORIGIN_MISMATCH;
  return NTP_REASON_NONE;
}

/* A hint that anybody on the path could have made up: it may cost us a little, never the server
 * (RFC 8915 §5.7; RFC 8633 §5.4). The request stays outstanding. */
static NtpHeard
take_hint (NtpAssociation *association, uint32_t kiss)
{
  switch (kiss)
    {
    case NTP_KISS_NTSN:
      if (!association->request.nak)
        association->naks++;
      association->request.nak = true;
      association->reason = NTP_REASON_KISS_NTSN;
      return NTP_HEARD_HINT;
    case NTP_KISS_RATE:
      if (association->rate_steps == 0 && association->interval_s < RATE_MOST_S)
        association->rate_steps = 1;
      association->reason = NTP_REASON_KISS_RATE;
      return NTP_HEARD_HINT;
    case NTP_KISS_DENY:
    case NTP_KISS_RSTR:
      if (association->hint_polls == 0)
        association->hint_polls = 1;
      association->reason = kiss == NTP_KISS_DENY ? NTP_REASON_KISS_DENY : NTP_REASON_KISS_RSTR;
      return NTP_HEARD_HINT;
    default:
      association->reason = NTP_REASON_KISS_UNKNOWN;
      return NTP_HEARD_NOTHING;
    }
}

/* The server's own word. The header's poll field is never obeyed (RFC 8633 §5.4). */
static void
obey_kiss (NtpAssociation *association, uint32_t kiss, int64_t now_ns)
{
  switch (kiss)
    {
    case NTP_KISS_RATE:
      association->rate_steps++;
      association->rate_hold = RATE_HOLD;
      association->burst = 0;
      association->reason = NTP_REASON_KISS_RATE;
      return;
    case NTP_KISS_DENY:
    case NTP_KISS_RSTR:
      association->denied = true;
      association->burst = 0;
      association->next_poll_ns = now_ns + DENIED_NS;
      association->reason = kiss == NTP_KISS_DENY ? NTP_REASON_KISS_DENY : NTP_REASON_KISS_RSTR;
      return;
    case 0: /* no kiss: how stratum 16 is written on the wire, RFC 5905 §7.3 */
      association->unsynchronised = true;
      association->reason = NTP_REASON_SERVER_UNSYNCHRONISED;
      return;
    default:
      association->reason = NTP_REASON_KISS_UNKNOWN;
      return;
    }
}

/* An answer that counts: it proves the keys, and its cookies are ours. */
static void
accept_answer (NtpAssociation *association, const NtsReply *reply)
{
  for (unsigned i = 0; i < reply->n_cookies; i++)
    nts_cookies_put (&association->jar, reply->cookies[i].data, reply->cookies[i].length);

  association->request.outstanding = false;
  association->authenticated = association->config.nts;
  if (ntp_association_is_voter (association))
    {
      association->ever_authentic = true;
      association->answers++;
    }
  association->reach |= 1;
  association->reason = NTP_REASON_NONE;
  association->stale = false;
  association->unanswered = 0;
  association->proofs++;
  association->hint_polls = 0;
  if (association->burst > 0)
    association->burst--;
  ntp_ke_retry_proven (&association->retry);
}

static NtpHeard
judge_time (NtpAssociation *association, const NtpHeader *header, const NtpExchange *exchange,
            NtpSample *sample)
{
  association->header = *header;
  if (association->rate_steps > 0 && association->rate_hold == 0)
    association->rate_steps--;
  association->reason = ntp_sample_judge (header, exchange, sample);
  association->unsynchronised = association->reason == NTP_REASON_SERVER_UNSYNCHRONISED
                                || association->reason == NTP_REASON_STRATUM;
  if (association->reason != NTP_REASON_NONE)
    return NTP_HEARD_ANSWER;
  association->samples++;
  return NTP_HEARD_SAMPLE;
}

static NtpReason
open_reply (NtpAssociation *association, const uint8_t *packet, size_t length, const NtpNow *now,
            NtsReply *reply, uint8_t plaintext[NTS_REPLY_MAX])
{
  NtpRequest *request = &association->request;

  if (!request->outstanding)
    return NTP_REASON_PACKET_UNEXPECTED;
  if (now->monotonic_ns > request->asked.monotonic_ns + DEADLINE_NS)
    return NTP_REASON_PACKET_LATE;
  if (!association->config.nts)
    return open_plain_reply (request, packet, length, reply);
  if (request->forgeries >= OPENINGS_MOST)
    return NTP_REASON_TOO_MANY_FORGERIES;

  NtpReason reason = nts_reply_open (packet, length, request->transmit, request->unique_id,
                                     &association->keys, reply, plaintext);
  if (reason == NTP_REASON_AUTHENTICATION_FAILED)
    request->forgeries++;
  return reason;
}

NtpHeard
ntp_association_hear (NtpAssociation *association, const uint8_t *packet, size_t length,
                      NtpTimestamp when, const NtpNow *now, int precision_log2, NtpSample *sample)
{
  const NtpRequest *request = &association->request;
  uint8_t plaintext[NTS_REPLY_MAX];
  NtsReply reply = { 0 };

  NtpReason reason = open_reply (association, packet, length, now, &reply, plaintext);
  if (reason != NTP_REASON_NONE)
    {
      association->reason = reason;
      return NTP_HEARD_NOTHING;
    }

  bool kiss = reply.header.stratum == 0;
  if (kiss && !reply.authenticated)
    return take_hint (association, reply.header.reference_id);

  accept_answer (association, &reply);
  nts_wipe (plaintext, sizeof plaintext);
  if (kiss)
    {
      obey_kiss (association, reply.header.reference_id, now->monotonic_ns);
      return NTP_HEARD_ANSWER;
    }

  NtpExchange exchange = { .sent = request->sent,
                           .received = when,
                           .asked = request->asked,
                           .heard = *now,
                           .precision_log2 = precision_log2 };
  return judge_time (association, &reply.header, &exchange, sample);
}
