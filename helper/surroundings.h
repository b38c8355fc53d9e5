/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What other services on the system bus know, passed to the engine: systemd, of other time
 * services; logind, of sleep; NetworkManager, of sign-in pages and metered networks; UPower, of the
 * battery. All of it is optional: where one of them does not run, the engine does what it does
 * without. */

#pragma once

#include "engine.h"

typedef struct Surroundings Surroundings;

/* @engine: borrowed. On another bus than the system's nobody is asked, and nobody else keeps the
 * clock. */
Surroundings *surroundings_new (Engine *engine, GDBusConnection *connection, GBusType bus);
void surroundings_free (Surroundings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Surroundings, surroundings_free)
