/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One association and its server, without a system around them. */

#pragma once

#include "fake-server.h"
#include "ntp-association.h"

#define FAKE_S         G_GINT64_CONSTANT (1000000000)
#define FAKE_PRECISION (-24) /* of our clock, log2 s */

typedef struct
{
  NtpAssociation association;
  FakeServer server;
  gint64 now_ns;
  guint8 dice;
  FakeAnswer answer; /* to the last request */
} FakePair;

/* With keys and eight cookies. */
FakePair *fake_pair_new (void);
void fake_pair_free (FakePair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakePair, fake_pair_free)

NtpNow fake_pair_now (const FakePair *pair);
/* A key exchange. */
void fake_pair_renew (FakePair *pair);
/* A poll; 20 ms later the answers are there. */
void fake_pair_ask (FakePair *pair);
/* Hears the answer of @index. */
NtpHeard fake_pair_hear (FakePair *pair, guint index);
/* The server answers with a kiss from now on; 0 = the time. */
void fake_pair_set_kiss (FakePair *pair, uint32_t kiss, gboolean sealed);
