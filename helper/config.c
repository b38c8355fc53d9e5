/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config-private.h"

#include "address.h"
#include "key-file.h"

#include "core/nts-ke.h"

#include <string.h>

#define SERVER_GROUP  "Server "
#define REMOVED_KEY   "Removed"
#define NTP_PORT      123
#define KEEP_DAYS     30
#define FILE_SIZE_MAX (4 * 1024 * 1024)

/* One file on its way into the configuration. */
typedef struct
{
  Config *config;
  GKeyFile *keys;
  const char *name;
  gboolean by_users;
} Layer;

ServerConfig *
server_config_new (const char *host)
{
  ServerConfig *server = g_new0 (ServerConfig, 1);

  server->host = g_strdup (host);
  server->nts = true;
  server->port = NTS_KE_PORT;
  server->ntp_port = NTP_PORT;
  return server;
}

ServerConfig *
server_config_copy (const ServerConfig *server)
{
  ServerConfig *copy = g_memdup2 (server, sizeof *server);

  copy->host = g_strdup (server->host);
  copy->ca_file = g_strdup (server->ca_file);
  copy->operator_name = g_strdup (server->operator_name);
  copy->country = g_strdup (server->country);
  return copy;
}

void
server_config_free (ServerConfig *server)
{
  g_free (server->host);
  g_free (server->ca_file);
  g_free (server->operator_name);
  g_free (server->country);
  g_free (server);
}

Config *
config_new (void)
{
  Config *config = g_new0 (Config, 1);

  config->options = (ConfigOptions){ ntp_options_default, KEEP_DAYS };
  config->servers = g_ptr_array_new_with_free_func ((GDestroyNotify) server_config_free);
  config->in_file = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  config->removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return config;
}

void
config_free (Config *config)
{
  g_ptr_array_unref (config->servers);
  g_hash_table_unref (config->in_file);
  g_hash_table_unref (config->removed);
  g_free (config);
}

int
config_server_index (const Config *config, const char *host)
{
  for (guint i = 0; i < config->servers->len; i++)
    {
      const ServerConfig *server = g_ptr_array_index (config->servers, i);
      if (strcmp (server->host, host) == 0)
        return (int) i;
    }
  return -1;
}

static void
warn (const Layer *layer, const char *group, const char *key, const char *why)
{
  g_warning ("%s: [%s] %s: %s", layer->name, group, key, why);
}

/* The value as text; one with a wrong escape sequence stands as it is written. */
static char *
layer_get (const Layer *layer, const char *group, const char *key)
{
  char *value = g_key_file_get_string (layer->keys, group, key, NULL);

  return value != NULL ? value : g_key_file_get_value (layer->keys, group, key, NULL);
}

/* TRUE when the value was taken. */
static gboolean
take_key (const Layer *layer, const char *group, const char *name, const ConfigKey *key,
          gpointer target)
{
  g_autofree char *value = layer_get (layer, group, name);
  g_autoptr (GError) error = NULL;
  gboolean taken = config_key_from_text (key, value, target, &error);

  if (error != NULL)
    warn (layer, group, name, error->message);
  return taken;
}

static void
take_options (const Layer *layer, const char *group)
{
  Config *config = layer->config;
  NtpOptions *clock = &config->options.clock;
  const NtpOptions before = *clock;
  g_auto (GStrv) names = g_key_file_get_keys (layer->keys, group, NULL, NULL);

  for (char **name = names; *name != NULL; name++)
    {
      int i = config_key_find (config_option_keys, CONFIG_N_OPTIONS, group, *name);
      if (i < 0)
        warn (layer, group, *name, "unknown key");
      else if (layer->by_users && config->locked[i] && config_option_keys[i].option != NULL)
        g_info ("%s: [%s] %s: set by the administrator", layer->name, group, *name);
      else if (take_key (layer, group, *name, &config_option_keys[i], &config->options))
        {
          config->locked[i] |= !layer->by_users;
          config->from_users[i] |= layer->by_users;
        }
    }
  if (clock->minimum_poll_log2 > clock->maximum_poll_log2)
    {
      warn (layer, group, "MinimumPoll", "is above MaximumPoll; both are left as they were");
      clock->minimum_poll_log2 = before.minimum_poll_log2;
      clock->maximum_poll_log2 = before.maximum_poll_log2;
    }
}

static void
take_server_keys (const Layer *layer, const char *group, ServerConfig *server)
{
  g_auto (GStrv) names = g_key_file_get_keys (layer->keys, group, NULL, NULL);

  for (char **name = names; *name != NULL; name++)
    {
      int i = config_key_find (config_server_keys, CONFIG_N_SERVER_KEYS, NULL, *name);
      if (layer->by_users && strcmp (*name, REMOVED_KEY) == 0)
        continue;
      if (i < 0)
        warn (layer, group, *name, "unknown key");
      else if (layer->by_users && config_server_keys[i].option == NULL)
        warn (layer, group, *name, "only the administrator's file may say so");
      else
        take_key (layer, group, *name, &config_server_keys[i], server);
    }
  if (server->nts && server->trusted)
    {
      warn (layer, group, "Trust", "is only for NTS=false; ignored");
      server->trusted = false;
    }
  if (server->nts && server->ntp_port != NTP_PORT)
    {
      warn (layer, group, "NTPPort", "is only for NTS=false; ignored");
      server->ntp_port = NTP_PORT;
    }
}

static void
put_server (const Layer *layer, const char *group, ServerConfig *server)
{
  Config *config = layer->config;
  int index = config_server_index (config, server->host);

  server->from_users = layer->by_users;
  if (layer->by_users && g_key_file_get_boolean (layer->keys, group, REMOVED_KEY, NULL))
    {
      if (g_hash_table_contains (config->in_file, server->host))
        g_hash_table_add (config->removed, g_strdup (server->host));
      if (index >= 0)
        g_ptr_array_remove_index (config->servers, (guint) index);
      server_config_free (server);
      return;
    }
  if (!layer->by_users)
    g_hash_table_add (config->in_file, g_strdup (server->host));
  if (index < 0)
    {
      g_ptr_array_add (config->servers, server);
      return;
    }
  server_config_free (g_ptr_array_index (config->servers, index));
  g_ptr_array_index (config->servers, index) = server;
}

static void
take_server (const Layer *layer, const char *group, GHashTable *seen)
{
  g_autoptr (GError) error = NULL;
  const char *written = group + strlen (SERVER_GROUP);
  g_autofree char *host = host_canonical (written, &error);
  g_autoptr (ServerConfig) server = NULL;

  if (host == NULL)
    {
      warn (layer, group, written, error->message);
      return;
    }
  if (!g_hash_table_add (seen, g_strdup (host)))
    {
      warn (layer, group, host, "this server was there before; ignored");
      return;
    }
  if (layer->config->servers->len >= CONFIG_SERVERS_MAX)
    {
      warn (layer, group, host, "too many servers; ignored");
      return;
    }
  server = server_config_new (host);
  take_server_keys (layer, group, server);
  put_server (layer, group, g_steal_pointer (&server));
}

static void
take_layer (Config *config, const char *data, gsize length, const char *name, gboolean by_users)
{
  g_autoptr (GKeyFile) keys = key_file_parse (data, length, name);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) groups = g_key_file_get_groups (keys, NULL);
  const Layer layer = { .config = config, .keys = keys, .name = name, .by_users = by_users };

  for (char **group = groups; *group != NULL; group++)
    if (strcmp (*group, CONFIG_CLOCK_GROUP) == 0 || strcmp (*group, CONFIG_RECORDS_GROUP) == 0)
      take_options (&layer, *group);
    else if (g_str_has_prefix (*group, SERVER_GROUP))
      take_server (&layer, *group, seen);
    else
      warn (&layer, *group, "", "unknown group");
}

Config *
config_load (const char *path, gboolean required, GError **error)
{
  g_autoptr (Config) config = config_new ();
  g_autoptr (GError) local = NULL;
  g_autofree char *data = NULL;
  gsize length = 0;

  if (g_file_get_contents (path, &data, &length, &local))
    take_layer (config, data, MIN (length, FILE_SIZE_MAX), path, FALSE);
  else if (required || !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_steal_pointer (&config);
}

void
config_apply_users (Config *config, const char *data, gsize length, const char *name)
{
  take_layer (config, data, length, name, TRUE);
}

char *
config_get_users_data (const Config *config)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  GHashTableIter iter;
  gpointer host;

  for (int i = 0; i < CONFIG_N_OPTIONS; i++)
    if (config->from_users[i])
      {
        g_autofree char *text = config_key_to_text (&config_option_keys[i], &config->options);
        g_key_file_set_string (keys, config_option_keys[i].group, config_option_keys[i].name, text);
      }
  for (guint i = 0; i < config->servers->len; i++)
    {
      const ServerConfig *server = g_ptr_array_index (config->servers, i);
      g_autofree char *group = g_strconcat (SERVER_GROUP, server->host, NULL);
      for (int k = 0; server->from_users && k < CONFIG_N_SERVER_KEYS; k++)
        {
          g_autofree char *text = config_key_to_text (&config_server_keys[k], server);
          if (text != NULL && config_server_keys[k].option != NULL)
            g_key_file_set_string (keys, group, config_server_keys[k].name, text);
        }
    }
  g_hash_table_iter_init (&iter, config->removed);
  while (g_hash_table_iter_next (&iter, &host, NULL))
    {
      g_autofree char *group = g_strconcat (SERVER_GROUP, host, NULL);
      g_key_file_set_boolean (keys, group, REMOVED_KEY, TRUE);
    }
  return g_key_file_to_data (keys, NULL, NULL);
}

const NtpOptions *
config_get_options (const Config *config)
{
  return &config->options.clock;
}

guint
config_get_keep_days (const Config *config)
{
  return config->options.keep_days;
}

guint
config_get_n_servers (const Config *config)
{
  return config->servers->len;
}

const ServerConfig *
config_get_server (const Config *config, guint index)
{
  return g_ptr_array_index (config->servers, index);
}

gboolean
config_is_locked_server (const Config *config, const ServerConfig *server)
{
  return g_hash_table_contains (config->in_file, server->host);
}

const ServerConfig *
config_find_server (const Config *config, const char *host)
{
  g_autofree char *canonical = host_canonical (host, NULL);
  int index = canonical != NULL ? config_server_index (config, canonical) : -1;

  return index >= 0 ? g_ptr_array_index (config->servers, index) : NULL;
}
