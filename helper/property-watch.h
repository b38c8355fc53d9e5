/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Follows one property of an object of another service on the bus. Nothing is polled, nothing
 * blocks, and a service that does not run is not started for it. */

#pragma once

#include <gio/gio.h>

typedef struct PropertyWatch PropertyWatch;

/* What is watched; the texts are static, but for @path, which is copied. */
typedef struct
{
  const char *name; /* of the service: well-known */
  const char *path;
  const char *interface;
  const char *property;
  const char *type; /* D-Bus signature; a value of another type is none */
} PropertyPlace;

/* Called from the main loop: once when the first answer is there, whatever it is, and then whenever
 * the value is another one. @value: NULL when the service does not run or has no such property. */
typedef void (*PropertyChanged) (GVariant *value, gpointer data);

PropertyWatch *property_watch_new (GDBusConnection *connection, const PropertyPlace *place,
                                   PropertyChanged changed, gpointer data);
/* Not from within @changed. */
void property_watch_free (PropertyWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PropertyWatch, property_watch_free)
