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

/* How a value is told on the bus, and where it is kept. */
typedef struct
{
  const char *key;
  char type;
  gsize place;
} Field;

#define FIELD(key, type, member)                                                                   \
  {                                                                                                \
    key, type, G_STRUCT_OFFSET (ServerFacts, member)                                               \
  }

static const Field FIELDS[] = {
  FIELD ("host", 's', host),
  FIELD ("address", 's', address),
  FIELD ("port", 'q', port),
  FIELD ("ntp-address", 's', ntp_address),
  FIELD ("ntp-port", 'q', ntp_port),
  FIELD ("operator", 's', operator_name),
  FIELD ("country", 's', country),
  FIELD ("nts", 'b', nts),
  FIELD ("authenticated", 'b', authenticated),
  FIELD ("state", 's', state),
  FIELD ("selection", 's', selection),
  FIELD ("reason", 's', reason),
  FIELD ("cookies", 'y', cookies),
  FIELD ("cookie-length", 'u', cookie_length),
  FIELD ("aead", 's', aead),
  FIELD ("stratum", 'y', stratum),
  FIELD ("refid", 's', refid),
  FIELD ("reach", 'y', reach),
  FIELD ("poll", 'n', poll),
  FIELD ("next-poll", 'x', next_poll),
  FIELD ("last-sample", 'x', last_sample),
  FIELD ("offset", 'd', offset),
  FIELD ("delay", 'd', delay),
  FIELD ("jitter", 'd', jitter),
  FIELD ("root-distance", 'd', root_distance),
  FIELD ("leap", 's', leap),
  FIELD ("naks", 'u', naks),
  FIELD ("key-exchanges", 'u', key_exchanges),
  FIELD ("tls-version", 's', tls_version),
  FIELD ("certificate-subject", 's', certificate_subject),
  FIELD ("certificate-issuer", 's', certificate_issuer),
  FIELD ("certificate-not-after", 'x', certificate_not_after),
  FIELD ("certificate-sha256", 's', certificate_sha256),
};

static const ServerFacts NOTHING_KNOWN = {
  .host = "",
  .address = "",
  .port = -1,
  .ntp_address = "",
  .ntp_port = -1,
  .operator_name = "",
  .country = "",
  .state = "",
  .selection = "",
  .reason = "",
  .cookies = -1,
  .cookie_length = -1,
  .aead = "",
  .stratum = -1,
  .refid = "",
  .reach = -1,
  .offset = NAN,
  .delay = NAN,
  .jitter = NAN,
  .root_distance = NAN,
  .leap = "",
  .naks = -1,
  .key_exchanges = -1,
  .tls_version = "",
  .certificate_subject = "",
  .certificate_issuer = "",
  .certificate_sha256 = "",
};

static void
take_value (ServerFacts *facts, const Field *field, GVariant *value)
{
  gpointer place = G_STRUCT_MEMBER_P (facts, field->place);

  if (*g_variant_get_type_string (value) != field->type)
    return;
  switch (field->type)
    {
    case 's':
      *(const char **) place = g_variant_get_string (value, NULL);
      break;
    case 'b':
      *(gboolean *) place = g_variant_get_boolean (value);
      break;
    case 'y':
      *(int *) place = g_variant_get_byte (value);
      break;
    case 'q':
      *(int *) place = g_variant_get_uint16 (value);
      break;
    case 'u':
      *(int *) place = (int) MIN (g_variant_get_uint32 (value), G_MAXINT);
      break;
    case 'x':
      *(gint64 *) place = g_variant_get_int64 (value);
      break;
    case 'd':
      *(double *) place = g_variant_get_double (value);
      break;
    default: /* "poll", which any number may be */
      facts->poll = g_variant_get_int16 (value);
      facts->has_poll = TRUE;
      break;
    }
}

/* Once through it all: to look up each key takes many times as long. */
void
server_facts_from_variant (ServerFacts *facts, GVariant *values)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  *facts = NOTHING_KNOWN;
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    for (gsize i = 0; i < G_N_ELEMENTS (FIELDS); i++)
      if (g_str_equal (key, FIELDS[i].key))
        take_value (facts, &FIELDS[i], value);
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
