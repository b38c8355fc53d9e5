/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shared by config.c (what files say) and config-changes.c (what users change). */

#pragma once

#include "config-keys.h"

struct Config
{
  ConfigOptions options;
  bool locked[CONFIG_N_OPTIONS];     /* set by the administrator's file */
  bool from_users[CONFIG_N_OPTIONS]; /* set by users */
  GPtrArray *servers;                /* ServerConfig, in order */
  GHashTable *in_file;               /* hosts of the administrator's file */
  GHashTable *removed;               /* those of them that users have set aside */
};

ServerConfig *server_config_new (const char *host);

/* −1 when there is none; @host canonical. */
int config_server_index (const Config *config, const char *host);
