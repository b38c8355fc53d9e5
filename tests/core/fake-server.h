/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One server of the fake world: what it answers to a request. */

#pragma once

#include "fake-world.h"

void fake_server_init (FakeServer *server, guint index);
void fake_server_clear (FakeServer *server);

/* A key exchange: new keys and cookies. */
void fake_server_make_offer (FakeServer *server, NtsKeys *keys, NtsKeOffer *offer);

/* Answers that come back, in order. */
typedef struct
{
  guint n;
  gsize lengths[2];
  guint8 packets[2][NTS_REPLY_MAX];
} FakeAnswer;

/* The request came at @unix_ns of the server's clock. Asserts that it is well-formed, and that its
 * cookie is one that was given out and never seen before. */
void fake_server_answer (FakeServer *server, gboolean nts, const guint8 *request, gsize length,
                         gint64 unix_ns, FakeAnswer *answer);
