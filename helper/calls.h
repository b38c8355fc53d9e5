/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The method calls that come over the bus. All go the same way: the arguments are checked, the
 * caller is authorised, the engine is asked, the call is answered. */

#pragma once

#include "authority.h"
#include "engine.h"

typedef struct Calls Calls;

/* Called when a call has changed something, or may have, before it is answered. */
typedef void (*CallsChanged) (gpointer data);

/* @engine is borrowed until calls_free (); @authority is taken over. */
Calls *calls_new (Engine *engine, Authority *authority, CallsChanged changed, gpointer data);
/* Cancels what is under way; it is answered from the main loop. */
void calls_free (Calls *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Calls, calls_free)

/* Takes over @invocation of a method of the D-Bus contract and answers it, sooner or later. */
void calls_take (Calls *self, GDBusMethodInvocation *invocation);
