/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The service on a private bus with an engine that does what the test says. */

#pragma once

#include "fake-engine.h"
#include "service.h"
#include "test-bus.h"

#define NAME      "org.gnomon.Helper1"
#define PATH      "/org/gnomon/Helper1"
#define INTERFACE "org.gnomon.Helper1"

typedef struct
{
  Engine engine;
  Service *service;
  GDBusConnection *client;
  char *lost;    /* the message */
  guint signals; /* PropertiesChanged that came */
  double offset; /* as signalled last */
  guint subscribed;
} ServedEngine;

extern GTestDBus *test_bus;

typedef void (*ServedTest) (ServedEngine *self, gconstpointer data);

/* In place of g_test_init () and g_test_run (); between them every test is added with served_add
 * (). */
void served_init (int *argc, char ***argv);
void served_add (const char *path, ServedTest test);
int served_run (void);

/* Until the service has the engine started, or has lost the bus. */
void start_on (ServedEngine *self, GBusType bus);
/* Runs the main loop for a time in which nothing is to happen. */
void run_for (guint ms);

/* Calls a method; @arguments: as text. */
void begin (GDBusConnection *client, const char *method, const char *arguments,
            GAsyncResult **result);
/* Waits for what the method returns, or NULL with the D-Bus name of its error in @name. */
GVariant *finish (GDBusConnection *client, GAsyncResult **result, char **name);
/* Both; @error: the name of the error that is to come, NULL = none. */
void expect (GDBusConnection *client, const char *method, const char *arguments, const char *error);
double get_double (GDBusConnection *client, const char *property);

/* The engine has another offset, and tells the service. */
void change_by (ServedEngine *self, EngineChange how, double offset);
/* The same for a measurement. */
void change (ServedEngine *self, double offset);
/* So many in all since the fixture's count was last set to nought. */
void wait_for_signals (ServedEngine *self, guint count);
