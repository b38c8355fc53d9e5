/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "arguments.h"

#include "error.h"

#include <string.h>

#define KEYS_MAX     16   /* in one dictionary; ours, more than there are */
#define KEY_NAME_MAX 32   /* octets; ours, longer than any */
#define TEXT_MAX     4095 /* octets; the longest path that Linux takes */

typedef enum
{
  NO_OPTIONS,
  NO_KEYS,       /* there is a dictionary of options, for later, and no key is known yet */
  DIAGNOSE_KEYS, /* how a server is reached, and nothing else that AddServer takes */
  ANY_KEYS
} Options;

static const char *const diagnose_keys[] = { "nts", "port", "ntp-port", "ca", "accept", NULL };

static const struct
{
  const char *method;
  gboolean host; /* the first argument is one */
  Options options;
} rules[] = {
  { "SyncNow", FALSE, NO_KEYS },      { "AddServer", TRUE, ANY_KEYS },
  { "ChangeServer", TRUE, ANY_KEYS }, { "RemoveServer", TRUE, NO_OPTIONS },
  { "SetOptions", FALSE, ANY_KEYS },  { "Diagnose", TRUE, DIAGNOSE_KEYS },
  { "GetLedger", TRUE, NO_OPTIONS },
};

static gboolean
refuse (GError **error, const char *field, const char *why)
{
  g_set_error (error, GNOMON_ERROR, GNOMON_ERROR_INVALID_ARGUMENT, "%s: %s", field, why);
  return FALSE;
}

/* Control characters forge log lines, invisible format characters (bidirectional overrides and the
 * like) make one name look like another. */
static gboolean
is_plain_text (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    switch ((int) g_unichar_type (g_utf8_get_char (at)))
      {
      case G_UNICODE_CONTROL:
      case G_UNICODE_FORMAT:
      case G_UNICODE_LINE_SEPARATOR:
      case G_UNICODE_PARAGRAPH_SEPARATOR:
        return FALSE;
      default:
        break;
      }
  return TRUE;
}

static gboolean
check_text (const char *field, const char *text, size_t most, GError **error)
{
  if (strlen (text) > most)
    return refuse (error, field, "is too long");
  if (!is_plain_text (text))
    return refuse (error, field, "holds control characters");
  return TRUE;
}

static gboolean
check_host (const char *host, GError **error)
{
  if (*host == '\0')
    return refuse (error, "host", "is empty");
  return check_text ("host", host, ARGUMENTS_HOST_MAX, error);
}

static gboolean
is_known (const char *key, Options allowed)
{
  return allowed == ANY_KEYS || (allowed == DIAGNOSE_KEYS && g_strv_contains (diagnose_keys, key));
}

static gboolean
check_option (const char *key, GVariant *value, Options allowed, GError **error)
{
  if (*key == '\0' || strlen (key) > KEY_NAME_MAX || !is_plain_text (key))
    return refuse (error, "options", "hold a key that does not exist");
  if (!is_known (key, allowed))
    return refuse (error, key, "is not known");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return check_text (key, g_variant_get_string (value, NULL), TEXT_MAX, error);
  return TRUE;
}

static gboolean
check_options (GVariant *options, Options allowed, GError **error)
{
  const char *keys[KEYS_MAX];
  gsize n_keys = g_variant_n_children (options);

  if (n_keys > KEYS_MAX)
    return refuse (error, "options", "hold too many keys");

  for (gsize i = 0; i < n_keys; i++)
    {
      g_autoptr (GVariant) value = NULL;

      g_variant_get_child (options, i, "{&sv}", &keys[i], &value);
      if (!check_option (keys[i], value, allowed, error))
        return FALSE;
      /* A dictionary on the wire is a list: each reader might believe another of the two. */
      for (gsize j = 0; j < i; j++)
        if (g_str_equal (keys[i], keys[j]))
          return refuse (error, keys[i], "is given twice");
    }
  return TRUE;
}

gboolean
arguments_check (const char *method, GVariant *parameters, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      gsize next = 0;

      if (!g_str_equal (rules[i].method, method))
        continue;
      if (rules[i].host)
        {
          const char *host;
          g_variant_get_child (parameters, next++, "&s", &host);
          if (!check_host (host, error))
            return FALSE;
        }
      if (rules[i].options != NO_OPTIONS)
        {
          g_autoptr (GVariant) options = g_variant_get_child_value (parameters, next);
          return check_options (options, rules[i].options, error);
        }
      return TRUE;
    }
  return TRUE; /* takes numbers or nothing: the signature says it all */
}
