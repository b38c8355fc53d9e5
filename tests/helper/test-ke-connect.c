/* SPDX-License-Identifier: GPL-3.0-or-later */

/* On loopback. */

#include "ke-connect.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The broadcast address, to which no kernel lets a connection go. */
#define NO_WAY                                                                                     \
  {                                                                                                \
    .family = 4, .octets = { 255, 255, 255, 255 }, .port = 4460                                    \
  }

typedef struct
{
  gboolean done;
  int fd;
  NtpAddress address;
  NtpReason reason;
} Outcome;

static void
on_done (int fd, const NtpAddress *address, NtpReason reason, gpointer data)
{
  Outcome *outcome = data;

  g_assert_false (outcome->done);
  *outcome = (Outcome){ .done = TRUE, .fd = fd, .reason = reason };
  if (address != NULL)
    outcome->address = *address;
}

static Outcome
try_all (const NtpAddress *addresses, guint n_addresses)
{
  Outcome outcome = { .fd = -1 };
  KeConnect *connect = ke_connect_new (addresses, n_addresses, on_done, &outcome);

  g_assert_false (outcome.done);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  ke_connect_free (connect);
  return outcome;
}

/* Something that listens on 127.0.0.@last, or only has the port. */
static int
bind_to (guint8 last, gboolean listens, NtpAddress *address)
{
  struct sockaddr_in in = { .sin_family = AF_INET,
                            .sin_addr.s_addr = htonl (INADDR_LOOPBACK - 1u + last) };
  socklen_t length = sizeof in;
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &in, sizeof in), ==, 0);
  if (listens)
    g_assert_cmpint (listen (fd, 0), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &in, &length), ==, 0);
  *address =
      (NtpAddress){ .family = 4, .octets = { 127, 0, 0, last }, .port = ntohs (in.sin_port) };
  return fd;
}

static void
test_the_first_that_answers (void)
{
  NtpAddress addresses[3] = { NO_WAY };
  int refusing = bind_to (1, FALSE, &addresses[1]);
  int listening = bind_to (2, TRUE, &addresses[2]);
  Outcome outcome = try_all (addresses, 3);

  g_assert_cmpint (outcome.reason, ==, NTP_REASON_NONE);
  g_assert_cmpmem (&outcome.address, sizeof outcome.address, &addresses[2], sizeof addresses[2]);
  g_assert_cmpint (send (outcome.fd, "x", 1, MSG_NOSIGNAL), ==, 1);
  close (outcome.fd);
  close (refusing);
  close (listening);
}

static void
test_tells_a_refusal (void)
{
  NtpAddress addresses[2] = { { 0 }, NO_WAY };
  int refusing = bind_to (1, FALSE, &addresses[0]);
  Outcome outcome = try_all (addresses, 2);

  g_assert_cmpint (outcome.fd, ==, -1);
  g_assert_cmpint (outcome.reason, ==, NTP_REASON_CONNECTION_REFUSED);
  close (refusing);
}

static void
test_tells_that_there_is_no_way (void)
{
  const NtpAddress nowhere = NO_WAY;
  Outcome outcome = try_all (&nowhere, 1);

  g_assert_cmpint (outcome.reason, ==, NTP_REASON_NETWORK_UNREACHABLE);
}

/* A listener whose queue is full answers nothing at all. */
static void
test_does_not_wait_for_the_silent (void)
{
  NtpAddress addresses[2];
  int silent = bind_to (1, TRUE, &addresses[0]);
  int listening = bind_to (2, TRUE, &addresses[1]);
  Outcome filler = try_all (addresses, 1);
  gint64 begin_us = g_get_monotonic_time ();
  Outcome outcome = try_all (addresses, 2);

  g_assert_cmpint (outcome.reason, ==, NTP_REASON_NONE);
  g_assert_cmpmem (&outcome.address, sizeof outcome.address, &addresses[1], sizeof addresses[1]);
  /* RFC 8305 §5: the next attempt begins after 250 ms. */
  g_assert_cmpint (g_get_monotonic_time () - begin_us, >=, 250000);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 2 * G_USEC_PER_SEC);
  close (filler.fd);
  close (outcome.fd);
  close (silent);
  close (listening);
}

static void
test_can_be_given_up (void)
{
  NtpAddress address;
  int listening = bind_to (1, TRUE, &address);
  Outcome outcome = { .fd = -1 };

  ke_connect_free (ke_connect_new (&address, 1, on_done, &outcome));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (outcome.done);
  close (listening);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ke-connect/the-first-that-answers", test_the_first_that_answers);
  g_test_add_func ("/ke-connect/tells-a-refusal", test_tells_a_refusal);
  g_test_add_func ("/ke-connect/tells-that-there-is-no-way", test_tells_that_there_is_no_way);
  g_test_add_func ("/ke-connect/does-not-wait-for-the-silent", test_does_not_wait_for_the_silent);
  g_test_add_func ("/ke-connect/can-be-given-up", test_can_be_given_up);
  return g_test_run ();
}
