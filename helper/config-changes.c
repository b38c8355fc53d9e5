/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config-private.h"

#include "address.h"
#include "error.h"

static gboolean
refuse (GError **error, const char *field, const char *why)
{
  g_set_error (error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT, "%s: %s", field, why);
  return FALSE;
}

/* Takes every key of @options, an a{sv}, into @target, or stops at the first that makes no sense.
 * @taken: set for each key, or NULL. */
static gboolean
take_options (const ConfigKey *keys, int n_keys, GVariant *options, gpointer target, bool *taken,
              GError **error)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      int i = config_option_find (keys, n_keys, name);
      if (i >= 0 && config_key_from_variant (&keys[i], value, target, error))
        {
          if (taken != NULL)
            taken[i] = true;
          continue;
        }
      if (i < 0)
        refuse (error, name, "is not known");
      else
        g_prefix_error (error, "%s: ", name);
      g_variant_unref (value);
      return FALSE;
    }
  return TRUE;
}

static gboolean
take_server_options (ServerConfig *server, GVariant *options, GError **error)
{
  guint16 ntp_port = server->ntp_port;

  if (!take_options (config_server_keys, CONFIG_N_SERVER_KEYS, options, server, NULL, error))
    return FALSE;
  if (server->nts && server->ntp_port != ntp_port)
    return refuse (error, "ntp-port", "is only for servers without NTS");
  server->from_users = true;
  return TRUE;
}

gboolean
config_add_server (Config *config, const char *host, GVariant *options, GError **error)
{
  g_autofree char *canonical = host_canonical (host, error);
  g_autoptr (ServerConfig) server = NULL;

  if (canonical == NULL)
    return FALSE;
  if (config_server_index (config, canonical) >= 0)
    return refuse (error, "host", "is in the list already");
  if (config->servers->len >= CONFIG_SERVERS_OVER_BUS)
    return refuse (error, "host", "there are 16 servers already, which is enough");
  server = server_config_new (canonical);
  if (!take_server_options (server, options, error))
    return FALSE;
  g_hash_table_remove (config->removed, canonical);
  g_ptr_array_add (config->servers, g_steal_pointer (&server));
  return TRUE;
}

/* −1 with an error when there is no such server. */
static int
find_server (const Config *config, const char *host, GError **error)
{
  g_autofree char *canonical = host_canonical (host, error);
  int index;

  if (canonical == NULL)
    return -1;
  index = config_server_index (config, canonical);
  if (index < 0)
    refuse (error, "host", "is not in the list");
  return index;
}

gboolean
config_change_server (Config *config, const char *host, GVariant *options, GError **error)
{
  int index = find_server (config, host, error);
  g_autoptr (ServerConfig) changed = NULL;
  ServerConfig *server;

  if (index < 0)
    return FALSE;
  server = g_ptr_array_index (config->servers, index);
  if (server->trusted)
    return refuse (error, "host", "is trusted without proof, which only its file can change");
  changed = server_config_copy (server);
  if (!take_server_options (changed, options, error))
    return FALSE;
  server_config_free (server);
  g_ptr_array_index (config->servers, index) = g_steal_pointer (&changed);
  return TRUE;
}

ServerConfig *
config_imagine_server (const Config *config, const char *host, GVariant *options, GError **error)
{
  g_autofree char *canonical = host_canonical (host, error);
  g_autoptr (ServerConfig) server = NULL;
  int index;

  if (canonical == NULL)
    return NULL;
  index = config_server_index (config, canonical);
  server = index >= 0 ? server_config_copy (g_ptr_array_index (config->servers, index))
                      : server_config_new (canonical);
  return take_server_options (server, options, error) ? g_steal_pointer (&server) : NULL;
}

gboolean
config_remove_server (Config *config, const char *host, GError **error)
{
  int index = find_server (config, host, error);
  ServerConfig *server;

  if (index < 0)
    return FALSE;
  server = g_ptr_array_index (config->servers, index);
  if (g_hash_table_contains (config->in_file, server->host))
    g_hash_table_add (config->removed, g_strdup (server->host));
  g_ptr_array_remove_index (config->servers, (guint) index);
  return TRUE;
}

gboolean
config_set_options (Config *config, GVariant *options, GError **error)
{
  ConfigOptions changed = config->options;
  bool taken[CONFIG_N_OPTIONS] = { false };

  if (!take_options (config_option_keys, CONFIG_N_OPTIONS, options, &changed, taken, error))
    return FALSE;
  for (int i = 0; i < CONFIG_N_OPTIONS; i++)
    if (taken[i] && config->locked[i])
      return refuse (error, config_option_keys[i].option, "is set by the administrator");
  if (changed.clock.minimum_poll_log2 > changed.clock.maximum_poll_log2)
    return g_variant_lookup (options, "minimum-poll", "n", NULL)
               ? refuse (error, "minimum-poll", "must not be above maximum-poll")
               : refuse (error, "maximum-poll", "must not be below minimum-poll");
  config->options = changed;
  for (int i = 0; i < CONFIG_N_OPTIONS; i++)
    config->from_users[i] |= taken[i];
  return TRUE;
}

void
config_set_automatic (Config *config, gboolean automatic)
{
  int key = config_key_find (config_option_keys, CONFIG_N_OPTIONS, CONFIG_CLOCK_GROUP, "Automatic");

  config->options.clock.automatic = automatic;
  config->from_users[key] = true;
}

GVariant *
config_get_options_variant (const Config *config)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GStrvBuilder) locked = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (int i = 0; i < CONFIG_N_OPTIONS; i++)
    {
      const ConfigKey *key = &config_option_keys[i];
      if (key->option == NULL)
        continue;
      g_variant_dict_insert_value (&dict, key->option,
                                   config_key_to_variant (key, &config->options));
      if (config->locked[i])
        g_strv_builder_add (locked, key->option);
    }
  names = g_strv_builder_end (locked);
  g_variant_dict_insert_value (&dict, "locked",
                               g_variant_new_strv ((const char *const *) names, -1));
  return g_variant_dict_end (&dict);
}
