/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Somebody who asks for a password in the terminal, where no desktop does: polkit's own agent,
 * pkttyagent(1), for as long as it is wanted. An agent that a desktop has registered stays the one
 * that asks. */

#pragma once

#include <gio/gio.h>

typedef struct TerminalAgent TerminalAgent;

typedef void (*TerminalAgentReady) (gpointer data);

/* NULL where nobody can be asked or nobody has to be: the input is no terminal, this is root, or
 * there is no such program. Else @ready is called once, from the main loop, when polkit knows of
 * the agent or it has failed; what is asked of polkit before that would find nobody to ask. */
TerminalAgent *terminal_agent_start (TerminalAgentReady ready, gpointer data);
/* Ends it, and waits until it has: it leaves the terminal as it found it. NULL does nothing. */
void terminal_agent_stop (TerminalAgent *agent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TerminalAgent, terminal_agent_stop)
