/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who on the bus has read a property or called a method, and is still there: hardly anybody else
 * makes use of what is told of numbers that have changed. */

#pragma once

#include <gio/gio.h>

typedef struct Readers Readers;

Readers *readers_new (GDBusConnection *connection);
void readers_free (Readers *readers);

/* @name: the unique name of whoever reads or calls. */
void readers_note (Readers *readers, const char *name);
/* FALSE from when the last one has left the bus. Of a crowd some are not known, and missed when all
 * others have left. */
gboolean readers_any (const Readers *readers);
