/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The helper on D-Bus: the object /org/gnomon/Helper1, its properties kept up to date from the
 * engine, its methods checked, authorised and handed on. The contract is
 * data/org.gnomon.Helper1.xml. */

#pragma once

#include "engine.h"

typedef struct _Service Service;

/* The service cannot go on, because of @message: there is no bus, or the name is somebody else's.
 * Called at most once, from the main loop; the service is then to be freed. */
typedef void (*ServiceLost) (const char *message, gpointer data);

/* Offers @engine (borrowed, outlives the service, whose listener it takes) on @bus,
 * G_BUS_TYPE_SYSTEM or G_BUS_TYPE_SESSION. The engine is started when the name is ours, so that two
 * helpers on one bus never both keep the clock. */
Service *service_new (Engine *engine, GBusType bus, ServiceLost lost, gpointer data);
/* Leaves the bus. Calls that are waiting fail. */
void service_free (Service *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Service, service_free)
