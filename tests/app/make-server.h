/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Servers for tests. */

#pragma once

#include "server.h"

#define NOW (G_GINT64_CONSTANT (1795438041) * G_USEC_PER_SEC)

/* One NTS server of that state, selection and reason that has answered 12 seconds before NOW. */
static inline GVariant *
make_values (const char *host, const char *state, const char *selection, const char *reason)
{
  GVariantDict values;

  g_variant_dict_init (&values, NULL);
  g_variant_dict_insert (&values, "host", "s", host);
  g_variant_dict_insert (&values, "operator", "s", "PTB");
  g_variant_dict_insert (&values, "country", "s", "Germany");
  g_variant_dict_insert (&values, "nts", "b", TRUE);
  g_variant_dict_insert (&values, "state", "s", state);
  g_variant_dict_insert (&values, "selection", "s", selection);
  g_variant_dict_insert (&values, "reason", "s", reason);
  g_variant_dict_insert (&values, "cookies", "y", 7);
  g_variant_dict_insert (&values, "offset", "d", 0.00038);
  g_variant_dict_insert (&values, "last-sample", "x", NOW - 12 * G_USEC_PER_SEC);
  g_variant_dict_insert (&values, "next-poll", "x", NOW + 52 * G_USEC_PER_SEC);
  return g_variant_dict_end (&values);
}

/* The same with one value more; both are consumed. */
static inline GVariant *
with_value (GVariant *values, const char *key, GVariant *value)
{
  g_autoptr (GVariant) taken = g_variant_ref_sink (values);
  GVariantDict dict;

  g_variant_dict_init (&dict, taken);
  g_variant_dict_insert_value (&dict, key, value);
  return g_variant_dict_end (&dict);
}
