/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The administrator's configuration file and, over it, what users changed over D-Bus. */

#pragma once

#include <gio/gio.h>

#include "core/ntp-system.h"

#define CONFIG_SERVERS_OVER_BUS 16 /* more are possible only in the administrator's file */

typedef struct Config Config;
