/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may be configured: one table for the options and one for [Server …], with the names in files
 * and over D-Bus, kinds and ranges. Private to config*.c. */

#pragma once

#include "config.h"

typedef enum
{
  CONFIG_BOOLEAN, /* bool */
  CONFIG_DOUBLE,  /* double */
  CONFIG_COUNT,   /* unsigned, u over D-Bus */
  CONFIG_LOG2,    /* int, n over D-Bus */
  CONFIG_PORT,    /* guint16, q over D-Bus */
  CONFIG_TEXT,    /* char *, at most 100 octets without control characters */
  CONFIG_PATH,    /* char *, absolute, of a PEM file that can be read */
  CONFIG_ACCEPT   /* ConfigAccept, by its name */
} ConfigKind;

typedef struct
{
  const char *name;   /* in files */
  const char *option; /* over D-Bus, NULL = not there */
  ConfigKind kind;
  gsize offset; /* in ConfigOptions or ServerConfig */
  double least, most;
  double least_over_bus;
  const char *group; /* of an option, in files */
} ConfigKey;

#define CONFIG_CLOCK_GROUP   "Clock"
#define CONFIG_RECORDS_GROUP "Records"

/* All options. */
typedef struct
{
  NtpOptions clock;
  unsigned keep_days;
} ConfigOptions;

#define CONFIG_N_OPTIONS     8
#define CONFIG_N_SERVER_KEYS 8
extern const ConfigKey config_option_keys[CONFIG_N_OPTIONS];
extern const ConfigKey config_server_keys[CONFIG_N_SERVER_KEYS];

/* Returns the index of a key by its name in files or over D-Bus, or −1. @group: of an option, NULL
 * for servers. */
int config_key_find (const ConfigKey *keys, int n_keys, const char *group, const char *name);
int config_option_find (const ConfigKey *keys, int n_keys, const char *option);

/* Checks @text, or @value, and puts it into @target, a ConfigOptions or ServerConfig. On failure
 * nothing is changed, and the message says what would have been right. A path that cannot be read
 * is put in all the same when it comes from a file, since it may appear later: then TRUE with
 * @error set. */
gboolean config_key_from_text (const ConfigKey *key, const char *text, gpointer target,
                               GError **error);
gboolean config_key_from_variant (const ConfigKey *key, GVariant *value, gpointer target,
                                  GError **error);
/* As it stands in files; NULL for text that is not set. */
char *config_key_to_text (const ConfigKey *key, gconstpointer source);
/* New and floating, of the type that D-Bus has for it. */
GVariant *config_key_to_variant (const ConfigKey *key, gconstpointer source);
