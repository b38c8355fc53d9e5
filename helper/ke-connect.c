/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ke-connect.h"

#include "address.h"
#include "timer.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define STAGGER_US 250000 /* RFC 8305 §5: Connection Attempt Delay */

typedef struct
{
  KeConnect *connect;
  NtpAddress address;
  int fd; /* −1 = not begun, or failed */
  guint source;
} Attempt;

struct KeConnect
{
  KeConnectDone done;
  gpointer data;
  GSource *timer; /* for the next attempt */
  NtpReason reason;
  guint n_attempts;
  guint begun;
  guint failed;
  Attempt attempts[];
};

static void
end_attempt (Attempt *attempt)
{
  g_clear_handle_id (&attempt->source, g_source_remove);
  if (attempt->fd >= 0)
    close (attempt->fd);
  attempt->fd = -1;
}

static void
note_failure (Attempt *attempt, int code)
{
  KeConnect *connect = attempt->connect;

  g_debug ("Connecting failed: %s", g_strerror (code));
  end_attempt (attempt);
  connect->failed++;
  /* Of several addresses, the one that came furthest says most. */
  if (code == ECONNRESET)
    connect->reason = NTP_REASON_CONNECTION_CLOSED;
  else if (code == ECONNREFUSED && connect->reason != NTP_REASON_CONNECTION_CLOSED)
    connect->reason = NTP_REASON_CONNECTION_REFUSED;
  else if (connect->reason == NTP_REASON_NONE)
    connect->reason = NTP_REASON_NETWORK_UNREACHABLE;
  timer_set (connect->timer, 0);
}

static gboolean
on_writable (gint fd, GIOCondition condition, gpointer data)
{
  Attempt *attempt = data;
  int code = 0;
  int on = 1;
  socklen_t length = sizeof code;

  attempt->source = 0;
  if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &code, &length) != 0)
    code = errno;
  if (code != 0)
    {
      note_failure (attempt, code);
      return G_SOURCE_REMOVE;
    }
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  attempt->fd = -1;
  timer_set (attempt->connect->timer, TIMER_NEVER);
  attempt->connect->done (fd, &attempt->address, NTP_REASON_NONE, attempt->connect->data);
  return G_SOURCE_REMOVE;
}

static void
begin_attempt (Attempt *attempt)
{
  attempt->fd = address_connect (&attempt->address, SOCK_STREAM);
  if (attempt->fd < 0)
    {
      note_failure (attempt, errno);
      return;
    }
  attempt->source = g_unix_fd_add (attempt->fd, G_IO_OUT, on_writable, attempt);
  timer_set (attempt->connect->timer, STAGGER_US);
}

static void
go_on (gpointer data)
{
  KeConnect *connect = data;

  if (connect->begun < connect->n_attempts)
    begin_attempt (&connect->attempts[connect->begun++]);
  else if (connect->failed == connect->n_attempts)
    connect->done (-1, NULL, connect->reason, connect->data);
}

KeConnect *
ke_connect_new (const NtpAddress *addresses, guint n_addresses, KeConnectDone done, gpointer data)
{
  KeConnect *connect = g_malloc0 (sizeof *connect + n_addresses * sizeof connect->attempts[0]);

  connect->done = done;
  connect->data = data;
  connect->timer = timer_new (go_on, connect);
  connect->n_attempts = n_addresses;
  for (guint i = 0; i < n_addresses; i++)
    connect->attempts[i] = (Attempt){ .connect = connect, .address = addresses[i], .fd = -1 };
  go_on (connect);
  return connect;
}

void
ke_connect_free (KeConnect *connect)
{
  for (guint i = 0; i < connect->n_attempts; i++)
    end_attempt (&connect->attempts[i]);
  timer_free (connect->timer);
  g_free (connect);
}
