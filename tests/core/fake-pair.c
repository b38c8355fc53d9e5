/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fake-pair.h"

#include <string.h>

NtpNow
fake_pair_now (const FakePair *pair)
{
  return (NtpNow){ .monotonic_ns = pair->now_ns,
                   .realtime = ntp_timestamp_from_unix_ns (FAKE_BEGIN_NS + pair->now_ns) };
}

void
fake_pair_renew (FakePair *pair)
{
  const NtpAddress address = { .family = 4, .octets = { 192, 0, 2, 1 }, .port = 123 };
  g_autofree NtsKeOffer *offer = g_new0 (NtsKeOffer, 1);
  NtsKeys keys;

  ntp_ke_retry_started (&pair->association.retry, pair->now_ns);
  fake_server_make_offer (&pair->server, &keys, offer);
  ntp_association_renew (&pair->association, &keys, offer, &address, NULL, pair->now_ns);
}

FakePair *
fake_pair_new (void)
{
  const NtpServerConfig config = { .nts = true, .operator_id = 1 };
  FakePair *pair = g_new0 (FakePair, 1);

  fake_server_init (&pair->server, 0);
  ntp_association_init (&pair->association, &config, NULL, NULL, NULL);
  pair->association.enabled = true;
  pair->association.interval_s = 64;
  fake_pair_renew (pair);
  return pair;
}

void
fake_pair_free (FakePair *pair)
{
  fake_server_clear (&pair->server);
  g_free (pair);
}
void
fake_pair_ask (FakePair *pair)
{
  guint8 packet[NTS_REQUEST_MAX];
  NtpEntropy entropy;
  NtpNow now = fake_pair_now (pair);

  memset (entropy.octets, ++pair->dice, sizeof entropy.octets);
  ntp_association_poll_due (&pair->association);
  gsize length = ntp_association_ask (&pair->association, &entropy, &now, packet);
  g_assert_cmpuint (length, >, 0);
  fake_server_answer (&pair->server, TRUE, packet, length, FAKE_BEGIN_NS + pair->now_ns,
                      &pair->answer);
  pair->now_ns += FAKE_S / 50;
}

NtpHeard
fake_pair_hear (FakePair *pair, guint index)
{
  NtpNow now = fake_pair_now (pair);
  NtpSample sample;

  g_assert_cmpuint (index, <, pair->answer.n);
  return ntp_association_hear (&pair->association, pair->answer.packets[index],
                               pair->answer.lengths[index], now.realtime, &now, FAKE_PRECISION,
                               &sample);
}

void
fake_pair_set_kiss (FakePair *pair, uint32_t kiss, gboolean sealed)
{
  pair->server.kiss = kiss;
  pair->server.kiss_sealed = sealed;
}
