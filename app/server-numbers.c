/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-numbers.h"

#include "format.h"
#include "words.h"

#include <glib/gi18n.h>
#include <math.h>

/* ---- Values; NULL = not known ---- */

static char *
seconds (double value, gboolean sign)
{
  return isfinite (value) ? format_precise (value, sign) : NULL;
}

static char *
number (int value)
{
  return value >= 0 ? g_strdup_printf ("%d", value) : NULL;
}

static const char *
text (const char *value)
{
  return *value ? value : NULL;
}

static char *
reach (int bits)
{
  int answered = 0;

  if (bits < 0)
    return NULL;
  for (int i = 0; i < 8; i++)
    answered += bits >> i & 1;
  /* Translators: how many of the last eight questions were answered, and the same in octal. */
  return g_strdup_printf (_ ("%d of %d · %03o"), answered, 8, (guint) bits);
}

static char *
ago (gint64 usec, gint64 now)
{
  return usec > 0 ? format_ago ((now - usec) / G_USEC_PER_SEC) : NULL;
}

static char *
until (gint64 usec, gint64 now)
{
  return usec > 0 ? format_in ((usec - now) / G_USEC_PER_SEC) : NULL;
}

static char *
length (int octets)
{
  if (octets < 0)
    return NULL;
  return g_strdup_printf (ngettext ("%d byte", "%d bytes", (gulong) octets), octets);
}

static char *
key_exchange_end (const ServerFacts *facts)
{
  if (!*facts->address)
    return NULL;
  return g_strdup_printf (_ ("%s, TCP port %d"), facts->address, facts->port);
}

static char *
time_end (const ServerFacts *facts)
{
  if (!*facts->ntp_address)
    return NULL;
  return g_strdup_printf (_ ("%s, UDP port %d"), facts->ntp_address, facts->ntp_port);
}

void
server_measurement_tell (const ServerFacts *facts, gint64 now, NumberTeller tell, gpointer data)
{
  const NumberListener listener = { tell, data };

  number_listener_tell (&listener, _ ("Offset"), seconds (facts->offset, TRUE));
  number_listener_tell (&listener, _ ("Delay"), seconds (facts->delay, FALSE));
  number_listener_tell (&listener, _ ("Jitter"), seconds (facts->jitter, FALSE));
  number_listener_tell (&listener, _ ("Root Distance"), seconds (facts->root_distance, FALSE));
  number_listener_tell (&listener, _ ("Reach"), reach (facts->reach));
  number_listener_tell (&listener, _ ("Last Answer"), ago (facts->last_sample, now));
  number_listener_tell (&listener, _ ("Poll"), facts->has_poll ? format_poll (facts->poll) : NULL);
  number_listener_tell (&listener, _ ("Next Poll"), until (facts->next_poll, now));
  number_listener_tell (&listener, _ ("Stratum"), number (facts->stratum));
  tell (data, _ ("Reference"), text (facts->refid));
  tell (data, _ ("Selection"), words_for_selection (facts->selection));
  tell (data, _ ("Leap Second"), *facts->leap ? words_for_leap (facts->leap) : NULL);
}

void
server_protection_tell (const ServerFacts *facts, NumberTeller tell, gpointer data)
{
  const NumberListener listener = { tell, data };

  number_listener_tell (&listener, _ ("Cookies"), facts->nts ? number (facts->cookies) : NULL);
  number_listener_tell (&listener, _ ("Cookie Length"), length (facts->cookie_length));
  number_listener_tell (&listener, _ ("Key Exchanges"), number (facts->key_exchanges));
  number_listener_tell (&listener, _ ("Refused (NAK)"), number (facts->naks));
  tell (data, _ ("Algorithm"), text (facts->aead));
  tell (data, _ ("TLS"), text (facts->tls_version));
  number_listener_tell (&listener, _ ("Keys From"), facts->nts ? key_exchange_end (facts) : NULL);
  number_listener_tell (&listener, _ ("Time From"), time_end (facts));
}
