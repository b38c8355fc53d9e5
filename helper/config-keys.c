/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config-keys.h"

#include "ca-file.h"
#include "error.h"

#include <math.h>
#include <string.h>

#define TEXT_MAX 100 /* ours */

#define OPTION(member) G_STRUCT_OFFSET (ConfigOptions, member)
#define SERVER(member) G_STRUCT_OFFSET (ServerConfig, member)

const ConfigKey config_option_keys[CONFIG_N_OPTIONS] = {
  { "Automatic", NULL, CONFIG_BOOLEAN, OPTION (clock.automatic), 0, 1, 0, CONFIG_CLOCK_GROUP },
  { "StepThreshold", "step-threshold", CONFIG_DOUBLE, OPTION (clock.step_threshold_s), 0.001, 86400,
    0.001, CONFIG_CLOCK_GROUP },
  { "MaximumChange", "maximum-change", CONFIG_DOUBLE, OPTION (clock.maximum_change_s), 0.1, 1e10,
    0.1, CONFIG_CLOCK_GROUP },
  { "MinimumSources", "minimum-sources", CONFIG_COUNT, OPTION (clock.minimum_sources), 1, 64, 1,
    CONFIG_CLOCK_GROUP },
  { "MinimumOperators", "minimum-operators", CONFIG_COUNT, OPTION (clock.minimum_operators), 1, 64,
    1, CONFIG_CLOCK_GROUP },
  /* Below 2^4 s only in the administrator's file, for servers that are his own. */
  { "MinimumPoll", "minimum-poll", CONFIG_LOG2, OPTION (clock.minimum_poll_log2), -4, 17, 4,
    CONFIG_CLOCK_GROUP },
  { "MaximumPoll", "maximum-poll", CONFIG_LOG2, OPTION (clock.maximum_poll_log2), -4, 17, 4,
    CONFIG_CLOCK_GROUP },
  { "KeepDays", "keep-days", CONFIG_COUNT, OPTION (keep_days), 1, 365, 1, CONFIG_RECORDS_GROUP },
};

const ConfigKey config_server_keys[CONFIG_N_SERVER_KEYS] = {
  { "NTS", "nts", CONFIG_BOOLEAN, SERVER (nts), 0, 1, 0, NULL },
  { "Port", "port", CONFIG_PORT, SERVER (port), 1, 65535, 1, NULL },
  { "NTPPort", "ntp-port", CONFIG_PORT, SERVER (ntp_port), 1, 65535, 1, NULL },
  { "Trust", NULL, CONFIG_BOOLEAN, SERVER (trusted), 0, 1, 0, NULL },
  { "CA", "ca", CONFIG_PATH, SERVER (ca_file), 0, 0, 0, NULL },
  { "Accept", "accept", CONFIG_ACCEPT, SERVER (accept), 0, 0, 0, NULL },
  { "Operator", "operator", CONFIG_TEXT, SERVER (operator_name), 0, 0, 0, NULL },
  { "Country", "country", CONFIG_TEXT, SERVER (country), 0, 0, 0, NULL },
};

int
config_key_find (const ConfigKey *keys, int n_keys, const char *group, const char *name)
{
  for (int i = 0; i < n_keys; i++)
    if (strcmp (keys[i].name, name) == 0 && g_strcmp0 (keys[i].group, group) == 0)
      return i;
  return -1;
}

int
config_option_find (const ConfigKey *keys, int n_keys, const char *option)
{
  for (int i = 0; i < n_keys; i++)
    if (keys[i].option != NULL && strcmp (keys[i].option, option) == 0)
      return i;
  return -1;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT, why);
  return FALSE;
}

static void
put_number (const ConfigKey *key, double number, gpointer target)
{
  gpointer member = G_STRUCT_MEMBER_P (target, key->offset);

  switch (key->kind)
    {
    case CONFIG_BOOLEAN:
      *(bool *) member = number != 0;
      break;
    case CONFIG_DOUBLE:
      *(double *) member = number;
      break;
    case CONFIG_COUNT:
      *(unsigned *) member = (unsigned) number;
      break;
    case CONFIG_LOG2:
      *(int *) member = (int) number;
      break;
    case CONFIG_PORT:
      *(guint16 *) member = (guint16) number;
      break;
    case CONFIG_TEXT:
    case CONFIG_PATH:
    case CONFIG_ACCEPT:
    default:
      g_assert_not_reached ();
    }
}

static double
get_number (const ConfigKey *key, gconstpointer source)
{
  gconstpointer member = (const char *) source + key->offset;

  switch (key->kind)
    {
    case CONFIG_BOOLEAN:
      return *(const bool *) member;
    case CONFIG_DOUBLE:
      return *(const double *) member;
    case CONFIG_COUNT:
      return *(const unsigned *) member;
    case CONFIG_LOG2:
      return *(const int *) member;
    case CONFIG_PORT:
      return *(const guint16 *) member;
    case CONFIG_TEXT:
    case CONFIG_PATH:
    case CONFIG_ACCEPT:
    default:
      g_assert_not_reached ();
    }
}

static gboolean
is_number (const ConfigKey *key)
{
  return key->kind != CONFIG_TEXT && key->kind != CONFIG_PATH && key->kind != CONFIG_ACCEPT;
}

static gboolean
take_number (const ConfigKey *key, double number, double least, gpointer target, GError **error)
{
  char from[G_ASCII_DTOSTR_BUF_SIZE], to[G_ASCII_DTOSTR_BUF_SIZE];

  if (number >= least && number <= key->most)
    {
      put_number (key, number, target);
      return TRUE;
    }
  g_ascii_formatd (from, sizeof from, "%g", least);
  g_ascii_formatd (to, sizeof to, "%g", key->most);
  g_set_error (error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT, "must be from %s to %s", from,
               to);
  return FALSE;
}

static const char *const accept_names[] = {
  [CONFIG_ACCEPT_ANY] = "any",
  [CONFIG_ACCEPT_ISSUER] = "issuer",
  [CONFIG_ACCEPT_KEY] = "key",
};

const char *
config_accept_name (ConfigAccept accept)
{
  return accept_names[accept];
}

/* FALSE when @name is none. */
static gboolean
find_accept (const char *name, ConfigAccept *accept)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accept_names); i++)
    if (strcmp (accept_names[i], name) == 0)
      {
        *accept = (ConfigAccept) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
check_text (const ConfigKey *key, const char *text, GError **error)
{
  ConfigAccept accept;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isprint (g_utf8_get_char (at)))
      return refuse (error, "must not hold control characters");
  if (key->kind == CONFIG_TEXT && strlen (text) > TEXT_MAX)
    return refuse (error, "must not be longer than 100 octets");
  if (key->kind == CONFIG_PATH && *text != '\0' && !g_path_is_absolute (text))
    return refuse (error, "must be an absolute path");
  if (key->kind == CONFIG_ACCEPT && !find_accept (text, &accept))
    return refuse (error, "must be any, issuer or key");
  return TRUE;
}

static void
put_text (const ConfigKey *key, const char *text, gpointer target)
{
  char **member = G_STRUCT_MEMBER_P (target, key->offset);

  if (key->kind == CONFIG_ACCEPT)
    {
      find_accept (text, G_STRUCT_MEMBER_P (target, key->offset));
      return;
    }
  g_free (*member);
  *member = *text != '\0' ? g_strdup (text) : NULL;
}

/* TRUE also for no path at all, which means the system's store. */
static gboolean
is_readable (const char *path, GError **error)
{
  g_autoptr (GBytes) pem = *path != '\0' ? ca_file_read (path, error) : NULL;

  return *path == '\0' || pem != NULL;
}

gboolean
config_key_from_text (const ConfigKey *key, const char *text, gpointer target, GError **error)
{
  char *end = NULL;
  double number;

  if (!is_number (key))
    {
      if (!check_text (key, text, error))
        return FALSE;
      put_text (key, text, target);
      if (key->kind == CONFIG_PATH)
        is_readable (text, error);
      return TRUE;
    }
  if (key->kind == CONFIG_BOOLEAN)
    {
      if (strcmp (text, "true") != 0 && strcmp (text, "false") != 0)
        return refuse (error, "must be true or false");
      put_number (key, *text == 't', target);
      return TRUE;
    }
  number = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !isfinite (number))
    return refuse (error, "must be a number");
  if (key->kind != CONFIG_DOUBLE && number != floor (number))
    return refuse (error, "must be a whole number");
  return take_number (key, number, key->least, target, error);
}

static double
number_from_variant (GVariant *value)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_DOUBLE:
      return g_variant_get_double (value);
    case G_VARIANT_CLASS_UINT32:
      return g_variant_get_uint32 (value);
    case G_VARIANT_CLASS_INT16:
      return g_variant_get_int16 (value);
    case G_VARIANT_CLASS_UINT16:
      return g_variant_get_uint16 (value);
    default:
      return g_variant_get_boolean (value);
    }
}

gboolean
config_key_from_variant (const ConfigKey *key, GVariant *value, gpointer target, GError **error)
{
  static const char *const types[] = {
    [CONFIG_BOOLEAN] = "b", [CONFIG_DOUBLE] = "d", [CONFIG_COUNT] = "u", [CONFIG_LOG2] = "n",
    [CONFIG_PORT] = "q",    [CONFIG_TEXT] = "s",   [CONFIG_PATH] = "s",  [CONFIG_ACCEPT] = "s",
  };
  const char *text;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE (types[key->kind])))
    {
      g_set_error (error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT, "must be of type %s",
                   types[key->kind]);
      return FALSE;
    }
  if (is_number (key))
    return take_number (key, number_from_variant (value), key->least_over_bus, target, error);
  text = g_variant_get_string (value, NULL);
  if (!check_text (key, text, error) || (key->kind == CONFIG_PATH && !is_readable (text, error)))
    return FALSE;
  put_text (key, text, target);
  return TRUE;
}

static const char *
get_accept_name (const ConfigKey *key, gconstpointer source)
{
  return config_accept_name (*(const ConfigAccept *) G_STRUCT_MEMBER_P (source, key->offset));
}

char *
config_key_to_text (const ConfigKey *key, gconstpointer source)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (key->kind == CONFIG_ACCEPT)
    return g_strdup (get_accept_name (key, source));
  if (!is_number (key))
    return g_strdup (*(char *const *) G_STRUCT_MEMBER_P (source, key->offset));
  if (key->kind == CONFIG_BOOLEAN)
    return g_strdup (get_number (key, source) != 0 ? "true" : "false");
  return g_strdup (g_ascii_dtostr (number, sizeof number, get_number (key, source)));
}

GVariant *
config_key_to_variant (const ConfigKey *key, gconstpointer source)
{
  switch (key->kind)
    {
    case CONFIG_BOOLEAN:
      return g_variant_new_boolean (get_number (key, source) != 0);
    case CONFIG_DOUBLE:
      return g_variant_new_double (get_number (key, source));
    case CONFIG_COUNT:
      return g_variant_new_uint32 ((guint32) get_number (key, source));
    case CONFIG_LOG2:
      return g_variant_new_int16 ((gint16) get_number (key, source));
    case CONFIG_PORT:
      return g_variant_new_uint16 ((guint16) get_number (key, source));
    case CONFIG_ACCEPT:
      return g_variant_new_string (get_accept_name (key, source));
    case CONFIG_TEXT:
    case CONFIG_PATH:
    default:
      return g_variant_new_string (*(char *const *) G_STRUCT_MEMBER_P (source, key->offset));
    }
}
