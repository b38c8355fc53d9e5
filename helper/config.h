/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The administrator's configuration file and, over it, what users changed over D-Bus.
 *
 * The file is a GKeyFile with the groups [Clock] and [Records], and a group [Server HOST] for each
 * server. Whatever in it makes no sense is named in a warning with file, group and key and left at
 * its default; nothing in it stops the helper.
 *
 * [Clock]           default
 * Automatic         true    true, false
 * StepThreshold     0.5     0.001…86400 s
 * MaximumChange     1000    0.1…1e10 s
 * MinimumSources    3       1…64
 * MinimumOperators  2       1…64
 * MinimumPoll       6       −4…17, log2 s; over D-Bus 4…17; not above MaximumPoll
 * MaximumPoll       10      −4…17, log2 s; over D-Bus 4…17
 *
 * [Records]
 * KeepDays          30      1…365
 *
 * [Server HOST]
 * NTS               true    false = unauthenticated: compared, never believed unless trusted
 * Port              4460    1…65535, of the key exchange
 * NTPPort           123     1…65535, only with NTS=false
 * Trust             false   only with NTS=false, only in the administrator's file
 * CA                        absolute path of a PEM file that replaces the system's certificates
 * Accept            any     any, issuer, key: which certificates, of those that the authorities
 *                           vouch for; the last two as the last one that was believed
 * Operator, Country         text of at most 100 octets
 *
 * What users change is a second layer of the same form, with one key more: Removed=true sets a
 * server of the administrator's file aside. Options that the file sets are locked: users cannot
 * change them, but for Automatic, which is a switch. */

#pragma once

#include <gio/gio.h>

#include "core/ntp-system.h"

#define CONFIG_SERVERS_OVER_BUS 16 /* more are possible only in the administrator's file */
#define CONFIG_SERVERS_MAX      1024

typedef struct Config Config;

/* Which of the good certificates of a server are believed. */
typedef enum
{
  CONFIG_ACCEPT_ANY,
  CONFIG_ACCEPT_ISSUER, /* for which the authority vouches that did so for the last one */
  CONFIG_ACCEPT_KEY     /* with the public key of the last one */
} ConfigAccept;

/* "any", "issuer" or "key". Static. */
const char *config_accept_name (ConfigAccept accept);

typedef struct
{
  char *host; /* as host_canonical () spells it */
  bool nts;
  guint16 port;
  guint16 ntp_port;
  bool trusted;
  char *ca_file; /* NULL = the system's certificates */
  ConfigAccept accept;
  char *operator_name; /* NULL = not said */
  char *country;       /* NULL = not said */
  bool from_users;     /* added or changed by users */
} ServerConfig;

ServerConfig *server_config_copy (const ServerConfig *server);
void server_config_free (ServerConfig *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServerConfig, server_config_free)

/* No servers, all defaults. */
Config *config_new (void);
void config_free (Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Config, config_free)

/* Reads the administrator's file. A missing one is as good as an empty one unless it is @required:
 * then, and when it cannot be read for another reason, NULL with a GFileError. */
Config *config_load (const char *path, gboolean required, GError **error);
/* Lays over it what config_get_users_data () gave in an earlier run. @name: of its file, for the
 * warnings. */
void config_apply_users (Config *config, const char *data, gsize length, const char *name);
/* What users have changed, to be kept. */
char *config_get_users_data (const Config *config);

/* may_adjust is TRUE: to observe only is no matter of configuration. */
const NtpOptions *config_get_options (const Config *config);
/* How long history, events and statistics are kept, days. */
guint config_get_keep_days (const Config *config);
guint config_get_n_servers (const Config *config);
/* In the order of the file, users' servers last. Owned by the configuration, gone when the server
 * is changed or removed. */
const ServerConfig *config_get_server (const Config *config, guint index);
/* The administrator's file names it. */
gboolean config_is_locked_server (const Config *config, const ServerConfig *server);
/* NULL when there is none; @host in any spelling. */
const ServerConfig *config_find_server (const Config *config, const char *host);
/* As the property Options of the D-Bus contract; new and floating. */
GVariant *config_get_options_variant (const Config *config);

/* Changes by users. Each is checked whole first: FALSE with GNOMON_ERROR_INVALID_ARGUMENT, whose
 * message begins with the name of the field, and nothing changed. */
gboolean config_add_server (Config *config, const char *host, GVariant *options, GError **error);
gboolean config_change_server (Config *config, const char *host, GVariant *options, GError **error);
/* The server as it would be with @options, whether it is in the list or not; new. NULL with
 * GNOMON_ERROR_INVALID_ARGUMENT, as above. Nothing is changed. */
ServerConfig *config_imagine_server (const Config *config, const char *host, GVariant *options,
                                     GError **error);
gboolean config_remove_server (Config *config, const char *host, GError **error);
gboolean config_set_options (Config *config, GVariant *options, GError **error);
void config_set_automatic (Config *config, gboolean automatic);
