/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "ntp-probe.h"

#include "timer.h"
#include "udp-socket.h"

#include <sys/random.h>

#define TIME_LIMIT_US (5 * G_USEC_PER_SEC) /* the core takes no answer that comes later */

struct NtpProbe
{
  NtpProbeDone done;
  gpointer data;
  Clock *clock;
  NtpAddress address;
  UdpSocket *socket;
  void *memory; /* of the core */
  NtpSystem *system;
  int slot;
  gint64 wake_at_ns;
  GSource *wake;
  GSource *limit;
  gsize sent;
  gboolean finished;
};

static void run_due (NtpProbe *probe);

/* The verdict is told from the main loop, so that nobody has the probe freed under his feet. */
static void
finish (NtpProbe *probe)
{
  probe->finished = TRUE;
  timer_set (probe->wake, TIMER_NEVER);
  timer_set (probe->limit, 0);
}

static void
send_packet (NtpProbe *probe, const NtpAction *action)
{
  ntp_system_sent (probe->system, probe->slot, clock_now (probe->clock).realtime);
  if (probe->socket != NULL && udp_socket_send (probe->socket, action->packet, action->length)
      && probe->sent == 0)
    probe->sent = action->length;
}

/* Keys and address are there already; when the core wants new ones, these are worth nothing. */
static void
perform (NtpProbe *probe, const NtpActions *actions)
{
  for (guint i = 0; i < actions->count; i++)
    {
      const NtpAction *action = &actions->items[i];
      if (action->kind == NTP_ACTION_SEND)
        send_packet (probe, action);
      else if (action->kind == NTP_ACTION_WAKE)
        probe->wake_at_ns = action->wake_at_ns;
    }
}

static void
rearm (NtpProbe *probe)
{
  gint64 wait_ns = clock_wait_ns (probe->clock, probe->wake_at_ns);

  timer_set (probe->wake, wait_ns == G_MAXINT64 ? TIMER_NEVER : (wait_ns + 999) / 1000);
}

static void
on_wake (gpointer data)
{
  run_due (data);
}

static void
run_due (NtpProbe *probe)
{
  NtpNow now = clock_now (probe->clock);
  NtpActions actions = { .count = 0 };
  NtpEntropy entropy;

  if (probe->wake_at_ns <= now.monotonic_ns
      && getrandom (entropy.octets, sizeof entropy.octets, 0) == (gssize) sizeof entropy.octets)
    {
      probe->wake_at_ns = G_MAXINT64;
      ntp_system_timer (probe->system, &entropy, &now, &actions);
      perform (probe, &actions);
    }
  rearm (probe);
}

/* An answer that holds is the end, whether its time can be used or not; another one may yet be
 * followed by the server's own. */
static void
on_packet (const guint8 *packet, gsize length, const struct timespec *stamp, gpointer data)
{
  NtpProbe *probe = data;
  NtpNow now = clock_now (probe->clock);
  NtpTimestamp when = stamp != NULL ? clock_from_kernel_stamp (probe->clock, stamp) : now.realtime;
  NtpActions actions = { .count = 0 };
  NtpServerSnapshot server;

  if (probe->finished)
    return;
  ntp_system_packet (probe->system, probe->slot, packet, length, when, &now, &actions);
  perform (probe, &actions);
  ntp_system_server_snapshot (probe->system, probe->slot, &now, &server);
  if ((server.reach & 1) != 0)
    finish (probe);
  else
    rearm (probe);
}

static void
on_sent (const struct timespec *stamp, gpointer data)
{
  NtpProbe *probe = data;

  ntp_system_sent (probe->system, probe->slot, clock_from_kernel_stamp (probe->clock, stamp));
}

static void
on_limit (gpointer data)
{
  NtpProbe *probe = data;
  NtpNow now = clock_now (probe->clock);
  NtpServerSnapshot server;
  NtpReason reason = NTP_REASON_NONE;

  ntp_system_server_snapshot (probe->system, probe->slot, &now, &server);
  if (!server.has_sample)
    reason = server.reason;
  if (reason == NTP_REASON_NO_SAMPLES || (!server.has_sample && reason == NTP_REASON_NONE))
    reason = NTP_REASON_NO_REPLY;
  probe->done (reason, &server, probe->data);
}

static void
add_server (NtpProbe *probe, const NtsKeys *keys, const NtsKeOffer *offer)
{
  const NtpServerConfig config = { .nts = keys != NULL };
  NtpNow now = clock_now (probe->clock);
  NtpActions actions = { .count = 0 };
  NtsCookies jar = { .count = 0 };

  for (guint i = 0; keys != NULL && i < offer->n_cookies; i++)
    nts_cookies_put (&jar, offer->cookies[i], offer->cookie_lengths[i]);
  probe->slot = ntp_system_add_server (probe->system, &config, keys, keys != NULL ? &jar : NULL,
                                       &probe->address, &now, &actions);
  nts_cookies_clear (&jar);
  if (probe->socket != NULL)
    ntp_system_own_id (probe->system, probe->slot, udp_socket_get_own_id (probe->socket));
  perform (probe, &actions);
}

NtpProbe *
ntp_probe_new (Clock *clock, const NtpAddress *address, const NtsKeys *keys,
               const NtsKeOffer *offer, NtpProbeDone done, gpointer data)
{
  static const UdpListener listener = { on_packet, on_sent };
  NtpProbe *probe = g_new0 (NtpProbe, 1);
  NtpOptions options = ntp_options_default;
  NtpNow now = clock_now (clock);

  options.may_adjust = false;
  probe->done = done;
  probe->data = data;
  probe->clock = clock;
  probe->address = *address;
  probe->wake_at_ns = G_MAXINT64;
  probe->wake = timer_new (on_wake, probe);
  probe->limit = timer_new (on_limit, probe);
  probe->memory = g_malloc0 (ntp_system_size (1));
  probe->system = ntp_system_init (probe->memory, 1, &options, clock_precision_log2 (clock),
                                   clock_get_frequency_ppm (clock), 0, 100, &now);
  probe->socket = udp_socket_new (&probe->address, &listener, probe, NULL);
  add_server (probe, keys, offer);
  run_due (probe);
  timer_set (probe->limit, probe->sent > 0 ? TIME_LIMIT_US : 0);
  return probe;
}

void
ntp_probe_free (NtpProbe *probe)
{
  g_clear_pointer (&probe->socket, udp_socket_free);
  timer_free (probe->wake);
  timer_free (probe->limit);
  nts_wipe (probe->memory, ntp_system_size (1));
  g_free (probe->memory);
  g_free (probe);
}

gsize
ntp_probe_get_sent (const NtpProbe *probe)
{
  return probe->sent;
}
