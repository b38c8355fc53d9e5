/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-delay-line DELAY_US: two network namespaces of its own, "near" with 10.77.0.1 and "far"
 * with 10.77.0.11 … 10.77.0.14, and between them a line that holds every IPv4 packet back for
 * DELAY_US microseconds each way. Not every kernel has a delaying queue; every kernel has TUN
 * devices.
 *
 * The first line of the output is "ready NEAR FAR", two process ids with whose namespaces (nsenter
 * --net) programs can be run; then there is a line for every packet as the near side sends or gets
 * it: "TIME out|in tcp|udp LENGTH SYN", the time in ns of CLOCK_MONOTONIC, SYN 1 or 0. Ends with
 * its input. Needs root. */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define QUEUE_LENGTH 4096
#define PACKET_MAX   2048
#define PROTOCOL_TCP 6

typedef struct
{
  int64_t due_ns;
  size_t length;
  uint8_t octets[PACKET_MAX];
} Packet;

typedef struct
{
  Packet *packets; /* QUEUE_LENGTH */
  unsigned first, count;
} Queue;

static void
fail (const char *what)
{
  perror (what);
  exit (1);
}

static int64_t
now_ns (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* @label: "line" or an alias of it, as "line:1". */
static void
add_address (int control, const char *label, const char *address)
{
  struct ifreq request = { 0 };
  struct sockaddr_in inet = { .sin_family = AF_INET };
  snprintf (request.ifr_name, sizeof request.ifr_name, "%s", label);
  inet_pton (AF_INET, address, &inet.sin_addr);
  memcpy (&request.ifr_addr, &inet, sizeof inet);
  if (ioctl (control, SIOCSIFADDR, &request) < 0)
    fail (address);
  inet_pton (AF_INET, "255.255.255.0", &inet.sin_addr);
  memcpy (&request.ifr_netmask, &inet, sizeof inet);
  if (ioctl (control, SIOCSIFNETMASK, &request) < 0)
    fail (address);
}

static void
bring_up (int control, const char *device)
{
  struct ifreq request = { .ifr_flags = IFF_UP | IFF_RUNNING };
  snprintf (request.ifr_name, sizeof request.ifr_name, "%s", device);
  if (ioctl (control, SIOCSIFFLAGS, &request) < 0)
    fail (device);
}

/* Goes into a new namespace and makes its end of the line there. */
static int
make_end (const char *const *addresses)
{
  struct ifreq request = { .ifr_name = "line", .ifr_flags = IFF_TUN | IFF_NO_PI };
  if (unshare (CLONE_NEWNET) < 0)
    fail ("unshare");
  int tun = open ("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (tun < 0 || ioctl (tun, TUNSETIFF, &request) < 0)
    fail ("/dev/net/tun");
  int control = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  for (int i = 0; addresses[i] != NULL; i++)
    {
      char label[IFNAMSIZ] = "line";
      if (i > 0)
        snprintf (label, sizeof label, "line:%d", i);
      add_address (control, label, addresses[i]);
    }
  bring_up (control, "line");
  bring_up (control, "lo");
  close (control);
  return tun;
}

/* A process that does nothing but keep the present namespace; it ends with this one. */
static pid_t
hold_namespace (void)
{
  pid_t pid = fork ();
  if (pid < 0)
    fail ("fork");
  if (pid == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      for (;;)
        pause ();
    }
  return pid;
}

static void
report (const Packet *packet, const char *direction)
{
  size_t header = (packet->octets[0] & 15u) * 4;
  bool tcp = packet->octets[9] == PROTOCOL_TCP;
  bool syn = tcp && packet->length > header + 13 && (packet->octets[header + 13] & 2) != 0;
  printf ("%lld %s %s %zu %d\n", (long long) now_ns (), direction, tcp ? "tcp" : "udp",
          packet->length, syn);
}

static void
take_packets (int from, Queue *queue, int64_t delay_ns, bool near)
{
  for (;;)
    {
      Packet *packet = &queue->packets[(queue->first + queue->count) % QUEUE_LENGTH];
      ssize_t length = read (from, packet->octets, sizeof packet->octets);
      if (length <= 0)
        return;
      packet->length = (size_t) length;
      packet->due_ns = now_ns () + delay_ns;
      if (length < 20 || packet->octets[0] >> 4 != 4 || queue->count == QUEUE_LENGTH - 1)
        continue;
      queue->count++;
      if (near)
        report (packet, "out");
    }
}

static void
give_packets (int to, Queue *queue, bool near)
{
  while (queue->count > 0 && queue->packets[queue->first].due_ns <= now_ns ())
    {
      const Packet *packet = &queue->packets[queue->first];
      if (near)
        report (packet, "in");
      if (write (to, packet->octets, packet->length) < 0)
        perror ("write");
      queue->first = (queue->first + 1) % QUEUE_LENGTH;
      queue->count--;
    }
}

static void
run (const int ends[2], int64_t delay_ns)
{
  Queue queues[2] = { 0 }; /* queues[i]: what came from ends[i] */
  for (int i = 0; i < 2; i++)
    queues[i].packets = calloc (QUEUE_LENGTH, sizeof (Packet));
  for (;;)
    {
      int64_t due_ns = INT64_MAX;
      for (int i = 0; i < 2; i++)
        if (queues[i].count > 0 && queues[i].packets[queues[i].first].due_ns < due_ns)
          due_ns = queues[i].packets[queues[i].first].due_ns;
      int64_t left_ns = due_ns - now_ns ();
      int64_t wait_ns = left_ns > 0 ? left_ns : 0;
      struct timespec wait = { wait_ns / 1000000000, wait_ns % 1000000000 };
      struct pollfd ready[] = { { ends[0], POLLIN, 0 }, { ends[1], POLLIN, 0 }, { 0, POLLIN, 0 } };
      if (ppoll (ready, 3, due_ns == INT64_MAX ? NULL : &wait, NULL) < 0 && errno != EINTR)
        fail ("poll");
      for (int i = 0; i < 2; i++)
        give_packets (ends[1 - i], &queues[i], i == 1);
      for (int i = 0; i < 2; i++)
        take_packets (ends[i], &queues[i], delay_ns, i == 0);
      if (ready[2].revents != 0)
        return;
    }
}

int
main (int argc, char *argv[])
{
  static const char *const near[] = { "10.77.0.1", NULL };
  static const char *const far[] = { "10.77.0.11", "10.77.0.12", "10.77.0.13", "10.77.0.14", NULL };
  if (argc != 2)
    {
      fprintf (stderr, "usage: bench-delay-line DELAY_US\n");
      return 2;
    }
  prctl (PR_SET_TIMERSLACK, 1000UL);
  setvbuf (stdout, NULL, _IOLBF, 0);
  int ends[2];
  ends[1] = make_end (far);
  pid_t far_pid = hold_namespace ();
  ends[0] = make_end (near);
  printf ("ready %d %d\n", (int) getpid (), (int) far_pid);
  run (ends, strtoll (argv[1], NULL, 10) * 1000);
  kill (far_pid, SIGKILL);
  return 0;
}
