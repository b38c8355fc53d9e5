/* SPDX-License-Identifier: GPL-3.0-or-later */

/* True time, one client's clock, its servers and the network between them. Events come in order;
 * nothing takes time but the paths. */

#pragma once

#include <stdint.h>

#include "dice.h"
#include "ntp-system.h"
#include "scenario.h"

#define WORLD_SERVERS_MAX 16
#define WORLD_PACKETS_MAX 64
#define WORLD_OCTETS_MAX  1280

typedef enum
{
  WORLD_SECOND,  /* a true second is full: look at the clock */
  WORLD_TIMER,   /* what world_set_timer () asked for */
  WORLD_REQUEST, /* packet arrives at its server */
  WORLD_REPLY,   /* packet arrives at the client */
  WORLD_KEYS,    /* the key exchange that world_exchange_keys () began is over */
  WORLD_JUMP,    /* what the scenario does to the client's clock has happened */
  WORLD_END
} WorldEvent;

typedef struct
{
  WorldEvent event; /* when it arrives */
  unsigned server;
  double arrives_s;
  uint16_t length;
  uint8_t octets[WORLD_OCTETS_MAX];
} WorldPacket;

/* What adjtimex () keeps for others. */
typedef struct
{
  bool synchronised;
  bool inserts; /* a leap second at the end of the day */
  double maximum_error_s;
  double adjusted_s; /* true time since when maximum_error_s grows */
} WorldKernel;

typedef struct
{
  const Scenario *scenario;
  unsigned n_servers;

  double true_s;         /* true time */
  double client_error_s; /* client − true */
  double stepped_s;      /* of client_error_s, what no monotonic clock shows */
  double oscillator;     /* s/s that the client's clock gains by itself, constant in each second */
  double walk;
  double steering; /* s/s */
  WorldKernel kernel;
  double timer_s; /* on the client's monotonic clock */
  bool jumped;
  bool day_ended;

  WorldPacket packets[WORLD_PACKETS_MAX];
  unsigned n_packets;
  WorldPacket arrived; /* the one that the last event was about */
  unsigned sent;       /* by the client */

  Dice oscillator_dice;
  Dice path_dice;
  Dice client_dice; /* for the client's own use */
} World;

void world_init (World *world, const Scenario *scenario, unsigned n_servers, uint64_t seed);

/* Goes on to the next event. */
WorldEvent world_next (World *world);

/* Seconds since the beginning of the world on the client's clocks, and on a server's. */
double world_client_s (const World *world);
double world_monotonic_s (const World *world);
double world_server_s (const World *world, unsigned server);

/* True during an outage. */
bool world_is_cut (const World *world);

/* The client's clock − UTC. */
double world_error_s (const World *world);
/* What the kernel tells programs that the error is at most; INFINITY while it says that it does not
 * know. It grows by 500 ppm. */
double world_maximum_error_s (const World *world);
/* When the world begins, ns since 1970. */
int64_t world_begin_ns (const World *world);
/* What @server says of a leap second at the end of the day. */
uint8_t world_server_leap (const World *world, unsigned server);

/* What the client may do. False, with nothing done, when adjtimex () would refuse: a tick is 9 to
 * 11 ms, and what is not whole ticks of 100 ppm goes up to 500 ppm in units of 2^-16 ppm. */
bool world_adjust (World *world, const NtpAdjust *adjust);
void world_set_timer (World *world, double monotonic_s);

/* Four round trips to @server. */
void world_exchange_keys (World *world, unsigned server);
/* From the client to @server, or back with @is_reply. May be lost. */
void world_send (World *world, unsigned server, bool is_reply, const uint8_t *octets,
                 uint16_t length);
