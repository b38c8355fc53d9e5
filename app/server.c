/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server.h"

#include <math.h>

struct _GnomonServer
{
  GObject parent_instance;
  GVariant *values;
  ServerFacts facts;
};

G_DEFINE_FINAL_TYPE (GnomonServer, gnomon_server, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const char *
text (GVariant *values, const char *key)
{
  const char *value = "";
  g_variant_lookup (values, key, "&s", &value);
  return value;
}

static double
real (GVariant *values, const char *key)
{
  double value = NAN;
  g_variant_lookup (values, key, "d", &value);
  return value;
}

static gint64
moment (GVariant *values, const char *key)
{
  gint64 value = 0;
  g_variant_lookup (values, key, "x", &value);
  return value;
}

static gboolean
flag (GVariant *values, const char *key)
{
  gboolean value = FALSE;
  g_variant_lookup (values, key, "b", &value);
  return value;
}

static int
small (GVariant *values, const char *key)
{
  guint8 value;
  return g_variant_lookup (values, key, "y", &value) ? value : -1;
}

static int
port (GVariant *values, const char *key)
{
  guint16 value;
  return g_variant_lookup (values, key, "q", &value) ? value : -1;
}

static int
count (GVariant *values, const char *key)
{
  guint32 value;
  return g_variant_lookup (values, key, "u", &value) ? (int) MIN (value, G_MAXINT) : -1;
}

void
server_facts_from_variant (ServerFacts *facts, GVariant *values)
{
  gint16 poll = 0;

  *facts = (ServerFacts){
    .host = text (values, "host"),
    .address = text (values, "address"),
    .port = port (values, "port"),
    .ntp_address = text (values, "ntp-address"),
    .ntp_port = port (values, "ntp-port"),
    .operator_name = text (values, "operator"),
    .country = text (values, "country"),
    .nts = flag (values, "nts"),
    .authenticated = flag (values, "authenticated"),
    .state = text (values, "state"),
    .selection = text (values, "selection"),
    .reason = text (values, "reason"),
    .cookies = small (values, "cookies"),
    .cookie_length = count (values, "cookie-length"),
    .aead = text (values, "aead"),
    .stratum = small (values, "stratum"),
    .refid = text (values, "refid"),
    .reach = small (values, "reach"),
    .next_poll = moment (values, "next-poll"),
    .last_sample = moment (values, "last-sample"),
    .offset = real (values, "offset"),
    .delay = real (values, "delay"),
    .jitter = real (values, "jitter"),
    .root_distance = real (values, "root-distance"),
    .leap = text (values, "leap"),
    .naks = count (values, "naks"),
    .key_exchanges = count (values, "key-exchanges"),
    .tls_version = text (values, "tls-version"),
    .certificate_subject = text (values, "certificate-subject"),
    .certificate_issuer = text (values, "certificate-issuer"),
    .certificate_not_after = moment (values, "certificate-not-after"),
    .certificate_sha256 = text (values, "certificate-sha256"),
  };
  facts->has_poll = g_variant_lookup (values, "poll", "n", &poll);
  facts->poll = poll;
}

static void
gnomon_server_finalize (GObject *object)
{
  GnomonServer *self = GNOMON_SERVER (object);

  g_clear_pointer (&self->values, g_variant_unref);
  G_OBJECT_CLASS (gnomon_server_parent_class)->finalize (object);
}

static void
gnomon_server_class_init (GnomonServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gnomon_server_finalize;
  /* Emitted after the facts have been replaced. */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", GNOMON_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
gnomon_server_init (GnomonServer *self)
{
}

GnomonServer *
gnomon_server_new (GVariant *values)
{
  GnomonServer *self = g_object_new (GNOMON_TYPE_SERVER, NULL);

  self->values = g_variant_ref_sink (values);
  server_facts_from_variant (&self->facts, self->values);
  return self;
}

void
gnomon_server_set_values (GnomonServer *self, GVariant *values)
{
  g_autoptr (GVariant) old = NULL;

  g_return_if_fail (GNOMON_IS_SERVER (self));
  if (g_variant_equal (self->values, values))
    return;
  old = g_steal_pointer (&self->values);
  self->values = g_variant_ref_sink (values);
  server_facts_from_variant (&self->facts, self->values);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

const ServerFacts *
gnomon_server_get_facts (GnomonServer *self)
{
  g_return_val_if_fail (GNOMON_IS_SERVER (self), NULL);
  return &self->facts;
}

GVariant *
gnomon_server_get_values (GnomonServer *self)
{
  g_return_val_if_fail (GNOMON_IS_SERVER (self), NULL);
  return self->values;
}
