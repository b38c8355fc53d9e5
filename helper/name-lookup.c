/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "name-lookup.h"

#include "address.h"
#include "timer.h"

#define TIME_LIMIT_US (5 * G_USEC_PER_SEC) /* ours, RFC 8915 leaves it open */

struct NameLookup
{
  NameLookupDone done;
  gpointer data;
  guint16 port;
  GCancellable *cancellable;
  GSource *timer;
  NtpAddress addresses[NAME_LOOKUP_MAX];
  guint n_addresses;
  NtpReason reason;
};

/* The time limit, or a literal that needs no asking. */
static void
deliver (gpointer data)
{
  NameLookup *lookup = data;

  timer_set (lookup->timer, TIMER_NEVER);
  g_cancellable_cancel (lookup->cancellable);
  lookup->done (lookup->addresses, lookup->n_addresses, lookup->reason, lookup->data);
}

static GSocketFamily
family_of (const GList *found)
{
  return g_inet_address_get_family (found->data);
}

/* Takes the addresses alternately by family, so that a family that does not work here costs one
 * attempt and not all of them (RFC 8305 §4). */
static void
take_addresses (NameLookup *lookup, GList *found)
{
  g_autoptr (GList) left = g_list_copy (found);
  GSocketFamily taken = G_SOCKET_FAMILY_INVALID;

  while (left != NULL && lookup->n_addresses < NAME_LOOKUP_MAX)
    {
      GList *next = left;
      for (GList *other = left; other != NULL && taken == family_of (next); other = other->next)
        next = other;
      if (taken == family_of (next))
        next = left;
      taken = family_of (next);
      if (address_from_inet (next->data, lookup->port, &lookup->addresses[lookup->n_addresses]))
        lookup->n_addresses++;
      left = g_list_delete_link (left, next);
    }
}

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GList *found = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  NameLookup *lookup = data;

  /* Then the lookup may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (found != NULL)
    take_addresses (lookup, found);
  g_resolver_free_addresses (found);
  if (lookup->n_addresses > 0)
    lookup->reason = NTP_REASON_NONE;
  else if (g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    lookup->reason = NTP_REASON_NAME_NOT_FOUND;
  deliver (lookup);
}

NameLookup *
name_lookup_new (const char *host, guint16 port, NameLookupDone done, gpointer data)
{
  NameLookup *lookup = g_new0 (NameLookup, 1);

  lookup->done = done;
  lookup->data = data;
  lookup->port = port;
  lookup->cancellable = g_cancellable_new ();
  lookup->timer = timer_new (deliver, lookup);
  if (address_parse (host, port, &lookup->addresses[0]))
    {
      lookup->n_addresses = 1;
      timer_set (lookup->timer, 0);
    }
  else
    {
      g_autoptr (GResolver) resolver = g_resolver_get_default ();
      lookup->reason = NTP_REASON_NAME_LOOKUP_FAILED;
      timer_set (lookup->timer, TIME_LIMIT_US);
      g_resolver_lookup_by_name_async (resolver, host, lookup->cancellable, on_resolved, lookup);
    }
  return lookup;
}

void
name_lookup_free (NameLookup *lookup)
{
  g_cancellable_cancel (lookup->cancellable);
  g_object_unref (lookup->cancellable);
  timer_free (lookup->timer);
  g_free (lookup);
}
