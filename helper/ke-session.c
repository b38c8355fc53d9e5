/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ke-session.h"

#include "address.h"
#include "ke-connect.h"
#include "timer.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TIME_LIMIT_US                                                                              \
  (10 * G_USEC_PER_SEC) /* ours: connecting, handshake and response together                       \
                         */
#define RECEIVE_SIZE 16384
#define SEND_SIZE    4096

struct KeSession
{
  KeSessionDone done;
  KeSessionProgress progress;
  gpointer data;
  char *host;
  guint16 port;
  KeTrust trust; /* its strings are ours */

  GSource *timer; /* the time limit; then the delivery of the result */
  NameLookup *lookup;
  KeConnect *connect;
  KeTls *tls;
  int fd;
  guint source;
  gboolean waits_to_send;
  guint8 to_send[SEND_SIZE];
  gsize to_send_length;

  gboolean closed[NAME_LOOKUP_MAX]; /* by the server at that address, before TLS stood */
  gboolean finished;
  KeResult result;
};

static void
disconnect (KeSession *session)
{
  g_clear_pointer (&session->lookup, name_lookup_free);
  g_clear_pointer (&session->connect, ke_connect_free);
  g_clear_handle_id (&session->source, g_source_remove);
  if (session->fd >= 0)
    close (session->fd);
  session->fd = -1;
}

static void
tell_progress (KeSession *session)
{
  if (session->progress != NULL)
    session->progress (&session->result, session->data);
}

/* The result is told from the main loop, so that nobody has the session freed under his feet. */
static void
finish (KeSession *session, NtpReason reason)
{
  disconnect (session);
  session->finished = TRUE;
  session->result.reason = reason;
  session->result.trace.ended_us = g_get_monotonic_time ();
  if (session->tls != NULL)
    session->result.facts = ke_tls_get_facts (session->tls);
  timer_set (session->timer, 0);
}

static void
on_timer (gpointer data)
{
  KeSession *session = data;

  if (!session->finished)
    finish (session, NTP_REASON_KE_TIMEOUT);
  else
    session->done (&session->result, session->data);
}

/* The first permitted address, of the family of the key exchange if there is one. */
static gboolean
choose_address (KeSession *session, const NtpAddress *addresses, guint n_addresses)
{
  const NtpAddress *chosen = NULL;

  for (guint i = 0; i < n_addresses; i++)
    {
      if (!ntp_address_permitted (&addresses[i], &session->result.ke_address))
        continue;
      if (chosen == NULL
          || (chosen->family != session->result.ke_address.family
              && addresses[i].family == session->result.ke_address.family))
        chosen = &addresses[i];
    }
  if (chosen != NULL)
    session->result.ntp_address = *chosen;
  return chosen != NULL;
}

static void
on_ntp_server_found (const NtpAddress *addresses, guint n_addresses, NtpReason reason,
                     gpointer data)
{
  KeSession *session = data;

  if (reason == NTP_REASON_NONE && !choose_address (session, addresses, n_addresses))
    reason = NTP_REASON_KE_SERVER_REFUSED;
  finish (session, reason);
}

/* Without a Server record NTP is at the address that answered here, and no name is asked for again;
 * one that is named is fully qualified (RFC 8915 §4.1.7). */
static void
find_ntp_server (KeSession *session)
{
  const NtsKeOffer *offer = session->result.offer;
  NtpAddress address = session->result.ke_address;
  g_autofree char *name = NULL;

  address.port = offer->port;
  if (offer->server[0] == '\0' || address_parse (offer->server, offer->port, &address))
    {
      on_ntp_server_found (&address, 1, NTP_REASON_NONE, session);
      return;
    }
  name = g_strconcat (offer->server, g_str_has_suffix (offer->server, ".") ? "" : ".", NULL);
  timer_set (session->timer, TIMER_NEVER);
  session->lookup = name_lookup_new (name, offer->port, on_ntp_server_found, session);
}

static void
complete (KeSession *session)
{
  session->result.offer = ke_tls_get_offer (session->tls);
  session->result.dates = ke_tls_get_dates (session->tls);
  if (ke_tls_export_keys (session->tls, &session->result.keys))
    find_ntp_server (session);
  else
    finish (session, NTP_REASON_KEY_EXPORT_FAILED);
}

static void watch (KeSession *session);

/* Sends what TLS has ready; what the kernel does not take now waits for its room. */
static void
flush (KeSession *session)
{
  gssize sent;

  do
    {
      session->to_send_length +=
          ke_tls_take_output (session->tls, session->to_send + session->to_send_length,
                              sizeof session->to_send - session->to_send_length);
      if (session->to_send_length == 0)
        break;
      sent = send (session->fd, session->to_send, session->to_send_length,
                   MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0)
        {
          session->to_send_length -= (gsize) sent;
          memmove (session->to_send, session->to_send + sent, session->to_send_length);
        }
    }
  while (sent > 0);

  /* Other failures show when reading. */
  if (session->waits_to_send != (session->to_send_length > 0))
    watch (session);
}

static void
note_handshake (KeSession *session)
{
  KeTrace *trace = &session->result.trace;
  const KeTlsTimes *times = ke_tls_get_times (session->tls);

  if (trace->shaken_us != 0)
    return;
  trace->shown_us = times->shown_us;
  trace->shaken_us = times->shaken_us;
  session->result.facts = ke_tls_get_facts (session->tls);
  if (trace->shaken_us != 0)
    tell_progress (session);
}

static void on_connected (int fd, const NtpAddress *address, NtpReason reason, gpointer data);

/* Of several addresses the first that takes a connection need not be one that works; and one that
 * closed it has been told nothing yet. FALSE when there is no other. */
static gboolean
try_others (KeSession *session)
{
  const KeTrace *trace = &session->result.trace;
  NtpAddress others[NAME_LOOKUP_MAX];
  NtpReason reason;
  guint n_others = 0;

  for (guint i = 0; i < trace->n_addresses; i++)
    if (memcmp (&trace->addresses[i], &session->result.ke_address, sizeof others[0]) == 0)
      session->closed[i] = TRUE;
    else if (!session->closed[i])
      others[n_others++] = trace->addresses[i];
  if (n_others == 0)
    return FALSE;

  session->result.facts = NULL;
  g_clear_pointer (&session->tls, ke_tls_free);
  session->tls = ke_tls_new (session->host, &session->trust, &reason);
  if (session->tls == NULL)
    return FALSE;
  session->to_send_length = 0;
  session->waits_to_send = FALSE;
  session->connect = ke_connect_new (others, n_others, on_connected, session);
  return TRUE;
}

static void
refuse (KeSession *session)
{
  NtpReason reason = ke_tls_get_reason (session->tls);

  if (reason != NTP_REASON_CONNECTION_CLOSED || !try_others (session))
    finish (session, reason);
}

static void
act_on (KeSession *session, NtsKeVerdict verdict)
{
  note_handshake (session);
  flush (session);
  if (verdict == NTS_KE_MORE)
    return;
  disconnect (session);
  if (verdict == NTS_KE_COMPLETE)
    complete (session);
  else
    refuse (session);
}

static void
receive (KeSession *session)
{
  guint8 data[RECEIVE_SIZE];
  gssize length = recv (session->fd, data, sizeof data, MSG_DONTWAIT);

  if (length > 0)
    act_on (session, ke_tls_feed (session->tls, data, (gsize) length));
  else if (length == 0 || (errno != EAGAIN && errno != EINTR))
    act_on (session, ke_tls_end (session->tls));
}

static gboolean
on_ready (gint fd, GIOCondition condition, gpointer data)
{
  KeSession *session = data;
  guint source = session->source;

  if ((condition & G_IO_OUT) != 0)
    flush (session);
  if ((condition & ~G_IO_OUT) != 0)
    receive (session);
  /* Whoever changed the source has removed this one. */
  return session->source == source ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
watch (KeSession *session)
{
  session->waits_to_send = session->to_send_length > 0;
  g_clear_handle_id (&session->source, g_source_remove);
  session->source = g_unix_fd_add (
      session->fd, session->waits_to_send ? G_IO_IN | G_IO_OUT : G_IO_IN, on_ready, session);
}

static void
on_connected (int fd, const NtpAddress *address, NtpReason reason, gpointer data)
{
  KeSession *session = data;

  if (fd >= 0)
    session->result.ke_address = *address; /* goes with the connect */
  g_clear_pointer (&session->connect, ke_connect_free);
  if (fd < 0)
    {
      /* The one that came furthest says most. */
      finish (session,
              session->result.ke_address.family != 0 ? NTP_REASON_CONNECTION_CLOSED : reason);
      return;
    }
  session->fd = fd;
  session->result.trace.connected_us = g_get_monotonic_time ();
  tell_progress (session);
  watch (session);
  flush (session);
}

static void
note_addresses (KeSession *session, const NtpAddress *addresses, guint n_addresses)
{
  KeTrace *trace = &session->result.trace;

  trace->resolved_us = g_get_monotonic_time ();
  trace->n_addresses = MIN (n_addresses, NAME_LOOKUP_MAX);
  memcpy (trace->addresses, addresses, trace->n_addresses * sizeof addresses[0]);
  tell_progress (session);
}

static void
on_server_found (const NtpAddress *addresses, guint n_addresses, NtpReason reason, gpointer data)
{
  KeSession *session = data;

  if (reason != NTP_REASON_NONE)
    {
      finish (session, reason);
      return;
    }
  note_addresses (session, addresses, n_addresses);
  timer_set (session->timer, TIME_LIMIT_US);
  session->connect = ke_connect_new (addresses, n_addresses, on_connected, session);
  g_clear_pointer (&session->lookup, name_lookup_free); /* the addresses are its own */
  /* While the connection is being made there is time for this. */
  session->tls = ke_tls_new (session->host, &session->trust, &reason);
  if (session->tls == NULL)
    finish (session, reason);
}

KeSession *
ke_session_new (const char *host, guint16 port, const KeTrust *trust, KeSessionDone done,
                gpointer data)
{
  KeSession *session = g_new0 (KeSession, 1);

  session->done = done;
  session->data = data;
  session->host = g_strdup (host);
  session->port = port;
  session->trust = *trust;
  session->trust.ca_file = g_strdup (trust->ca_file);
  session->trust.authority = g_strdup (trust->authority);
  session->trust.key = g_strdup (trust->key);
  session->fd = -1;
  session->result.trace.begun_us = g_get_monotonic_time ();
  session->timer = timer_new (on_timer, session);
  session->lookup = name_lookup_new (host, port, on_server_found, session);
  return session;
}

void
ke_session_set_progress (KeSession *session, KeSessionProgress progress)
{
  session->progress = progress;
}

void
ke_session_free (KeSession *session)
{
  disconnect (session);
  timer_free (session->timer);
  g_clear_pointer (&session->tls, ke_tls_free);
  g_free (session->host);
  g_free ((char *) session->trust.ca_file);
  g_free ((char *) session->trust.authority);
  g_free ((char *) session->trust.key);
  nts_wipe (session, sizeof *session);
  g_free (session);
}
