/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "service.h"

#include "calls.h"
#include "helper-bus.h"
#include "readers.h"
#include "surroundings.h"

#include <math.h>

#define BUS_NAME    "org.gnomon.Helper1"
#define OBJECT_PATH "/org/gnomon/Helper1"

/* Both of the D-Bus contract. */
#define PUBLISH_INTERVAL_US G_USEC_PER_SEC
#define UNREAD_INTERVAL_US  (5 * G_TIME_SPAN_MINUTE)

/* The skeleton that gdbus-codegen makes knows the properties and signals; method calls come to one
 * function of ours instead of a signal for each. */
struct _Service
{
  BusHelper1Skeleton parent_instance;

  Engine *engine;
  Calls *calls;               /* NULL while there is no bus */
  Readers *readers;           /* likewise */
  Surroundings *surroundings; /* NULL while the name is not ours */
  GBusType bus;
  guint owner_id;

  guint publish_source;
  gint64 publish_due_us; /* monotonic, while there is a source */
  gint64 published_us;
  NtpState state; /* as published */

  ServiceLost lost;
  gpointer lost_data;
};

typedef BusHelper1SkeletonClass ServiceClass;

GType service_get_type (void);
G_DEFINE_TYPE (Service, service, BUS_TYPE_HELPER1_SKELETON)

/* ---- Properties ---- */

static const char *
state_name (NtpState state)
{
  static const char *const names[] = {
    [NTP_STATE_OFF] = "off",
    [NTP_STATE_STARTING] = "starting",
    [NTP_STATE_SYNCHRONISED] = "synchronised",
    [NTP_STATE_HOLDOVER] = "holdover",
    [NTP_STATE_UNSYNCHRONISED] = "unsynchronised",
    [NTP_STATE_NEEDS_DECISION] = "needs-decision",
  };

  return names[state];
}

static const char *
phase_name (NtpPhase phase)
{
  static const char *const names[] = {
    [NTP_PHASE_KEYS] = "keys",           [NTP_PHASE_MEASURING] = "measuring",
    [NTP_PHASE_COMPARING] = "comparing", [NTP_PHASE_SETTING] = "setting",
    [NTP_PHASE_DONE] = "done",
  };

  return names[phase];
}

/* Replaces all properties by what the engine knows now; those that differ are signalled in one. */
static void
publish (Service *self)
{
  BusHelper1 *bus = BUS_HELPER1 (self);
  NtpSnapshot now;

  g_clear_handle_id (&self->publish_source, g_source_remove);
  engine_get_snapshot (self->engine, &now);

  bus_helper1_set_automatic (bus, engine_get_automatic (self->engine));
  bus_helper1_set_state (bus, state_name (now.state));
  bus_helper1_set_other_service (bus, engine_get_rival (self->engine));
  bus_helper1_set_connectivity (bus, engine_get_connectivity (self->engine));
  bus_helper1_set_state_reason (bus, ntp_reason_name (now.reason));
  bus_helper1_set_offset (bus, now.offset_s);
  bus_helper1_set_uncertainty (bus, now.uncertainty_s);
  bus_helper1_set_frequency (bus, now.frequency_ppm);
  bus_helper1_set_frequency_uncertainty (bus, now.frequency_sd_ppm);
  bus_helper1_set_last_sync (bus, engine_usec (self->engine, now.last_sync));
  bus_helper1_set_last_step (bus, engine_usec (self->engine, now.last_step));
  bus_helper1_set_leap (bus, engine_leap_name (now.leap));
  bus_helper1_set_witnesses (bus, g_variant_new ("(uuu)", now.witnesses, now.asked, now.operators));
  bus_helper1_set_servers (bus, engine_get_servers (self->engine));
  bus_helper1_set_tracking (bus, engine_get_tracking (self->engine));
  bus_helper1_set_options (bus, engine_get_options (self->engine));
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self));

  self->published_us = g_get_monotonic_time ();
  self->state = now.state;
}

static gboolean
on_publish_due (gpointer data)
{
  Service *self = data;

  self->publish_source = 0;
  publish (self);
  return G_SOURCE_REMOVE;
}

static void
publish_in (Service *self, gint64 wait_us)
{
  gint64 due_us = g_get_monotonic_time () + wait_us;

  if (self->publish_source != 0 && self->publish_due_us <= due_us)
    return;
  g_clear_handle_id (&self->publish_source, g_source_remove);
  self->publish_due_us = due_us;
  if (wait_us <= 0)
    self->publish_source = g_idle_add (on_publish_due, self);
  else
    self->publish_source = g_timeout_add ((guint) (wait_us / 1000 + 1), on_publish_due, self);
}

/* The first change is told as soon as the main loop is idle, which gathers what belongs together,
 * the next ones once a second; a new state does not wait. To tell wakes up other threads and
 * processes, so it is done once for question and answer, and hardly ever where nobody reads. */
static void
on_engine_changed (Engine *engine, EngineChange change, gpointer data)
{
  Service *self = data;
  gint64 since_us = g_get_monotonic_time () - self->published_us;
  gboolean read = self->readers != NULL && readers_any (self->readers);
  NtpSnapshot now;

  engine_get_snapshot (engine, &now);
  if (now.state != self->state)
    publish_in (self, 0);
  else if (change == ENGINE_CHANGE_SETTINGS || read || since_us >= UNREAD_INTERVAL_US)
    publish_in (self, MAX (PUBLISH_INTERVAL_US - since_us,
                           change == ENGINE_CHANGE_ASKED ? PUBLISH_INTERVAL_US : 0));
}

static void
on_engine_progress (Engine *engine, NtpPhase phase, const char *host, guint answers, guint wanted,
                    gpointer data)
{
  GVariantBuilder detail;

  g_variant_builder_init (&detail, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&detail, "{sv}", "answers", g_variant_new_uint32 (answers));
  g_variant_builder_add (&detail, "{sv}", "wanted", g_variant_new_uint32 (wanted));
  bus_helper1_emit_sync_progress (BUS_HELPER1 (data), phase_name (phase), host,
                                  g_variant_builder_end (&detail));
}

/* A caller reads back at once what it has changed, and what its sync came to. */
static void
on_call_changed (gpointer data)
{
  publish (data);
}

/* ---- The object on the bus ---- */

static void
on_method_call (GDBusConnection *connection, const char *sender, const char *path,
                const char *interface, const char *name, GVariant *parameters,
                GDBusMethodInvocation *invocation, gpointer data)
{
  Service *self = data;

  readers_note (self->readers, sender);
  calls_take (self->calls, invocation);
}

/* What was published may be as old as the last poll; a reader gets the present. */
static GVariant *
on_get_property (GDBusConnection *connection, const char *sender, const char *path,
                 const char *interface, const char *name, GError **error, gpointer data)
{
  Service *self = data;
  GDBusInterfaceSkeletonClass *parent = G_DBUS_INTERFACE_SKELETON_CLASS (service_parent_class);

  readers_note (self->readers, sender);
  if (g_get_monotonic_time () - self->published_us >= PUBLISH_INTERVAL_US)
    publish (self);
  return parent->get_vtable (data)->get_property (connection, sender, path, interface, name, error,
                                                  data);
}

static GDBusInterfaceVTable *
service_get_vtable (GDBusInterfaceSkeleton *skeleton)
{
  static GDBusInterfaceVTable vtable = { on_method_call, on_get_property, NULL, { 0 } };

  return &vtable;
}

static void
service_class_init (ServiceClass *class)
{
  GParamSpec *uncertainty = g_object_class_find_property (G_OBJECT_CLASS (class), "uncertainty");

  /* A value of the contract that gdbus-codegen did not think of. */
  G_PARAM_SPEC_DOUBLE (uncertainty)->maximum = INFINITY;
  G_DBUS_INTERFACE_SKELETON_CLASS (class)->get_vtable = service_get_vtable;
}

static void
service_init (Service *self)
{
}

static void
lose (Service *self, const char *message)
{
  ServiceLost lost = self->lost;

  self->lost = NULL;
  if (lost != NULL)
    lost (message, self->lost_data);
}

static void
on_bus_acquired (GDBusConnection *connection, const char *name, gpointer data)
{
  Service *self = data;
  g_autoptr (GError) error = NULL;

  /* Otherwise GDBus would end the process by a signal when the bus goes, with nothing saved. */
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  self->calls =
      calls_new (self->engine, authority_new (connection, self->bus), on_call_changed, self);
  self->readers = readers_new (connection);
  publish (self);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self), connection, OBJECT_PATH,
                                         &error))
    lose (self, error->message);
}

static void
on_name_acquired (GDBusConnection *connection, const char *name, gpointer data)
{
  Service *self = data;

  g_info ("%s is ours", name);
  engine_start (self->engine);
  self->surroundings = surroundings_new (self->engine, connection, self->bus);
  publish (self);
}

static void
on_name_lost (GDBusConnection *connection, const char *name, gpointer data)
{
  Service *self = data;

  if (connection == NULL || g_dbus_connection_is_closed (connection))
    lose (self, "there is no connection to the bus");
  else
    lose (self, "another helper has the name " BUS_NAME " on this bus, or its policy refuses it");
}

Service *
service_new (Engine *engine, GBusType bus, ServiceLost lost, gpointer data)
{
  static const EngineListener listener = { on_engine_changed, on_engine_progress };
  Service *self = g_object_new (service_get_type (), NULL);

  self->engine = engine;
  self->bus = bus;
  self->lost = lost;
  self->lost_data = data;
  bus_helper1_set_version (BUS_HELPER1 (self), GNOMON_VERSION);
  bus_helper1_set_clock_mode (BUS_HELPER1 (self), clock_mode_name (engine_get_clock_mode (engine)));
  engine_set_listener (engine, &listener, self);
  self->owner_id = g_bus_own_name (bus, BUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                   on_bus_acquired, on_name_acquired, on_name_lost, self, NULL);
  return self;
}

void
service_free (Service *self)
{
  static const EngineListener nobody = { NULL, NULL };

  g_bus_unown_name (self->owner_id);
  engine_set_listener (self->engine, &nobody, NULL);
  g_clear_handle_id (&self->publish_source, g_source_remove);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self));
  g_clear_pointer (&self->surroundings, surroundings_free);
  g_clear_pointer (&self->readers, readers_free);
  g_clear_pointer (&self->calls, calls_free);
  g_object_unref (self);
}
