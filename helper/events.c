/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "events.h"

#include "journal.h"

#include <math.h>
#include <string.h>

/* Ours: some two thousand events. */
#define SIZE_MAX_OCTETS (128 * 1024)
#define TEXT_MAX        255
#define N_FIELDS        8

/* One line an event, fields parted by tabs: time, kind, amount, vouched, operators, who, reason,
 * host. */
struct Events
{
  Journal *journal;
};

static const char *const names[] = {
  [EVENT_STEPPED] = "stepped",
  [EVENT_SLEWED] = "slewed",
  [EVENT_FOREIGN_STEP] = "foreign-step",
  [EVENT_FOREIGN_SLEW] = "foreign-slew",
  [EVENT_FOREIGN_FREQUENCY] = "foreign-frequency",
  [EVENT_RESUMED] = "resumed",
  [EVENT_SYNCHRONISED] = "synchronised",
  [EVENT_LOST] = "lost",
  [EVENT_DECISION] = "decision",
  [EVENT_ACCEPTED] = "accepted",
  [EVENT_REJECTED] = "rejected",
  [EVENT_KEY_EXCHANGE] = "key-exchange",
  [EVENT_NEW_CERTIFICATE] = "new-certificate",
  [EVENT_NEW_ISSUER] = "new-issuer",
  [EVENT_NETWORK_CHANGED] = "network-changed",
  [EVENT_STARTED] = "started",
  [EVENT_STOPPED] = "stopped",
};
G_STATIC_ASSERT (G_N_ELEMENTS (names) == EVENT_N_KINDS);

const char *
event_kind_name (EventKind kind)
{
  return names[kind];
}

Events *
events_new (State *state)
{
  Events *events = g_new0 (Events, 1);

  events->journal = journal_new (state, STATE_EVENTS, SIZE_MAX_OCTETS);
  return events;
}

void
events_free (Events *events)
{
  journal_free (events->journal);
  g_free (events);
}

/* Names of users and hosts are texts of others. */
static char *
plain_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);

  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), TEXT_MAX / 4));
}

void
events_add (Events *events, const EventRecord *event)
{
  g_autofree char *who = plain_text (event->who);
  g_autofree char *reason = plain_text (event->reason);
  g_autofree char *host = plain_text (event->host);
  g_autofree char *line = NULL;
  char amount[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (amount, sizeof amount, "%.9f", isfinite (event->amount_s) ? event->amount_s : 0);
  line = g_strdup_printf ("%" G_GINT64_FORMAT "\t%s\t%s\t%u\t%u\t%s\t%s\t%s", event->time_us,
                          names[event->kind], amount, event->vouched, event->operators, who, reason,
                          host);
  journal_add (events->journal, line);
  journal_save (events->journal);
}

/* ---- Reading ---- */

static gboolean
parse_kind (const char *name, EventKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i]) == 0)
      {
        *kind = (EventKind) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
parse_count (const char *text, guint *count)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &number, NULL))
    return FALSE;
  *count = (guint) number;
  return TRUE;
}

/* The strings of @event point into @line. */
static gboolean
parse (char *line, EventRecord *event)
{
  char *fields[N_FIELDS];
  char *end;

  for (guint i = 0; i < N_FIELDS; i++)
    {
      fields[i] = line;
      end = strchr (line, '\t');
      if ((end == NULL) != (i == N_FIELDS - 1))
        return FALSE;
      if (end != NULL)
        {
          *end = '\0';
          line = end + 1;
        }
    }
  event->amount_s = g_ascii_strtod (fields[2], &end);
  event->who = fields[5];
  event->reason = fields[6];
  event->host = fields[7];
  return *fields[2] != '\0' && *end == '\0' && isfinite (event->amount_s)
         && g_ascii_string_to_signed (fields[0], 10, G_MININT64, G_MAXINT64, &event->time_us, NULL)
         && parse_kind (fields[1], &event->kind) && parse_count (fields[3], &event->vouched)
         && parse_count (fields[4], &event->operators);
}

static void
add_text (GVariantBuilder *builder, const char *key, const char *text)
{
  if (*text != '\0')
    g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (text));
}

static void
add_count (GVariantBuilder *builder, const char *key, guint count)
{
  if (count > 0)
    g_variant_builder_add (builder, "{sv}", key, g_variant_new_uint32 (count));
}

static GVariant *
to_variant (const EventRecord *event)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "time", g_variant_new_int64 (event->time_us));
  add_text (&builder, "kind", names[event->kind]);
  if (event->amount_s != 0)
    g_variant_builder_add (&builder, "{sv}", "amount", g_variant_new_double (event->amount_s));
  add_text (&builder, "who", event->who);
  add_text (&builder, "reason", event->reason);
  add_count (&builder, "vouched", event->vouched);
  add_count (&builder, "operators", event->operators);
  add_text (&builder, "host", event->host);
  return g_variant_builder_end (&builder);
}

typedef struct
{
  gint64 since_us;
  GQueue found; /* GVariant */
  guint most;
} Wanted;

static gboolean
find (char *line, gpointer data)
{
  Wanted *wanted = data;
  EventRecord event;

  if (!parse (line, &event))
    return FALSE;
  if (event.time_us < wanted->since_us)
    return TRUE;
  g_queue_push_tail (&wanted->found, g_variant_ref_sink (to_variant (&event)));
  if (wanted->most > 0 && wanted->found.length > wanted->most)
    g_variant_unref (g_queue_pop_head (&wanted->found));
  return TRUE;
}

GVariant *
events_get (Events *events, gint64 since_us, guint most)
{
  Wanted wanted = { .since_us = since_us, .found = G_QUEUE_INIT, .most = most };
  GVariantBuilder builder;
  GVariant *value;

  journal_read (events->journal, find, &wanted);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  while ((value = g_queue_pop_head (&wanted.found)) != NULL)
    {
      g_variant_builder_add_value (&builder, value);
      g_variant_unref (value);
    }
  return g_variant_builder_end (&builder);
}

static gboolean
is_young (char *line, gpointer data)
{
  const gint64 *before_us = data;
  EventRecord event;

  return parse (line, &event) && event.time_us >= *before_us;
}

void
events_prune (Events *events, gint64 before_us)
{
  journal_filter (events->journal, is_young, &before_us);
}

void
events_delete (Events *events)
{
  journal_delete (events->journal);
}
